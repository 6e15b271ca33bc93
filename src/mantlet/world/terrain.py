"""Ground with relief, for flights that should end on it: heights on a regular grid."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.geodesy import SEMI_MAJOR_M
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

_HIGHEST_M = 9_000.0


@dataclass(frozen=True, eq=False)
class Terrain:
    """A grid of heights, bilinear between its points; beyond its edge the edge's height holds.

    Parameters
    ----------
    south_deg, west_deg : float
        Latitude and longitude of the south-west point (`flat=True`: metres north and east).
    step_deg : float
        Spacing of the points, the same along both (`flat=True`: metres).
    height_m : (rows, columns)
        Height over the ellipsoid [m]; rows from south to north, columns from west to east. A grid
        may lie across the 180th meridian.
    flat : bool
        For flights in flat mode (`Air(flat=True)`).

    Raises
    ------
    InputError
        Naming the field, if the grid has under two points a side, holds a number that is not
        finite or no height on Earth, or leaves the globe.
    """

    south_deg: float
    west_deg: float
    step_deg: float
    height_m: Floats
    flat: bool = False

    def __post_init__(self) -> None:
        if np.ndim(self.height_m) != 2 or min(np.shape(self.height_m)) < 2:
            raise InputError(
                f"height_m: shape {np.shape(self.height_m)}\n"
                "    fix: give a grid of at least two rows and two columns"
            )
        if not (np.abs(self.height_m) <= _HIGHEST_M).all():  # NaN fails too
            raise InputError(
                "height_m: a height is not finite or beyond 9 km\n"
                "    fix: fill gaps in the grid, and give metres"
            )
        if not (self.step_deg > 0.0 and math.isfinite(self.step_deg)):
            raise InputError(f"step_deg {self.step_deg}: must be above zero")
        if not math.isfinite(self.south_deg + self.west_deg):
            raise InputError("south_deg, west_deg: must be finite")
        rows, columns = np.shape(self.height_m)
        north, wide = self.south_deg + (rows - 1) * self.step_deg, (columns - 1) * self.step_deg
        if not self.flat and (self.south_deg < -90.0 or north > 90.0 or wide > 360.0):
            raise InputError(
                f"step_deg {self.step_deg}: {rows} x {columns} points from {self.south_deg} north "
                "leave the globe\n    fix: give degrees, rows from south to north"
            )

    @cached_property
    def packed(self) -> Floats:
        """The `terrain` argument of the flight kernels, see `mantlet.kernels.terrain`."""
        corner = np.array([self.south_deg, self.west_deg, self.step_deg, self.step_deg])
        corner = corner if self.flat else np.radians(corner)
        rows, columns = self.height_m.shape
        spacing = corner[2] if self.flat else self._spacing_m(rows)
        head = [*corner, rows, columns, self.height_m.max(), spacing]
        return np.concatenate([head, np.asarray(self.height_m, dtype=np.float64).ravel()])

    def _spacing_m(self, rows: int) -> float:
        """The least distance between neighbours: along a parallel, at the edge nearest a pole."""
        edges = np.abs([self.south_deg, self.south_deg + (rows - 1) * self.step_deg])
        narrowest = max(math.cos(math.radians(float(edges.max()))), 0.01)
        return math.radians(self.step_deg) * SEMI_MAJOR_M * narrowest
