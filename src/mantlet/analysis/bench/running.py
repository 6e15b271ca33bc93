"""Run a tracker through a scene, and ask where its tracks will land."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.scene import Scene
from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.protocol import (
    AnyTracker,
    PredictsImpacts,
    TakesLatePlots,
    TrackerMaker,
)
from mantlet.world.air import Air

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Every report of a tracker on a scene, its predictions, and what its scans cost.

    `impacts` has a row for each of `tracks`; `expected` are the reports just before each scan;
    `scan_s` is the CPU time of each call of `step`, late plots included [s], `plots` how many
    plots there were in all.
    """

    tracks: Tracks
    impacts: Impacts
    expected: Tracks
    scan_s: Floats
    plots: int


def run_tracker(
    make: TrackerMaker,
    scene: Scene,
    most: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> Outcome:
    """Give a new tracker the scene's scans; it reports before each, and at every instant.

    Late plots are given to a tracker that takes any, and are lost on others. Only the first
    `most` instants, if given. `progress` is called with the share done after each.
    """
    tracker = make(scene.radars, scene.air)
    state, tracks, impacts, expected, cost, count = tracker.start(), [], [], [], [], 0
    times = scene.flights.time_s[:most].tolist()
    for k, (now, look) in enumerate(zip(times, scene.looks[:most], strict=True), start=1):
        if look is not None:
            begin = time.thread_time()
            state = _late(tracker, state, look.late, scene)
            late_s = time.thread_time() - begin
            expected.append(tracker.report(state, now))
            begin = time.thread_time()
            state = tracker.step(state, look.plots, look.radar, now)
            cost.append(late_s + time.thread_time() - begin)
            count += len(look.plots) + len(look.late)
        tracks.append(tracker.report(state, now))
        impacts.append(_impacts(tracker, state, tracks[-1], scene.air))
        if progress is not None:
            progress(k / len(times))
    return Outcome(
        Tracks.concat(tracks),
        Impacts.concat(impacts),
        Tracks.concat(expected),
        np.array(cost),
        count,
    )


def _late(tracker: AnyTracker, state: Any, plots: Plots, scene: Scene) -> Any:
    if not len(plots) or not isinstance(tracker, TakesLatePlots):
        return state
    for number, radar in enumerate(scene.radars):
        state = tracker.late(state, plots.take(plots.radar_id == radar.id), number)
    return state


def _impacts(tracker: AnyTracker, state: Any, tracks: Tracks, air: Air) -> Impacts:
    """The tracker's own predictions, or Mantlet's of its tracks."""
    if isinstance(tracker, PredictsImpacts):
        return tracker.impacts(state, tracks)
    return predict_impacts(tracks, air)
