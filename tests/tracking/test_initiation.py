"""How soon tracks begin, and what may not end them: strength, place, company, outages."""

from dataclasses import replace

import numpy as np
import pytest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scoring import score
from mantlet.tracking.tracker import Tracker

LOUD_DB, THRESHOLD_DB = 25.0, 11.0


def scans_to_confirm(flights, eye, seed: int, snr_db: float) -> int:
    """Scans from the first plot of a lone flight until it is reported, every look a hit."""
    one = eye(seed, detection_probability=0.9, false_plots_per_scan=5.0)
    figures = replace(one.figures, threshold_snr_db=THRESHOLD_DB)
    eyes = type(one)(replace(figures, false_plots_per_scan=0.0), np.random.default_rng(seed))
    made = flights(1, seed=seed, spread_s=0.0)
    tracker = Tracker((figures,))
    state, begun = tracker.start(), -1
    for k in range(12):
        plots, _ = eyes.look(made.states(made.alive(k), k)[:, :3], k)
        plots = replace(plots, snr_db=np.full(len(plots), snr_db))
        begun = k if begun < 0 and len(plots) else begun
        state = tracker.step(state, plots, 0, k)
        if len(tracker.report(state, k)):
            return k - begun
    return 99


def test_two_loud_plots_confirm_and_faint_ones_wait(flights, eye):
    loud = [scans_to_confirm(flights, eye, seed, LOUD_DB) for seed in range(1, 11)]
    faint = [scans_to_confirm(flights, eye, seed, THRESHOLD_DB + 0.1) for seed in range(1, 11)]
    assert np.median(loud) == 1
    assert np.median(faint) >= 2
    assert max(loud) < 99


def test_an_outage_ends_no_track(flights, eye):
    """Eight seconds without a look, then a look that misses: the track goes on."""
    one = eye(seed=3, detection_probability=0.999)
    made = flights(1, seed=3, spread_s=0.0)
    tracker = Tracker((one.figures,))
    state = tracker.start()
    for k in range(30):
        if 12 <= k < 20:
            continue
        positions = made.states(made.alive(k), k)[:, :3]
        plots, _ = one.look(positions[: 0 if k == 20 else None], k)
        state = tracker.step(state, plots, 0, k)
    report = tracker.report(state, 29.0)
    assert report.track_id.tolist() == [0]
    assert state.tracks.counters[1] == 1


def test_looks_that_miss_do_end_a_track(flights, eye):
    one = eye(seed=3, detection_probability=0.999)
    made = flights(1, seed=3, spread_s=0.0)
    tracker = Tracker((one.figures,))
    state = tracker.start()
    for k in range(20):
        positions = made.states(made.alive(k), k)[:, :3]
        plots, _ = one.look(positions[: 0 if k >= 12 else None], k)
        state = tracker.step(state, plots, 0, k)
    assert len(tracker.report(state, 20.0)) == 0


def test_fifty_rockets_are_followed_from_their_second_plot_on():
    """The bench's `raid`, seeds 1 and 2: 0.973 and 1.01 measured; 0.955 before two could do."""
    rows = []
    for seed in (1, 2):
        scene = CASES["raid"].make(seed)
        rows.append(score(scene, run_tracker(Tracker, scene)))
    mean = {name: np.mean([row[name] for row in rows]) for name in rows[0]}
    assert mean["coverage"] >= 0.97
    assert mean["identities_per_object"] <= 1.02
    assert mean["confirm_scans"] <= 2.0
    assert mean["false_tracks"] == 0.0


@pytest.mark.slow
def test_no_track_of_a_thousand_rockets_goes_on_as_nothing_flies():
    """Plots of several objects make a track that gets ever wilder; it once lived for a minute."""
    scene = CASES["salvo-1000"].make(1)
    tracks = run_tracker(Tracker, scene).tracks
    live = tracks.take(tracks.status != "closed")
    # Twice what flies here at most: what is wrong from the start is soon seen to be.
    assert np.linalg.norm(live.state[:, 3:6], axis=1).max() < 3_000.0
