"""The bench's one table: every figure of every tracker and case, over seeds, beside the bound."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

from mantlet.analysis.bench.merit import misses
from mantlet.analysis.bench.scoring import Figures
from mantlet.analysis.intervals import rounded

DIGITS = 5
"""Significant digits kept: the last bits of a double may differ between machines, these do not."""

_BOUND = "_bound"


@dataclass(frozen=True)
class Row:
    """One measure of one tracker on one case.

    `mean` over `seeds` runs with its 95 % interval (Student's t; None of one run), and `bound`,
    the mean of what the Cramer-Rao bound allows, where there is one. None stands for no number.
    """

    tracker: str
    case: str
    measure: str
    mean: float | None
    low: float | None
    high: float | None
    bound: float | None
    seeds: int

    @property
    def ratio(self) -> float | None:
        """Mean over bound."""
        return None if self.mean is None or not self.bound else self.mean / self.bound


COLUMNS = tuple(field.name for field in fields(Row))


def rows_of(tracker: str, case: str, runs: Sequence[Figures]) -> list[Row]:
    """The rows of one tracker on one case, from the figures of each seed."""
    names = [name for name in runs[0] if _BOUND not in name]
    bounds = {name.replace(_BOUND, ""): name for name in runs[0] if _BOUND in name}
    return [
        Row(
            tracker,
            case,
            name,
            *interval([run[name] for run in runs]),
            interval([run[bounds[name]] for run in runs])[0] if name in bounds else None,
            len(runs),
        )
        for name in names
    ]


def interval(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
    """Mean and 95 % interval, rounded; what is not finite is left out."""
    known = np.array([value for value in values if np.isfinite(value)])
    if not len(known):
        return None, None, None
    mean = float(known.mean())
    if len(known) == 1:
        return rounded(mean, DIGITS), None, None
    from scipy.stats import t

    half = float(t.ppf(0.975, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return rounded(mean, DIGITS), rounded(mean - half, DIGITS), rounded(mean + half, DIGITS)


def as_csv(rows: Iterable[Row]) -> str:
    """Comma-separated, one row per measure; an empty field is no number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    return text.getvalue()


def as_json(rows: Iterable[Row]) -> str:
    """A list of objects."""
    return json.dumps([asdict(row) for row in rows], indent=1) + "\n"


SHOWN = (
    ("identities_per_object", "names", 5, 2),
    ("coverage", "cover", 6, 3),
    ("confirm_scans", "wait", 4, 1),
    ("false_tracks", "false", 4, 1),
    ("gospa_m", "GOSPA", 5, 0),
    ("position_rms_m", "pos", 5, 1),
    ("velocity_rms_mps", "vel", 5, 1),
    ("impact_20s_m", "fall", 5, 1),
    ("impact_region_90", "90 %", 6, 3),
    ("nees", "NEES", 5, 2),
)
"""Measures of the short table, their headings, the widths of their cells and their decimals."""

LEGEND = (
    "names: tracks per object; cover: share of time followed; wait: scans until followed (median); "
    "false: false tracks; GOSPA in m; pos, vel: RMS error in m and m/s; fall: median miss of the "
    "impact 20 s before, in m; /CRB: as multiple of the Cramer-Rao bound; 90 %: share of impacts "
    "in that region; NEES over its degrees of freedom.\n"
    "! misses what is asked: names 1.02, cover 0.97, wait 2, no false track, pos and vel 1.1 and "
    "fall 1.3 of the bound, 90 % within 2 points, NEES 0.9 to 1.1."
)

_CASE, _TRACKER, _RATIO = 11, 11, 5


def short_lines(rows: Sequence[Row]) -> list[str]:
    """The short table for a screen of a hundred columns, headings first; see `LEGEND`."""
    headings, lines = short_table(rows)
    widths = [_CASE, _TRACKER]
    for measure, _, width, _ in SHOWN:
        widths += [width, _RATIO] if _bounded(rows, measure) else [width]
    text, last = [], ""
    for cells in (headings, *lines):
        case = "" if cells[0] == last else cells[0]
        first = case.ljust(_CASE) + cells[1][: _TRACKER - 1].ljust(_TRACKER)
        rest = [
            (cell if cell.endswith("!") else cell + " ").rjust(width + 1)
            for cell, width in zip(cells[2:], widths[2:], strict=True)
        ]
        text.append((first + "".join(rest)).rstrip())
        last = cells[0]
    return text


def short_table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headings and lines, case by case; a cell that misses what is asked ends in `!`."""
    held = {(row.tracker, row.case, row.measure): row for row in rows}
    pairs = sorted(
        dict.fromkeys((row.tracker, row.case) for row in rows),
        key=lambda pair: [row.case for row in rows].index(pair[1]),
    )
    headings = ["case", "tracker"]
    for measure, title, _, _ in SHOWN:
        headings += [title, "/CRB"] if _bounded(rows, measure) else [title]
    lines = []
    for tracker, case in pairs:
        line = [case, tracker]
        for measure, _, _, decimals in SHOWN:
            line += _cells(held[tracker, case, measure], _bounded(rows, measure), decimals)
        lines.append(line)
    return headings, lines


def _bounded(rows: Sequence[Row], measure: str) -> bool:
    return any(row.bound is not None for row in rows if row.measure == measure)


def _cells(row: Row, bounded: bool, decimals: int) -> list[str]:
    mark = "!" if misses(row.measure, row.mean, row.ratio) else ""
    if row.mean is None:
        return ["-", "-"] if bounded else ["-"]
    told = f"{row.mean:.{decimals}f}"
    if not bounded:
        return [told + mark]
    return [told, "-" if row.ratio is None else f"{row.ratio:.2f}{mark}"]
