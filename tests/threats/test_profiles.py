import numpy as np
import pytest

from mantlet.tables.errors import InputError
from mantlet.threats.profiles import profile


def test_the_published_series_holds_the_published_counts():
    series = profile("published-2021")
    assert series.launched.tolist() == [
        0, 200, 1050, 1600, 1800, 2000, 2300, 2900, 3150, 3700, 3750, 4070, 4360,
    ]  # fmt: skip
    assert (np.diff(series.time_s) > 0.0).all()


def test_its_clock_starts_at_midnight_local_time_and_ends_after_eleven_days():
    series = profile("published-2021")
    assert series.epoch.isoformat() == "2021-05-09T21:00:00+00:00"
    assert 11.0 <= series.time_s[-1] / 86_400.0 < 11.2


def test_short_falls_add_up_to_the_stated_counts():
    series = profile("published-2021")
    short = np.cumsum(np.diff(series.launched) * series.short_share)
    assert short[[0, 4, -1]] == pytest.approx([67.0, 350.0, 660.0])


def test_an_unknown_profile_is_refused_with_those_there_are():
    with pytest.raises(InputError, match="published-2021"):
        profile("published-2020")
