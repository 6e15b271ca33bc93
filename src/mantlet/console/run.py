"""`mantlet run`: one scenario, one seed, one run folder."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.console.progress import progress_bar
from mantlet.runs.target import check_target

if TYPE_CHECKING:
    from mantlet.runs.run import Run


def run(scenario: str, seed: int, out: Path | None, settings: list[str]) -> Path:
    """Run a scenario and write its folder; returns the folder."""
    from mantlet.console.summary import print_summary

    folder = out or Path("runs") / f"{Path(scenario).stem}-seed{seed}"
    print_summary(compute(scenario, seed, folder, settings), folder)
    return folder


def compute(scenario: str, seed: int, folder: Path, settings: list[str]) -> "Run":
    """Simulate and write, with a progress bar."""
    check_target(folder)
    with progress_bar(Path(scenario).stem) as report:
        report(0.0, 1.0, "loading (the first run ever also compiles its kernels)")
        with _no_garbage_yet():
            from mantlet.ports.stopwatch import Stopwatch
            from mantlet.runs.folder import write_run
            from mantlet.runs.run import run as run_scenario
            from mantlet.scenario.load import load_scenario

            watch = Stopwatch()
            loaded = load_scenario(scenario, tuple(settings))
        finished = run_scenario(loaded, seed=seed, progress=report, stopwatch=watch)
        report(1.0, 1.0, "writing tables, report and replay")
        return replace(finished, performance=write_run(finished, folder, watch))


@contextmanager
def _no_garbage_yet() -> Iterator[None]:
    """Imports make thousands of objects and drop none: looking among them is a tenth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
