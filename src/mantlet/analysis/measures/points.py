"""What the measures are taken of: identified points at instants, anybody's tracks or truth."""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mantlet.tables import States, Tracks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LIVE = ("confirmed", "coasting")
"""Track statuses that count: what a tracker tells others is there."""

_CLOCK_HZ = 1e6


@dataclass(frozen=True)
class Points:
    """n points, in any order: whose, when, where, how fast.

    Parameters
    ----------
    id : (n,)
        Identity of a track or a true object, stable through its life.
    time_s : (n,)
        Instant [s]; points of one instant agree to the microsecond.
    position_m : (n, 3)
        In any Cartesian frame, the same for tracks and truth [m].
    velocity_mps : (n, 3), optional
        In the same frame [m/s].

    Raises
    ------
    ValueError
        Naming the array whose shape does not fit, or that holds a number that is not finite.
    """

    id: Ints
    time_s: Floats
    position_m: Floats
    velocity_mps: Floats | None = None

    def __post_init__(self) -> None:
        n = len(self.id)
        shapes = {"time_s": (n,), "position_m": (n, 3), "velocity_mps": (n, 3)}
        for name, shape in shapes.items():
            array: Floats | None = getattr(self, name)
            if array is None:
                continue
            if np.shape(array) != shape:
                raise ValueError(f"{name}: shape {np.shape(array)}, expected {shape}")
            if not np.isfinite(array).all():
                raise ValueError(f"{name}: a number is not finite")

    @classmethod
    def of(
        cls,
        identity: ArrayLike,
        time_s: ArrayLike,
        position_m: ArrayLike,
        velocity_mps: ArrayLike = (),
    ) -> "Points":
        """From anything array-like."""
        speed = np.asarray(velocity_mps, dtype=np.float64)
        return cls(
            np.asarray(identity, dtype=np.int64),
            np.asarray(time_s, dtype=np.float64),
            np.asarray(position_m, dtype=np.float64).reshape(-1, 3),
            speed.reshape(-1, 3) if speed.size else None,
        )

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def ticks(self) -> Ints:
        """The instants as whole microseconds, so that they can be compared."""
        return np.rint(self.time_s * _CLOCK_HZ).astype(np.int64)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Points":
        """The rows picked by an index array or a mask."""
        speed = None if self.velocity_mps is None else self.velocity_mps[rows]
        return Points(self.id[rows], self.time_s[rows], self.position_m[rows], speed)


Followed: TypeAlias = Points | Tracks
"""What measures take as tracks. Of a table, only confirmed and coasting rows count."""

Truth: TypeAlias = Points | States
"""What measures take as truth: every row is an object that should be followed then."""


def track_points(tracks: Followed) -> Points:
    """Tracks as points; of a table, its confirmed and coasting rows in their order."""
    if isinstance(tracks, Points):
        return tracks
    rows = live_rows(tracks)
    state = tracks.state[rows]
    return Points(tracks.track_id[rows], tracks.time_s[rows], state[:, :3], state[:, 3:6])


def live_rows(tracks: Tracks) -> Ints:
    """Rows of a table of tracks that `track_points` keeps."""
    return np.flatnonzero(np.isin(tracks.status.astype(str), LIVE))


def truth_points(truth: Truth) -> Points:
    """Truth as points."""
    if isinstance(truth, Points):
        return truth
    return Points(truth.threat_id, truth.time_s, truth.position_m, truth.velocity_mps)
