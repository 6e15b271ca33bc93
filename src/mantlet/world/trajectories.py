"""True flights as knots, and where everything is at one instant."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import trajectory
from mantlet.kernels.flight import KNOT
from mantlet.tables import for_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class _Store:
    """Growing arrays behind the flights: rows are only ever added at the end, never changed."""

    def __init__(self, offsets: Ints, knots: Floats) -> None:
        self.offsets = np.require(offsets, np.int64, ("C", "W"))
        self.knots = np.require(knots, np.float64, ("C", "W"))
        self.rows = len(offsets) - 1

    def add(self, offsets: Ints, knots: Floats) -> None:
        rows, used = self.rows, int(self.offsets[self.rows])
        self.rows, end = rows + len(offsets) - 1, used + len(knots)
        self.offsets = _with_room(self.offsets, rows + 1, self.rows + 1)
        self.knots = _with_room(self.knots, used, end)
        self.offsets[rows + 1 : self.rows + 1] = used + offsets[1:]
        self.knots[used:end] = knots


def _with_room(array: NDArray[Any], used: int, needed: int) -> NDArray[Any]:
    """The array itself or a copy of twice the needed length: appending stays cheap on average."""
    if needed <= len(array):
        return array
    larger = np.empty((2 * needed, *array.shape[1:]), dtype=array.dtype)
    larger[:used] = array[:used]
    return larger


class Trajectories:
    """The flights of n rows, immutable; `append` gives a longer one.

    Parameters
    ----------
    offsets : (n + 1,)
        Row i owns the knots `offsets[i]:offsets[i + 1]`.
    knots : (k, 10)
        Time [s], ECEF position [m], velocity [m/s] and acceleration [m/s2] of each integrator
        step, as `mantlet.kernels.flight.fly_knots` returns them.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """

    def __init__(self, offsets: Ints, knots: Floats) -> None:
        if len(offsets) < 1 or np.shape(knots) != (int(offsets[-1]), KNOT):
            raise ValueError(f"knots: shape {np.shape(knots)}, expected ({offsets[-1:]}, {KNOT})")
        self._adopt(_Store(offsets, knots))

    def _adopt(self, store: _Store) -> None:
        self._store = store
        self.offsets = store.offsets[: store.rows + 1]
        self.knots = store.knots[: self.offsets[-1]]

    @classmethod
    def empty(cls) -> "Trajectories":
        """No rows."""
        return cls(np.zeros(1, dtype=np.int64), np.empty((0, KNOT)))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def start_time_s(self) -> Floats:
        """When each row's flight begins, shape (n,) [s]; NaN for a row without one."""
        return self._times(self.offsets[:-1])

    @cached_property
    def end_time_s(self) -> Floats:
        """When each row meets the ground, shape (n,) [s]; NaN for a row without a flight."""
        return self._times(self.offsets[1:] - 1)

    def _times(self, at: Ints) -> Floats:
        flown = np.diff(self.offsets) > 0
        times = np.full(len(self), np.nan)
        times[flown] = self.knots[at[flown], 0]
        return times

    def states_at(self, rows: Ints, time_s: float | Floats) -> Floats:
        """ECEF position [m] and velocity [m/s] of `rows` at a time, or one each, shape (m, 6).

        NaN before launch, after impact and for rows without a flight. Interpolated between the
        integrator's steps; within 0.1 m and 0.1 m/s of the integrated flight.
        """
        which = for_kernel(rows, np.int64)
        times_s = np.empty(len(which))
        times_s[:] = time_s
        return trajectory.states_at(self.offsets, self.knots, which, times_s)

    def append(self, other: "Trajectories") -> "Trajectories":
        """These rows followed by those of `other`; neither is changed.

        Amortised cost is that of the rows added: storage is shared with the shorter object,
        which goes on seeing only its own rows.
        """
        store = self._store
        if store.rows != len(self):  # somebody has already appended to these rows
            store = _Store(self.offsets.copy(), self.knots.copy())
        store.add(other.offsets, other.knots)
        longer = object.__new__(Trajectories)
        longer._adopt(store)
        return longer
