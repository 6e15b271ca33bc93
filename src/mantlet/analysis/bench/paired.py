"""One tracker against another on the same plots: paired differences, seed by seed.

What the seed makes easy or hard is the same for both and falls out of the difference, so its
interval (Student's t) is much narrower than those of the two means.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from mantlet.analysis.bench.merit import LESS, MORE, NEAR, loss
from mantlet.analysis.bench.scoring import Figures
from mantlet.analysis.bench.table import DIGITS, interval
from mantlet.analysis.intervals import rounded

Runs = Mapping[tuple[str, str], Mapping[int, Figures]]
"""Figures by (tracker, case), then by seed."""

_ALL = LESS | MORE | frozenset(NEAR)


@dataclass(frozen=True)
class Difference:
    """One measure of two trackers on one case.

    `mean` and `other_mean` over the seeds that both have; `worse` by how much the first is worse
    (its loss less the other's, see `merit.loss`) with its 95 % interval; `verdict` is better or
    worse where the whole interval says so, else equal.
    """

    tracker: str
    other: str
    case: str
    measure: str
    mean: float | None
    other_mean: float | None
    worse: float | None
    low: float | None
    high: float | None
    verdict: str
    seeds: int


COLUMNS = tuple(field.name for field in fields(Difference))

PAIRED_LEGEND = (
    "Both on the same plots, seed by seed. worse: by how much the first is worse (what is honest "
    "instead of least for NEES, NIS and regions), with the 95 % interval of the paired difference; "
    "the verdict is equal where that holds zero. Of a hundred measures that are equal, five are "
    "called better or worse by chance."
)


def differences(runs: Runs, tracker: str, other: str) -> list[Difference]:
    """Every measure on every case and seed that both have, two seeds at least."""
    found = []
    for case in dict.fromkeys(case for name, case in runs if name == tracker):
        mine, theirs = runs[tracker, case], runs.get((other, case), {})
        seeds = sorted(set(mine) & set(theirs))
        if len(seeds) < 2:
            continue
        for measure in mine[seeds[0]]:
            if measure in _ALL:
                pairs = [(mine[seed][measure], theirs[seed][measure]) for seed in seeds]
                found.append(_difference(tracker, other, case, measure, pairs))
    return found


def _difference(
    tracker: str, other: str, case: str, measure: str, pairs: Sequence[tuple[float, float]]
) -> Difference:
    known = [(x, y) for x, y in pairs if np.isfinite(x) and np.isfinite(y)]
    worse, low, high = interval([loss(measure, x) - loss(measure, y) for x, y in known])
    verdict = "equal"
    if low is not None and high is not None and not low <= 0.0 <= high:
        verdict = "worse" if low > 0.0 else "better"
    mine, theirs = (_mean([pair[side] for pair in known]) for side in (0, 1))
    return Difference(
        tracker, other, case, measure, mine, theirs, worse, low, high, verdict, len(known)
    )


def _mean(values: Sequence[float]) -> float | None:
    return rounded(float(np.mean(values)), DIGITS) if values else None


def tally(found: Iterable[Difference]) -> list[str]:
    """A line for each pair of trackers and case: how many measures are better, equal, worse."""
    lines: dict[tuple[str, str, str], list[Difference]] = {}
    for one in found:
        lines.setdefault((one.tracker, one.other, one.case), []).append(one)
    words = []
    for (tracker, other, case), each in lines.items():
        counts = [sum(d.verdict == v for d in each) for v in ("better", "equal", "worse")]
        worse = ", ".join(d.measure for d in each if d.verdict == "worse")
        line = "{} against {} on {}: {} better, {} equal, {} worse"
        text = line.format(tracker, other, case, *counts)
        words.append(f"{text} ({worse})" if worse else text)
    return words
