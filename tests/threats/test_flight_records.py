"""The flight model against what others measured or tabulated; figures in docs/validation-flight.md.

Bounds are the errors found, rounded up: they guard the page, they are no claim of the records.
"""

import flight_records
import numpy as np
import pytest

pytestmark = pytest.mark.record


@pytest.fixture(scope="module")
def folder(record_data):
    for name in ("range_table_1935", "flights_rocketpy", "mortar_radar_ramp_rt"):
        if not (record_data / name).is_dir():
            pytest.skip(f"the record's folder holds no {name}/")
    return record_data


@pytest.fixture(scope="module")
def table(folder):
    return flight_records.range_table(folder)


def test_one_form_factor_gives_every_range_of_the_1935_table(table):
    form, wanted, flown = table
    assert 1.0 < form < 1.3
    assert flown.range_m == pytest.approx(wanted.range_m, rel=0.005)


def test_it_then_gives_time_angle_of_fall_and_striking_speed(table):
    _, wanted, flown = table
    assert flown.time_s == pytest.approx(wanted.time_s, rel=0.015)
    assert flown.fall_deg == pytest.approx(wanted.fall_deg, abs=0.8)
    # The generic curve's ratio of subsonic to supersonic drag is not that of a 1935 shell.
    assert flown.speed_mps == pytest.approx(wanted.speed_mps, rel=0.035)


@pytest.mark.parametrize("name", flight_records.PADS_M)
def test_the_first_half_of_a_coast_predicts_the_apogee_to_two_percent(folder, name):
    coast = flight_records.coast(folder, name)
    assert coast.predicted_m == pytest.approx(coast.apogee_m, rel=0.02)
    assert coast.rms_m < 0.01 * coast.apogee_m


def test_the_barometer_of_juno3_is_not_sound(folder):
    log = flight_records.columns(folder / "flights_rocketpy" / "juno3.csv")
    highest = log["pressure_hPa"].argmin()
    # ISO pressure height of the top over that of the pad, against the height it states.
    exponent = 0.190263
    heights = 44330.8 * (1.0 - (log["pressure_hPa"][[0, highest]] / 1013.25) ** exponent)
    assert log["alt_agl_m"][highest] / np.diff(heights)[0] == pytest.approx(0.3048, rel=0.02)


def test_mortar_classes_lie_between_the_two_kinds_a_radar_saw(folder):
    heavy, medium = flight_records.mortar_ratios(folder)
    assert (heavy.class_id, medium.class_id) == ("mortar-120", "mortar-81")
    assert heavy.seen_range == pytest.approx(0.64, abs=0.01)  # as its README states
    assert medium.seen_range == pytest.approx(0.86, abs=0.01)
    assert heavy.seen_apex == pytest.approx(0.76, abs=0.01)
    assert medium.seen_apex == pytest.approx(0.91, abs=0.01)
    for ratios in (heavy, medium):
        assert ratios.model_range == pytest.approx(ratios.seen_range, abs=0.20)
        assert ratios.model_apex == pytest.approx(ratios.seen_apex, abs=0.14)
