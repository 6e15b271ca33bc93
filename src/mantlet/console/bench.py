"""`mantlet bench`: trackers over fixed scenes, beside the bound."""

from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.console.progress import progress_bar
from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.analysis.bench.bench import Bench


def bench(trackers: list[str], cases: str | None, seeds: int, out: Path | None) -> None:
    """Run, print the short table and write the whole one."""
    from mantlet.analysis.bench.bench import bench as work
    from mantlet.analysis.bench.bench import cases_named, write_bench
    from mantlet.analysis.bench.trackers import tracker_named
    from mantlet.ports.files import DiskFiles

    chosen = cases_named(cases)
    makers = {label: tracker_named(name) for label, name in _labels(trackers).items()}
    if out is not None and out.exists():
        raise InputError(f"{out}: is there already\n    fix: choose another place with --out")
    with progress_bar("bench") as report:
        result = work(makers, chosen, seeds, report)
    _print(result)
    if out is not None:
        with DiskFiles().whole_folder(out) as folder:
            write_bench(result, folder)
        print(f"written: {out}")


def _labels(names: list[str]) -> dict[str, str]:
    """Short names for the table: the class, where no two share it and it is not our own."""
    short = [name.rpartition(":")[2] for name in names]
    return {
        label if short.count(label) == 1 and label != "mantlet" else name: name
        for label, name in zip(short, names, strict=True)
    }


def _print(result: "Bench") -> None:
    from rich.console import Console
    from rich.table import Table

    from mantlet.analysis.bench.table import LEGEND, short_table

    headings, lines = short_table(result.rows)
    table = Table(box=None, pad_edge=False)
    for k, heading in enumerate(headings):
        table.add_column(heading, justify="left" if k < 2 else "right", no_wrap=True, min_width=4)
    for line in lines:
        table.add_row(*line)
    console = Console()
    console = Console(width=max(console.width, 96))
    console.print(table)
    console.print(LEGEND)
    for cost in result.speed:
        console.print(
            f"{cost['tracker']} on {cost['case']}: {cost['plots_per_s']:,} plots/s, "
            f"{cost['scan_ms_p50']:.2f} ms a scan (99 %: {cost['scan_ms_p99']:.2f})",
            highlight=False,
        )
