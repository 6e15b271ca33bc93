"""A scenario's own series of launches: how many by when, as a CSV file."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.rows import LINE, Columns, Number, read_rows
from mantlet.threats.profiles import Profile

_COLUMNS: Columns = {
    "time_s": Number(0, 366 * 86_400.0),
    "launched": Number(0, 1_000_000, whole=True),
    "fell_short_share": Number(0, 1),
}


def read_series(path: Path) -> Profile:
    """The series of a file with the columns time_s, launched and fell_short_share.

    `launched` counts from the beginning to `time_s` [s since the scenario's epoch];
    `fell_short_share` holds between the row before and this one, the first row's for nothing.

    Raises
    ------
    ScenarioErrors
        With every mistake: cells, times that do not rise, counts that fall or never rise.
    """
    rows = read_rows(path, _COLUMNS)
    problems = list(_problems(rows))
    if problems:
        raise ScenarioErrors([Mistake(str(path), *problem) for problem in problems])
    return Profile(
        name=path.name,
        epoch=None,
        time_s=np.array([row["time_s"] for row in rows]),
        launched=np.array([row["launched"] for row in rows], dtype=np.int64),
        short_share=np.array([row["fell_short_share"] for row in rows[1:]]),
    )


def _problems(rows: list[dict[str, Any]]) -> list[tuple[int, str, str, str]]:
    first, last = rows[0], rows[-1]
    found = []
    if first["launched"] != 0:
        fix = "begin with the time before the first launch, and 0"
        found.append((first[LINE], "launched", f"starts at {first['launched']}", fix))
    for before, row in pairwise(rows):
        if row["time_s"] <= before["time_s"]:
            found.append((row[LINE], "time_s", "does not rise", "sort the rows by time"))
        if row["launched"] < before["launched"]:
            fix = "give all launches since the beginning, not those since the row before"
            found.append((row[LINE], "launched", "falls", fix))
    if last["launched"] == 0:
        found.append((last[LINE], "launched", "nothing is launched", "end with a count above 0"))
    return found
