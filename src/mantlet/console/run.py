"""`mantlet run`: one scenario, one seed, one run folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.console.progress import progress_bar
from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.runs.run import Run


def run(scenario: str, seed: int, out: Path | None, settings: list[str]) -> Path:
    """Run a scenario and write its folder; returns the folder."""
    from mantlet.console.summary import print_summary

    folder = out or Path("runs") / f"{Path(scenario).stem}-seed{seed}"
    if folder.exists() and not _is_run_folder(folder):
        raise InputError(
            f"{folder}: exists and is not a run folder; choose another place with --out"
        )
    finished = compute(scenario, seed, folder, settings)
    print_summary(finished, folder)
    return folder


def compute(scenario: str, seed: int, folder: Path, settings: list[str]) -> "Run":
    """Simulate and write, with a progress bar."""
    with progress_bar(Path(scenario).stem) as report:
        report(0.0, 1.0, "loading (the first run ever also compiles its kernels)")
        from mantlet.runs.folder import write_run
        from mantlet.runs.run import run as run_scenario
        from mantlet.scenario.load import load_scenario
        from mantlet.simulation.stopwatch import Stopwatch

        watch = Stopwatch()
        loaded = load_scenario(scenario, tuple(settings))
        finished = run_scenario(loaded, seed=seed, progress=report, stopwatch=watch)
        report(1.0, 1.0, "writing tables, report and replay")
        write_run(finished, folder, watch)
    return finished


def _is_run_folder(folder: Path) -> bool:
    """Only a run folder is ever replaced: one with anything else in it is not ours."""
    return folder.is_dir() and ((folder / "manifest.json").is_file() or not any(folder.iterdir()))
