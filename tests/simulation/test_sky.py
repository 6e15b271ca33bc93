"""What an earlier kill changes for later ones: rows and numbers, and no draw."""

import dataclasses

import numpy as np
import pytest
from engagement_range import AIR, TOWN, battery, launch

from mantlet.engagement.assessment import Observation
from mantlet.engagement.draw_keys import PIECES
from mantlet.engagement.interceptors import Flying
from mantlet.engagement.resolver import Lethality
from mantlet.ports.draws import Draws
from mantlet.sensing.radar import Objects, Radar
from mantlet.simulation.consequences import Consequences
from mantlet.simulation.sky import INTERCEPTOR_ID, Sky, interceptor_objects
from mantlet.tables import Shots
from mantlet.threats.flights import Barrage
from mantlet.world.earth import degrees_from_ecef

FLIGHTS = launch([0.0, 0.0, 0.0], distance_m=[14_000.0, 17_000.0, 20_000.0])
EARLIER, LATER = 0, 2
EARLIER_S, LATER_S = 20.0, 30.0
SHOTS_AT_NOTHING = 40
RADAR = Radar("r1", TOWN, reference_snr_db=40.0)
# A third of each answer, so that forty answers cannot agree by chance.
OBSERVATION = Observation(unknown=1 / 3, false_hit=1 / 3, false_miss=1 / 3)


def aimed(aims_m, first_id: int, decided_s: float, intercept_s: float) -> Shots:
    lat, lon, height = degrees_from_ecef(aims_m)
    n = len(lat)
    return Shots(
        shot_id=np.arange(first_id, first_id + n),
        battery_id=np.full(n, "b1", object),
        track_id=np.arange(n),
        decision_time_s=np.full(n, decided_s),
        launch_time_s=np.full(n, decided_s + 1.0),
        intercept_time_s=np.full(n, intercept_s),
        aim_lat_deg=lat,
        aim_lon_deg=lon,
        aim_height_m=height,
        kill_probability=np.full(n, 0.8),
        wave=np.zeros(n, np.int64),
    )


def at_threat(row: int, first_id: int, intercept_s: float) -> Shots:
    aim_m = FLIGHTS.trajectories.states_at(np.array([row]), intercept_s)[:, :3]
    return aimed(aim_m, first_id, intercept_s - 10.0, intercept_s)


def raid(*, earlier: bool, seed: int = 5) -> tuple[Sky, Consequences]:
    """One kill at LATER_S and shots at empty air, with or without another kill before."""
    n = len(FLIGHTS)
    sky = Sky.of(
        Barrage(
            FLIGHTS.threats, FLIGHTS.trajectories, np.ones((n, 3)), np.ones(n), np.zeros(n, int)
        )
    )
    sky.enter(0.0, 100.0)
    sure = Lethality(kill_probability=1.0, common_cause=0.0)
    consequences = Consequences(sure, OBSERVATION, AIR, Draws(seed))
    count = 0
    if earlier:
        consequences.fire(at_threat(EARLIER, 0, EARLIER_S))
        consequences.resolve(sky, EARLIER_S)
        count = 1
    consequences.fire(at_threat(LATER, count, LATER_S))
    nowhere = np.repeat(TOWN.ecef_m[None] + 9_000.0 * TOWN.axes[1], SHOTS_AT_NOTHING, axis=0)
    consequences.fire(aimed(nowhere, count + 1, LATER_S - 5.0, LATER_S))
    consequences.resolve(sky, LATER_S)
    return sky, consequences


def plots_of_pieces(sky: Sky, *, by_row: bool = False) -> list[tuple[float, ...]]:
    """Every measure of every plot of what is left of LATER, over its fall."""
    found = []
    for scan in range(int(LATER_S) + 1, int(LATER_S) + 40):
        objects, _ = sky.objects(np.array([float(scan)]))
        if by_row:
            objects = dataclasses.replace(objects, draw_key=objects.object_id)
        plots, origins = RADAR.scan(
            objects, scan=scan, time_s=float(scan), draws=Draws(5), first_plot_id=0
        )
        first = origins.threat_ids[:, 0]
        mine = (first >= 0) & (sky.threats.parent_id[first] == LATER)
        names = ("time_s", "range_m", "azimuth_rad", "elevation_rad", "snr_db")
        found += zip(*(getattr(plots, name)[mine].tolist() for name in names), strict=True)
    return found


def test_an_earlier_kill_moves_rows_but_no_plot_of_later_debris():
    (with_it, _), (without, _) = raid(earlier=True), raid(earlier=False)
    assert len(with_it.threats) == len(without.threats) + PIECES
    plots = plots_of_pieces(without)
    assert len(plots) > 20
    assert plots_of_pieces(with_it) == plots


def test_pieces_drawn_by_row_would_be_caught():
    (with_it, _), (without, _) = raid(earlier=True), raid(earlier=False)
    assert plots_of_pieces(with_it, by_row=True) != plots_of_pieces(without, by_row=True)


def test_an_earlier_shot_changes_no_later_observation():
    (_, with_it), (_, without) = raid(earlier=True), raid(earlier=False)
    told = without.observed(LATER_S + 10.0)
    again = with_it.observed(LATER_S + 10.0)
    assert again.shot_id[1:].tolist() == (told.shot_id + 1).tolist()
    assert again.observed[1:].tolist() == told.observed.tolist()
    assert set(told.observed) == {"hit", "miss", "unknown"}


def seen_of_pieces(*, earlier: bool, seed: int) -> list[str]:
    """What is said of shots that reach the pieces of LATER."""
    sky, consequences = raid(earlier=earlier, seed=seed)
    told = LATER_S + 10.0
    consequences.observed(told)
    rows = np.nonzero(sky.threats.parent_id == LATER)[0]
    aims_m = sky.states(rows, told)[:, :3]
    consequences.fire(aimed(aims_m, consequences.fired, told - 5.0, told))
    consequences.resolve(sky, told)
    seen = consequences.observed(told + 10.0).observed.tolist()
    assert len(seen) == PIECES
    return seen


def test_an_earlier_kill_changes_no_observation_of_later_debris():
    for seed in range(12):
        without = seen_of_pieces(earlier=False, seed=seed)
        assert seen_of_pieces(earlier=True, seed=seed) == without


def test_keys_are_those_of_what_flies_and_no_two_are_the_same():
    sky, consequences = raid(earlier=True)
    threats = len(FLIGHTS)
    assert sky.draw_key[:threats].tolist() == list(range(threats))
    shots = consequences.shot_keys(np.arange(2 + SHOTS_AT_NOTHING))
    keys = np.concatenate([sky.draw_key, shots])
    assert len(set(keys)) == threats + 2 * PIECES + 2 + SHOTS_AT_NOTHING
    assert keys.min() >= 0 and keys.max() < 2**32


def interceptor_at(time_s: float) -> Objects:
    shots = aimed(TOWN.ecef_m[None] + np.array([4e3, 5e3, 6e3]) @ TOWN.axes, 17, 0.0, 18.0)
    flying = Flying.of(shots, (battery("b1", east_m=2_000.0),))
    objects, _ = interceptor_objects(flying, np.array([2**31]), np.array([time_s]))
    return objects


@pytest.mark.parametrize("time_s", [4.0, 9.0, 15.0])
def test_a_doppler_radar_sees_own_interceptors_move(time_s):
    doppler = dataclasses.replace(
        RADAR,
        reference_snr_db=100.0,
        range_resolution_m=0.1,
        sigma_range_m=1e-6,
        sigma_range_rate_mps=0.1,
        false_plots_per_scan=0.0,
    )
    plots, origins = doppler.scan(
        interceptor_at(time_s), scan=0, time_s=time_s, draws=Draws(1), first_plot_id=0
    )
    assert origins.threat_ids[:, 0].tolist() == [INTERCEPTOR_ID + 17]
    near, far = (
        np.linalg.norm(interceptor_at(time_s + step_s).position_m - TOWN.ecef_m)
        for step_s in (-1e-3, 1e-3)
    )
    expected = (far - near) / 2e-3
    assert expected > 100.0
    # Five standard deviations of the measurement; the seed is fixed.
    assert plots.range_rate_mps[0] == pytest.approx(expected, abs=0.5)


def test_interceptors_are_objects_between_launch_and_intercept_only():
    assert [len(interceptor_at(t).object_id) for t in (0.5, 1.0, 17.9, 18.0)] == [0, 1, 1, 0]
