"""What a radar can see over the ground: bent rays, the horizon, ridges in the way.

Rays bend as if the Earth were 4/3 of its size: seen from the radar, an object stands a little
higher than the straight line to it. *Apparent* elevations are those a radar measures; horizons
and masks are of that kind.

Reference: J. C. Schelleng, C. R. Burrows, E. B. Ferrell, "Ultra-short-wave propagation", Proc.
IRE 21 (3), 1933 (effective Earth radius); M. I. Skolnik, Introduction to Radar Systems, 3rd ed.,
McGraw-Hill, 2001, ch. 8.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.geodesy import ecef_from_geodetic, geodetic_from_ecef
from mantlet.kernels.terrain import COLUMNS, STEP_EAST, WEST, terrain_height

Floats = NDArray[np.float64]
Mask = NDArray[np.float32]


@kernel
def apparent_elevation(elevation: float, distance: float, bend: float) -> float:
    """Elevation [rad] at which a ray of this chord [m] arrives.

    `bend` [rad/m] is half the ray's curvature: (1 - 1/k) / (2 a) for k times the Earth's radius a,
    0 for straight rays. First order in the bend: within 2e-5 rad of the closed form of the
    effective Earth out to 150 km.
    """
    return elevation + bend * distance * math.cos(elevation)


@kernel
def hidden(mask: Mask, step: float, azimuth: float, distance: float, apparent: float) -> bool:
    """Whether ground stands in the way, by a mask as `terrain_mask` makes it; (0, 0): none."""
    rows = mask.shape[0]
    if rows == 0:
        return False
    turn = azimuth / (2.0 * math.pi)
    place = (turn - math.floor(turn)) * rows
    row = min(int(place), rows - 1)
    after = row + 1 if row + 1 < rows else 0
    column = min(int(distance / step), mask.shape[1] - 1)
    share = place - row
    ridge = (1.0 - share) * mask[row, column] + share * mask[after, column]
    return bool(apparent < ridge)


@kernel
def _ground_in_view(
    site: Floats, axes: Floats, terrain: Floats, sine: float, cosine: float, way: float
) -> tuple[float, float]:
    """Distance [m] and straight elevation [rad] of the ground `way` metres out."""
    x = site[0] + way * (sine * axes[0] + cosine * axes[3])
    y = site[1] + way * (sine * axes[1] + cosine * axes[4])
    z = site[2] + way * (sine * axes[2] + cosine * axes[5])
    lat, lon, _ = geodetic_from_ecef(x, y, z)
    middle = terrain[WEST] + 0.5 * terrain[STEP_EAST] * (terrain[COLUMNS] - 1.0)
    turned = lon - 2.0 * math.pi * math.floor((lon - middle) / (2.0 * math.pi) + 0.5)
    x, y, z = ecef_from_geodetic(lat, lon, terrain_height(lat, turned, terrain))
    dx, dy, dz = x - site[0], y - site[1], z - site[2]
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    up = axes[6] * dx + axes[7] * dy + axes[8] * dz
    return distance, math.asin(min(max(up / distance, -1.0), 1.0))


@kernel
def terrain_mask(
    site: Floats, axes: Floats, terrain: Floats, bend: float, rows: int, columns: int, step: float,
    sample: float,
) -> Mask:  # fmt: skip
    """Lowest apparent elevation [rad] that is seen, by azimuth and distance, (rows, columns).

    Row i looks along azimuth i / rows of a turn; column j holds the highest apparent elevation of
    ground nearer than j `step` [m]. Ground is looked at every `sample` metres.
    """
    mask = np.empty((rows, columns), np.float32)
    for i in range(rows):
        angle = 2.0 * math.pi * i / rows
        sine, cosine = math.sin(angle), math.cos(angle)
        highest = -0.5 * math.pi
        column, way = 0, 0.0
        while column < columns:
            way += sample
            distance, elevation = _ground_in_view(site, axes, terrain, sine, cosine, way)
            while column < columns and column * step <= distance:
                mask[i, column] = highest
                column += 1
            highest = max(highest, apparent_elevation(elevation, distance, bend))
    return mask
