"""Tracks and predicted impacts of recorded plots: no warning, no engagement, whoever's plots."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mantlet.pipeline.looks import PlotLook, looks_of
from mantlet.pipeline.schedule import tick_times
from mantlet.tables import Impacts, Intervals, Plots, Recorder, Tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.health import TrackerHealth

Ints = NDArray[np.int64]
Progress = Callable[[float, float, str], None]


class PlotTracker(Protocol):
    """What tracking recorded or live plots asks of a tracker; see `tracking.tracker.Tracker`."""

    @property
    def radars(self) -> tuple[RadarFigures, ...]: ...  # noqa: D102
    def start(self) -> Any: ...  # noqa: D102
    def rest(self, state: Any, until_s: float) -> Any: ...  # noqa: D102
    def step(self, state: Any, plots: Plots, radar: int, time_s: float) -> Any: ...  # noqa: D102
    def late(self, state: Any, plots: Plots, radar: int) -> Any: ...  # noqa: D102
    def report(self, state: Any, time_s: float) -> Tracks: ...  # noqa: D102
    def impacts(self, state: Any, tracks: Tracks) -> Impacts: ...  # noqa: D102


@dataclass(frozen=True)
class Tracked:
    """Tracks and impacts once a second, what the tracker refused or shed, and its last state."""

    tracks: Tracks
    impacts: Impacts
    health: TrackerHealth
    state: Any = None


def track_plots(
    plots: Plots, tracker: PlotTracker, spans: Intervals, progress: Progress | None = None
) -> Tracked:
    """Tracks and impacts once a second over `spans`, as the simulation's own decisions have them.

    Parameters
    ----------
    plots : Plots
        Of the radars of `tracker`; their ids must be unique. What arrived after its look
        (`arrival_s`) is taken in then, before the first report at or after that time.
    tracker : PlotTracker
        Which radars, what air, what settings.
    spans : Intervals
        When the radars looked (`looks.spans_of`, or a run's own). Between them tracks are
        dropped as a pipeline at rest does.
    progress : callable, optional
        Called with seconds done, seconds in all and a few words.

    Returns
    -------
    Tracked
        Equal to those of a run, bit for bit, if it gave the plots and the spans, shot at nothing
        and its plots name every look's scan.
    """
    tracks, impacts = Recorder(Tracks), Recorder(Impacts)
    state = tracker.start()
    total_s, done_s = float((spans.end_s - spans.start_s).sum()), 0.0
    for looks, start_s, end_s in zip(
        looks_of(plots, tracker.radars, spans), spans.start_s, spans.end_s, strict=True
    ):
        state = tracker.rest(state, float(start_s))
        plots, looks, late = _in_time(plots, looks)
        taken = 0
        for now in tick_times(float(start_s), float(end_s)):
            until = taken
            while until < len(looks) and looks[until].time_s <= now:
                until += 1
            state = _take_in(tracker, state, plots, looks[taken:until])
            taken = until
            state, late = _take_in_late(tracker, state, plots, late, now)
            reported = tracker.report(state, now)
            if len(reported):
                tracks.add(reported)
                impacts.add(tracker.impacts(state, reported))
            if progress is not None:
                seconds = done_s + now - float(start_s)
                progress(seconds, total_s, f"{len(reported)} tracks")
        tracks.compact()
        impacts.compact()
        done_s += float(end_s - start_s)
    return Tracked(tracks.build(), impacts.build(), state.health, state)


def _take_in(tracker: PlotTracker, state: Any, plots: Plots, looks: list[PlotLook]) -> Any:
    for look in looks:
        state = tracker.step(state, plots.take(look.rows), look.radar, look.time_s)
    return state


def _in_time(plots: Plots, looks: list[PlotLook]) -> tuple[Plots, list[PlotLook], Ints]:
    """The looks with what arrived with them; the rows of the other plots, by arrival.

    In the plots returned late ones bear the time of their look, by which the tracker finds it.
    """
    if not plots.holds("arrival_s"):
        return plots, looks, np.empty(0, dtype=np.int64)
    arrival_s = plots.arrival_s
    late = [look.rows[arrival_s[look.rows] > look.time_s] for look in looks]
    rows = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *late]))
    kept = [
        replace(look, rows=np.setdiff1d(look.rows, others, assume_unique=True))
        for look, others in zip(looks, late, strict=True)
    ]
    time_s = plots.time_s.copy()
    for look, others in zip(looks, late, strict=True):
        time_s[others] = look.time_s
    by_arrival = rows[np.argsort(arrival_s[rows], kind="stable")]
    return replace(plots, time_s=time_s), kept, by_arrival


def _take_in_late(
    tracker: PlotTracker, state: Any, plots: Plots, late: Ints, now: float
) -> tuple[Any, Ints]:
    """The state with the late plots that have arrived by now, and the rows of the others."""
    if not len(late):
        return state, late
    arrived = int(np.searchsorted(plots.arrival_s[late], now, side="right"))
    some = plots.take(late[:arrived])
    for index, radar in enumerate(tracker.radars):
        mine = some.radar_id == radar.id
        if mine.any():
            state = tracker.late(state, some.take(mine), index)
    return state, late[arrived:]
