"""Run a tracker through a scene, and ask where its tracks will land."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.scene import Scene
from mantlet.kernels.dynamics import ROCKET
from mantlet.kernels.flight import LANDED, fly
from mantlet.tables import Impacts, Tracks
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.protocol import (
    PLANE_DEGREE_M,
    AnyTracker,
    PredictsImpacts,
    TrackerMaker,
)
from mantlet.world.air import Air

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """Every report of a tracker on a scene, and what its scans cost.

    `scan_s` CPU seconds of each call of `step`, `plots` in how many plots.
    """

    tracker: AnyTracker
    tracks: Tracks
    scan_s: Floats
    plots: int


def run_tracker(make: TrackerMaker, scene: Scene, most: int | None = None) -> Outcome:
    """Give a new tracker the scene's scans; it reports at every instant, scan or none.

    Only the first `most` instants, if given.
    """
    tracker = make((scene.figures,), scene.air)
    state, reports, cost, count = tracker.start(), [], [], 0
    times = scene.flights.time_s[:most].tolist()
    for now, plots in zip(times, scene.plots[:most], strict=True):
        if plots is not None:
            begin = time.thread_time()
            state = tracker.step(state, plots, 0, now)
            cost.append(time.thread_time() - begin)
            count += len(plots)
        reports.append(tracker.report(state, now))
    return Outcome(tracker, Tracks.concat(reports), np.array(cost), count)


def impacts_of(tracker: AnyTracker, tracks: Tracks, air: Air) -> Impacts:
    """The tracker's own predictions, or Mantlet's of its tracks."""
    if isinstance(tracker, PredictsImpacts):
        return tracker.impacts(tracks)
    impacts = predict_impacts(tracks, air)
    return _on_plane(impacts, tracks, air) if air.flat else impacts


def _on_plane(impacts: Impacts, tracks: Tracks, air: Air) -> Impacts:
    """With the points, which there are no degrees for, from flights of the mean states."""
    n, none = len(tracks), np.zeros(len(tracks))
    status, seconds, landed, _ = fly(
        np.maximum(tracks.state[:, :6], [-np.inf, -np.inf, 0.0, -np.inf, -np.inf, -np.inf]),
        tracks.time_s,
        np.exp(-tracks.state[:, 6]),
        np.full(n, ROCKET, dtype=np.int64),
        none,
        none,
        air.packed,
    )
    north_east = np.where((status == LANDED)[:, None], landed[:, 1::-1], np.nan) / PLANE_DEGREE_M
    columns = {key: getattr(impacts, key) for key in Impacts.columns()}
    columns |= {"lat_deg": north_east[:, 0], "lon_deg": north_east[:, 1], "impact_time_s": seconds}
    columns["status"] = np.where(status == LANDED, "landed", "aloft").astype(object)
    return Impacts(**columns)
