"""One scan clock: plots and kill observations in, tracks, warnings and shots out.

The same object runs inside the simulation and in a live service; it holds no truth and draws
no random number. State is plain arrays, handed in and out: a state handed in is spent, copy it
first to fork a run.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.interceptors import Flying
from mantlet.engagement.planner import Planner, PlannerState
from mantlet.ports.stopwatch import Stopwatch
from mantlet.tables import Alerts, Assessments, Decisions, Impacts, Plots, Shots, Tracks
from mantlet.tracking.impact import predict_paths
from mantlet.tracking.state import TrackerState
from mantlet.tracking.tracker import Tracker
from mantlet.warning.state import WarnerState
from mantlet.warning.warner import Warner
from mantlet.world.air import Air
from mantlet.world.zones import ZoneMap, ZoneOdds, zone_odds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATH_STEP_S = 1.0
PATH_COUNT = 90
"""The planner looks this many steps ahead along each predicted path."""

_NO_SHOTS = Shots.empty()
_NO_ALERTS = Alerts.empty()
_NO_IMPACTS = Impacts.empty()
_NO_DECISIONS = Decisions.empty()
_NO_TRACKS = np.empty(0, np.int64)
_NO_POINTS = np.empty((0, 3))
_NO_ODDS = ZoneOdds.empty()
_NONE_FLYING = Flying.none()


class PipelineState(NamedTuple):
    """Everything the defence remembers between two calls."""

    tracker: TrackerState
    warner: WarnerState
    planner: PlannerState | None
    in_flight: Flying
    """Own interceptors that have not yet reached their aim points."""

    def copy(self) -> "PipelineState":
        """An independent state: what happens to one no longer touches the other."""
        return PipelineState(
            self.tracker.copy(),
            self.warner.copy(),
            None if self.planner is None else self.planner.copy(),
            self.in_flight,
        )


class Step(NamedTuple):
    """What one decision tick produced."""

    tracks: Tracks
    impacts: Impacts
    alerts: Alerts
    shots: Shots
    decisions: Decisions


NO_STEP = Step(Tracks.empty(), _NO_IMPACTS, _NO_ALERTS, _NO_SHOTS, _NO_DECISIONS)
"""Nothing seen, nothing decided."""


@dataclass(frozen=True)
class Pipeline:
    """Tracker, warner and planner with the map they share. No planner: warning only."""

    tracker: Tracker
    warner: Warner
    planner: Planner | None
    zones: ZoneMap
    air: Air
    watch: Stopwatch = field(default_factory=Stopwatch)
    """Told where the time of decisions goes; nothing depends on it."""

    def start(self) -> PipelineState:
        """The state before the first scan."""
        planner = None if self.planner is None else self.planner.start()
        return PipelineState(self.tracker.start(), self.warner.start(), planner, _NONE_FLYING)

    def scan(self, state: PipelineState, plots: Plots, radar: int, time_s: float) -> PipelineState:
        """Feed one scan of one radar (its index) to the tracker; an empty scan counts too."""
        own_m = state.in_flight.positions(time_s) if len(state.in_flight) else _NO_POINTS
        tracker = self.tracker.step(state.tracker, plots, radar, time_s, own_m)
        return PipelineState(tracker, state.warner, state.planner, state.in_flight)

    def late(self, state: PipelineState, plots: Plots) -> PipelineState:
        """Feed plots of earlier scans, whichever radar's: each takes effect at its own time."""
        tracker = state.tracker
        for index, radar in enumerate(self.tracker.radars):
            rows = plots.radar_id == radar.id
            if rows.any():
                tracker = self.tracker.late(tracker, plots.take(rows), index)
        return state._replace(tracker=tracker)

    def decide(
        self, state: PipelineState, time_s: float, assessments: Assessments
    ) -> tuple[PipelineState, Step]:
        """Predict, warn and engage on what is known at `time_s`."""
        clock = self.watch.now()
        tracks = self.tracker.report(state.tracker, time_s)
        clock = self.watch.add("tracking", clock)
        impacts = self.tracker.impacts(state.tracker, tracks)
        clock = self.watch.add("impact prediction", clock)
        margin_m = self.warner.policy.margin_m
        odds = zone_odds(impacts, self.zones, margin_m) if len(impacts) else _NO_ODDS
        clock = self.watch.add("zone odds", clock)
        planner, shots, reasons = self._engage(state, tracks, impacts, odds, assessments, time_s)
        clock = self.watch.add("engagement", clock)
        destroyed = _NO_TRACKS if planner is None else planner.destroyed_tracks
        warner, alerts, verdicts = self.warner.step(state.warner, impacts, odds, time_s, destroyed)
        flying = self._still_flying(state.in_flight, shots, time_s)
        after = PipelineState(state.tracker, warner, planner, flying)
        step = Step(tracks, impacts, alerts, shots, _joined(verdicts, reasons))
        self.watch.add("warning", clock)
        return after, step

    def rest(self, state: PipelineState, until_s: float) -> tuple[PipelineState, Alerts]:
        """Nothing is simulated until `until_s`: drop stale tracks, send the all-clears then due."""
        warner, alerts = self.warner.due(state.warner, until_s)
        tracker = self.tracker.rest(state.tracker, until_s)
        return state._replace(tracker=tracker, warner=warner), alerts

    def _engage(
        self,
        state: PipelineState,
        tracks: Tracks,
        impacts: Impacts,
        odds: ZoneOdds,
        assessments: Assessments,
        time_s: float,
    ) -> tuple[PlannerState | None, Shots, Decisions]:
        if self.planner is None or state.planner is None:
            return None, _NO_SHOTS, _NO_DECISIONS

        def fly(rows: Ints) -> Floats:
            return predict_paths(tracks.take(rows), self.air, PATH_STEP_S, PATH_COUNT)

        return self.planner.step(
            state.planner, tracks, impacts, odds, fly, PATH_STEP_S, assessments, time_s
        )

    def _still_flying(self, before: Flying, new: Shots, time_s: float) -> Flying:
        if not len(new) and not len(before):
            return before
        shots = Shots.concat([before.shots, new]) if len(new) else before.shots
        flying = shots.intercept_time_s > time_s
        if not len(new) and flying.all():
            return before
        batteries = () if self.planner is None else self.planner.batteries
        return Flying.of(shots.take(flying), batteries)


def _joined(verdicts: Decisions, reasons: Decisions) -> Decisions:
    if not len(reasons):
        return verdicts
    return reasons if not len(verdicts) else Decisions.concat([verdicts, reasons])
