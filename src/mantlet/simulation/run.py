"""The event loop: truth flies, radars look, the pipeline decides, shots are resolved.

Truth and decisions meet in four places only: a radar turns objects into plots, the resolver
turns shots into hits, the observer turns hits into (fallible) assessments, and the assessor
counts at the end. The pipeline never receives anything else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.outcomes import assess_outcomes
from mantlet.pipeline.build import build_pipeline
from mantlet.pipeline.pipeline import Pipeline, PipelineState
from mantlet.pipeline.replay import DecisionRecorder
from mantlet.pipeline.schedule import Look, ticks
from mantlet.ports.draws import Draws
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.sensing.radar import Objects, Radar
from mantlet.simulation.consequences import Consequences
from mantlet.simulation.sky import NONE_UP, Sky, interceptor_objects
from mantlet.tables import Intervals, PlotOrigins, Plots, Recorder, States
from mantlet.tables.run import RunTables
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import intervals, plan

WARM_UP_S = 5.0
"""Radars look this long before a raid begins, so that trackers have seen their clutter."""

TAIL_S = 10.0
"""And this long after the last flight of a raid could have ended."""

Progress = Callable[[float, float, str], None]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def simulate(
    scenario: Scenario, seed: int, watch: Stopwatch, progress: Progress | None = None
) -> RunTables:
    """One run of a scenario: every table of the run folder."""
    draws = Draws(seed)
    with watch.stage("flights"):
        salvos = plan(scenario.raids, draws)
        planned = intervals(salvos, WARM_UP_S, TAIL_S)
        barrage = draw_threats(salvos, scenario.areas, scenario.zones, draws, scenario.air)
        sky = Sky.of(barrage)
    pipeline = build_pipeline(scenario, watch=watch)
    consequences = Consequences(scenario.lethality, scenario.observation, scenario.air, draws)
    loop = _Loop(scenario.radars, pipeline, sky, consequences, draws, watch)
    loop.run(planned, progress)
    with watch.stage("assessor"):
        return loop.tables(scenario, planned)


@dataclass
class _Loop:
    """The moving parts of one run."""

    radars: tuple[Radar, ...]
    pipeline: Pipeline
    sky: Sky
    consequences: Consequences
    draws: Draws
    watch: Stopwatch
    plots: Recorder[Plots] = field(default_factory=lambda: Recorder(Plots))
    origins: Recorder[PlotOrigins] = field(default_factory=lambda: Recorder(PlotOrigins))
    states: Recorder[States] = field(default_factory=lambda: Recorder(States))
    decided: DecisionRecorder = field(default_factory=DecisionRecorder)
    plot_count: int = 0

    def run(self, planned: Intervals, progress: Progress | None) -> None:
        """All intervals, one after the other."""
        total_s = float((planned.end_s - planned.start_s).sum())
        done_s = 0.0
        state = self.pipeline.start()
        for start_s, end_s in zip(planned.start_s.tolist(), planned.end_s.tolist(), strict=True):
            state, alerts = self.pipeline.rest(state, start_s)
            self.decided.add_alerts(alerts)
            state = self._interval(state, start_s, end_s)
            self._compact()
            done_s += end_s - start_s
            if progress is not None:
                progress(done_s, total_s, self._words())
        _, alerts = self.pipeline.rest(state, np.inf)
        self.decided.add_alerts(alerts)

    def tables(self, scenario: Scenario, planned: Intervals) -> RunTables:
        """Everything recorded, with the assessor's count."""
        decided = self.decided.build()
        return RunTables(
            intervals=planned,
            zones=scenario.zones,
            threats=self.sky.threats,
            states=self.states.build(),
            plots=self.plots.build(),
            plot_origins=self.origins.build(),
            tracks=decided.tracks,
            impacts=decided.impacts,
            alerts=decided.alerts,
            shots=decided.shots,
            assessments=self.consequences.assessments(),
            outcomes=assess_outcomes(
                self.sky.threats,
                self.consequences.killing_shots(len(self.sky.threats)),
                self.sky.end_s,
                self.pipeline.zones,
                scenario.surface,
            ),
            decisions=decided.decisions,
        )

    def _interval(self, state: PipelineState, start_s: float, end_s: float) -> PipelineState:
        self.sky.enter(start_s, end_s)
        for now, looks in ticks(self.radars, start_s, end_s):
            for look in looks:
                state = self._look(state, look)
            state = self._decide(state, now)
        return state

    def _look(self, state: PipelineState, look: Look) -> PipelineState:
        clock = self.watch.now()
        self.consequences.resolve(self.sky, look.time_s)
        clock = self.watch.add("resolver", clock)
        objects = self.sky.objects(look.time_s, self._interceptors(state, look.time_s))
        plots, origins = self.radars[look.radar].scan(
            objects,
            scan=look.scan,
            time_s=look.time_s,
            draws=self.draws,
            first_plot_id=self.plot_count,
        )
        self.plot_count += len(plots)
        self.plots.add(plots)
        self.origins.add(origins)
        clock = self.watch.add("sensing", clock)
        state = self.pipeline.scan(state, plots, look.radar, look.time_s)
        self.watch.add("tracking", clock)
        return state

    def _decide(self, state: PipelineState, now: float) -> PipelineState:
        clock = self.watch.now()
        self.consequences.resolve(self.sky, now)
        clock = self.watch.add("resolver", clock)
        state, step = self.pipeline.decide(state, now, self.consequences.observed(now))
        clock = self.watch.now()
        self.consequences.fire(step.shots)
        self.decided.add(step)
        self._record_states(now)
        self.watch.add("recording", clock)
        return state

    def _interceptors(self, state: PipelineState, time_s: float) -> Objects:
        flying = state.in_flight
        if not len(flying):
            return NONE_UP
        keys = self.consequences.shot_keys(flying.shots.shot_id)
        return interceptor_objects(flying, keys, time_s)

    def _record_states(self, now: float) -> None:
        rows = self.sky.in_air(now)
        if not len(rows):
            return
        states = self.sky.states(rows, now)
        self.states.add(
            States.trusted(
                threat_id=rows,
                time_s=np.full(len(rows), now),
                position_m=states[:, :3],
                velocity_mps=states[:, 3:],
            )
        )

    def _compact(self) -> None:
        clock = self.watch.now()
        for recorder in (self.plots, self.origins, self.states):
            recorder.compact()
        self.decided.compact()
        self.watch.add("recording", clock)

    def _words(self) -> str:
        return (
            f"{self.plot_count:,} plots, {self.consequences.fired:,} shots, "
            f"{self.consequences.hits:,} hits"
        )
