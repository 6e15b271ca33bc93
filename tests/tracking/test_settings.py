"""Settings that make no sense are refused by name."""

import math
from dataclasses import fields

import pytest

from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings

NUMBERS = [f.name for f in fields(TrackerSettings) if not isinstance(f.default, str)]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name} {value}: must be finite"):
        TrackerSettings(**{name: value})


@pytest.mark.parametrize("name", ["gate", "leg_s", "burn_s", "confirm_hits", "scan_plots_max"])
def test_what_must_be_positive_is_not_zero(name):
    with pytest.raises(ValueError, match=f"{name} 0: must be positive"):
        TrackerSettings(**{name: 0})


@pytest.mark.parametrize("name", ["wind_sigma_mps", "coast_s", "late_window_s", "own_radius_m"])
def test_what_must_not_be_negative_may_be_zero(name):
    assert getattr(TrackerSettings(**{name: 0.0}), name) == 0.0
    with pytest.raises(ValueError, match=f"{name} -1.0: must not be negative"):
        TrackerSettings(**{name: -1.0})


def test_the_kernels_get_every_number_as_it_is():
    tuning = DEFAULT_SETTINGS.tuning_row[0]
    for name in tuning.dtype.names:
        if hasattr(DEFAULT_SETTINGS, name):
            assert tuning[name] == getattr(DEFAULT_SETTINGS, name)
