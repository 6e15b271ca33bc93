"""The event loop: truth flies, radars look, the pipeline decides, shots are resolved.

Truth and decisions meet in four places only: a radar turns objects into plots, the resolver
turns shots into hits, the observer turns hits into (fallible) assessments, and the assessor
counts at the end. The pipeline never receives anything else.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.outcomes import assess_outcomes
from mantlet.pipeline.build import build_pipeline
from mantlet.pipeline.pipeline import NO_STEP, Pipeline, PipelineState, Step
from mantlet.pipeline.replay import DecisionRecorder
from mantlet.pipeline.schedule import Look, ticks
from mantlet.ports.draws import Draws
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.sensing.radar import Radar
from mantlet.simulation.consequences import Consequences
from mantlet.simulation.deliveries import Deliveries
from mantlet.simulation.lookout import Lookout
from mantlet.simulation.sky import Sky
from mantlet.tables import Alerts, Assessments, Intervals, Plots, Recorder, States
from mantlet.tables.run import RunTables
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import intervals, plan

WARM_UP_S = 5.0
"""Radars look this long before a raid begins, so that trackers have seen their clutter."""

TAIL_S = 10.0
"""And this long after the last flight of a raid could have ended."""

TICKS_AT_ONCE = 256
"""The tables of so many ticks are joined: thousands of tiny ones cost more than their data."""

Progress = Callable[[float, float, str], None]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


_NO_ASSESSMENTS = Assessments.empty()


def simulate(
    scenario: Scenario, seed: int, watch: Stopwatch, progress: Progress | None = None
) -> RunTables:
    """One run of a scenario: every table of the run folder."""
    simulation = Simulation.of(scenario, seed, watch)
    planned = simulation.planned
    spans_s = (planned.end_s - planned.start_s).tolist()
    total_s, done_s, behind = sum(spans_s), 0.0, iter([0.0, *spans_s])
    for tick in simulation.ticks():
        if tick.quiet:  # one before each interval, and one after the last
            done_s += next(behind)
            if progress is not None and done_s:
                progress(done_s, total_s, simulation.words())
    with watch.stage("assessor"):
        return simulation.tables(scenario)


class Tick(NamedTuple):
    """What one decision tick, or the quiet time before an interval, added to a run."""

    time_s: float
    step: Step
    plots: tuple[Plots, ...] = ()
    assessments: Assessments = _NO_ASSESSMENTS
    quiet: bool = False
    """Nothing is simulated from the tick before up to `time_s`: all-clears at their times."""


@dataclass
class Simulation:
    """A run that is stepped from outside: whoever asks for the next tick sets the pace.

    What it draws and decides does not depend on when it is asked.
    """

    radars: tuple[Radar, ...]
    pipeline: Pipeline
    sky: Sky
    consequences: Consequences
    lookout: Lookout
    draws: Draws
    watch: Stopwatch
    planned: Intervals
    states: Recorder[States] = field(default_factory=lambda: Recorder(States))
    decided: DecisionRecorder = field(default_factory=DecisionRecorder)
    deliveries: Deliveries = field(default_factory=Deliveries)

    @classmethod
    def of(cls, scenario: Scenario, seed: int, watch: Stopwatch) -> "Simulation":
        """The run of a scenario under one seed, before its first tick."""
        draws = Draws(seed)
        with watch.stage("flights"):
            salvos = plan(scenario.raids, draws)
            planned = intervals(salvos, WARM_UP_S, TAIL_S)
            barrage = draw_threats(
                salvos, scenario.areas, scenario.zones, draws, scenario.air, scenario.terrain
            )
            sky = Sky.of(barrage)
        pipeline = build_pipeline(scenario, watch=watch)
        consequences = Consequences(
            scenario.lethality, scenario.observation, scenario.air, draws, scenario.terrain
        )
        lookout = Lookout(scenario.radars, sky, consequences, draws)
        return cls(scenario.radars, pipeline, sky, consequences, lookout, draws, watch, planned)

    def ticks(self) -> Iterator[Tick]:
        """All intervals, one after the other, each preceded by the quiet time before it."""
        state = self.pipeline.start()
        planned = self.planned
        for start_s, end_s in zip(planned.start_s.tolist(), planned.end_s.tolist(), strict=True):
            state, alerts = self.pipeline.rest(state, start_s)
            yield self._rested(start_s, alerts)
            state = yield from self._interval(state, start_s, end_s)
        _, alerts = self.pipeline.rest(state, np.inf)
        yield self._rested(float(planned.end_s.max(initial=0.0)), alerts)

    def tables(self, scenario: Scenario) -> RunTables:
        """Everything recorded, with the assessor's count."""
        decided, seen = self.decided.build(), self.deliveries.build()
        return RunTables(
            intervals=self.planned,
            zones=scenario.zones,
            threats=self.sky.threats,
            states=self.states.build(),
            plots=seen.plots,
            plot_origins=seen.origins,
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

    def _rested(self, time_s: float, alerts: Alerts) -> Tick:
        self.decided.add_alerts(alerts)
        return Tick(time_s, NO_STEP._replace(alerts=alerts), quiet=True)

    def _interval(
        self, state: PipelineState, start_s: float, end_s: float
    ) -> Generator[Tick, None, PipelineState]:
        self.sky.enter(start_s, end_s)
        self.lookout.forget()
        fresh_s: list[float] = []
        for now, looks in ticks(self.radars, start_s, end_s):
            plots = []
            for look in looks:
                state, seen = self._look(state, look)
                plots.append(seen)
            state, seen = self._late(state, now)
            plots += [seen] if len(seen) else []
            told, state, step = self._decide(state, now)
            yield Tick(now, step, tuple(plots), told)
            fresh_s.append(now)
            if len(fresh_s) == TICKS_AT_ONCE:
                self._record(fresh_s)
        self._record(fresh_s)
        self.deliveries.forget()
        return state

    def _record(self, fresh_s: list[float]) -> None:
        """Join what the last ticks brought; the list of their times is spent."""
        clock = self.watch.now()
        # What was shot down since is still there at ticks before: it ends when it was hit.
        self.states.add(self.true_states(np.array(fresh_s)))
        self.deliveries.compact()
        self.states.compact()
        self.decided.compact()
        fresh_s.clear()
        self.watch.add("recording", clock)

    def _look(self, state: PipelineState, look: Look) -> tuple[PipelineState, Plots]:
        self._resolve(look.time_s)
        clock = self.watch.now()
        plots = self.deliveries.scan(*self.lookout.see(look, state.in_flight))
        clock = self.watch.add("sensing", clock)
        state = self.pipeline.scan(state, plots, look.radar, look.time_s)
        self.watch.add("tracking", clock)
        return state, plots

    def _late(self, state: PipelineState, now: float) -> tuple[PipelineState, Plots]:
        """Hand over the plots of earlier scans that have arrived by now."""
        plots = self.deliveries.late(now)
        if len(plots):
            clock = self.watch.now()
            state = self.pipeline.late(state, plots)
            self.watch.add("tracking", clock)
        return state, plots

    def _decide(self, state: PipelineState, now: float) -> tuple[Assessments, PipelineState, Step]:
        self._resolve(now)
        told = self.consequences.observed(now)
        state, step = self.pipeline.decide(state, now, told)
        if len(step.shots):
            self.consequences.fire(step.shots)
            self.lookout.forget()
        self.decided.add(step)
        return told, state, step

    def _resolve(self, time_s: float) -> None:
        if self.consequences.due(time_s):
            clock = self.watch.now()
            self.consequences.resolve(self.sky, time_s)
            self.lookout.forget()
            self.watch.add("resolver", clock)

    def true_states(self, times_s: Floats) -> States:
        """True states at times inside the interval that is simulated, time after time."""
        rows, look = self.sky.in_air(times_s)
        time_s = times_s[look]
        moving = self.sky.states(rows, time_s)
        return States.trusted(
            threat_id=rows, time_s=time_s, position_m=moving[:, :3], velocity_mps=moving[:, 3:]
        )

    def words(self) -> str:
        """How far the run is, for a person."""
        return (
            f"{self.deliveries.count:,} plots, {self.consequences.fired:,} shots, "
            f"{self.consequences.hits:,} hits"
        )
