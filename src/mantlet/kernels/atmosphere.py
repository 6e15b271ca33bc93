"""The ISO standard atmosphere as smooth cubic tables: one definition for truth and filters.

Layers from ISO 2533:1975 (the same as the U.S. Standard Atmosphere, 1976, up to 86 km); above
86 km the air is taken as isothermal, where its drag no longer matters. Heights are geometric.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.splines import spline_coefficients

STANDARD_GRAVITY = 9.80665
GAS_CONSTANT = 287.05287
"""Of dry air, J/(kg K), ISO 2533."""
_HEAT_RATIO = 1.4
_GEOPOTENTIAL_RADIUS_M = 6356766.0

_BOTTOM_M = -1000.0
_STEP_M = 500.0
TOP_M = 120_000.0
"""Above this height there is no air."""

# Base of each layer: geopotential height [m], temperature [K]; the last one is isothermal.
_LAYERS = (
    (0.0, 288.15),
    (11_000.0, 216.65),
    (20_000.0, 216.65),
    (32_000.0, 228.65),
    (47_000.0, 270.65),
    (51_000.0, 270.65),
    (71_000.0, 214.65),
    (84_852.0, 186.946),
)
_SEA_LEVEL_PA = 101_325.0


def _climb(pressure: float, low_k: float, high_k: float, rise_m: float) -> float:
    """Hydrostatic pressure after a rise through a layer of constant temperature gradient."""
    if high_k == low_k:
        return pressure * math.exp(-STANDARD_GRAVITY * rise_m / (GAS_CONSTANT * low_k))
    gradient = (high_k - low_k) / rise_m
    return pressure * float((high_k / low_k) ** (-STANDARD_GRAVITY / (GAS_CONSTANT * gradient)))


def standard_air(height_m: float) -> tuple[float, float, float]:
    """Temperature [K], pressure [Pa] and density [kg/m3] by the closed formulas of ISO 2533.

    The exact, slow definition that the tables are made from; geometric height from -2 to 120 km.
    """
    geopotential = _GEOPOTENTIAL_RADIUS_M * height_m / (_GEOPOTENTIAL_RADIUS_M + height_m)
    pressure = _SEA_LEVEL_PA
    for (base, base_k), (top, top_k) in zip(_LAYERS, [*_LAYERS[1:], (1e9, 186.946)], strict=True):
        if geopotential < top:
            break
        pressure = _climb(pressure, base_k, top_k, top - base)
    temperature = base_k + (top_k - base_k) * (geopotential - base) / (top - base)
    if geopotential != base:
        pressure = _climb(pressure, base_k, temperature, geopotential - base)
    return temperature, pressure, pressure / (GAS_CONSTANT * temperature)


def _tables() -> NDArray[np.float64]:
    heights = np.arange(_BOTTOM_M, TOP_M + _STEP_M / 2, _STEP_M)
    air = [standard_air(float(height)) for height in heights]
    sound = [math.sqrt(_HEAT_RATIO * GAS_CONSTANT * temperature) for temperature, _, _ in air]
    density = [rho for _, _, rho in air]
    # Density and sound side by side: one cell is one cache line.
    return np.hstack([spline_coefficients(density), spline_coefficients(sound)])


_TABLES = _tables()


@kernel
def density_and_sound(
    height_m: float, temperature_offset_k: float, pressure_factor: float
) -> tuple[float, float]:
    """Air density [kg/m3] and speed of sound [m/s] at a geometric height [m].

    The offset [K] is added to the temperature at every height and the factor multiplies the
    pressure; density follows by the gas law. Within 2e-5 of ISO 2533 away from the corners
    between layers, 0.1 % at them, where the table is rounded on purpose. Above 120 km (and for
    NaN) the density is zero.
    """
    if not height_m < TOP_M:
        return 0.0, _TABLES[-1, 4]
    u = max((height_m - _BOTTOM_M) * (1.0 / _STEP_M), 0.0)
    i = int(u)
    s = u - i
    density = _TABLES[i, 0] + s * (_TABLES[i, 1] + s * (_TABLES[i, 2] + s * _TABLES[i, 3]))
    sound = _TABLES[i, 4] + s * (_TABLES[i, 5] + s * (_TABLES[i, 6] + s * _TABLES[i, 7]))
    density *= pressure_factor
    if temperature_offset_k != 0.0:
        warmer = 1.0 + temperature_offset_k * _HEAT_RATIO * GAS_CONSTANT / (sound * sound)
        density /= warmer
        sound *= math.sqrt(warmer)
    return density, sound
