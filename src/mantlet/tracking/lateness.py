"""Plots that arrive after their scan: roll back, put them in their place, go through it again.

The result is exact, whatever the association does, and costs nothing while all plots are in time
but a copy of the tracks every few seconds. Memory is bounded by the window.
"""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.tracking.intake import Scan
from mantlet.tracking.state import Taken, TrackArrays

Floats = NDArray[np.float64]


def keep(taken: list[Taken], scan: Scan, tracks: TrackArrays, window_s: float) -> None:
    """Note a scan about to be taken in, and forget those that no late plot can reach, in place."""
    last_s = taken[-1].copied_s if taken else -np.inf
    if scan.time_s - last_s < window_s:
        taken.append(Taken(scan, None, last_s))
        return
    taken.append(Taken(scan, tracks.kept(), scan.time_s))
    reach = scan.time_s - window_s
    old = [k for k, t in enumerate(taken) if t.before is not None and t.scan.time_s <= reach]
    del taken[: old[-1] if old else 0]


def place(taken: list[Taken], scan: Scan, period_s: float) -> tuple[int, bool]:
    """Where a late scan belongs: index, and whether it is that scan (else it goes before it)."""
    near = [
        (abs(t.scan.time_s - scan.time_s), k)
        for k, t in enumerate(taken)
        if t.scan.radar == scan.radar
    ]
    if near and min(near)[0] < 0.5 * period_s:
        return min(near)[1], True
    keys = [(t.scan.time_s, t.scan.radar) for t in taken]
    return bisect_right(keys, (scan.time_s, scan.radar)), False


def scan_times(
    taken: list[Taken], time_s: Floats, radar: int, period_s: float, oldest_s: float
) -> Floats:
    """Times of the kept scans that late plots (n) are of, none before `oldest_s`; else their own.

    So that plots which each have a time of their own, as those of a turning antenna do, come in
    scan by scan and not one by one.
    """
    kept = [t.scan.time_s for t in taken if t.scan.radar == radar and t.scan.time_s >= oldest_s]
    if not kept:
        return time_s
    apart_s = np.abs(time_s[:, None] - np.array(kept))
    near = apart_s.min(axis=1) < 0.5 * period_s
    return np.where(near, np.array(kept)[apart_s.argmin(axis=1)], time_s)


def checkpoint(taken: list[Taken], changed: int) -> int:
    """Index of the last kept scan up to `changed` before which the tracks were copied."""
    return max(k for k in range(changed + 1) if taken[k].before is not None)


def keep_numbers(tracks: TrackArrays, shown: TrackArrays) -> None:
    """Give tracks the numbers under which they were already shown, in place.

    Late plots can change the order in which tracks are confirmed, but what was reported as track 7
    stays track 7: it is known by its first plot, or else by its last. New ones get new numbers.
    """
    column, first, last = track_rows.ID, track_rows.FIRST_PLOT, track_rows.LAST_PLOT
    known: dict[tuple[int, int], int] = {}
    for row in shown.marks[: len(shown)]:
        if row[column] >= 0:
            known[last, int(row[last])] = int(row[column])
            known[first, int(row[first])] = int(row[column])
    given = int(shown.counters[track_rows.NEXT_ID])
    used: set[int] = set()
    for row in tracks.marks[: len(tracks)]:
        if row[column] < 0:
            continue
        number = known.get((first, int(row[first])), known.get((last, int(row[last])), -1))
        if number < 0 or number in used:
            number, given = given, given + 1
        used.add(number)
        row[column] = number
    tracks.counters[track_rows.NEXT_ID] = max(given, int(tracks.counters[track_rows.NEXT_ID]))
