"""The few lines worth reading when a run has finished."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from mantlet.runs.run import Run


def print_summary(run: "Run", folder: Path) -> None:
    """Print what happened, under named definitions, and where the rest is."""
    console = Console(highlight=False)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for figure, words in _lines(run.summary):
        table.add_row(figure, words)
    console.print(table)
    for alarm in (run.summary["registration"] or {"alarms": []})["alarms"]:
        console.print(f"ALARM  {alarm}", soft_wrap=True)
    took = run.performance
    console.print(
        f"[dim]{run.scenario.name}, seed {run.seed}: {took['core_s']:.1f} core-seconds, "
        f"{took['peak_mib']:.0f} MiB. SIMULATED, an exercise.[/dim]"
    )
    console.print(f"report  {folder / 'report.html'}", soft_wrap=True)
    console.print(f"replay  {folder / 'replay.html'}", soft_wrap=True)


def _lines(summary: dict[str, Any]) -> list[tuple[str, str]]:
    lead = summary["lead_s"]
    seconds = "" if lead["p50"] is None else f" (median lead {lead['p50']:.0f} s)"
    stopped = summary["rates"]["true, of threatening"]["numerator"]
    return [
        (f"{summary['threats']:,}", "rockets, mortar bombs and shells launched"),
        (f"{summary['threatening']:,}", "of them headed for a populated zone"),
        (f"{stopped:,}", "of those destroyed in mid-air"),
        (f"{summary['leakers']:,}", "of those came down in their zone"),
        (f"{summary['shots']:,}", f"interceptors spent on {summary['engaged']:,} threats in all"),
        (f"{summary['intercepted']:,}", "destroyed in all, those headed for open ground included"),
        (f"{summary['alerts']:,}", f"zone alerts{seconds}"),
    ]
