"""Columns out of other people's CSV files: what is needed is checked, the rest is left alone."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from mantlet.scenario.document import read_text
from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.rows import MAX_BYTES, MAX_MISTAKES


class Reader(Protocol):
    """Reads one cell; raises ValueError: what is wrong, line break, what would be right."""

    def read(self, text: str) -> Any: ...  # noqa: D102


@dataclass(frozen=True)
class Moment:
    """A column of UTC times, in seconds since `epoch`."""

    epoch: datetime

    def read(self, text: str) -> float:
        """Seconds since the epoch of an ISO time with its zone."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = datetime.min  # has no zone either
        if moment.tzinfo is None:
            raise ValueError(f"{text[:40]!r} is no UTC time\nwrite it as 2021-05-11T17:46:28Z")
        return (moment.astimezone(UTC) - self.epoch).total_seconds()


@dataclass(frozen=True)
class Text:
    """A column of texts that are not empty."""

    def read(self, text: str) -> str:
        """The text."""
        if not text:
            raise ValueError("empty\nwrite a name")
        return text


@dataclass(frozen=True)
class Maybe:
    """A column where a cell may be empty, or the whole column missing: None."""

    inner: Reader

    def read(self, text: str) -> Any:
        """The value of the cell, None if there is nothing in it."""
        return self.inner.read(text) if text else None


def read_columns(path: Path, columns: Mapping[str, Reader]) -> list[dict[str, Any]]:
    """The named columns of a CSV file (UTF-8, header line), row by row.

    Raises
    ------
    ScenarioErrors
        With every mistake found (the first 50), each with its line and column.
    """
    try:
        lines = csv.reader(io.StringIO(read_text(path, limit=MAX_BYTES), newline=""), strict=True)
        header = next(lines, [])
        missing = [
            name for name, kind in columns.items() if name not in header and type(kind) is not Maybe
        ]
        if missing:
            fix = f"the header line needs {', '.join(columns)}"
            raise ScenarioErrors(
                [Mistake(str(path), 1, name, "column is missing", fix) for name in missing]
            )
        return _rows(path, lines, header, columns)
    except csv.Error as error:
        mistake = Mistake(str(path), 0, "", f"not CSV: {error}", "save it as CSV with commas")
        raise ScenarioErrors([mistake]) from None


def _rows(
    path: Path, lines: Any, header: list[str], columns: Mapping[str, Reader]
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    mistakes: list[Mistake] = []
    for cells in lines:
        if len(cells) != len(header) and cells:
            problem = f"{len(cells)} cells under {len(header)} columns"
            mistakes.append(Mistake(str(path), lines.line_num, "", problem, "give one for each"))
        elif cells:
            held = dict(zip(header, cells, strict=True))
            rows.append(_row(path, lines.line_num, held, columns, mistakes))
        if len(mistakes) >= MAX_MISTAKES:
            break
    if not rows and not mistakes:
        mistakes.append(Mistake(str(path), 1, "", "no rows", "give at least one"))
    if mistakes:
        raise ScenarioErrors(mistakes)
    return rows


def _row(
    path: Path,
    line: int,
    held: Mapping[str, str],
    columns: Mapping[str, Reader],
    mistakes: list[Mistake],
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, kind in columns.items():
        try:
            row[name] = kind.read(held.get(name, "").strip())
        except ValueError as error:
            problem, _, fix = str(error).partition("\n")
            mistakes.append(Mistake(str(path), line, name, problem, fix))
    return row
