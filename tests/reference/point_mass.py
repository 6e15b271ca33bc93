"""The equation of motion once more, in NumPy and SciPy: slow, plain, independent of the kernels.

Shared with the kernels on purpose: the definitions (ISO 2533 layers, drag formula, WGS-84
constants). Rebuilt from them here: the smooth tables (SciPy's cubic spline), heights and local
axes (iteration and trigonometry) and the integration (DOP853).
"""

import math

import numpy as np
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicSpline

from mantlet.kernels.atmosphere import standard_air
from mantlet.kernels.dynamics import DRAG_CURVES, smooth_drag_coefficient

GM, J2, RATE = 3.986004418e14, 1.082629821313e-3, 7.292115e-5
RADIUS = 6378137.0
ECC2 = (2.0 - 1.0 / 298.257223563) / 298.257223563


def _spline(x, y):
    """Twice differentiable, with the one-sided slope of second order at both ends."""
    h = x[1] - x[0]
    first = (-1.5 * y[0] + 2.0 * y[1] - 0.5 * y[2]) / h
    last = (1.5 * y[-1] - 2.0 * y[-2] + 0.5 * y[-3]) / h
    return CubicSpline(x, y, bc_type=((1, first), (1, last)))


_HEIGHTS = np.arange(-1000.0, 120_001.0, 500.0)
_AIR = np.array([standard_air(h) for h in _HEIGHTS])
_DENSITY = _spline(_HEIGHTS, _AIR[:, 2])
_SOUND = _spline(_HEIGHTS, np.sqrt(1.4 * 287.05287 * _AIR[:, 0]))
_MACHS = np.linspace(0.0, 8.0, 161)
_DRAG = [
    _spline(_MACHS, np.array([smooth_drag_coefficient(f, m) for m in _MACHS]))
    for f in range(len(DRAG_CURVES))
]


def geodetic(position):
    """Latitude, longitude [rad] and height [m] by plain iteration on the latitude."""
    x, y, z = (float(v) for v in position)
    p, lat = math.hypot(x, y), 0.0
    for _ in range(8):
        prime = RADIUS / math.sqrt(1.0 - ECC2 * math.sin(lat) ** 2)
        lat = math.atan2(z + ECC2 * prime * math.sin(lat), p)
    height = p * math.cos(lat) + z * math.sin(lat)
    height -= RADIUS * math.sqrt(1.0 - ECC2 * math.sin(lat) ** 2)
    return lat, math.atan2(y, x), height


def wind(height, levels):
    """East and north wind: cubic smooth steps between the levels."""
    table = np.array(levels)
    i = int(np.clip(np.searchsorted(table[:, 0], height) - 1, 0, max(len(table) - 2, 0)))
    if len(table) == 1:
        return table[0, 1:]
    s = np.clip((height - table[i, 0]) / (table[i + 1, 0] - table[i, 0]), 0.0, 1.0)
    return table[i, 1:] + (table[i + 1, 1:] - table[i, 1:]) * (3.0 * s**2 - 2.0 * s**3)


def acceleration(position, velocity, drag, family, air):
    """What `mantlet.kernels.dynamics.acceleration` should return; `air` is a world.air.Air."""
    lat, lon, height = (0.0, 0.0, position[2]) if air.flat else geodetic(position)
    if air.flat:
        east, north = np.eye(3)[:2]
        total = np.array([0.0, 0.0, -9.80665])
    else:
        east = np.array([-np.sin(lon), np.cos(lon), 0.0])
        north = np.array([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
        r = np.linalg.norm(position)
        s2 = (position[2] / r) ** 2
        oblate = 1.5 * J2 * (RADIUS / r) ** 2 * np.array([1 - 5 * s2, 1 - 5 * s2, 3 - 5 * s2])
        total = -GM / r**3 * (1.0 + oblate) * position
        (x, y, _), (vx, vy, _) = position, velocity
        total = total + 2.0 * RATE * np.array([vy, -vx, 0.0]) + RATE**2 * np.array([x, y, 0.0])
    if drag == 0.0:
        return total
    through = np.array(velocity)
    if air.wind:
        e, n = wind(height, air.wind)
        through = through - e * east - n * north
    speed = np.linalg.norm(through)
    density, sound = (_DENSITY(height), _SOUND(height)) if height < 120_000.0 else (0.0, 300.0)
    warmth = 1.0 + air.temperature_offset_k / (sound**2 / (1.4 * 287.05287))
    density, sound = density * air.pressure_factor / warmth, sound * np.sqrt(warmth)
    coefficient = _DRAG[family](min(speed / sound, 8.0))
    return total - 0.5 * density * speed * drag * coefficient * through


def fly(state, drag, family, boost_mps2, boost_s, air, rtol=1e-12):
    """Time [s] and state (6,) on the ground of one flight, by DOP853."""

    def rate(thrust):
        def of(_, s):
            a = acceleration(s[:3], s[3:], drag, family, air)
            return np.concatenate([s[3:], a + thrust * s[3:] / np.linalg.norm(s[3:])])

        return of

    def ground(t, s):
        height = s[2] if air.flat else geodetic(s[:3])[2]
        return height if t > 0.0 else 1.0

    ground.terminal, ground.direction = True, -1.0
    options = {"method": "DOP853", "rtol": rtol, "atol": rtol * 1e3, "events": ground}
    time, state = 0.0, np.array(state, dtype=float)
    for thrust, until in ((boost_mps2, boost_s), (0.0, 900.0)):
        if until > time:
            part = solve_ivp(rate(thrust), (time, until), state, **options)
            time, state = part.t[-1], part.y[:, -1]
            if part.status == 1:
                return time, state
    raise AssertionError("the reference flight did not land")
