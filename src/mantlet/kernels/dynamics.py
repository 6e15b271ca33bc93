"""Point-mass equation of motion: gravity with J2, Earth rotation, wind and drag.

The one definition of the physics, shared by the truth, the filters and the impact predictor.

References: NGA.STND.0036 (WGS 84), 2014, for the constants; R. L. McCoy, Modern Exterior
Ballistics, 1999, for the point-mass equations and the general shape of drag curves.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.atmosphere import STANDARD_GRAVITY, density_and_sound
from mantlet.kernels.compiled import kernel
from mantlet.kernels.geodesy import ECC2, FLATTENING, SEMI_MAJOR_M, SEMI_MINOR_M
from mantlet.kernels.splines import spline_coefficients

GM = 3.986004418e14
"""Gravitational constant times mass of the Earth, m3/s2."""
J2 = 1.082629821313e-3
EARTH_RATE = 7.292115e-5
"""Rotation of the Earth, rad/s."""

ROCKET, SHELL, MORTAR, DEBRIS, GIVEN = range(5)
"""Drag families; GIVEN is the one curve that may stand at the end of `air`."""

EARTH, FLAT = 0.0, 1.0
"""Modes, `air[0]`: rotating ellipsoid, or uniform gravity over a plane for closed forms."""

_MACH_STEP = 0.05
_MACH_TOP = 8.0
# Notional, rounded, one line per family: drag coefficient well below the speed of sound, the
# value the supersonic branch has at Mach 1 and far above it, the Mach scale of its decay, and
# Mach number and width of the rise between them. Generic shapes, no munition's data.
DRAG_CURVES = (
    (0.40, 0.80, 0.25, 1.3, 0.97, 0.07),  # finned rocket, motor burnt out
    (0.15, 0.42, 0.18, 1.8, 0.96, 0.05),  # spin-stabilised shell
    (0.15, 0.50, 0.25, 1.5, 0.95, 0.06),  # finned mortar bomb
    (0.90, 1.30, 1.10, 1.5, 0.90, 0.15),  # tumbling fragment
)


def smooth_drag_coefficient(family: int, mach: float) -> float:
    """Drag coefficient from the closed formula that the tables are made from."""
    below, at_one, far, decay, centre, width = DRAG_CURVES[family]
    above: float = far + (at_one - far) * math.exp(-(mach - 1.0) / decay)
    rise = 0.5 * (1.0 + math.tanh((mach - centre) / width))
    return below + (above - below) * rise


def _drag_table() -> NDArray[np.float64]:
    machs = np.arange(0.0, _MACH_TOP + _MACH_STEP / 2, _MACH_STEP)
    return np.array(
        [
            spline_coefficients([smooth_drag_coefficient(family, float(m)) for m in machs])
            for family in range(len(DRAG_CURVES))
        ]
    )


_DRAG = _drag_table()
_LAST_CELL = _DRAG.shape[1] - 1


@kernel
def drag_coefficient(family: int, mach: float) -> float:
    """Drag coefficient of a family at a Mach number; constant above Mach 8, zero for NaN."""
    if not mach >= 0.0:
        return 0.0
    u = min(mach, _MACH_TOP) * (1.0 / _MACH_STEP)
    i = min(int(u), _LAST_CELL)
    s = u - i
    c1, c2, c3 = _DRAG[family, i, 1], _DRAG[family, i, 2], _DRAG[family, i, 3]
    coefficient: float = _DRAG[family, i, 0] + s * (c1 + s * (c2 + s * c3))
    return coefficient


@kernel
def given_drag_coefficient(mach: float, air: NDArray[np.float64]) -> float:
    """Drag coefficient by the curve behind the wind levels; constant beyond its last Mach number.

    Never negative, even where the cubic swings below a table that touches zero.

    The curve: Mach step, number of cells, then the four coefficients of each cell.
    """
    at = 4 + 3 * int(air[3])
    if not mach >= 0.0:
        return 0.0
    u = min(mach / air[at], air[at + 1])
    i = min(int(u), int(air[at + 1]) - 1)
    s = u - i
    k = at + 2 + 4 * i
    coefficient: float = air[k] + s * (air[k + 1] + s * (air[k + 2] + s * air[k + 3]))
    return max(coefficient, 0.0)


@kernel
def ground_height(x: float, y: float, z: float, flat: bool) -> float:
    """Height [m] above the ellipsoid of an ECEF point, or above the plane z = 0.

    Without trigonometry: along the radius, then turned onto the normal to second order in the
    flattening. Exact on the ground, within 3 mm at 60 km.
    """
    if flat:
        return z
    p2 = x * x + y * y
    r2 = p2 + z * z
    c2 = p2 / r2
    along = math.sqrt(r2) - SEMI_MINOR_M / math.sqrt(1.0 - ECC2 * c2)
    return along * (1.0 - 2.0 * FLATTENING * FLATTENING * c2 * (1.0 - c2))


@kernel
def up_axis(x: float, y: float, z: float, flat: bool) -> tuple[float, float, float]:
    """Unit vector away from the ground (exact on it, within 1e-5 rad at 50 km)."""
    if flat:
        return 0.0, 0.0, 1.0
    w = z * (SEMI_MAJOR_M * SEMI_MAJOR_M / (SEMI_MINOR_M * SEMI_MINOR_M))
    k = 1.0 / math.sqrt(x * x + y * y + w * w)
    return x * k, y * k, w * k


@kernel
def _wind_at(height: float, air: NDArray[np.float64]) -> tuple[float, float]:
    """East and north wind [m/s]: smooth steps between the levels, constant outside them."""
    last = 4 + 3 * (int(air[3]) - 1)
    i = 4
    while i < last and air[i + 3] < height:
        i += 3
    if i == last or height <= air[i]:
        return air[i + 1], air[i + 2]
    s = (height - air[i]) / (air[i + 3] - air[i])
    s = s * s * (3.0 - 2.0 * s)
    return air[i + 1] + s * (air[i + 4] - air[i + 1]), air[i + 2] + s * (air[i + 5] - air[i + 2])


@kernel
def wind_velocity(
    x: float, y: float, z: float, height: float, air: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Velocity of the air [m/s] in the frame of the motion."""
    east, north = _wind_at(height, air)
    if air[0] != EARTH:
        return east, north, 0.0
    ux, uy, uz = up_axis(x, y, z, air[0] != EARTH)
    k = 1.0 / math.sqrt(x * x + y * y)
    ex, ey = -y * k, x * k
    # north = up x east
    return east * ex - north * uz * ey, east * ey + north * uz * ex, north * (ux * ey - uy * ex)


@kernel
def acceleration(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    drag: float,
    family: int,
    air: NDArray[np.float64],
) -> tuple[float, float, float]:
    """Acceleration [m/s2] of an unpowered point mass.

    Position [m] and velocity [m/s] in the rotating ECEF frame (J2 gravity, Coriolis and
    centrifugal terms), or, in flat mode, east, north, up. `drag` is area times form factor over
    mass [m2/kg]; `family` picks the curve of drag coefficient over Mach number; `air` is what
    `mantlet.world.air.Air.packed` holds: mode, temperature offset [K], pressure factor, number
    of wind levels, then height [m], east, north [m/s] of each; a drag curve of one's own may
    follow (`given_drag_coefficient`).
    """
    if air[0] == EARTH:
        p2 = x * x + y * y
        r2 = p2 + z * z
        inv_r2 = 1.0 / r2
        r = math.sqrt(r2)
        c2 = p2 * inv_r2
        s2 = 1.0 - c2
        along = r - SEMI_MINOR_M / math.sqrt(1.0 - ECC2 * c2)
        height = along * (1.0 - 2.0 * FLATTENING * FLATTENING * c2 * s2)
        k = GM * inv_r2 * inv_r2 * r
        j = 1.5 * J2 * SEMI_MAJOR_M * SEMI_MAJOR_M * inv_r2
        spin = EARTH_RATE * EARTH_RATE - k * (1.0 + j * (1.0 - 5.0 * s2))
        ax = spin * x + 2.0 * EARTH_RATE * vy
        ay = spin * y - 2.0 * EARTH_RATE * vx
        az = -k * (1.0 + j * (3.0 - 5.0 * s2)) * z
    else:
        height = z
        ax, ay, az = 0.0, 0.0, -STANDARD_GRAVITY
    if drag <= 0.0:
        return ax, ay, az
    if air[3] > 0.0:
        wx, wy, wz = wind_velocity(x, y, z, height, air)
        vx, vy, vz = vx - wx, vy - wy, vz - wz
    density, sound = density_and_sound(height, air[1], air[2])
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    mach = speed / sound
    if family == GIVEN:
        coefficient = given_drag_coefficient(mach, air)
    else:
        coefficient = drag_coefficient(family, mach)
    k = -0.5 * density * speed * drag * coefficient
    return ax + k * vx, ay + k * vy, az + k * vz
