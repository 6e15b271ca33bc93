import numpy as np
import pytest
from engagement_range import launch

from mantlet.engagement.ledger import wilson
from mantlet.engagement.resolver import NOTHING, Lethality, kills, resolve
from mantlet.ports.draws import Draws
from mantlet.tables import Shots
from mantlet.tables.errors import InputError
from mantlet.world.earth import degrees_from_ecef

SURE = Lethality(kill_probability=1.0, common_cause=0.0, reach_m=300.0)
TRIALS = 4000


def shots_at(points_m: np.ndarray, times_s: np.ndarray) -> Shots:
    lat, lon, height = degrees_from_ecef(points_m)
    n = len(times_s)
    return Shots(
        shot_id=np.arange(n),
        battery_id=np.full(n, "b", object),
        track_id=np.zeros(n, np.int64),
        decision_time_s=times_s - 12.0,
        launch_time_s=times_s - 10.0,
        intercept_time_s=times_s,
        aim_lat_deg=lat,
        aim_lon_deg=lon,
        aim_height_m=height,
        kill_probability=np.full(n, 0.8),
        wave=np.zeros(n, np.int64),
    )


def settle(flights, shots, lethality=SURE, *, end_s=None, vulnerable=None):
    n = len(flights)
    return resolve(
        shots,
        flights.trajectories,
        flights.impact_s if end_s is None else end_s,
        np.arange(n),
        np.ones(n, np.bool_) if vulnerable is None else vulnerable,
        np.zeros(n, np.int64),
        lethality,
        Draws(1),
    )


def where(flights, row, time_s, off_m=0.0):
    return flights.states(time_s)[row, :3] + np.array([0.0, 0.0, off_m])


def test_the_nearest_object_within_reach_is_the_one_met():
    flights = launch([0.0, 0.2])  # some 100 m apart
    shots = shots_at(where(flights, 1, 30.0)[None], np.array([30.0]))
    assert settle(flights, shots).reached.tolist() == [1]


@pytest.mark.parametrize(("off_m", "reached"), [(299.0, 0), (301.0, NOTHING)])
def test_reach_ends_at_its_radius(off_m, reached):
    flights = launch(0.0)
    found = settle(flights, shots_at(where(flights, 0, 30.0, off_m)[None], np.array([30.0])))
    assert found.reached.tolist() == [reached]
    assert found.killed.tolist() == [reached == 0]


def test_shots_before_launch_and_after_destruction_find_nothing():
    flights = launch([0.0, 100.0])
    points = np.array([where(flights, 0, 30.0), where(flights, 1, 130.0)])
    shots = shots_at(points, np.array([30.0, 90.0]))
    found = settle(flights, shots, end_s=np.array([25.0, 200.0]))
    assert found.reached.tolist() == [NOTHING, NOTHING]
    assert np.isnan(found.miss_m).all()


def test_a_shot_whose_nearest_object_is_debris_is_wasted():
    flights = launch([0.0, 0.2])
    shots = shots_at(where(flights, 0, 30.0)[None], np.array([30.0]))
    found = settle(flights, shots, vulnerable=np.array([False, True]))
    assert found.reached.tolist() == [0]
    assert not found.killed.any()


def test_a_kill_spares_the_later_shot_of_the_same_batch():
    flights = launch(0.0)
    times = np.array([31.0, 30.0])
    points = np.array([where(flights, 0, 31.0), where(flights, 0, 30.0)])
    found = settle(flights, shots_at(points, times))
    assert found.killed.tolist() == [False, True]
    assert found.reached.tolist() == [NOTHING, 0]


def test_shots_that_reach_a_threat_count_up():
    flights = launch(0.0)
    times = np.array([30.0, 30.0, 31.0])
    points = np.array([where(flights, 0, t) for t in times])
    found = settle(flights, shots_at(points, times), Lethality(kill_probability=0.0))
    assert found.ordinal.tolist() == [0, 1, 2]


def stopped(lethality: Lethality, shots: int) -> int:
    draws = Draws(11)
    return sum(
        any(kills(threat, nth, lethality, draws) for nth in range(shots))
        for threat in range(TRIALS)
    )


def holds(expected: float, count: int) -> bool:
    """Whether the expected rate is inside the 99.9 % Wilson interval of what was counted."""
    interval = wilson(count, TRIALS, z=3.29)
    return interval.low <= expected <= interval.high


@pytest.mark.parametrize("p", [0.3, 0.8, 0.95])
def test_single_shots_kill_at_the_stated_rate(p):
    assert holds(p, stopped(Lethality(p, common_cause=0.0), 1))


@pytest.mark.parametrize(("p", "c"), [(0.8, 0.0), (0.8, 0.1), (0.5, 0.25)])
def test_two_shots_kill_as_the_common_cause_formula_says(p, c):
    """(1 - c)(1 - (1 - p)^2): independent shots, one failure common to both."""
    assert holds((1 - c) * (1 - (1 - p) ** 2), stopped(Lethality(p, c), 2))


def test_common_cause_hangs_on_the_threat():
    lethality, draws = Lethality(kill_probability=1.0, common_cause=0.5), Draws(3)
    for threat in range(50):
        fates = {kills(threat, nth, lethality, draws) for nth in range(5)}
        assert len(fates) == 1


@pytest.mark.parametrize(
    "settings", [{"kill_probability": 1.2}, {"common_cause": -0.1}, {"reach_m": 0.0}]
)
def test_impossible_lethality_is_refused(settings):
    with pytest.raises(InputError, match="lethality"):
        Lethality(**settings)
