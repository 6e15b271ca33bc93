"""What a radar's plot says about position, and what a radar can see, for the tracker.

A plot becomes an Earth-centred position with a covariance whose axes follow the line of sight
(an unbiased converted measurement). Nothing wraps and nothing is singular straight overhead:
there the cross-range error that azimuth causes shrinks with the cosine of the elevation, down to
what the elevation error leaves of it.

Reference: D. Lerro, Y. Bar-Shalom, "Tracking with debiased consistent converted measurements
versus EKF", IEEE Trans. AES 29 (3), 1993.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]

# Where each figure of a radar stands in its packed row.
SITE = 0  # ECEF, 3 values [m]
AXES = 3  # east, north, up in ECEF, 9 values
RANGE_MIN = 12
RANGE_MAX = 13
SIN_ELEVATION_MIN = 14
SIN_ELEVATION_MAX = 15
SIGMA_RANGE = 16
SIGMA_AZIMUTH = 17
SIGMA_ELEVATION = 18
DETECTION = 19
CLUTTER = 20  # false plots and new objects per scan, metre and square radian
SECTOR = 21  # east and north of the middle of the azimuth sector
COS_HALF_WIDTH = 23  # below -1: all round
SIGMA_RANGE_RATE = 24  # NaN: plots carry none
FLOOR_RANGE = 25  # what is left of the sigmas, however strong the echo
FLOOR_AZIMUTH = 26
FLOOR_ELEVATION = 27
TYPICAL_SNR = 28  # power ratio that the sigmas are given for; NaN: they hold for every plot
NEW_SHARE = 29  # of the plots that are no track's, those of new objects
TOLERANCE_RANGE = 30  # standard deviations of the radar's standing errors
TOLERANCE_AZIMUTH = 31
TOLERANCE_ELEVATION = 32
THRESHOLD_SNR = 33  # power ratio below which there is no plot; NaN: not told
PERIOD = 34  # between looks [s]
FIGURES = 35

_WEAKEST = 4.0  # the part of a variance that grows as the echo weakens grows no more than this


@kernel
def weakness(radar: Floats, snr_db: float) -> float:
    """By how much the variance of a plot's noise exceeds the typical one."""
    if not math.isfinite(radar[TYPICAL_SNR] + snr_db):
        return 1.0
    return float(min(radar[TYPICAL_SNR] * 10.0 ** (-0.1 * snr_db), _WEAKEST))


@kernel
def variance(radar: Floats, sigma: int, floor: int, weak: float) -> float:
    """Of one coordinate of a plot: the fixed part, and the noise, which weakens with the echo."""
    fixed = radar[floor] ** 2
    return float(fixed + weak * (radar[sigma] ** 2 - fixed))


@kernel
def locate_plot(
    radar: Floats,
    slant: float,
    azimuth: float,
    elevation: float,
    snr_db: float,
    plot: Floats,
    spread: Floats,
) -> float:
    """Position (3) [m] and covariance (6: XX XY XZ YY YZ ZZ) [m2] of a plot, written in place.

    Returns the natural log of the clutter density there [1/m3]. Accurate to second order in the
    angle errors: bias below 1e-3 standard deviations for errors up to 20 mrad.
    """
    ce, se = math.cos(elevation), math.sin(elevation)
    ca, sa = math.cos(azimuth), math.sin(azimuth)
    weak = weakness(radar, snr_db)
    var_e = variance(radar, SIGMA_ELEVATION, FLOOR_ELEVATION, weak)
    var_a = variance(radar, SIGMA_AZIMUTH, FLOOR_AZIMUTH, weak) * (ce * ce + var_e)
    # East, north, up components of the line of sight and of the two directions across it.
    los = (ce * sa, ce * ca, se)
    side = (ca, -sa, 0.0)
    rise = (-se * sa, -se * ca, ce)
    reach = slant * (1.0 - 0.5 * (var_a + var_e))
    r2 = slant * slant
    along = variance(radar, SIGMA_RANGE, FLOOR_RANGE, weak) + 0.5 * r2 * (
        var_a * var_a + var_e * var_e
    )
    across, above = r2 * var_a, r2 * var_e
    k = 0
    for i in range(3):
        li, si, ri = _turned(radar, los, i), _turned(radar, side, i), _turned(radar, rise, i)
        plot[i] = radar[SITE + i] + reach * li
        for j in range(i, 3):
            lj, sj, rj = _turned(radar, los, j), _turned(radar, side, j), _turned(radar, rise, j)
            spread[k] = along * li * lj + across * si * sj + above * ri * rj
            k += 1
    return math.log(radar[CLUTTER] / (r2 * max(ce, 1e-3)))


@kernel
def _turned(radar: Floats, local: tuple[float, float, float], i: int) -> float:
    """ECEF component `i` of a vector given east, north, up."""
    return float(
        radar[AXES + i] * local[0] + radar[AXES + 3 + i] * local[1] + radar[AXES + 6 + i] * local[2]
    )


@kernel
def plot_sigma(radar: Floats, slant: float) -> float:
    """Upper bound of a plot's standard deviation in any direction [m]."""
    angle = max(radar[SIGMA_AZIMUTH], radar[SIGMA_ELEVATION])
    largest = math.sqrt(radar[SIGMA_RANGE] ** 2 + (slant * angle) ** 2)
    return largest * math.sqrt(_WEAKEST) if math.isfinite(radar[TYPICAL_SNR]) else largest


@kernel
def slant_range(radar: Floats, x: float, y: float, z: float) -> float:
    """Distance [m] from the radar."""
    dx, dy, dz = x - radar[SITE], y - radar[SITE + 1], z - radar[SITE + 2]
    return math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel
def covers(radar: Floats, x: float, y: float, z: float) -> bool:
    """Whether the radar should see an object there: inside its ranges, elevations and sector."""
    dx, dy, dz = x - radar[SITE], y - radar[SITE + 1], z - radar[SITE + 2]
    r = math.sqrt(dx * dx + dy * dy + dz * dz)
    if not radar[RANGE_MIN] <= r <= radar[RANGE_MAX]:
        return False
    up = (dx * radar[AXES + 6] + dy * radar[AXES + 7] + dz * radar[AXES + 8]) / r
    if radar[COS_HALF_WIDTH] >= -1.0:
        east = dx * radar[AXES] + dy * radar[AXES + 1] + dz * radar[AXES + 2]
        north = dx * radar[AXES + 3] + dy * radar[AXES + 4] + dz * radar[AXES + 5]
        ahead = east * radar[SECTOR] + north * radar[SECTOR + 1]
        if ahead < radar[COS_HALF_WIDTH] * math.sqrt(east * east + north * north):
            return False
    return bool(radar[SIN_ELEVATION_MIN] <= up <= radar[SIN_ELEVATION_MAX])


@kernel
def covered_by_any(radars: Floats, x: float, y: float, z: float) -> bool:
    """Whether at least one radar should see an object there."""
    for i in range(radars.shape[0]):  # noqa: SIM110 - numba has no generators
        if covers(radars[i], x, y, z):
            return True
    return False
