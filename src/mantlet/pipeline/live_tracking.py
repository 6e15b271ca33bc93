"""The tracker on plots as they come: a tick a second, some way behind the clock."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.pipeline.looks import looks_of
from mantlet.pipeline.schedule import DECISION_PERIOD_S
from mantlet.pipeline.tracking import PlotTracker
from mantlet.tables import Impacts, Intervals, Plots, Tracks
from mantlet.tracking.health import TrackerHealth

Marks = NDArray[np.bool_]

LAG_S = 1.0
"""So far behind the clock a tick is decided: what a radar needs to send its scan. What comes later
still takes effect at its own time, up to the tracker's late window."""

MEMORY_S = 60.0
"""Plots of so long tell a radar's phase, and that it is there at all."""


@dataclass
class LiveTracking:
    """State of a tracker fed by a live source. `take` plots as they come, `advance` the clock.

    A radar is taken to look once a period from its first plot on, until `MEMORY_S` have passed
    without any. The order of calls and the plots' arrival are all that the outcome depends on.
    """

    tracker: PlotTracker
    lag_s: float = LAG_S
    state: Any = field(init=False)
    _arrived: list[Plots] = field(default_factory=list)
    _recent: Plots = field(default_factory=Plots.empty)
    _used: Marks = field(default_factory=lambda: np.empty(0, dtype=bool))
    _tick_s: float | None = None

    def __post_init__(self) -> None:
        self.state = self.tracker.start()

    def take(self, plots: Plots) -> None:
        """Take in plots that have just arrived, in any order."""
        if len(plots):
            self._arrived.append(plots)

    @property
    def health(self) -> TrackerHealth:
        """What the tracker refused or shed so far."""
        health: TrackerHealth = self.state.health
        return health

    def advance(self, now_s: float) -> list[tuple[Tracks, Impacts]]:
        """Tracks and impacts of the ticks that are due at `now_s` [s], oldest first."""
        due_s = np.floor((now_s - self.lag_s) / DECISION_PERIOD_S) * DECISION_PERIOD_S
        if self._tick_s is None:
            self._tick_s = float(due_s) - DECISION_PERIOD_S
        done = []
        # A clock that jumps on (a machine that slept) is not made up for tick by tick.
        if due_s - self._tick_s > MEMORY_S:
            self.state = self.tracker.rest(self.state, float(due_s))
            self._tick_s = float(due_s) - DECISION_PERIOD_S
        if self._tick_s < due_s:
            self._join()
        while self._tick_s < due_s:
            tick_s = self._tick_s + DECISION_PERIOD_S
            self._step(self._tick_s, tick_s)
            self._tick_s = tick_s
            tracks = self.tracker.report(self.state, tick_s)
            done.append((tracks, self.tracker.impacts(self.state, tracks)))
        self._forget()
        return done

    def _step(self, from_s: float, to_s: float) -> None:
        """Looks after `from_s` and up to `to_s`, then what belongs to looks before."""
        span = Intervals(
            interval_id=np.zeros(1, dtype=np.int64),
            start_s=np.array([np.nextafter(from_s, np.inf)]),
            end_s=np.array([to_s]),
        )
        for look in looks_of(self._recent, self.tracker.radars, span)[0]:
            rows = look.rows[~self._used[look.rows]]
            plots = self._recent.take(rows)
            self.state = self.tracker.step(self.state, plots, look.radar, look.time_s)
            self._used[rows] = True
        self._take_late(np.nonzero(~self._used & (self._recent.time_s <= to_s))[0])

    def _take_late(self, rows: NDArray[np.int64]) -> None:
        """Plots that came after their look was taken in."""
        if not rows.size:
            return
        plots = self._recent.take(rows)
        for index, radar in enumerate(self.tracker.radars):
            mine = plots.radar_id == radar.id
            if mine.any():
                self.state = self.tracker.late(self.state, plots.take(mine), index)
        self._used[rows] = True

    def _join(self) -> None:
        """What has arrived since the last tick, in one table."""
        self._recent = Plots.concat([self._recent, *self._arrived])
        fresh = np.zeros(len(self._recent) - self._used.size, dtype=bool)
        self._used, self._arrived = np.concatenate([self._used, fresh]), []

    def _forget(self) -> None:
        """Drop plots that are used and tell nothing of a radar any more."""
        assert self._tick_s is not None
        keep = self._recent.time_s > self._tick_s - MEMORY_S
        if not keep.all():
            self._recent, self._used = self._recent.take(keep), self._used[keep]
