"""Ground with relief: heights on a regular grid, and where a step of a flight first meets it.

A grid is one packed array:
south, west, step north, step east, rows, columns, greatest height [m], spacing [m], then the
heights [m], row by row from the south-west corner. The first four are radians of latitude and
longitude, or metres north and east over the plane of flat mode. `mantlet.world.terrain` packs it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import ground_height
from mantlet.kernels.geodesy import geodetic_from_ecef
from mantlet.kernels.trajectory import quintic

Floats = NDArray[np.float64]
Motion = tuple[float, float, float, float, float, float, float, float, float]
"""Position [m], velocity [m/s] and acceleration [m/s2] along x, y, z."""

SOUTH, WEST, STEP_NORTH, STEP_EAST, ROWS, COLUMNS, TOP, SPACING, HEAD = range(9)

_HALVINGS = 24
_NEAR_M = 1.0  # closer than this to the highest point, heights are taken exactly
_MOST_PIECES = 4096
_PROBE_S = 1e-3


@kernel
def terrain_height(north: float, east: float, terrain: Floats) -> float:
    """Height [m] at a point of the grid, bilinear; beyond the edge, the height of the edge."""
    columns = int(terrain[COLUMNS])
    v = (north - terrain[SOUTH]) / terrain[STEP_NORTH]
    u = (east - terrain[WEST]) / terrain[STEP_EAST]
    v = min(max(v, 0.0), terrain[ROWS] - 1.0)
    u = min(max(u, 0.0), terrain[COLUMNS] - 1.0)
    i, j = min(int(v), int(terrain[ROWS]) - 2), min(int(u), columns - 2)
    v, u = v - i, u - j
    k = HEAD + i * columns + j
    low = terrain[k] + u * (terrain[k + 1] - terrain[k])
    k += columns
    high = terrain[k] + u * (terrain[k + 1] - terrain[k])
    height: float = low + v * (high - low)
    return height


@kernel
def terrain_heights(north: Floats, east: Floats, terrain: Floats) -> Floats:
    """`terrain_height` of n points, shape (n,)."""
    height = np.empty(north.size)
    for i in range(north.size):
        height[i] = terrain_height(north[i], east[i], terrain)
    return height


@kernel
def clearance(x: float, y: float, z: float, flat: bool, terrain: Floats) -> float:
    """Height [m] above the relief; above its highest point, the height over that."""
    height: float = ground_height(x, y, z, flat)
    over: float = height - terrain[TOP]
    if over > _NEAR_M:
        return over
    if flat:
        return height - terrain_height(y, x, terrain)
    lat, lon, height = geodetic_from_ecef(x, y, z)
    # The grid may lie across the 180th meridian: turns are counted from its middle.
    middle = terrain[WEST] + 0.5 * terrain[STEP_EAST] * (terrain[COLUMNS] - 1.0)
    lon -= 2.0 * math.pi * math.floor((lon - middle) / (2.0 * math.pi) + 0.5)
    return height - terrain_height(lat, lon, terrain)


@kernel
def clearance_and_rate(motion: Motion, flat: bool, terrain: Floats) -> tuple[float, float]:
    """Height above the relief [m] and its rate [m/s], by a difference over a millisecond."""
    x, y, z, u, v, w, _, _, _ = motion
    here = clearance(x, y, z, flat, terrain)
    k = -_PROBE_S  # backward: the ground ahead may belong to the next cell
    return here, (clearance(x + k * u, y + k * v, z + k * w, flat, terrain) - here) / k


@kernel
def _clearance_within(
    h: float, s: float, before: Motion, after: Motion, flat: bool, terrain: Floats
) -> float:
    """Height above the relief [m] at s (0 to 1) of a step of h seconds."""
    x, y, z, u, v, w, a, b, c = before
    x1, y1, z1, u1, v1, w1, a1, b1, c1 = after
    x, _ = quintic(h, s, x, u, a, x1, u1, a1)
    y, _ = quintic(h, s, y, v, b, y1, v1, b1)
    z, _ = quintic(h, s, z, w, c, z1, w1, c1)
    return clearance(x, y, z, flat, terrain)


@kernel
def first_contact(h: float, before: Motion, after: Motion, flat: bool, terrain: Floats) -> float:
    """Where in a step of h seconds, 0 to 1, the path first goes under the relief; 2.0 if nowhere.

    The path between the ends is the quintic through both, looked at every half spacing of the
    grid: what sticks out over the path for less than that may be missed.
    """
    x, y, z, _, _, _, _, _, _ = before
    x1, y1, z1, _, _, _, _, _, _ = after
    lowest = min(ground_height(x, y, z, flat), ground_height(x1, y1, z1, flat))
    if lowest > terrain[TOP]:
        return 2.0
    way = math.sqrt((x1 - x) ** 2 + (y1 - y) ** 2 + (z1 - z) ** 2)
    pieces = min(1 + int(2.0 * way / terrain[SPACING]), _MOST_PIECES)
    above, s = clearance(x, y, z, flat, terrain), 0.0
    for k in range(pieces):
        t = (k + 1.0) / pieces
        below = _clearance_within(h, t, before, after, flat, terrain)
        if below <= 0.0 and below < above:
            for _ in range(_HALVINGS):
                middle = 0.5 * (s + t)
                if _clearance_within(h, middle, before, after, flat, terrain) > 0.0:
                    s = middle
                else:
                    t = middle
            return t
        above, s = below, t
    return 2.0
