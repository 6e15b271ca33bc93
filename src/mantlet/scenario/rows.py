"""CSV files with named columns: every wrong cell at once, with its line."""

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mantlet.scenario.document import read_text
from mantlet.scenario.errors import Mistake, ScenarioErrors, suggest

MAX_BYTES = 64 << 20
MAX_MISTAKES = 50
"""A file of another kind would fail in every row; nobody reads on after this many."""


@dataclass(frozen=True)
class Number:
    """A column of numbers within limits, both included; an optional one may lack cells or all."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    optional: bool = False

    def read(self, text: str) -> Any:
        """The value of a cell.

        Raises
        ------
        ValueError
            Saying what is wrong and, after a line break, what would be right.
        """
        if self.optional and not text:
            return None
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            kind = "a whole number" if self.whole else "a number"
            raise ValueError(f"expected {kind}, got {text[:40]!r}\nwrite {kind}") from None
        if not (math.isfinite(value) and self.low <= value <= self.high):
            fix = f"write a value from {self.low:g} to {self.high:g}"
            raise ValueError(f"{text[:40]} is out of range\n{fix}")
        return value


@dataclass(frozen=True)
class Word:
    """A column of names, each one of `known`."""

    known: tuple[str, ...]

    def read(self, text: str) -> str:
        """The value of a cell; ValueError as in `Number.read`."""
        if text not in self.known:
            raise ValueError(f"{text[:40]!r} is not known\n{suggest(text, self.known)}")
        return text


@dataclass(frozen=True)
class Label:
    """A column of free names."""

    def read(self, text: str) -> str:
        """The value of a cell; ValueError as in `Number.read`."""
        if not text or len(text) > 60:
            raise ValueError("no name, or a long one\nwrite a name of at most 60 characters")
        return text


Columns = dict[str, Number | Word | Label]

LINE = "line"
"""Where a row tells its line in the file, for checks between rows."""


def read_rows(path: Path, columns: Columns) -> list[dict[str, Any]]:
    """The rows of a CSV file (UTF-8, with a header line); columns in any order, no others.

    Each row holds its cells by column, and its line in the file under `LINE`.

    Raises
    ------
    ScenarioErrors
        With every mistake in it (the first 50), or if it holds no row at all.
    """
    text = read_text(path, limit=MAX_BYTES)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ScenarioErrors(
            [Mistake(str(path), 0, "", f"not CSV: {error}", "see RFC 4180")]
        ) from None
    header = [name.strip() for name in lines[0]] if lines else []
    mistakes = [Mistake(str(path), 1, *problem) for problem in _header_problems(header, columns)]
    if mistakes:
        raise ScenarioErrors(mistakes)
    rows: list[dict[str, Any]] = []
    for number, cells in enumerate(lines[1:], start=2):
        if cells and len(mistakes) < MAX_MISTAKES:
            rows.append(_row(str(path), number, header, cells, columns, mistakes))
    if not rows:
        mistakes.append(Mistake(str(path), 1, "", "no rows", "give at least one"))
    if mistakes:
        raise ScenarioErrors(mistakes)
    return rows


def _header_problems(header: list[str], columns: Columns) -> list[tuple[str, str, str]]:
    known = list(columns)
    problems = [
        (name, "unknown column", suggest(name, known)) for name in header if name not in columns
    ]
    problems += [
        (name, "column is missing", f"the header is {','.join(known)}")
        for name in known
        if name not in header and not getattr(columns[name], "optional", False)
    ]
    repeated = {name for name in header if header.count(name) > 1}
    return problems + [(name, "column given twice", "keep one") for name in sorted(repeated)]


def _row(
    file: str,
    number: int,
    header: list[str],
    cells: list[str],
    columns: Columns,
    mistakes: list[Mistake],
) -> dict[str, Any]:
    if len(cells) != len(header):
        problem = f"{len(cells)} cells under {len(header)} columns"
        fix = "one for each of " + ",".join(header)
        mistakes.append(Mistake(file, number, "", problem, fix))
        return {}
    row: dict[str, Any] = {LINE: number}
    for name, cell in zip(header, cells, strict=True):
        try:
            row[name] = columns[name].read(cell.strip())
        except ValueError as error:
            problem, _, fix = str(error).partition("\n")
            mistakes.append(Mistake(file, number, name, problem, fix))
    return row
