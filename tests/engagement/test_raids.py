"""Laws that hold over whole raids: nothing is created, lost or fired from nowhere."""

import numpy as np
import pytest
from engagement_range import PATH_STEP_S, Raid, battery, launch

from mantlet.engagement.battery import Battery
from mantlet.engagement.resolver import Lethality
from mantlet.tables import Shots
from mantlet.world.earth import ecef_from_degrees

COUNT = 60


def salvo(seed: int = 5):
    random = np.random.default_rng(seed)
    starts = np.sort(random.uniform(0.0, 90.0, COUNT))
    return launch(
        starts,
        distance_m=random.uniform(14_000.0, 20_000.0, COUNT),
        speed_mps=random.uniform(460.0, 560.0, COUNT),
        probability=random.uniform(0.0, 1.0, COUNT),
    )


def three_batteries() -> tuple[Battery, ...]:
    return (
        battery("a", launchers=2, interceptors=10, reload_min=0.5, stock=15),
        battery("b", east_m=3_000.0, launchers=1, interceptors=8),
        battery("c", east_m=-4_000.0, launchers=3, interceptors=9, reload_min=1.0),
    )


@pytest.fixture(scope="module")
def raid() -> Raid:
    lethality = Lethality(kill_probability=0.6, common_cause=0.1)
    return Raid(salvo(), three_batteries(), lethality=lethality).run(180.0)


def test_every_shot_left_a_launcher_that_held_it(raid):
    """Replayed from the Shots table alone, with a ledger of rounds that knows no planner."""
    for b in raid.batteries:
        shots = raid.shots.take(raid.shots.battery_id == b.id)
        assert len(shots) > 0
        loads = 1 + shots.launch_time_s.max() // (60.0 * b.reload_min)
        most = b.interceptors + (b.stock if b.stock >= 0 else loads * b.interceptors)
        assert len(shots) <= most
        # No launcher fires twice at one tick.
        _, at_once = np.unique(shots.decision_time_s, return_counts=True)
        assert at_once.max() <= b.launchers
        before_first_reload = shots.launch_time_s < 60.0 * b.reload_min
        assert before_first_reload.sum() <= b.interceptors


def test_a_launcher_is_refilled_no_earlier_than_its_reload_time():
    one = battery("b", launchers=1, interceptors=3, reload_min=0.5)
    shots = Raid(launch(np.arange(0.0, 60.0, 2.0)), (one,)).run(140.0).shots
    assert len(shots) > 6
    for load in range(3, len(shots), 3):
        gap_s = shots.decision_time_s[load] - shots.launch_time_s[load - 1]
        assert gap_s >= 30.0 - 1e-9
        assert gap_s < 30.0 + 1.0


def aim_points(shots: Shots) -> np.ndarray:
    return ecef_from_degrees(shots.aim_lat_deg, shots.aim_lon_deg, shots.aim_height_m)


def test_no_interceptor_goes_outside_its_envelope_or_faster_than_its_table(raid):
    by_id = {b.id: b for b in raid.batteries}
    for i, aim in enumerate(aim_points(raid.shots)):
        b = by_id[raid.shots.battery_id[i]]
        range_m = np.linalg.norm(aim - b.site_m)
        assert b.envelope.contains(range_m, raid.shots.aim_height_m[i])
        flight_s = raid.shots.intercept_time_s[i] - raid.shots.launch_time_s[i]
        assert flight_s == pytest.approx(float(b.envelope.flyout_s(range_m)), abs=1e-6)


def test_times_of_a_shot_are_in_order(raid):
    assert (raid.shots.launch_time_s >= raid.shots.decision_time_s + 1.0).all()
    assert (raid.shots.intercept_time_s > raid.shots.launch_time_s).all()
    ahead_s = raid.shots.intercept_time_s - raid.shots.decision_time_s
    assert np.allclose(ahead_s / PATH_STEP_S, np.round(ahead_s / PATH_STEP_S))


def test_every_shot_is_resolved_and_assessed_exactly_once(raid):
    resolved = np.concatenate([r.shot_id for r in raid.resolutions])
    assert sorted(resolved) == raid.shots.shot_id.tolist()
    assert sorted(raid.assessments.shot_id) == raid.shots.shot_id.tolist()
    assert (np.diff(raid.assessments.time_s) >= 0).all()


def test_no_threat_is_destroyed_twice_and_none_after_its_impact(raid):
    rows = np.concatenate([r.killed_rows for r in raid.resolutions])
    times = np.concatenate([r.time_s[r.killed] for r in raid.resolutions])
    assert len(rows) == len(np.unique(rows)) > 10
    assert (times < raid.flights.impact_s[rows]).all()


def test_the_same_raid_gives_the_same_shots_and_another_seed_others(raid):
    again = Raid(salvo(), raid.batteries, lethality=raid.lethality).run(180.0)
    assert again.shots.to_arrow().equals(raid.shots.to_arrow())
    assert again.decisions.to_arrow().equals(raid.decisions.to_arrow())
    other = Raid(salvo(), raid.batteries, lethality=raid.lethality, seed=2).run(180.0)
    assert not other.assessments.to_arrow().equals(raid.assessments.to_arrow())


def test_kill_draws_are_unmoved_by_another_battery(raid):
    """Whatever reaches a threat as its first shot has the same effect, whoever fired it."""
    more = (*three_batteries(), battery("d", east_m=6_000.0))
    other = Raid(salvo(), more, lethality=raid.lethality).run(180.0)
    assert (other.shots.battery_id == "d").any()
    first, second = _effects(raid), _effects(other)
    shared = first.keys() & second.keys()
    assert len(shared) > 20
    assert all(first[key] == second[key] for key in shared)


def _effects(raid: Raid) -> dict[tuple[int, int], bool]:
    return {
        (int(row), int(nth)): bool(killed)
        for found in raid.resolutions
        for row, nth, killed in zip(found.reached, found.ordinal, found.killed, strict=True)
        if row >= 0
    }
