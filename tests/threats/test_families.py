import numpy as np
import pytest

from mantlet.threats.catalogue import CLASSES
from mantlet.threats.families import family, time_in_air_s


@pytest.mark.parametrize("name", ["rocket-20", "mortar-81", "shell-155"])
def test_paths_run_from_ground_to_ground_over_the_ranges_of_the_class(name):
    kind, paths = CLASSES[name], family(name, 8)
    assert len(paths) == 8
    for along_km, height_km in paths:
        assert along_km[0] == pytest.approx(0.0, abs=1e-6)
        assert height_km[[0, -1]] == pytest.approx([0.0, 0.0], abs=1e-3)
        assert (np.diff(along_km) > 0.0).all()
        assert (height_km[1:-1] > 0.0).all()
    ends = [along_km[-1] for along_km, _ in paths]
    assert ends == sorted(ends)
    # The sphere that measures distance differs from the ellipsoid by up to 0.5 %.
    assert ends[0] > kind.range_min_km * 0.99 - 0.51
    assert ends[-1] < kind.range_max_km * 1.01 + 0.51


def test_debris_has_no_family():
    with pytest.raises(KeyError):
        family("debris")
    with pytest.raises(KeyError):
        time_in_air_s("debris")


def test_forty_kilometres_take_about_as_long_as_newspapers_said():
    # "Two minutes for 40 km" (S19, one newspaper's round figure); 90 s in a vacuum.
    shortest, median, longest = time_in_air_s("rocket-40", 0.9)
    assert 80.0 < shortest < median < longest < 130.0
    assert 90.0 < median < 125.0


@pytest.mark.parametrize("name", [name for name in CLASSES if name != "debris"])
def test_no_flight_lasts_longer_than_its_class_states(name):
    assert time_in_air_s(name)[2] < CLASSES[name].max_flight_s
