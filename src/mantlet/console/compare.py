"""`mantlet compare`: runs side by side on the terminal."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mantlet.analysis.comparison import Comparison, RateChange

_MOST_SETTINGS = 20
_WIDEST = 28


def compare(folders: list[Path]) -> None:
    """Print what was run, the main figures of each run, and what differs from the first."""
    from rich.console import Console
    from rich.table import Table

    from mantlet.analysis.comparison import compare as work

    made = work(folders)
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("", overflow="fold")
    for number, _ in enumerate(folders, 1):
        table.add_column(f"run {number}", justify="right", overflow="fold")
        if number > 1:
            table.add_column("" if len(folders) == 2 else f"{number} less 1", justify="right")
    if len(folders) == 2:
        table.columns[-1].header = "difference"
    for words, values in made.figures:
        table.add_row(words, *_beside([_number(v) for v in values], _changes(values)))
    for rate in made.rates:
        table.add_row(f"{rate.name} [dim]%[/dim]", *_beside(*_rate_cells(rate)))
    for line in _heading(made):
        console.print(line, soft_wrap=True, markup=False)
    console.print(table)
    for line in _footing(made):
        console.print(line, soft_wrap=True, markup=False, style="dim")


def _heading(made: "Comparison") -> list[str]:
    lines = [
        f"run {k}  {folder}: {name}, seed {seed}"
        for k, (folder, name, seed) in enumerate(
            zip(made.folders, made.scenarios, made.seeds, strict=True), 1
        )
    ]
    same_seed = len(set(made.seeds)) == 1
    lines.append("seed      the same" if same_seed else "seed      differs")
    if len(set(made.versions)) > 1:
        lines.append(f"version   differs: {', '.join(made.versions)}")
    if not made.settings and not made.files:
        return [*lines, "scenario  the same", ""]
    many = "setting" if len(made.settings) == 1 else "settings"
    lines.append(f"scenario  differs in {len(made.settings)} {many}")
    lines += [f"  {path}: {_values(values)}" for path, values in made.settings[:_MOST_SETTINGS]]
    if len(made.settings) > _MOST_SETTINGS:
        lines.append(f"  and {len(made.settings) - _MOST_SETTINGS} more")
    return [*lines, *(f"  file {name}" for name in made.files), ""]


def _footing(made: "Comparison") -> list[str]:
    return [
        "",
        *(f"{rate.name}: {rate.meaning}" for rate in made.rates if rate.meaning),
        "Differences of rates in points, with 95 % intervals as of independent runs. "
        "SIMULATED, an exercise.",
    ]


def _beside(cells: list[str], changes: list[str]) -> list[str]:
    """A cell for each run, and after each but the first its difference."""
    row = [cells[0]]
    for cell, change in zip(cells[1:], changes, strict=True):
        row += [cell, change]
    return row


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def _changes(values: tuple[float | None, ...]) -> list[str]:
    first = values[0]
    return ["-" if v is None or first is None else _signed(v - first) for v in values[1:]]


def _signed(change: float) -> str:
    change = round(change, 6)
    return (
        "=" if change == 0.0 else ("+" if change > 0 else "\N{MINUS SIGN}") + _number(abs(change))
    )


def _rate_cells(rate: "RateChange") -> tuple[list[str], list[str]]:
    cells = [f"{100 * a / b:.1f} ({a:,}/{b:,})" if b else "-" for a, b in rate.counts]
    changes = [
        "-" if math.isnan(change) else f"{100 * change:+.1f} [{100 * low:+.1f} {100 * high:+.1f}]"
        for change, low, high in rate.changes
    ]
    return cells, [change.replace("[", "\\[") for change in changes]


def _values(values: tuple[Any, ...]) -> str:
    return " -> ".join(_short(value) for value in values)


def _short(value: Any) -> str:
    text = "(none)" if value is None else str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
