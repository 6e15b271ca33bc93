"""What a run holds besides its tables does not grow: eleven simulated days of short raids."""

import sys
import tracemalloc
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest

import mantlet as mt
from mantlet.pipeline.pipeline import Pipeline, PipelineState
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.simulation.run import Simulation
from mantlet.tables import Recorder

DAY_S = 86_400.0
RAIDS_A_DAY = 2


def eleven_days() -> Scenario:
    """The tutorial's first raid, over and over, with shots enough for all of it."""
    scenario = mt.load_scenario("tutorial")
    (raid,) = (raid for raid in scenario.raids if raid.id == "opening")
    every_s = DAY_S / RAIDS_A_DAY
    return replace(
        scenario,
        raids=tuple(
            replace(raid, id=f"raid-{k}", at_s=5.0 + k * every_s) for k in range(11 * RAIDS_A_DAY)
        ),
        batteries=tuple(replace(battery, interceptors=10_000) for battery in scenario.batteries),
    )


def held_bytes(thing: Any) -> int:
    """Bytes of all arrays and containers below."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes
    if isinstance(thing, dict):
        return sys.getsizeof(thing) + sum(map(held_bytes, thing.values()))
    if isinstance(thing, list | tuple):
        return sys.getsizeof(thing) + sum(map(held_bytes, thing))
    if is_dataclass(thing):
        return sum(held_bytes(getattr(thing, field.name, None)) for field in fields(thing))
    if hasattr(thing, "__slots__"):
        return sum(held_bytes(getattr(thing, name)) for name in thing.__slots__)
    return 0


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> list[PipelineState]:
    """The latest pipeline state of the simulation that is stepped."""
    latest: list[PipelineState] = []
    rest = Pipeline.rest

    def seen(self: Any, state: PipelineState, until_s: float) -> Any:
        latest[:] = [state]
        return rest(self, state, until_s)

    monkeypatch.setattr(Pipeline, "rest", seen)
    # The tables of a run do grow: here they are dropped as soon as they are joined.
    monkeypatch.setattr(Recorder, "compact", lambda self: self._fresh.clear())
    return latest


HOLDERS = tuple(
    tracemalloc.Filter(inclusive=True, filename_pattern=f"*/mantlet/{where}")
    for where in ("tracking/*", "warning/*", "engagement/*", "pipeline/*", "sensing/*", "ports/*",
                  "simulation/lookout.py", "simulation/deliveries.py")
)  # fmt: skip


def traced_bytes() -> int:
    """What the code of the defence and of the radars has allocated and not given back."""
    snapshot = tracemalloc.take_snapshot().filter_traces(HOLDERS)
    return sum(trace.size for trace in snapshot.traces)


@pytest.mark.slow
def test_nothing_the_defence_remembers_grows_over_eleven_days(states: list[PipelineState]):
    simulation = Simulation.of(eleven_days(), 1, Stopwatch())
    held, traced, scans = [], [], 0
    try:
        for tick in simulation.ticks():
            scans += len(tick.plots)
            if not tick.quiet or tick.time_s < DAY_S:
                continue
            if not tracemalloc.is_tracing():
                tracemalloc.start()
            held.append(held_bytes(states[0]))
            traced.append(traced_bytes())
    finally:
        tracemalloc.stop()
    assert simulation.consequences.fired > 50 and simulation.consequences.hits > 20
    assert len(held) >= 10 * RAIDS_A_DAY and scans > 2_000
    half = len(held) // 2
    # The tracks of one raid more or less; ten raids that are never forgotten would be far more.
    assert max(held[half:]) < 1.02 * max(held[:half])
    # Made once is made: one number kept for every scan would be 50 kB more by the end.
    assert max(traced[half:]) < max(traced[half // 2 : half]) + 40_000


def test_what_does_grow_would_be_seen(states: list[PipelineState]):
    state = Simulation.of(mt.load_scenario("tutorial"), 1, Stopwatch()).pipeline.start()
    before = held_bytes(state)
    state.warner.known_track = np.arange(1_000)
    state.tracker.taken.append(np.zeros(500))  # type: ignore[arg-type]
    assert held_bytes(state) >= before + 12_000
