"""Which object a track followed."""

import numpy as np
from small_run import position, states, tracks

from mantlet.analysis.association import NOTHING, follow

HERE, THERE = position(0), position(2)


def test_a_track_follows_the_nearest_object_of_the_same_instant():
    truth = states([(0, 5.0, HERE), (1, 5.0, THERE), (1, 6.0, HERE)])
    followed = follow(tracks([(7, 5.0, HERE + 50.0), (8, 5.0, THERE)]), truth)
    assert followed.of_tracks(np.array([7, 8])).tolist() == [0, 1]


def test_a_track_beyond_the_gate_follows_nothing():
    followed = follow(tracks([(7, 5.0, THERE)]), states([(0, 5.0, HERE)]), gate_m=1000.0)
    assert followed.of_tracks(np.array([7]))[0] == NOTHING


def test_the_majority_of_its_rows_decides_what_a_track_followed():
    truth = states([(0, t, HERE) for t in range(5)] + [(1, t, THERE) for t in range(5)])
    rows = [(7, t, HERE if t < 2 else THERE) for t in range(5)]
    assert follow(tracks(rows), truth).of_tracks(np.array([7]))[0] == 1


def test_tentative_rows_are_left_out():
    followed = follow(tracks([(7, 5.0, HERE, "tentative")]), states([(0, 5.0, HERE)]))
    assert not len(followed.track_id)
    assert followed.row_threat.tolist() == [NOTHING]


def test_an_unknown_track_follows_nothing():
    followed = follow(tracks([(7, 5.0, HERE)]), states([(0, 5.0, HERE)]))
    assert followed.of_tracks(np.array([3, 9])).tolist() == [NOTHING, NOTHING]


def test_without_truth_every_track_follows_nothing():
    followed = follow(tracks([(7, 5.0, HERE)]), states([]))
    assert followed.of_tracks(np.array([7])).tolist() == [NOTHING]
