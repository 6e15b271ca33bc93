"""Labelled young tracks: crowds are told apart, loners lose nothing, clutter comes to nothing."""

import numpy as np
import pytest

from mantlet.tracking.settings import TrackerSettings
from mantlet.tracking.tracker import Tracker

LABELLED = TrackerSettings(initiation="labelled")
HITS = TrackerSettings(initiation="m-of-n")
SCANS = 12


def followed(flights, eye, settings: TrackerSettings, count: int, spread_s: float, seed: int):
    """Reports of the last scan and the true states then, of flights that begin near together."""
    made = flights(count, seed=seed, spread_s=spread_s)
    one = eye(seed=seed, false_plots_per_scan=5.0)
    tracker = Tracker((one.figures,), settings=settings)
    state = tracker.start()
    first_s = float(made.start_s.min()) + 4.0
    for scan in range(SCANS):
        now = first_s + scan
        plots, _ = one.look(made.states(made.alive(now), now)[:, :3], now)
        state = tracker.step(state, plots, 0, now)
    return tracker.report(state, now), made.states(made.alive(now), now)


def misses(tracks, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each object the distance [m] to the nearest track, and the error of its velocity."""
    apart = np.linalg.norm(truth[:, None, :3] - tracks.state[None, :, :3], axis=2)
    nearest = apart.argmin(axis=1)
    off = np.linalg.norm(truth[:, 3:] - tracks.state[nearest, 3:6], axis=1)
    return apart.min(axis=1), off


def test_a_lone_object_is_followed_as_well_as_by_counting_hits(flights, eye):
    for settings in (LABELLED, HITS):
        tracks, truth = followed(flights, eye, settings, 1, 0.0, seed=4)
        apart, off = misses(tracks, truth)
        assert len(tracks) == 1
        assert apart[0] < 60.0
        assert off[0] < 15.0


def test_a_crowd_is_told_apart(flights, eye):
    """Forty flights within two seconds from a few kilometres: nobody has another's velocity."""
    wrong = {}
    for name, settings in (("labelled", LABELLED), ("hits", HITS)):
        wrong[name] = 0
        for seed in (1, 2, 3):
            tracks, truth = followed(flights, eye, settings, 40, 2.0, seed)
            apart, off = misses(tracks, truth)
            wrong[name] += int(((apart > 150.0) | (off > 40.0)).sum())
    assert wrong["labelled"] <= 2  # of 120
    assert wrong["labelled"] <= wrong["hits"]


def test_false_plots_alone_confirm_next_to_nothing(flights, eye):
    """Twenty false plots a scan for four minutes, nothing flying: a handful at most."""
    one = eye(seed=9, false_plots_per_scan=20.0)
    tracker = Tracker((one.figures,), settings=LABELLED)
    state = tracker.start()
    for scan in range(240):
        plots, _ = one.look(np.empty((0, 3)), float(scan))
        state = tracker.step(state, plots, 0, float(scan))
    assert state.tracks.counters[1] <= 4


def test_many_plots_at_one_place_are_shed_not_swallowed(flights, eye):
    """More plots in one gate than hypotheses may be weighed: the rest is ignored."""
    one = eye(seed=5)
    tracker = Tracker((one.figures,), settings=LABELLED)
    state = tracker.start()
    rng = np.random.default_rng(5)
    for scan in range(4):
        measured = np.array([20_000.0, 1.0, 0.5]) + rng.normal(size=(150, 3)) * [50.0, 0.01, 0.01]
        state = tracker.step(state, one.plots(measured, float(scan)), 0, float(scan))
    tracks = tracker.report(state, 4.0)
    assert np.isfinite(tracks.state).all()
    assert np.isfinite(tracks.covariance).all()


def test_an_unknown_way_to_begin_is_refused():
    with pytest.raises(ValueError, match="initiation"):
        TrackerSettings(initiation="guess")
