import numpy as np
import pytest
from engagement_range import TOWN, battery

from mantlet.engagement.interceptors import Flying
from mantlet.tables import Shots
from mantlet.world.earth import degrees_from_ecef

LAUNCH_S = 100.0


def shot(b, aim_m: np.ndarray) -> Shots:
    lat, lon, height = degrees_from_ecef(aim_m[None])
    range_m = np.linalg.norm(aim_m - b.site_m)
    return Shots(
        shot_id=np.array([0]),
        battery_id=np.array([b.id], object),
        track_id=np.array([0]),
        decision_time_s=np.array([LAUNCH_S - 1.0]),
        launch_time_s=np.array([LAUNCH_S]),
        intercept_time_s=LAUNCH_S + b.envelope.flyout_s(np.array([range_m])),
        aim_lat_deg=lat,
        aim_lon_deg=lon,
        aim_height_m=height,
        kill_probability=np.array([0.8]),
        wave=np.array([0]),
    )


def aim() -> np.ndarray:
    east, north, up = TOWN.axes
    return TOWN.ecef_m + 5_000.0 * east + 2_000.0 * north + 3_000.0 * up


def test_interceptors_wait_at_the_launcher_and_end_at_the_aim_point():
    b = battery("b", east_m=1_000.0)
    one = shot(b, aim())
    assert Flying.of(one, (b,)).positions(LAUNCH_S - 5.0)[0] == pytest.approx(b.site_m, abs=1e-6)
    end_s = float(one.intercept_time_s[0])
    assert Flying.of(one, (b,)).positions(end_s)[0] == pytest.approx(aim(), abs=1e-3)
    assert Flying.of(one, (b,)).positions(end_s + 5.0)[0] == pytest.approx(aim(), abs=1e-3)


def test_interceptors_run_through_a_straight_line_as_the_flyout_table_says():
    b = battery("b")
    one = shot(b, aim())
    line = (aim() - b.site_m) / np.linalg.norm(aim() - b.site_m)
    for elapsed_s in (2.0, 5.0, 9.0):
        along = Flying.of(one, (b,)).positions(LAUNCH_S + elapsed_s)[0] - b.site_m
        range_m = float(b.envelope.range_at_m(np.array([elapsed_s]))[0])
        assert along == pytest.approx(range_m * line, abs=1e-3)


def test_each_interceptor_starts_from_its_own_battery():
    near, far = battery("near"), battery("far", east_m=3_000.0)
    both = Shots.concat([shot(far, aim()), shot(near, aim())])
    found = Flying.of(both, (near, far)).positions(LAUNCH_S)
    assert found == pytest.approx(np.array([far.site_m, near.site_m]), abs=1e-6)


@pytest.mark.parametrize("elapsed_s", [1.5, 4.0, 5.5, 8.0])
def test_velocities_are_how_positions_change(elapsed_s):
    b = battery("b")
    flying = Flying.of(shot(b, aim()), (b,))
    now, step_s = LAUNCH_S + elapsed_s, 1e-3
    moved = flying.positions(now + step_s) - flying.positions(now)
    # Positions of 5e6 m are good to 1e-9 m; over a millisecond that is 1e-6 m/s.
    assert flying.velocities(now) == pytest.approx(moved / step_s, abs=1e-4)
    assert np.linalg.norm(flying.velocities(now)) > 100.0


def test_interceptors_stand_still_on_the_launcher_and_at_the_aim_point():
    b = battery("b")
    flying = Flying.of(shot(b, aim()), (b,))
    end_s = float(flying.shots.intercept_time_s[0])
    delay_s = b.envelope.flyout_time_s[0]
    for time_s in (LAUNCH_S - 5.0, LAUNCH_S, LAUNCH_S + 0.5 * delay_s, end_s + 1e-6, end_s + 500.0):
        assert flying.velocities(time_s).tolist() == [[0.0, 0.0, 0.0]]


def test_no_shots_no_positions():
    assert Flying.of(Shots.empty(), (battery(),)).positions(0.0).shape == (0, 3)
