"""The range rate of a plot, where it carries one: a fourth measurement, taken after the position.

One scalar update; its error is independent of the others. The line of sight is that to the track.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.measurement import SIGMA_RANGE_RATE, SITE
from mantlet.kernels.track_motion import STATES

Floats = NDArray[np.float64]

RATE_GATE = 16.0
"""Squared Mahalanobis distance, one degree of freedom: four sigmas."""
_LN_2PI = math.log(2.0 * math.pi)
_LN_FALSE = -math.log(2_000.0)  # false plots, and new ones, spread over plus and minus 1 km/s


@kernel
def rate_slopes(mean: Floats, radar: Floats, slope: Floats) -> float:
    """Range rate [m/s] of a state (7), and its derivatives by the first six into `slope` (6)."""
    x, y, z = mean[0] - radar[SITE], mean[1] - radar[SITE + 1], mean[2] - radar[SITE + 2]
    r = math.sqrt(x * x + y * y + z * z)
    slope[3], slope[4], slope[5] = x / r, y / r, z / r
    rate = slope[3] * mean[3] + slope[4] * mean[4] + slope[5] * mean[5]
    for i in range(3):
        slope[i] = (mean[3 + i] - rate * slope[3 + i]) / r
    return float(rate)


@kernel
def rate_innovation(
    mean: Floats, cov: Floats, radar: Floats, rate: float, slope: Floats, gain: Floats
) -> tuple[float, float]:
    """Residual [m/s] and its variance; `gain` (7) gets the covariance of state and rate."""
    residual = rate - rate_slopes(mean, radar, slope)
    variance = radar[SIGMA_RANGE_RATE] ** 2
    for i in range(STATES):
        gain[i] = 0.0
        for j in range(6):
            gain[i] += cov[i, j] * slope[j]
    for j in range(6):
        variance += slope[j] * gain[j]
    return residual, variance


@kernel
def rate_loss(
    mean: Floats, cov: Floats, radar: Floats, rate: float, slope: Floats, gain: Floats
) -> tuple[float, float]:
    """Squared distance, and what it adds to a pair's cost: minus twice the log of the odds."""
    residual, variance = rate_innovation(mean, cov, radar, rate, slope, gain)
    d2 = residual * residual / variance
    return d2, d2 + math.log(variance) + _LN_2PI + 2.0 * _LN_FALSE


@kernel
def update_rate(
    mean: Floats, cov: Floats, radar: Floats, rate: float, slope: Floats, gain: Floats
) -> float:
    """Take in a range rate, in place; log density of it before."""
    residual, variance = rate_innovation(mean, cov, radar, rate, slope, gain)
    for i in range(STATES):
        mean[i] += gain[i] * residual / variance
        for j in range(i, STATES):
            cov[i, j] -= gain[i] * gain[j] / variance
            cov[j, i] = cov[i, j]
    return -0.5 * (residual * residual / variance + math.log(variance) + _LN_2PI)
