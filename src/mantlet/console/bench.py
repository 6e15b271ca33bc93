"""`mantlet bench`: trackers over fixed scenes, beside the bound."""

from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.console.progress import progress_bar
from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.analysis.bench.bench import Bench


def bench(
    trackers: list[str], cases: str | None, seeds: int, out: Path | None, against: Path | None
) -> None:
    """Run, print the short table and write the whole one."""
    from mantlet.analysis.bench.bench import bench as work
    from mantlet.analysis.bench.bench import cases_named
    from mantlet.analysis.bench.files import write_bench
    from mantlet.analysis.bench.records import read_runs
    from mantlet.analysis.bench.trackers import tracker_named
    from mantlet.ports.files import DiskFiles

    chosen = cases_named(cases)
    makers = {label: tracker_named(name) for label, name in _labels(trackers).items()}
    recorded = read_runs(against) if against is not None else None
    if out is not None and out.exists():
        raise InputError(f"{out}: is there already\n    fix: choose another place with --out")
    with progress_bar("bench", simulated=False) as report:
        result = work(makers, chosen, seeds, report, recorded)
    _print(result)
    if out is not None:
        with DiskFiles().whole_folder(out) as folder:
            write_bench(result, folder)
        print(f"written: {out} (open {out / 'bench.html'})")


def _labels(names: list[str]) -> dict[str, str]:
    """Short names for the table: the class, or the settings; the whole where two would share."""
    short = [_label(name) for name in names]
    return {
        label if short.count(label) == 1 else name: name
        for label, name in zip(short, names, strict=True)
    }


def _label(name: str) -> str:
    place, _, what = name.rpartition(":")
    if place == "mantlet" and "=" in what:
        words = [pair.partition("=")[::2] for pair in what.split(",")]
        return "+".join(value if value.isalpha() else f"{key}={value}" for key, value in words)
    return name if what == "mantlet" else what


def _print(result: "Bench") -> None:
    from textwrap import fill

    from mantlet.analysis.bench.paired import tally
    from mantlet.analysis.bench.table import LEGEND, short_lines

    print("\n".join(short_lines(result.rows)))
    print()
    for part in LEGEND.split("\n"):
        print(fill(part, 98, subsequent_indent="  "))
    if result.paired:
        print("\nOn the same plots, seed by seed (95 % intervals of paired differences):")
        for line in tally(result.paired):
            print(fill(f"  {line}", 98, subsequent_indent="    "))
    print("\nCPU time of the tracker here:")
    for cost in result.speed:
        print(
            f"  {cost['tracker']} on {cost['case']}: {cost['plots_per_s']:,} plots/s, "
            f"{cost['scan_ms_p50']:.2f} ms a scan (99 %: {cost['scan_ms_p99']:.2f})"
        )
