"""Decide again from what a run recorded: plots and kill observations, and no truth at all.

This is the proof that no truth leaks: the tables that come out equal the run's own, byte for
byte. It is also how a recorded raid is put before another warning policy.
"""

from typing import Any, Protocol

import numpy as np

from mantlet.pipeline.pipeline import NO_STEP, Pipeline, PipelineState, Step
from mantlet.pipeline.schedule import Look, Scanning, ticks
from mantlet.tables import (
    Alerts,
    Assessments,
    Decisions,
    Impacts,
    Intervals,
    Plots,
    Recorder,
    Shots,
    Tracks,
)
from mantlet.tables.run import DecisionTables


class Known(Scanning, Protocol):
    """A radar whose plots can be told from another's."""

    @property
    def id(self) -> str: ...  # noqa: D102


class DecisionRecorder:
    """Collects what the pipeline decides."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        kinds = (Tracks, Impacts, Alerts, Shots, Decisions)  # as a step has them
        self._recorders: list[Recorder[Any]] = [Recorder(kind) for kind in kinds]

    def add(self, step: Step) -> None:
        """Take in one decision tick."""
        self._steps.append(step)

    def add_alerts(self, alerts: Alerts) -> None:
        """Take in all-clears that fell due between two intervals."""
        self._steps.append(NO_STEP._replace(alerts=alerts))

    def compact(self) -> None:
        """Join what has come since the last call."""
        for recorder, tables in zip(self._recorders, zip(*self._steps, strict=True), strict=False):
            for table in tables:
                recorder.add(table)
            recorder.compact()
        self._steps = []

    def build(self) -> DecisionTables:
        """All tables so far."""
        self.compact()
        return DecisionTables(*(recorder.build() for recorder in self._recorders))


def replay_decisions(
    pipeline: Pipeline,
    radars: tuple[Known, ...],
    intervals: Intervals,
    plots: Plots,
    assessments: Assessments,
) -> DecisionTables:
    """Run the pipeline over recorded plots, scan by scan, as the run did.

    `radars` are those of the scenario, in its order; `plots` are in file order, late ones where
    they arrived (`arrival_s`): before the first decision tick at or after that time. Kill
    observations are handed over at the first decision tick at or after their time.
    """
    recorder = DecisionRecorder()
    state = pipeline.start()
    cursor = _PlotCursor(plots, tuple(radar.id for radar in radars))
    given = 0
    for start_s, end_s in zip(intervals.start_s, intervals.end_s, strict=True):
        state, alerts = pipeline.rest(state, float(start_s))
        recorder.add_alerts(alerts)
        for now, looks in ticks(radars, float(start_s), float(end_s)):
            state = _feed(pipeline, state, cursor, looks)
            if len(late := cursor.late(now)):
                state = pipeline.late(state, late)
            until = int(np.searchsorted(assessments.time_s, now, side="right"))
            state, step = pipeline.decide(state, now, assessments.take(slice(given, until)))
            given = until
            recorder.add(step)
        recorder.compact()
    state, alerts = pipeline.rest(state, np.inf)
    recorder.add_alerts(alerts)
    return recorder.build()


def _feed(
    pipeline: Pipeline, state: PipelineState, cursor: "_PlotCursor", looks: tuple[Look, ...]
) -> PipelineState:
    for look in looks:
        state = pipeline.scan(state, cursor.scan(look), look.radar, look.time_s)
    return state


class _PlotCursor:
    """Hands out a plot table scan by scan."""

    def __init__(self, plots: Plots, radar_ids: tuple[str, ...]) -> None:
        self._plots = plots
        self._ids = radar_ids
        self._at = 0
        self._arrival_s = plots.arrival_s

    def scan(self, look: Look) -> Plots:
        """The plots of one look: those next in the file with its radar and scan number."""
        start, wanted = self._at, self._ids[look.radar]
        plots = self._plots
        while (
            self._at < len(plots)
            and plots.scan[self._at] == look.scan
            and plots.radar_id[self._at] == wanted
            and np.isnan(self._arrival_s[self._at])
        ):
            self._at += 1
        return plots.take(slice(start, self._at))

    def late(self, time_s: float) -> Plots:
        """The plots next in the file that arrived after their scan, and by now."""
        start = self._at
        while self._at < len(self._plots) and self._arrival_s[self._at] <= time_s:
            self._at += 1
        return self._plots.take(slice(start, self._at))
