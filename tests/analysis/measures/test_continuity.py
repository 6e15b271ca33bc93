"""Identities, switches, gaps and confirmation times by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.analysis.measures import Points, close_pairs, continuity, lasting, pair, siap
from mantlet.analysis.measures.points import track_points
from mantlet.tables import States, Tracks


def alone(ids: list[int], times: list[float], x: float = 0.0) -> Points:
    return Points.of(ids, times, np.full((len(ids), 3), x))


def test_one_object_two_tracks_and_a_long_gap_by_hand():
    truth = alone([3] * 12, list(range(12)))
    tracks = alone([1, 1, 1, 2, 2, 2, 2], [2, 3, 4, 8, 9, 10, 11])
    found = continuity(tracks, truth)  # three misses: four intervals between updates
    assert found.instants[0] == 12
    assert found.followed[0] == 7
    assert (found.identities[0], found.switches[0]) == (2, 1)
    assert (found.confirm_s[0], found.confirm_instants[0]) == (2.0, 2)
    assert (found.expected[0], found.updated[0], found.long_gap_instants[0]) == (10, 7, 3)
    assert found.coverage == 7 / 12
    assert found.probability_of_update == 0.7
    assert found.long_gap_share == 0.3
    assert found.unbroken == 0.0
    assert continuity(tracks, truth, long_gap=4).long_gap_share == 0.0


def test_an_object_never_followed_counts_and_comes_last_in_the_median():
    truth = Points.of([0, 1, 2], [0, 0, 0], [[0, 0, 0], [1e4, 0, 0], [2e4, 0, 0]])
    found = continuity(alone([5], [0]), truth)
    assert found.never_followed == 2
    assert found.identities_per_object == 1.0
    assert found.median_confirm_instants == np.inf
    assert np.isnan(found.confirm_s[1])
    assert found.coverage == pytest.approx(1 / 3)


def test_names_do_not_swap_where_two_tracks_meet():
    # Two objects pass 20 m apart; at their meeting each track is nearer to the other's object.
    truth = Points.of(
        [0, 0, 0, 1, 1, 1],
        [0, 1, 2] * 2,
        [[-900, 0, 0], [0, 0, 0], [900, 0, 0], [900, 20, 0], [0, 20, 0], [-900, 20, 0]],
    )
    tracks = Points.of(truth.id + 10, truth.time_s, truth.position_m)
    meeting = tracks.time_s == 1
    tracks.position_m[meeting] = tracks.position_m[meeting][::-1]
    assert continuity(tracks, truth).switches.tolist() == [0, 0]
    best = pair(tracks, truth)
    at_meeting = tracks.time_s[best.track_row] == 1
    assert (best.distance_m[at_meeting] == 0).all()  # the optimal pairing does swap them
    stays = lasting(close_pairs(tracks, truth))
    assert (tracks.id[stays.track_row] == truth.id[stays.truth_row] + 10).all()


def test_a_lasting_swap_is_counted_on_both():
    truth = Points.of([0, 0, 1, 1], [0, 1] * 2, [[0, 0, 0]] * 2 + [[5e3, 0, 0]] * 2)
    tracks = Points.of([8, 9, 9, 8], truth.time_s, truth.position_m)
    assert continuity(tracks, truth).switches.tolist() == [1, 1]


def test_nobody_is_no_row_and_no_number():
    nobody = alone([], [])
    found = continuity(nobody, nobody)
    assert len(found.object_id) == 0
    assert np.isnan([found.coverage, found.identities_per_object, found.unbroken]).all()
    assert len(lasting(close_pairs(alone([1], [0]), nobody))) == 0


def test_tables_count_confirmed_and_coasting_rows_only():
    status = np.array(["tentative", "confirmed", "coasting", "closed"], dtype=object)
    tracks = Tracks(
        track_id=np.array([-1, 0, 1, 2]),
        time_s=np.zeros(4),
        status=status,
        state=np.zeros((4, 7)),
        covariance=np.zeros((4, 28)),
        last_plot_id=np.zeros(4, dtype=np.int64),
        log_likelihood=np.zeros(4),
    )
    truth = States(np.array([4]), np.zeros(1), np.zeros((1, 3)), np.zeros((1, 3)))
    assert track_points(tracks).id.tolist() == [0, 1]
    assert continuity(tracks, truth).identities.tolist() == [1]


def test_two_misses_are_no_long_gap_yet():
    truth = alone([3] * 6, list(range(6)))
    found = continuity(alone([1, 1, 1, 1], [0, 1, 4, 5]), truth)
    assert (found.expected[0], found.updated[0], found.long_gap_instants[0]) == (6, 4, 0)
    assert found.unbroken == 1.0


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.permutations(range(30)), st.permutations(range(40)), st.permutations(range(5)))
def test_order_and_names_of_rows_do_not_matter(tracks_order, truth_order, names):
    rng = np.random.default_rng(7)
    truth = Points.of(
        np.repeat(np.arange(4), 10), np.tile(np.arange(10.0), 4), rng.uniform(0, 900, (40, 3))
    )
    held = rng.choice(40, 30, replace=False)
    near = truth.position_m[held] + rng.normal(0, 60, (30, 3))
    tracks = Points.of(np.arange(30) % 5, truth.time_s[held], near)
    renamed = Points.of(np.array(names)[tracks.id], tracks.time_s, near)
    moved = renamed.take(np.array(tracks_order)), truth.take(np.array(truth_order))
    for measure in (continuity, siap):
        one, other = measure(tracks, truth), measure(*moved)
        for name in vars(one):
            assert getattr(other, name) == pytest.approx(getattr(one, name), nan_ok=True)
