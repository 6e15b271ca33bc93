"""One progress bar for anything that takes more than a moment."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class Report(Protocol):
    """What a long job calls: work done, work in all, a few words."""

    def __call__(self, done: float, total: float, words: str, /) -> None: ...  # noqa: D102


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Show a bar on a terminal, a line now and then in a log."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _bar(console, title) as report:
            yield report
    else:
        yield _lines(title)


@contextmanager
def _bar(console: Console, title: str) -> Iterator[Report]:
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
            bar.update(task, completed=done, total=total, words=words)

        yield report


def _lines(title: str) -> Report:
    shown = -1

    def report(done: float, total: float, words: str) -> None:
        nonlocal shown
        tenth = int(10 * done / total) if total else 0
        if tenth > shown:
            shown = tenth
            print(f"{title}: {10 * tenth:3d} %  {words}", file=sys.stderr, flush=True)

    return report
