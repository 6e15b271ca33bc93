"""The stretch of time and the piece of ground a replay shows, and its columns' steps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.replay_frame import Frame
from mantlet.analysis.replay_pack import Column, whole

Array = NDArray[Any]
Floats = NDArray[np.float64]
Columns = dict[str, Column]

SECOND_STEP = 0.001
LAST_NUMBER = 32_000
"""Largest number a map column may use, a little inside what 16 bits hold."""


@dataclass(frozen=True)
class Window:
    """What is drawn: a stretch of time and a map frame with the size of its steps."""

    start_s: float
    end_s: float
    frame: Frame
    map_step_m: float
    height_step_m: float

    @property
    def reach_m(self) -> float:
        """How far east, west, north and south of the centre the columns can go [m]."""
        return LAST_NUMBER * self.map_step_m

    @property
    def time_step_s(self) -> float:
        """Smallest step that lets 16 bits hold every time of the window [s]."""
        return max(0.01, (self.end_s - self.start_s) / LAST_NUMBER)

    def holds(self, time_s: Floats) -> Array:
        """Which times lie in the window."""
        return (time_s >= self.start_s) & (time_s <= self.end_s)

    def moments(self, time_s: Floats) -> Column:
        """Times of events, which may lie outside the window, in milliseconds from its start."""
        return whole(np.nan_to_num(time_s - self.start_s, nan=1e6), SECOND_STEP, np.int32)

    def sample_times(self, time_s: Floats) -> Column:
        """Times of samples inside the window."""
        return whole(time_s - self.start_s, self.time_step_s, np.uint16)

    def east_north(self, name: str, east: Floats, north: Floats) -> Columns:
        """A map position."""
        return {
            f"{name}.x": whole(east, self.map_step_m, np.int16),
            f"{name}.y": whole(north, self.map_step_m, np.int16),
        }

    def heights(self, height_m: Floats) -> Column:
        """Heights; below the ellipsoid counts as on it."""
        return whole(height_m, self.height_step_m, np.uint16)


def rows_of(wanted: Array, identity: Array) -> Array:
    """Row of `identity` (ascending, unique) that holds each wanted value; -1 where none does."""
    if not identity.size:
        return np.full(wanted.shape, -1)
    row = np.minimum(np.searchsorted(identity, wanted), identity.size - 1)
    return np.where(identity[row] == wanted, row, -1)
