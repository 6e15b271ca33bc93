"""Which radar looks when, and when decisions are taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

DECISION_PERIOD_S = 1.0
"""Decisions are taken once a second, after every scan up to that instant."""


class Scanning(Protocol):
    """What the schedule needs to know of a radar."""

    @property
    def period_s(self) -> float: ...  # noqa: D102
    @property
    def offset_s(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Look:
    """One scan of one radar: its index in the scenario, scan number since the epoch, time."""

    radar: int
    scan: int
    time_s: float


def ticks(
    radars: tuple[Scanning, ...], start_s: float, end_s: float
) -> Iterator[tuple[float, tuple[Look, ...]]]:
    """Decision times in [start, end], each with the looks since the one before, in time order.

    Scan k of a radar happens at offset + k period on the scenario clock, whatever the interval,
    so that a scan has the same number, and the same random draws, in every run that contains it.
    """
    first = round(start_s / DECISION_PERIOD_S)
    last = round(end_s / DECISION_PERIOD_S)
    nexts = [_first_scan(radar, start_s) for radar in radars]
    for k in range(first, last + 1):
        now = k * DECISION_PERIOD_S
        looks = []
        for index, radar in enumerate(radars):
            while (time_s := radar.offset_s + nexts[index] * radar.period_s) <= now:
                looks.append(Look(index, nexts[index], time_s))
                nexts[index] += 1
        looks.sort(key=lambda look: (look.time_s, look.radar))
        yield now, tuple(looks)


def _first_scan(radar: Scanning, start_s: float) -> int:
    scan = int((start_s - radar.offset_s) // radar.period_s)
    while radar.offset_s + scan * radar.period_s < start_s:
        scan += 1
    return max(scan, 0)
