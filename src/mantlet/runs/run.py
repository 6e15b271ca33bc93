"""Run a scenario and hold what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mantlet.analysis.summary import summarise
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.simulation.run import simulate
from mantlet.tables.run import TABLES, RunTables

Progress = Callable[[float, float, str], None]
"""Called with work done, work in all (simulated seconds) and a line to show."""


@dataclass(frozen=True)
class Run:
    """A finished run. Its tables are attributes: `run.tracks`, `run.alerts`, ..."""

    scenario: Scenario
    seed: int
    tables: RunTables
    summary: dict[str, Any]
    performance: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        """A table by its name."""
        if name in TABLES:
            return getattr(self.tables, name)
        raise AttributeError(f"a run has no {name!r}; its tables are {', '.join(TABLES)}")


def run(
    scenario: Scenario,
    *,
    seed: int = 1,
    progress: Progress | None = None,
    stopwatch: Stopwatch | None = None,
) -> Run:
    """Simulate a scenario under one seed and sum it up.

    The same scenario, seed, version and platform give the same tables, bit for bit.
    """
    watch = stopwatch or Stopwatch()
    tables = simulate(scenario, seed, watch, progress)
    with watch.stage("summary"):
        summary = summarise(tables, scenario)
    return Run(scenario, seed, tables, summary, watch.report())
