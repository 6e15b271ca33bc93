"""Which looks a table of plots bears witness to: of those that saw nothing it does not tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Intervals, Plots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

QUIET_S = 30.0
"""After so long without any plot the radars are taken not to have been looking [s]."""


class Known(Protocol):
    """What is asked of a radar."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def period_s(self) -> float: ...  # noqa: D102
    @property
    def offset_s(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class PlotLook:
    """One look of one radar (its index) and the rows of the plots it gave."""

    time_s: float
    radar: int
    rows: Ints


@dataclass(frozen=True)
class _Scans:
    """A radar's scans with plots: number, time [s], rows; how far its clock is off its figures."""

    numbers: Ints
    times_s: Floats
    rows: list[Ints]
    phase_s: float


def spans_of(times_s: Floats) -> Intervals:
    """Stretches of whole seconds that hold all times, apart where `QUIET_S` had none."""
    ordered = np.unique(times_s)
    if not ordered.size:
        return Intervals.empty()
    breaks = np.nonzero(np.diff(ordered) > QUIET_S)[0]
    starts = ordered[np.concatenate([[0], breaks + 1])]
    ends = ordered[np.concatenate([breaks, [ordered.size - 1]])]
    return Intervals(
        interval_id=np.arange(starts.size), start_s=np.floor(starts), end_s=np.ceil(ends)
    )


def looks_of(plots: Plots, radars: Sequence[Known], spans: Intervals) -> list[list[PlotLook]]:
    """The looks within each span, in order of time: those with plots, and the empty ones between.

    A look is taken at the median time of its plots. Plots of one radar and scan number are one
    look; where the numbers do not fit the times and the radar's period (or are -1: none told),
    the times tell the scans. A radar without a single plot is taken to be silent; of the others
    every scan within a span was a look.
    """
    scans = [_scans(plots, radar) for radar in radars]
    found: list[list[PlotLook]] = []
    for start_s, end_s in zip(spans.start_s.tolist(), spans.end_s.tolist(), strict=True):
        looks = [
            look
            for index, (radar, held) in enumerate(zip(radars, scans, strict=True))
            if held.numbers.size
            for look in _within(held, index, radar, start_s, end_s)
        ]
        found.append(sorted(looks, key=lambda look: (look.time_s, look.radar)))
    return found


def spread_s(plots: Plots, radar: Known) -> float:
    """Root mean square of what a radar's plots lie off their look's time [s].

    0 where all plots of a scan bear one time; a third of the period or so where each has its own,
    as those of a turning antenna do.
    """
    scans = _scans(plots, radar)
    off_s = [plots.time_s[rows] - at for at, rows in zip(scans.times_s, scans.rows, strict=True)]
    return float(np.sqrt(np.mean(np.concatenate(off_s) ** 2))) if off_s else 0.0


def _scans(plots: Plots, radar: Known) -> _Scans:
    rows = np.nonzero(plots.radar_id == radar.id)[0]
    time_s, numbers = plots.time_s[rows], plots.scan[rows]
    if not _fit(time_s, numbers, radar):
        numbers = _numbered(time_s, radar)
    order = np.argsort(numbers, kind="stable")
    distinct, firsts = np.unique(numbers[order], return_index=True)
    parts = np.split(rows[order], firsts[1:]) if rows.size else []
    times_s = np.array([np.median(plots.time_s[part]) for part in parts])
    off_s = times_s - (radar.offset_s + distinct * radar.period_s)
    return _Scans(distinct, times_s, parts, float(np.median(off_s)) if rows.size else 0.0)


def _fit(time_s: Floats, numbers: Ints, radar: Known) -> bool:
    """Whether scan numbers agree with the times: all within a period of one another's clock."""
    if not time_s.size or (numbers < 0).any():
        return False
    off_s = time_s - numbers * radar.period_s
    return bool(np.ptp(off_s) < radar.period_s)


def _numbered(time_s: Floats, radar: Known) -> Ints:
    """Scan numbers by the period, cut where in the turn the radar is longest without plots."""
    turn_s = np.sort(np.mod(time_s - radar.offset_s, radar.period_s))
    gaps = np.diff(turn_s, append=turn_s[:1] + radar.period_s)
    widest = int(gaps.argmax()) if gaps.size else 0
    cut_s = float(turn_s[widest] + gaps[widest] / 2) if gaps.size else 0.0
    since_s = time_s - radar.offset_s - cut_s
    return np.asarray(np.floor(since_s / radar.period_s) + 1, dtype=np.int64)


def _within(held: _Scans, index: int, radar: Known, start_s: float, end_s: float) -> list[PlotLook]:
    first = int(np.searchsorted(held.times_s, start_s, side="left"))
    last = int(np.searchsorted(held.times_s, end_s, side="right"))
    seen = {
        int(held.numbers[i]): PlotLook(float(held.times_s[i]), index, held.rows[i])
        for i in range(first, last)
    }
    origin_s = radar.offset_s + held.phase_s
    low = int(np.ceil((start_s - origin_s) / radar.period_s - 1e-9))
    high = int(np.floor((end_s - origin_s) / radar.period_s + 1e-9))
    nothing = np.empty(0, np.int64)
    known = {*held.numbers.tolist()}  # one whose plots lie just outside the span is not empty
    empty = [
        PlotLook(origin_s + number * radar.period_s, index, nothing)
        for number in range(low, high + 1)
        if number not in known
    ]
    return [*seen.values(), *empty]
