"""Run a tracker through a scene, and ask where its tracks will land."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.scene import Scene
from mantlet.tables import Impacts, Tracks
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.protocol import (
    AnyTracker,
    PredictsImpacts,
    TrackerMaker,
)
from mantlet.world.air import Air

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Every report of a tracker on a scene, its predictions, and what its scans cost.

    `impacts` has a row for each of `tracks`; `scan_s` is the CPU time of each call of `step` [s],
    `plots` how many plots they took in all.
    """

    tracks: Tracks
    impacts: Impacts
    scan_s: Floats
    plots: int


def run_tracker(make: TrackerMaker, scene: Scene, most: int | None = None) -> Outcome:
    """Give a new tracker the scene's scans; it reports at every instant, scan or none.

    Only the first `most` instants, if given.
    """
    tracker = make((scene.figures,), scene.air)
    state, tracks, impacts, cost, count = tracker.start(), [], [], [], 0
    times = scene.flights.time_s[:most].tolist()
    for now, plots in zip(times, scene.plots[:most], strict=True):
        if plots is not None:
            begin = time.thread_time()
            state = tracker.step(state, plots, 0, now)
            cost.append(time.thread_time() - begin)
            count += len(plots)
        tracks.append(tracker.report(state, now))
        impacts.append(_impacts(tracker, state, tracks[-1], scene.air))
    return Outcome(Tracks.concat(tracks), Impacts.concat(impacts), np.array(cost), count)


def _impacts(tracker: AnyTracker, state: Any, tracks: Tracks, air: Air) -> Impacts:
    """The tracker's own predictions, or Mantlet's of its tracks."""
    if isinstance(tracker, PredictsImpacts):
        return tracker.impacts(state, tracks)
    return predict_impacts(tracks, air)
