import itertools

import numpy as np
import pytest
from engagement_range import TOWN, battery, launch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mantlet.engagement.battery import Envelope
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.firing import Candidates, Worth, choose_launchers
from mantlet.engagement.magazine import Magazines
from mantlet.engagement.opportunities import Reach, find_opportunities
from mantlet.engagement.state import PlannerState
from mantlet.kernels.engagement import flyout_time
from mantlet.world.earth import degrees_from_ecef


def path(height_m=3_000.0, speed_mps=300.0, count=90):
    """A level path from 20 km east of the town, straight over it."""
    east, _, up = TOWN.axes
    steps = 20_000.0 - speed_mps * np.arange(1, count + 1)
    return (TOWN.ecef_m + height_m * up + steps[:, None] * east)[None]


TIMES_S = np.arange(1.0, 91.0)


def test_the_first_point_met_is_the_earliest_in_reach_and_in_time():
    b = battery()
    found = find_opportunities(path(), TIMES_S, Reach.of((b,)), np.array([True]), 1.0)
    range_m = np.linalg.norm(path()[0] - b.site_m, axis=1)
    height = degrees_from_ecef(path()[0])[2]
    ok = b.envelope.contains(range_m, height) & (TIMES_S - b.envelope.flyout_s(range_m) >= 1.0)
    assert found.point[0, 0] == np.nonzero(ok)[0][0]
    assert found.intercept_s[0, 0] == TIMES_S[found.point[0, 0]]
    assert not found.entering[0, 0]


def test_a_path_that_has_yet_to_enter_the_envelope_is_marked_as_entering():
    slow = path(speed_mps=120.0) + 8_000.0 * TOWN.axes[0]
    found = find_opportunities(slow, TIMES_S, Reach.of((battery(),)), np.array([True]), 1.0)
    assert found.entering[0, 0]
    assert found.launch_s[0, 0] > 2.0


def test_an_unloaded_battery_reaches_but_offers_nothing():
    found = find_opportunities(path(), TIMES_S, Reach.of((battery(),)), np.array([False]), 1.0)
    assert found.reachable[0, 0]
    assert found.point[0, 0] == -1
    assert found.latest_launch_s[0] == -np.inf


def test_points_after_landing_are_never_chosen():
    flights = launch(0.0)
    paths = np.stack([flights.states(30.0 + t)[:, :3] for t in TIMES_S], axis=1)
    found = find_opportunities(
        paths, 30.0 + TIMES_S, Reach.of((battery(),)), np.array([True]), 31.0
    )
    assert found.intercept_s[0, 0] < flights.impact_s[0]
    assert found.latest_launch_s[0] < flights.impact_s[0]


def test_tables_of_different_length_are_packed_without_change():
    short = Envelope(flyout_range_m=(0.0, 20_000.0), flyout_time_s=(2.0, 30.0))
    envelopes = (Envelope(), short)
    reach = Reach.of((battery("a"), battery("b", envelope=short)))
    for row, envelope in enumerate(envelopes):
        for range_m in (0.0, 1.0, 2_000.0, 7_000.0, 20_000.0):
            expected = float(envelope.flyout_s(np.array(range_m)))
            assert flyout_time(range_m, reach.flyout[row]) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)  # the first example compiles the kernel
@given(seed=st.integers(0, 10_000))
def test_launchers_are_chosen_at_the_least_expected_loss(seed):
    """Against SciPy on the same costs, written out here without the planner's arrays."""
    random = np.random.default_rng(seed)
    tracks, launchers = int(random.integers(1, 6)), random.integers(0, 3, 3)
    batteries = tuple(
        battery(f"b{k}", launchers=max(int(n), 1), interceptors=int(n) * 4)
        for k, n in enumerate(launchers)
    )
    state = PlannerState.empty(Magazines.full(batteries))
    state.fired = np.zeros(tracks, np.int64)
    loaded = np.broadcast_to(launchers > 0, (tracks, 3))
    worth = Worth(
        allowed=loaded & (random.random((tracks, 3)) < 0.7),
        success=random.uniform(0.3, 0.9, (tracks, 3)),
        second=random.random((tracks, 3)) < 0.5,
    )
    value = random.uniform(0.1, 1.0, tracks)
    none = np.empty((tracks, 0))
    candidates = Candidates(np.arange(tracks), np.arange(tracks), value, none, none, none)
    doctrine = Doctrine(scarcity=0.0, salvo=1)
    free = state.magazines.loaded_launchers()
    who, by = choose_launchers(worth, candidates, state, free, doctrine)
    assert len(set(who)) == len(who)
    assert (np.bincount(by, minlength=3) <= free).all()
    saved = {
        (w, b): value[w]
        * (1 - (1 - worth.success[w, b]) * (1 - 0.8 * worth.second[w, b]))
        * worth.allowed[w, b]
        for w, b in itertools.product(range(tracks), range(3))
    }
    slots = np.repeat(np.arange(3), free)
    table = np.array([[saved[w, b] for b in slots] for w in range(tracks)]).reshape(tracks, -1)
    best = table[linear_sum_assignment(table, maximize=True)].sum()
    assert sum(saved[w, b] for w, b in zip(who, by, strict=True)) == pytest.approx(best)
