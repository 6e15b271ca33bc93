"""A run that goes on while it is watched: the simulation on a thread of its own, at some pace."""

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.outcomes import assess_outcomes
from mantlet.live.pace import Pace
from mantlet.live.recording import Recording
from mantlet.live.shows import State
from mantlet.ports.stopwatch import Stopwatch
from mantlet.simulation.run import Simulation, Tick
from mantlet.tables import States
from mantlet.tables.run import RunTables

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Array = NDArray[Any]


class LiveRun:
    """A simulation, stepped as its pace allows, and the recording it fills.

    The pace changes when things happen on the wall clock and nothing else: the tables are those
    of `mantlet run` with the same scenario and seed. Quiet time between intervals is skipped.
    """

    def __init__(self, scenario: "Scenario", seed: int, speed: float = 1.0) -> None:
        self._simulation = Simulation.of(scenario, seed, Stopwatch())
        self._scenario = scenario
        self.recording = Recording(scenario, seed, self._simulation.planned)
        self.pace = Pace(self.recording.start_s, speed)
        self.error: str | None = None
        self._skips: list[tuple[float, float]] = []
        self._done = self._stopped = False
        self._threats = _Fates(self._simulation, self.recording)
        self._thread = threading.Thread(target=self._run, name="mantlet-run", daemon=True)

    def start(self) -> "LiveRun":
        """Begin."""
        self._thread.start()
        return self

    @property
    def state(self) -> State:
        """Whether it runs, waits or is over."""
        if self.error is not None:
            return "failed"
        if self._done or self._stopped:
            return "finished"
        return "running" if self.pace.playing else "paused"

    @property
    def speed(self) -> float:
        """Run seconds per wall second."""
        return self.pace.speed

    @property
    def skips(self) -> list[tuple[float, float]]:
        """Every stretch of quiet time left out so far."""
        return self._skips

    def time_s(self) -> float:
        """The time of the run now."""
        return self.recording.end_s if self._done else self.pace.time_s()

    def steer(self, command: dict[str, Any]) -> None:
        """Play, pause, step or change speed, for all who watch its edge."""
        match command["do"]:
            case "play":
                self.pace.play()
            case "pause":
                self.pace.pause()
            case "step":
                self.pace.step(int(command["ticks"]))
            case "speed":
                self.pace.set_speed(command["speed"])

    def stop(self) -> None:
        """End it where it is; returns when its thread has ended."""
        self._stopped = True
        self.pace.stop()
        if self._thread.is_alive():
            self._thread.join()

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when it is over."""
        self._thread.join(timeout_s)

    def tables(self) -> RunTables:
        """Every table of the run, once it is over."""
        if not self._done:
            raise ValueError("the run is not over")
        return self._simulation.tables(self._scenario)

    def _run(self) -> None:
        try:
            if self._all_ticks():
                self._threats.settle(np.inf)
                self.recording.edge_s = self.recording.end_s
                self._done = True
        except Exception as error:  # a fault of the run must not end the service
            self.error = f"{type(error).__name__}: {error}"

    def _all_ticks(self) -> bool:
        for tick in self._simulation.ticks():
            if tick.quiet:
                self._publish(tick)
                self._skip(tick.time_s)
            elif not self.pace.wait_for(tick.time_s):
                return False
            else:
                self._publish(tick)
                self.recording.edge_s = tick.time_s
                self.pace.published(tick.time_s)
        return True

    def _skip(self, to_s: float) -> None:
        from_s = self.recording.edge_s
        if to_s > from_s:
            self._skips.append((from_s, to_s))
        self.recording.edge_s = max(from_s, to_s)
        self.pace.skip_to(to_s)

    def _publish(self, tick: Tick) -> None:
        """Into the recording; who looks sees it when its edge moves."""
        step = tick.step
        for table in (*tick.plots, self._states(tick), step.tracks, step.impacts, step.alerts,
                      step.shots, tick.assessments, step.decisions):  # fmt: skip
            if len(table):
                self.recording.add(table)
        self._threats.settle(tick.time_s)

    def _states(self, tick: Tick) -> States:
        if tick.quiet:
            return States.empty()
        return self._simulation.true_states(np.array([tick.time_s]))


class _Fates:
    """Tells the recording what is launched, what breaks up and what has come down. Truth."""

    def __init__(self, simulation: Simulation, recording: Recording) -> None:
        self._simulation, self._recording = simulation, recording
        self._known = 0
        self._aloft = np.zeros(0, np.bool_)
        self._ended = np.zeros(0, np.bool_)

    def settle(self, time_s: float) -> None:
        """Bring the recording up to a time."""
        sky = self._simulation.sky
        threats = sky.threats
        fresh = len(threats) - self._known
        if fresh:
            self._recording.add(threats.take(slice(self._known, None)))
            self._known = len(threats)
            self._aloft = np.append(self._aloft, np.zeros(fresh, np.bool_))
            self._ended = np.append(self._ended, np.zeros(fresh, np.bool_))
        launch_s = threats.launch_time_s
        risen = np.flatnonzero(~self._aloft & (launch_s <= time_s))
        if len(risen):
            self._recording.launch(risen[np.argsort(launch_s[risen], kind="stable")])
            self._aloft[risen] = True
        ended = np.flatnonzero(self._aloft & ~self._ended & (sky.end_s <= time_s))
        if len(ended):
            self._recording.add(self._outcomes().take(ended[np.argsort(sky.end_s[ended])]))
            self._ended[ended] = True

    def _outcomes(self) -> Any:
        simulation = self._simulation
        sky = simulation.sky
        return assess_outcomes(
            sky.threats,
            simulation.consequences.killing_shots(len(sky.threats)),
            sky.end_s,
            simulation.pipeline.zones,
            self._recording.scenario.surface,
        )
