"""SIAP by hand and against Stone Soup's own, fed with the same assignment."""

import datetime as dt

import numpy as np
import pytest

from mantlet.analysis.measures import Points, close_pairs, nearest, siap

EPOCH = dt.datetime(2000, 1, 1)


def test_two_tracks_on_one_object_and_one_on_none_by_hand():
    truth = Points.of([7, 7, 8, 8], [0, 1, 0, 1], [[0, 0, 0], [0, 0, 0], [9e3, 0, 0], [9e3, 0, 0]])
    tracks = Points.of([1, 1, 2, 3], [0, 1, 1, 0], [[3, 4, 0], [0, 6, 8], [0, 0, 15], [0, 9e3, 0]])
    found = siap(tracks, truth)
    assert found.completeness == 2 / 4  # object 7 at both instants, 8 at none
    assert found.ambiguity == 3 / 2
    assert found.spuriousness == 1 / 4
    assert found.position_accuracy_m == pytest.approx((5 + 10 + 15) / 3)
    assert np.isnan(found.velocity_accuracy_mps)
    assert found.longest_segment == 1.0 / 2.0  # track 1 for 1 s; the lifetimes are 1 s each


def test_a_run_ends_where_the_object_is_not_followed():
    truth = Points.of(np.zeros(7), np.arange(7), np.zeros((7, 3)))
    tracks = Points.of(np.zeros(5), [0, 1, 3, 4, 5], np.zeros((5, 3)))
    assert siap(tracks, truth).longest_segment == 2 / 6


def test_nothing_at_all_gives_no_number():
    nobody = Points.of([], [], [])
    found = siap(nobody, nobody)
    assert np.isnan([found.completeness, found.ambiguity, found.spuriousness]).all()


def scene(rng: np.random.Generator) -> tuple[Points, Points]:
    """Twelve objects for ten seconds, tracks with errors, gaps, doubles and false ones."""
    truth_id, time_s = np.repeat(np.arange(12), 10), np.tile(np.arange(10.0), 12)
    start, speed = rng.uniform(-4e3, 4e3, (12, 3)), rng.normal(0, 100, (12, 3))
    position = start[truth_id] + speed[truth_id] * time_s[:, None]
    truth = Points.of(truth_id, time_s, position, speed[truth_id])
    held = rng.random(120) < 0.8
    second = rng.random(120) < 0.1
    rows = np.concatenate([np.flatnonzero(held), np.flatnonzero(second)])
    name = np.concatenate([truth_id[held] + 100 * (time_s[held] > 6), truth_id[second] + 1_000])
    noise = rng.normal(0, 30, (len(rows), 6))
    tracks = Points.of(
        name, time_s[rows], position[rows] + noise[:, :3], speed[truth_id[rows]] + noise[:, 3:]
    )
    return tracks, truth


def test_it_agrees_with_stone_soup():
    pytest.importorskip("stonesoup")
    from stonesoup.measures import Euclidean
    from stonesoup.metricgenerator.manager import MultiManager
    from stonesoup.metricgenerator.tracktotruthmetrics import SIAPMetrics
    from stonesoup.types.association import AssociationSet, TimeRangeAssociation
    from stonesoup.types.groundtruth import GroundTruthPath, GroundTruthState
    from stonesoup.types.state import State
    from stonesoup.types.time import CompoundTimeRange, TimeRange
    from stonesoup.types.track import Track

    tracks, truth = scene(np.random.default_rng(5))

    def when(time_s: float) -> dt.datetime:
        return EPOCH + dt.timedelta(seconds=float(time_s))

    def paths(points, path, state):
        out = {}
        for i in np.lexsort((points.time_s, points.id)):
            vector = np.concatenate([points.position_m[i], points.velocity_mps[i]]).reshape(6, 1)
            out.setdefault(int(points.id[i]), []).append(state(vector, when(points.time_s[i])))
        return {name: path(states) for name, states in out.items()}

    their_tracks = paths(tracks, Track, State)
    their_truth = paths(truth, GroundTruthPath, GroundTruthState)
    pairs = nearest(close_pairs(tracks, truth))
    on: dict[tuple[int, int], list[float]] = {}
    for i, j, t in zip(
        pairs.track_row, pairs.truth_row, tracks.time_s[pairs.track_row], strict=True
    ):
        on.setdefault((int(tracks.id[i]), int(truth.id[j])), []).append(float(t))
    associations = set()
    for (track, whom), times in on.items():
        times.sort()
        spans = np.split(times, np.flatnonzero(np.diff(times) > 1.5) + 1)
        ranges = CompoundTimeRange([TimeRange(when(s[0]), when(s[-1] + 1e-3)) for s in spans])
        objects = {their_tracks[track], their_truth[whom]}
        associations.add(TimeRangeAssociation(objects, ranges))
    generator = SIAPMetrics(
        position_measure=Euclidean((0, 1, 2)), velocity_measure=Euclidean((3, 4, 5))
    )
    manager = MultiManager([generator])
    manager.add_data(
        {"tracks": set(their_tracks.values()), "groundtruth_paths": set(their_truth.values())}
    )
    manager.association_set = AssociationSet(associations)
    theirs = {m.title: m.value for m in generator.compute_metric(manager)}
    mine = siap(tracks, truth)
    assert mine.completeness == pytest.approx(theirs["SIAP Completeness"], rel=1e-12)
    assert mine.ambiguity == pytest.approx(theirs["SIAP Ambiguity"], rel=1e-12)
    assert mine.spuriousness == pytest.approx(theirs["SIAP Spuriousness"], abs=1e-12)
    assert mine.position_accuracy_m == pytest.approx(theirs["SIAP Position Accuracy"], rel=1e-9)
    assert mine.velocity_accuracy_mps == pytest.approx(theirs["SIAP Velocity Accuracy"], rel=1e-9)
    # Theirs is the longest *total* time of one association, gaps left out; on the objects whose
    # tracks have no gap it is the same.
    assert mine.longest_segment <= theirs["SIAP Longest Track Segment"] + 1e-12
