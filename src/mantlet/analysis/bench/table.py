"""The bench's one table: every figure of every tracker and case, over seeds, beside the bound."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

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
            *_interval([run[name] for run in runs]),
            _interval([run[bounds[name]] for run in runs])[0] if name in bounds else None,
            len(runs),
        )
        for name in names
    ]


def _interval(values: Sequence[float]) -> tuple[float | None, float | None, float | None]:
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


HEADINGS = (
    ("identities_per_object", "names"),
    ("identity_switches", "swaps"),
    ("coverage", "cover"),
    ("confirm_scans", "wait"),
    ("false_tracks", "false"),
    ("gospa_m", "GOSPA"),
    ("position_rms_m", "pos"),
    ("velocity_rms_mps", "vel"),
    ("impact_20s_m", "fall"),
    ("impact_region_90", "90 %"),
    ("nees", "NEES"),
)
"""What the short table shows; measures with a bound as multiples of it."""

LEGEND = (
    "names: tracks per object; swaps: changes of track; cover: share of time followed; wait: scans "
    "until followed; false: false tracks; GOSPA in m. pos, vel (RMS) and fall (median miss of the "
    "impact, 20 s before) as multiples of the Cramer-Rao bound. 90 %: share of impacts in that "
    "region; NEES over its degrees of freedom."
)


def short_table(rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Headings and lines for a screen, see `LEGEND`."""
    held = {(row.tracker, row.case, row.measure): row for row in rows}
    pairs = list(dict.fromkeys((row.tracker, row.case) for row in rows))
    lines = [
        [tracker, case, *(_cell(held[tracker, case, name]) for name, _ in HEADINGS)]
        for tracker, case in pairs
    ]
    return ["tracker", "case", *(title for _, title in HEADINGS)], lines


def _cell(row: Row) -> str:
    if row.mean is None:
        return "-"
    return f"{row.mean:.3g}" if row.ratio is None else f"{row.ratio:.2f}"


def as_markdown(rows: Sequence[Row], seeds: int) -> str:
    """The short table, then every measure with its interval and bound."""
    headings, lines = short_table(rows)
    text = [
        f"# Trackers on fixed scenes, {seeds} seed{'s' if seeds != 1 else ''}",
        "",
        LEGEND,
        "",
        *_lines(headings, lines),
        "",
        "## Every measure",
        "",
    ]
    every = [["" if v is None else f"{v}" for v in asdict(row).values()] for row in rows]
    return "\n".join([*text, *_lines(list(COLUMNS), every)]) + "\n"


def _lines(headings: list[str], rows: list[list[str]]) -> list[str]:
    ruled = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cells) + " |" for cells in ruled]
