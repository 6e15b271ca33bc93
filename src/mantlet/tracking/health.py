"""What a tracker refused, shed or repaired, counted by kind."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TrackerHealth:
    """Counts since the start, in plots unless said otherwise. All zero: every plot was used.

    Parameters
    ----------
    not_a_number : int
        A range, an angle or a time that is NaN or infinite, an infinite range rate or
        signal-to-noise ratio.
    out_of_range : int
        A range that is not positive or beyond 100,000 km, an elevation beyond the vertical, a
        range rate beyond 20 km/s, a signal-to-noise ratio beyond 300 dB either way.
    misdated : int
        A time further from its scan than the late window, or far after the last scan.
    duplicate : int
        The same measurement of the same radar and scan again.
    shed : int
        Above the most that one scan may hold.
    unknown_radar : int
        From a radar that the tracker was not told of.
    late : int
        Late, and taken in as if they had been in time.
    too_late : int
        Later than the late window.
    scan_out_of_time : int
        Scans (not plots) with a time that is no number, before the late window, or far after the
        last scan and not that of their plots.
    """

    not_a_number: int = 0
    out_of_range: int = 0
    misdated: int = 0
    duplicate: int = 0
    shed: int = 0
    unknown_radar: int = 0
    late: int = 0
    too_late: int = 0
    scan_out_of_time: int = 0

    @classmethod
    def of(cls, counts: Ints) -> Self:
        """From the counts of a state."""
        return cls(*(int(count) for count in counts))


KINDS = {f.name: i for i, f in enumerate(fields(TrackerHealth))}


def book(counts: Ints, kind: str, plots: int) -> None:
    """Add to a count of a state, in place."""
    counts[KINDS[kind]] += plots
