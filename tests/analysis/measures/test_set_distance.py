"""GOSPA and OSPA: hand-calculated, axioms of a metric, a slow reference and Stone Soup's own."""

import datetime as dt
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.analysis.measures import Points, set_distances

C = 500.0


def at_once(points: list[list[float]], time_s: float = 0.0) -> Points:
    return Points.of(np.arange(len(points)), np.full(len(points), time_s), points)


def test_one_near_one_missed_one_false_by_hand():
    truth = at_once([[0, 0, 0], [10_000, 0, 0]])
    tracks = at_once([[30, 40, 0], [0, 10_000, 0]])
    found = set_distances(tracks, truth)
    assert found.localisation[0] == 2_500.0
    assert found.missed[0] == found.false[0] == C**2 / 2
    assert found.gospa_m[0] == pytest.approx(np.sqrt(2_500 + C**2), rel=1e-12)
    # OSPA: two against two, 50 m and the cut-off.
    assert found.ospa_m[0] == pytest.approx(np.sqrt((2_500 + C**2) / 2), rel=1e-12)
    assert (found.missed_count[0], found.false_count[0]) == (1, 1)


def test_nobody_there_and_nobody_tracked_is_no_row():
    assert len(set_distances(at_once([]), at_once([])).gospa_m) == 0


def test_the_first_choice_of_two_tracks_may_have_to_yield():
    # Nearest first would pair 10 m and leave 300 m; the best total pairs 100 m and 110 m.
    truth = at_once([[0, 0, 0], [200, 0, 0]])
    tracks = at_once([[90, 0, 0], [-110, 0, 0]])
    assert set_distances(tracks, truth).localisation[0] == pytest.approx(110.0**2 + 110.0**2)


points = st.lists(
    st.lists(st.floats(-600, 600, allow_subnormal=False), min_size=3, max_size=3), max_size=4
)


def slow(x: list, y: list, c: float, p: float) -> tuple[float, float]:
    """GOSPA (alpha 2) and OSPA straight from the definitions, over all permutations."""
    if len(x) > len(y):
        x, y = y, x
    n, m = len(x), len(y)
    if m == 0:
        return 0.0, 0.0
    a, b = np.array(x).reshape(-1, 3), np.array(y)
    cost = np.minimum(np.linalg.norm(a[:, None] - b[None], axis=2), c) ** p
    best = min(
        sum(cost[i, j] for i, j in enumerate(chosen)) for chosen in permutations(range(m), n)
    )
    gospa = (best + c**p / 2 * (m - n)) ** (1 / p)
    return gospa, ((best + c**p * (m - n)) / m) ** (1 / p)


def both(x: list, y: list, p: float = 2.0) -> tuple[float, float]:
    found = set_distances(at_once(x), at_once(y), C, p)
    return (found.gospa_m[0], found.ospa_m[0]) if len(found.gospa_m) else (0.0, 0.0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(points, points, st.sampled_from([1.0, 2.0, 3.0]))
def test_both_agree_with_all_permutations(x, y, p):
    assert both(x, y, p) == pytest.approx(slow(x, y, C, p), rel=1e-9, abs=1e-6)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(points, points, points)
def test_both_are_metrics(x, y, z):
    xy, yx, xz, zy = both(x, y), both(y, x), both(x, z), both(z, y)
    for k in range(2):
        assert xy[k] == pytest.approx(yx[k], abs=1e-9)
        assert xy[k] <= xz[k] + zy[k] + 1e-6
        assert both(x, x)[k] == 0.0


def test_instants_are_told_apart_and_rows_may_come_in_any_order():
    rng = np.random.default_rng(1)
    truth = Points.of(np.arange(40), np.repeat(np.arange(4.0), 10), rng.uniform(-2e3, 2e3, (40, 3)))
    tracks = Points.of(truth.id, truth.time_s, truth.position_m + rng.normal(0, 150, (40, 3)))
    whole = set_distances(tracks.take(rng.permutation(40)), truth.take(rng.permutation(40)))
    for k in range(4):
        rows = np.flatnonzero(truth.time_s == k)
        alone = set_distances(tracks.take(rows), truth.take(rows))
        assert whole.gospa_m[k] == pytest.approx(alone.gospa_m[0], rel=1e-9)
    assert whole.time_s.tolist() == [0, 1, 2, 3]


def test_bad_cutoff_order_and_shapes_are_named():
    nobody = at_once([])
    with pytest.raises(ValueError, match="cutoff_m"):
        set_distances(nobody, nobody, 0.0)
    with pytest.raises(ValueError, match="order"):
        set_distances(nobody, nobody, 100.0, 0.5)
    with pytest.raises(ValueError, match="position_m"):
        Points(np.arange(2), np.zeros(2), np.zeros((1, 3)))
    with pytest.raises(ValueError, match="position_m: a number is not finite"):
        at_once([[np.nan, 0, 0]])


def test_both_agree_with_stone_soup():
    pytest.importorskip("stonesoup")
    from stonesoup.metricgenerator.ospametric import GOSPAMetric, OSPAMetric
    from stonesoup.types.state import State

    rng = np.random.default_rng(3)
    when = dt.datetime(2000, 1, 1)
    gospa = GOSPAMetric(p=2, c=C)
    ospa = OSPAMetric(p=2, c=C)
    for n, m in ((6, 4), (3, 8), (7, 7), (0, 3)):
        x, y = rng.uniform(-900, 900, (n, 3)), rng.uniform(-900, 900, (m, 3))
        found = set_distances(at_once(x.tolist()), at_once(y.tolist()))
        tracks = [State(row.reshape(3, 1), when) for row in x]
        truth = [State(row.reshape(3, 1), when) for row in y]
        theirs = gospa.compute_gospa_metric(tracks, truth)[0].value
        assert found.gospa_m[0] == pytest.approx(theirs["distance"], rel=1e-6)
        assert found.localisation[0] == pytest.approx(theirs["localisation"], rel=1e-6, abs=1e-3)
        assert found.missed[0] == pytest.approx(theirs["missed"])
        assert found.false[0] == pytest.approx(theirs["false"])
        their_ospa = ospa.compute_OSPA_distance(tracks, truth).value
        assert found.ospa_m[0] == pytest.approx(their_ospa, rel=1e-6)
