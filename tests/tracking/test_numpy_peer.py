"""The peer that benchmarks are paired with conforms too, and agrees with Stone Soup."""

from pathlib import Path

import pytest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scoring import score
from mantlet.analysis.bench.trackers import tracker_named
from mantlet.tracking.conformance import check_tracker

PEER = Path(__file__).parents[2] / "benchmarks" / "numpy_tracker.py"


@pytest.fixture(scope="module")
def numpy_tracker():
    return tracker_named(f"{PEER}:NumpyTracker")


def test_the_hand_tied_filter_conforms(numpy_tracker):
    check_tracker(numpy_tracker)


@pytest.mark.slow
def test_the_hand_tied_filter_agrees_with_stone_soup(numpy_tracker):
    pytest.importorskip("stonesoup")
    scene = CASES["sparse"].make(1)
    mine = score(scene, run_tracker(numpy_tracker, scene))
    theirs = score(scene, run_tracker(tracker_named("stonesoup"), scene))
    for name in ("gospa_m", "position_rms_m", "velocity_rms_mps", "coverage", "impact_20s_m"):
        assert mine[name] == pytest.approx(theirs[name], rel=0.01)
