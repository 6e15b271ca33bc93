"""One progress bar for anything that takes more than a moment."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from mantlet.console import interrupt


class Report(Protocol):
    """What a long job calls: simulated seconds done, in all, and a few words."""

    def __call__(self, done: float, total: float, words: str, /) -> None: ...  # noqa: D102


@contextmanager
def progress_bar(title: str, simulated: bool = True) -> Iterator[Report]:
    """Show a bar on a terminal, a line now and then in a log.

    What is `simulated` counts in seconds and is told by how much it outruns them.
    """
    console = Console(stderr=True)
    rate = _Rate(simulated)
    if console.is_terminal:
        with _bar(console, title, rate) as report:
            yield report
    else:
        yield _lines(title, rate)


@contextmanager
def _bar(console: Console, title: str, rate: "_Rate") -> Iterator[Report]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[words]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(title, total=None, words="starting")

        def report(done: float, total: float, words: str) -> None:
            interrupt.check()
            bar.update(task, completed=done, total=total, words=words + rate.at(done))

        yield report


def _lines(title: str, rate: "_Rate") -> Report:
    shown = -1

    def report(done: float, total: float, words: str) -> None:
        nonlocal shown
        interrupt.check()
        speed = rate.at(done)
        tenth = int(10 * done / total) if total else 0
        if tenth > shown:
            shown = tenth
            print(f"{title}: {10 * tenth:3d} %  {words}{speed}", file=sys.stderr, flush=True)

    return report


class _Rate:
    """Simulated seconds per second since the first step that did anything."""

    def __init__(self, simulated: bool) -> None:
        self._start: tuple[float, float] | None = None
        self._simulated = simulated

    def at(self, done: float) -> str:
        """A few words on the rate up to now; nothing where there is none to tell."""
        if not self._simulated:
            return ""
        now = time.monotonic()
        if self._start is None or done < self._start[1]:
            self._start = (now, done) if done > 0.0 else None
            return ""
        elapsed = now - self._start[0]
        return f", {(done - self._start[1]) / elapsed:,.0f} times real time" if elapsed > 1 else ""
