"""Which radar looks when, and when decisions are taken."""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

DECISION_PERIOD_S = 1.0
"""Decisions are taken once a second, after every scan up to that instant."""


class Scanning(Protocol):
    """What the schedule needs to know of a radar."""

    @property
    def period_s(self) -> float: ...  # noqa: D102
    @property
    def offset_s(self) -> float: ...  # noqa: D102


class Look(NamedTuple):
    """One scan of one radar: time, its index in the scenario, scan number since the epoch."""

    time_s: float
    radar: int
    scan: int


def ticks(
    radars: tuple[Scanning, ...], start_s: float, end_s: float
) -> Iterator[tuple[float, tuple[Look, ...]]]:
    """Decision times in [start, end], each with the looks since the one before, in time order.

    Scan k of a radar happens at offset + k period on the scenario clock, whatever the interval,
    so that a scan has the same number, and the same random draws, in every run that contains it.
    """
    nexts = [_first_scan(radar, start_s) for radar in radars]
    clocks = [(radar.offset_s, radar.period_s) for radar in radars]
    for now in tick_times(start_s, end_s).tolist():
        looks = []
        for index, (offset_s, period_s) in enumerate(clocks):
            while (time_s := offset_s + nexts[index] * period_s) <= now:
                looks.append(Look(time_s, index, nexts[index]))
                nexts[index] += 1
        looks.sort()
        yield now, tuple(looks)


def tick_times(start_s: float, end_s: float) -> NDArray[np.float64]:
    """Decision times in [start, end], [s]."""
    first, last = round(start_s / DECISION_PERIOD_S), round(end_s / DECISION_PERIOD_S)
    return np.arange(first, last + 1, dtype=np.float64) * DECISION_PERIOD_S


def _first_scan(radar: Scanning, start_s: float) -> int:
    scan = int((start_s - radar.offset_s) // radar.period_s)
    while radar.offset_s + scan * radar.period_s < start_s:
        scan += 1
    return max(scan, 0)
