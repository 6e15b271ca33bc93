"""Everything a tracker remembers, as plain arrays."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.kernels.track_models import MODELS
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_rows import TrackRows
from mantlet.tracking.health import KINDS, TrackerHealth
from mantlet.tracking.intake import Scan

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FIRST_ROWS = 64


@dataclass(frozen=True, eq=False)
class TrackArrays:
    """All tracks, oldest first, with spare rows at the end.

    `mean` (rows, models, 7), `covariance` (rows, models, 7, 7) and `weight` (rows, models) of the
    models of each (`kernels.track_models`), states as in `Tracks.state`; `clocks` (rows, 5) [s]:
    time of the state, last hit, last moment out of every radar's sight, end, first plot; `marks`
    (rows, 5): track_id (-1 while tentative), status, looks as bits, last plot_id, first plot_id;
    `score` (rows) log likelihood ratio; `counters` (2): rows in use, next track_id;
    `verdict` (3): tracks that ended well explained and not, and when that was counted [s].
    """

    mean: Floats
    covariance: Floats
    weight: Floats
    clocks: Floats
    marks: Ints
    score: Floats
    counters: Ints
    verdict: Floats

    @classmethod
    def none(cls) -> "TrackArrays":
        """No tracks yet."""
        return cls(
            mean=np.zeros((_FIRST_ROWS, MODELS, STATES)),
            covariance=np.zeros((_FIRST_ROWS, MODELS, STATES, STATES)),
            weight=np.zeros((_FIRST_ROWS, MODELS)),
            clocks=np.zeros((_FIRST_ROWS, track_rows.CLOCKS)),
            marks=np.zeros((_FIRST_ROWS, track_rows.MARKS), dtype=np.int64),
            score=np.zeros(_FIRST_ROWS),
            counters=np.zeros(2, dtype=np.int64),
            verdict=np.zeros(3),
        )

    def __len__(self) -> int:
        """Tracks held, tentative ones and those just closed included."""
        return int(self.counters[track_rows.ROWS])

    @cached_property
    def rows(self) -> TrackRows:
        """The same arrays, as the kernels take them."""
        return TrackRows(
            self.mean,
            self.covariance,
            self.weight,
            self.clocks,
            self.marks,
            self.score,
            self.counters,
            self.verdict,
        )

    def copy(self) -> "TrackArrays":
        """Independent arrays, with little room to spare."""
        return self._sized(max(len(self), _FIRST_ROWS))

    def kept(self) -> "TrackArrays":
        """Independent arrays, with no room to spare: to be put aside, not to be stepped."""
        return self._sized(len(self))

    def with_room(self, more: int) -> "TrackArrays":
        """The tracks with space for `more` new ones; rows double as needed."""
        needed, rows = len(self) + more, len(self.score)
        if needed <= rows:
            return self
        rows = max(rows, _FIRST_ROWS)
        while rows < needed:
            rows *= 2
        return self._sized(rows)

    def _sized(self, rows: int) -> "TrackArrays":
        n = len(self)
        return TrackArrays(
            mean=_sized(self.mean, n, rows),
            covariance=_sized(self.covariance, n, rows),
            weight=_sized(self.weight, n, rows),
            clocks=_sized(self.clocks, n, rows),
            marks=_sized(self.marks, n, rows),
            score=_sized(self.score, n, rows),
            counters=self.counters.copy(),
            verdict=self.verdict.copy(),
        )


T = TypeVar("T", bound=np.generic)


def _sized(array: NDArray[T], used: int, rows: int) -> NDArray[T]:
    if rows == used:
        return array[:used].copy()
    other = np.zeros((rows, *array.shape[1:]), dtype=array.dtype)
    other[:used] = array[:used]
    return other


@dataclass(slots=True, eq=False)
class Taken:
    """A scan that was taken in, kept while late plots may still belong to it."""

    scan: Scan
    before: TrackArrays | None
    """The tracks before it, at every so many scans; never written to."""
    copied_s: float
    """Time of the last scan so far before which the tracks were copied."""


@dataclass(frozen=True, eq=False)
class TrackerState:
    """The tracks, the scans of the last seconds, and what was refused."""

    tracks: TrackArrays
    counts: Ints
    taken: list[Taken] = field(default_factory=list)

    @classmethod
    def fresh(cls) -> "TrackerState":
        """Before the first scan."""
        return cls(TrackArrays.none(), np.zeros(len(KINDS), dtype=np.int64))

    def __len__(self) -> int:
        """Tracks held, tentative ones and those just closed included."""
        return len(self.tracks)

    @property
    def health(self) -> TrackerHealth:
        """What was refused, shed or repaired so far."""
        return TrackerHealth.of(self.counts)

    @property
    def newest_s(self) -> float:
        """Time of the last scan taken in; minus infinity before the first and after a rest."""
        return self.taken[-1].scan.time_s if self.taken else -np.inf

    def has_scan(self, radar: int, time_s: float) -> bool:
        """Whether this very scan was among the last ones taken in."""
        if time_s > self.newest_s:
            return False
        newest_first = (t.scan for t in reversed(self.taken))
        return any(
            s.radar == radar and s.time_s == time_s
            for s in takewhile(lambda s: s.time_s >= time_s, newest_first)
        )

    def copy(self) -> "TrackerState":
        """An independent state."""
        return TrackerState(self.tracks.copy(), self.counts.copy(), list(self.taken))

    def with_tracks(self, tracks: TrackArrays) -> "TrackerState":
        """Other tracks, the rest shared."""
        if tracks is self.tracks:
            return self
        return TrackerState(tracks, self.counts, self.taken)
