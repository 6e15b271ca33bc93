"""Where radars detect: the probability of detection over a map, at a height."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.radar import Radar
from mantlet.world.earth import EARTH_RADIUS_M, ecef_from_degrees

Floats = NDArray[np.float64]

POINTS = 301
"""Points of a map along each side."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Points at whole rows of latitude `lat_deg` (rows,) and columns of longitude (columns,)."""

    lat_deg: Floats
    lon_deg: Floats

    @classmethod
    def around(cls, radars: Sequence[Radar], points: int = POINTS) -> "Grid":
        """All that the radars could reach, and a little more; may run beyond 180 degrees east."""
        lat = np.array([radar.site.lat_deg for radar in radars])
        first = radars[0].site.lon_deg
        lon = first + np.mod([r.site.lon_deg - first + 180.0 for r in radars], 360.0) - 180.0
        reach = np.degrees([1.02 * radar.range_max_m / EARTH_RADIUS_M for radar in radars])
        wide = reach / np.maximum(np.cos(np.radians(np.abs(lat) + reach)), 0.05)
        return cls(
            np.linspace(max((lat - reach).min(), -89.9), min((lat + reach).max(), 89.9), points),
            np.linspace((lon - wide).min(), (lon + wide).max(), points),
        )

    def positions_m(self, height_m: float) -> Floats:
        """ECEF positions (rows x columns, 3) [m] of all points, row by row."""
        lat, lon = np.meshgrid(self.lat_deg, self.lon_deg, indexing="ij")
        return ecef_from_degrees(lat.ravel(), lon.ravel(), height_m)


@dataclass(frozen=True, eq=False)
class CoverageMap:
    """Probability of detection of one object at a height, by one look of each radar.

    `single` (radars, rows, columns) is that of an object that is alone in its resolution cell.
    """

    radars: tuple[Radar, ...]
    grid: Grid
    height_m: float
    rcs_m2: float
    single: Floats

    def within(self, seconds: float) -> Floats:
        """Probability of at least one detection in this time, by any radar, (rows, columns).

        The object stays where it is and fluctuates from look to look. Each radar has one look in
        each period, and the part of one that is left over by chance: never none at all.
        """
        if not 0.0 < seconds < math.inf:
            raise ValueError(f"seconds {seconds}: must be above zero")
        missed = np.ones(self.single.shape[1:])
        for radar, chance in zip(self.radars, self.single, strict=True):
            looks, left = divmod(seconds / radar.period_s, 1.0)
            missed *= (1.0 - chance) ** looks * (1.0 - left * chance)
        return np.asarray(1.0 - missed)

    @cached_property
    def best(self) -> Floats:
        """The greatest of the radars' probabilities at each point, (rows, columns)."""
        return np.asarray(self.single.max(axis=0))


def coverage_map(
    radars: Sequence[Radar], height_m: float, rcs_m2: float, grid: Grid | None = None
) -> CoverageMap:
    """The probability that one look of each radar detects an object, point by point.

    Parameters
    ----------
    radars : sequence of Radar, at least one
        With their horizon, field of regard, terrain and losses; without jamming and faults.
    height_m : float
        Over the ellipsoid [m].
    rcs_m2 : float
        Mean cross-section of the object, the same from every side [m2].
    grid : Grid, optional
        All that the radars could reach, if left out.

    Returns
    -------
    CoverageMap
        Exact: `Radar.detection_probabilities` of a body at rest at each point.

    Raises
    ------
    ValueError
        If there is no radar, or height or cross-section cannot be.
    """
    if not radars:
        raise ValueError("radars: at least one")
    if not -500.0 <= height_m <= 1e6:
        raise ValueError(f"height_m {height_m}: not within -500 and 1,000,000")
    if not 0.0 < rcs_m2 < math.inf:
        raise ValueError(f"rcs_m2 {rcs_m2}: must be above zero")
    grid = grid or Grid.around(radars)
    position = grid.positions_m(height_m)
    still, rcs = np.zeros_like(position), np.full(len(position), rcs_m2)
    shape = len(radars), len(grid.lat_deg), len(grid.lon_deg)
    single = [radar.detection_probabilities(position, still, rcs) for radar in radars]
    return CoverageMap(tuple(radars), grid, height_m, rcs_m2, np.array(single).reshape(shape))
