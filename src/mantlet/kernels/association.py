"""Which plots may belong to which tracks: a cheap reach test, then Mahalanobis and likelihood.

Plots come sorted by range from the radar that made them. A track asks only for those in a band of
ranges, then for those within its reach in space; only what is left pays for a 3 x 3 inverse. The
cost of a pair is minus twice its log likelihood ratio against "missed, and the plot is false or
new": squared distance plus ln det S, less a constant of the radar and the place. So leaving a
track without plot costs exactly zero and the best assignment is the most likely one.

Reference: S. Blackman, R. Popoli, Design and Analysis of Modern Tracking Systems, Artech, 1999,
ch. 6 (gating, global nearest neighbour with likelihood scores).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.filter import innovation
from mantlet.kernels.measurement import DETECTION, SIGMA_AZIMUTH, SIGMA_ELEVATION, SIGMA_RANGE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LN_2PI_3 = 3.0 * math.log(2.0 * math.pi)
_THRUST_RARITY = 2.0 * math.log(0.95 / 0.05)  # one scan of a young track in twenty (notional)
_ODD_ACCELERATION_MPS2 = 30.0  # gravity and heavy drag together, for the straight-line reach


@kernel
def plot_sigma(radar: Floats, slant: float) -> float:
    """Upper bound of a plot's standard deviation in any direction [m]."""
    angle = max(radar[SIGMA_AZIMUTH], radar[SIGMA_ELEVATION])
    return math.sqrt(radar[SIGMA_RANGE] ** 2 + (slant * angle) ** 2)


@kernel
def reach(cov: Floats, ahead: float, noise: float, plot_sigma_m: float, gate: float) -> float:
    """How far from its straight-line position a track may still find its plot [m].

    Standard deviations add at worst linearly, the trace bounds the largest: never too small.
    """
    position = math.sqrt(cov[0, 0] + cov[1, 1] + cov[2, 2])
    velocity = math.sqrt(cov[3, 3] + cov[4, 4] + cov[5, 5])
    drift = ahead * velocity + math.sqrt(noise * ahead * ahead * ahead)
    bend = 0.5 * _ODD_ACCELERATION_MPS2 * ahead * ahead
    return math.sqrt(gate) * (position + drift + plot_sigma_m) + bend


@kernel
def first_at_least(ranges: Floats, value: float) -> int:
    """Index of the first of the sorted `ranges` that is not below `value`."""
    low, high = 0, ranges.size
    while low < high:
        middle = (low + high) // 2
        if ranges[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def any_within(
    x: float,
    y: float,
    z: float,
    slant: float,
    reach_m: float,
    ranges: Floats,
    plots: Floats,
    taken: NDArray[np.bool_],
) -> bool:
    """Whether any plot not yet taken lies within `reach_m` of a point at range `slant`."""
    for j in range(first_at_least(ranges, slant - reach_m), ranges.size):
        if ranges[j] > slant + reach_m:
            break
        dx, dy, dz = plots[j, 0] - x, plots[j, 1] - y, plots[j, 2] - z
        if not taken[j] and dx * dx + dy * dy + dz * dz <= reach_m * reach_m:
            return True
    return False


@kernel
def pair_cost(d2: float, ln_det: float, ln_clutter: float, detection: float) -> float:
    """Cost of giving a plot to a track; zero is the cost of not doing so."""
    return d2 + ln_det + _LN_2PI_3 + 2.0 * (ln_clutter + math.log((1.0 - detection) / detection))


@kernel
def hit_score(d2: float, ln_det: float, ln_clutter: float, detection: float) -> float:
    """Log likelihood ratio of a hit against clutter (Blackman and Popoli, eq. 6.5)."""
    return math.log(detection) - ln_clutter - 0.5 * (d2 + ln_det + _LN_2PI_3)


@kernel
def fit(
    mean: Floats,
    cov: Floats,
    plot: Floats,
    spread: Floats,
    thrust_m2: float,
    gate: float,
    inverse: Floats,
) -> tuple[bool, float, float]:
    """How well a plot fits a track: whether under thrust, d2, and ln det S.

    A young track may still be under thrust. `thrust_m2` is the variance per axis that this would
    add to its position (0 for one too old). The likelier of the two motions counts; thrust pays
    for being the rarer one.
    """
    d2, ln_det = innovation(mean, cov, plot, spread, 0.0, inverse)
    if thrust_m2 <= 0.0:
        return False, d2, ln_det
    d2_thrust, ln_det_thrust = innovation(mean, cov, plot, spread, thrust_m2, inverse)
    ln_det_thrust += _THRUST_RARITY
    if d2 > gate or d2_thrust + ln_det_thrust < d2 + ln_det:
        return True, d2_thrust, ln_det_thrust
    return False, d2, ln_det


@kernel
def edges_of(
    mean: Floats,
    cov: Floats,
    slant: float,
    radar: Floats,
    ranges: Floats,
    plots: Floats,
    spreads: Floats,
    ln_clutter: Floats,
    taken: NDArray[np.bool_],
    thrust_m2: float,
    gate: float,
    inverse: Floats,
    column: Ints,
    cost: Floats,
    count: int,
) -> int:
    """Append one track's gated plots to the edge list; returns how many edges there are now.

    The track's state holds at the time of the plots. An edge that is less likely than a miss is
    left out. The list must have room for one edge per plot.
    """
    reach_m = reach(cov, 0.0, 0.0, plot_sigma(radar, slant), gate)
    reach_m += math.sqrt(gate * thrust_m2)
    for j in range(first_at_least(ranges, slant - reach_m), ranges.size):
        if ranges[j] > slant + reach_m:
            break
        if taken[j]:
            continue
        dx, dy, dz = plots[j, 0] - mean[0], plots[j, 1] - mean[1], plots[j, 2] - mean[2]
        if dx * dx + dy * dy + dz * dz > reach_m * reach_m:
            continue
        _, d2, ln_det = fit(mean, cov, plots[j], spreads[j], thrust_m2, gate, inverse)
        if d2 > gate:
            continue
        value = pair_cost(d2, ln_det, ln_clutter[j], radar[DETECTION])
        if value < 0.0:
            column[count] = j
            cost[count] = value
            count += 1
    return count
