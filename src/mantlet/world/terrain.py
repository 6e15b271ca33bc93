"""Ground with relief, for flights that should end on it: heights on a regular grid."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import terrain as kernel
from mantlet.kernels.geodesy import SEMI_MAJOR_M
from mantlet.tables import for_kernel
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

_HIGHEST_M = 9_000.0
_ROUNDING_DEG = 1e-9
"""A tenth of a millimetre: edges computed from thousands of steps are no closer."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """A grid of heights, bilinear between its points; beyond its edge the edge's height holds.

    Parameters
    ----------
    south_deg, west_deg : float
        Latitude and longitude of the south-west point (`flat=True`: metres north and east).
    step_deg : float
        Spacing of the points (`flat=True`: metres).
    height_m : (rows, columns)
        Height over the ellipsoid [m]; rows from south to north, columns from west to east. A grid
        may lie across the 180th meridian.
    flat : bool
        For flights in flat mode (`Air(flat=True)`).
    step_east_deg : float, optional
        Spacing along a parallel where it is another.

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
    step_east_deg: float | None = None

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
        for step in self._steps:
            if not (step > 0.0 and math.isfinite(step)):
                raise InputError(f"step_deg {step}: must be above zero")
        if not math.isfinite(self.south_deg + self.west_deg):
            raise InputError("south_deg, west_deg: must be finite")
        high, wide = self._extent
        if not self.flat and (
            self.south_deg < -90.0 - _ROUNDING_DEG
            or self.south_deg + high > 90.0 + _ROUNDING_DEG
            or wide > 360.0 + _ROUNDING_DEG
        ):
            rows, columns = np.shape(self.height_m)
            raise InputError(
                f"step_deg {self.step_deg}: {rows} x {columns} points from {self.south_deg} north "
                "leave the globe\n    fix: give degrees, rows from south to north"
            )

    @property
    def _steps(self) -> tuple[float, float]:
        return self.step_deg, self.step_deg if self.step_east_deg is None else self.step_east_deg

    @property
    def _extent(self) -> tuple[float, float]:
        rows, columns = np.shape(self.height_m)
        north, east = self._steps
        return (rows - 1) * north, (columns - 1) * east

    @property
    def box_deg(self) -> tuple[float, float, float, float]:
        """South, west, north and east edge [deg] (`flat=True`: metres)."""
        high, wide = self._extent
        return self.south_deg, self.west_deg, self.south_deg + high, self.west_deg + wide

    def covers(self, lat_deg: Floats, lon_deg: Floats) -> NDArray[np.bool_]:
        """Whether each point (n,) lies on the grid."""
        south, west, north, east = self.box_deg
        inside = (lat_deg >= south - _ROUNDING_DEG) & (lat_deg <= north + _ROUNDING_DEG)
        lon_deg = lon_deg if self.flat else west + np.mod(lon_deg - west + _ROUNDING_DEG, 360.0)
        return np.asarray(inside & (lon_deg >= west) & (lon_deg <= east + 2 * _ROUNDING_DEG))

    def heights_m(self, lat_deg: Floats, lon_deg: Floats) -> Floats:
        """Height over the ellipsoid (n,) [m] at points (n,) [deg] (`flat=True`: north, east [m]).

        Bilinear; beyond the edge, the height of the edge.
        """
        north, east = for_kernel(np.atleast_1d(lat_deg)), for_kernel(np.atleast_1d(lon_deg))
        if self.flat:
            return kernel.terrain_heights(north, east, self.packed)
        _, west, _, far = self.box_deg
        turns = np.round((east - 0.5 * (west + far)) / 360.0)
        return kernel.terrain_heights(
            np.radians(north), np.radians(east - 360.0 * turns), self.packed
        )

    @cached_property
    def packed(self) -> Floats:
        """The `terrain` argument of the flight kernels, see `mantlet.kernels.terrain`."""
        corner = np.array([self.south_deg, self.west_deg, *self._steps])
        corner = corner if self.flat else np.radians(corner)
        rows, columns = self.height_m.shape
        spacing = corner[2:].min() if self.flat else self._spacing_m()
        head = [*corner, rows, columns, self.height_m.max(), spacing]
        return np.concatenate([head, np.asarray(self.height_m, dtype=np.float64).ravel()])

    def _spacing_m(self) -> float:
        """The least distance between neighbours: the parallel nearest a pole is the shortest."""
        south, _, north, _ = self.box_deg
        narrowest = max(math.cos(math.radians(max(abs(south), abs(north)))), 0.01)
        along, across = self._steps
        return math.radians(min(along, across * narrowest)) * SEMI_MAJOR_M
