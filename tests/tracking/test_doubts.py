"""What a tracker is told that it does not know becomes process noise, and nothing else does."""

from dataclasses import replace

import pytest

from mantlet.tables.errors import InputError
from mantlet.tracking.doubts import doubtful
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import TrackerSettings
from mantlet.world.air import STANDARD_AIR, UNTOLD_AIR, Air
from mantlet.world.earth import Site

RADAR = RadarFigures("r", Site(31.6, 34.6, 60.0))
S = TrackerSettings()


def test_sure_air_and_radars_leave_the_settings_alone():
    assert doubtful(S, STANDARD_AIR, (RADAR,)) is S


def test_doubt_about_the_wind_adds_to_that_of_the_settings():
    found = doubtful(replace(S, wind_sigma_mps=3.0), Air(wind_sigma_mps=4.0))
    assert found.wind_sigma_mps == pytest.approx(5.0)
    assert found.tuning_row[0].law.wind_mps == pytest.approx(5.0)
    assert found.acceleration_noise == S.acceleration_noise


def test_doubt_about_the_density_lets_drag_walk_that_far_in_a_flight():
    walk = doubtful(S, Air(density_sigma=0.1)).ln_beta_walk - S.ln_beta_walk
    assert (25.0 * walk) ** 0.5 == pytest.approx(0.1)


def test_the_worst_set_up_radar_says_how_wrong_gravity_looks():
    tilted = replace(RADAR, tolerance_azimuth_rad=3e-3, tolerance_elevation_rad=4e-3)
    noise = doubtful(S, STANDARD_AIR, (RADAR, tilted)).acceleration_noise - S.acceleration_noise
    assert noise == pytest.approx(6.0 * (9.8 * 5e-3) ** 2)


def test_untold_air_is_that_of_a_day_nobody_measured():
    assert 5.0 < UNTOLD_AIR.wind_sigma_mps < 15.0
    assert UNTOLD_AIR.wind == ()


@pytest.mark.parametrize("wrong", [{"wind_sigma_mps": -1.0}, {"density_sigma": 1.5}])
def test_impossible_doubt_is_refused_by_name(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        Air(**wrong)


@pytest.mark.parametrize("name", ["range_m", "azimuth_rad", "elevation_rad"])
def test_a_tolerance_is_a_number_not_below_nothing(name):
    with pytest.raises(ValueError, match=f"tolerance_{name}"):
        replace(RADAR, **{f"tolerance_{name}": float("nan")})
