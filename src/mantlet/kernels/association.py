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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.filter import plot_distance
from mantlet.kernels.measurement import DETECTION, plot_sigma, slant_range
from mantlet.kernels.new_objects import climb_odds
from mantlet.kernels.range_rate import RATE_GATE, rate_loss
from mantlet.kernels.scan_plots import ScanPlots, first_at_least
from mantlet.kernels.track_models import MODELS, likeliest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LN_2PI_3 = 3.0 * math.log(2.0 * math.pi)
THRUST_SHARE = 0.05  # of the scans of a young track (notional)
_THRUST_RARITY = 2.0 * math.log((1.0 - THRUST_SHARE) / THRUST_SHARE)
_IMPOSSIBLE = -1e9
_ODD_ACCELERATION_MPS2 = 30.0  # gravity and heavy drag together, for the straight-line reach


class Edges(NamedTuple):
    """Which plots each track may take, and at what cost; see `assignment.assign_sparse`."""

    start: Ints
    column: Ints
    cost: Floats


@kernel
def room_for_edges(rows: int, plots: int) -> Edges:
    """An edge list with room for every pair. Memory that no edge touches is never really taken."""
    edges = Edges(
        np.empty(rows + 1, np.int64), np.empty(rows * plots, np.int64), np.empty(rows * plots)
    )
    edges.start[0] = 0
    return edges


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
def pair_cost(loss: float, ln_clutter: float, detection: float) -> float:
    """Cost of giving a plot to a track; zero is the cost of not doing so.

    `loss` is minus twice the log density of the plot, d2 + ln det S for one model.
    """
    return loss + LN_2PI_3 + 2.0 * (ln_clutter + math.log((1.0 - detection) / detection))


@kernel
def hit_score(loss: float, ln_clutter: float, detection: float) -> float:
    """Log likelihood ratio of a hit against clutter (Blackman and Popoli, eq. 6.5)."""
    return math.log(detection) - ln_clutter - 0.5 * (loss + LN_2PI_3)


@kernel
def stretch(mean: Floats, spread: Floats, variance: float, longer: Floats) -> None:
    """Add a variance [m2] along the velocity to a plot's covariance (6), into `longer` (6)."""
    speed2 = mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2
    k = 0
    for a in range(3):
        for b in range(a, 3):
            longer[k] = spread[k] + variance * mean[3 + a] * mean[3 + b] / (speed2 + 1.0)
            k += 1


@kernel
def fit(
    mean: Floats,
    cov: Floats,
    plot: Floats,
    spread: Floats,
    thrust_m2: float,
    gate: float,
) -> tuple[bool, float, float]:
    """How well a plot fits a track: whether under thrust, d2, and ln det S.

    A young track may still be under thrust. `thrust_m2` is the variance that this would add to
    its position along its velocity (0 for one too old). The likelier of the two motions counts;
    thrust pays for being the rarer one.
    """
    d2, ln_det, _ = plot_distance(mean, cov, plot, spread, 0.0)
    if thrust_m2 <= 0.0:
        return False, d2, ln_det
    longer = np.empty(6)
    stretch(mean, spread, thrust_m2, longer)
    d2_thrust, ln_det_thrust, _ = plot_distance(mean, cov, plot, longer, 0.0)
    ln_det_thrust += _THRUST_RARITY
    if d2 > gate or d2_thrust + ln_det_thrust < d2 + ln_det:
        return True, d2_thrust, ln_det_thrust
    return False, d2, ln_det


@kernel
def fit_models(
    mean: Floats, cov: Floats, weight: Floats, plot: Floats, spread: Floats, ln: Floats
) -> tuple[float, float]:
    """How well a plot fits a bank of models: least d2, and ln of the mean density.

    `ln` (models) gets the log density of each live model, both without the factor of 2 pi.
    """
    nearest, best = math.inf, -math.inf
    for m in range(MODELS):
        if weight[m] > 0.0:
            d2, ln_det, _ = plot_distance(mean[m], cov[m], plot, spread, 0.0)
            ln[m] = -0.5 * (d2 + ln_det)
            if not ln[m] > _IMPOSSIBLE:  # a model that has lost itself, be it to NaN, must go
                ln[m] = _IMPOSSIBLE
            nearest, best = min(nearest, d2), max(best, ln[m])
    total = 0.0
    for m in range(MODELS):
        if weight[m] > 0.0:
            total += weight[m] * math.exp(ln[m] - best)
    return nearest, best + math.log(total)


@kernel
def reach_models(
    mean: Floats, cov: Floats, weight: Floats, best: int, sigma: float, gate: float
) -> float:
    """How far from its likeliest model's position a track may find its plot now [m]."""
    far = 0.0
    for m in range(MODELS):
        if weight[m] > 0.0:
            apart2 = 0.0
            for i in range(3):
                apart2 += (mean[m, i] - mean[best, i]) ** 2
            far = max(far, reach(cov[m], 0.0, 0.0, sigma, gate) + math.sqrt(apart2))
    return far


@kernel
def edges_of(
    mean: Floats,
    cov: Floats,
    weight: Floats,
    radar: Floats,
    plots: ScanPlots,
    thrust_m2: float,
    gate: float,
    most: float,
    edges: Edges,
    count: int,
    work: Floats,
    first_gap_s: float,
    speed_sigma: float,
) -> int:
    """Append one track's gated plots to the edge list; returns how many edges there are now.

    The track's models hold at the time of the plots. An edge that costs more than `most` is left
    out (0: less likely than a miss). The list must have room for one edge per plot; `work` (3, 7)
    is scratch. `first_gap_s` [s] since the only plot of a track, 0 for one that has more;
    `speed_sigma` [m/s] of its prior.
    """
    ln, slope, gain = work[0, :MODELS], work[1, :6], work[2]
    best = likeliest(weight)
    x, y, z = mean[best, 0], mean[best, 1], mean[best, 2]
    slant = slant_range(radar, x, y, z)
    far = reach_models(mean, cov, weight, best, plot_sigma(radar, slant), gate)
    far += math.sqrt(gate * thrust_m2)
    for j in range(first_at_least(plots.slant, slant - far), plots.slant.size):
        if plots.slant[j] > slant + far:
            break
        p = plots.position[j]
        far2 = (p[0] - x) ** 2 + (p[1] - y) ** 2 + (p[2] - z) ** 2
        if plots.taken[j] == 1 or far2 > far * far:
            continue
        if weight[best] < 1.0:
            d2, density = fit_models(mean, cov, weight, p, plots.spread[j], ln)
            loss = -2.0 * density
        else:
            _, d2, ln_det = fit(mean[best], cov[best], p, plots.spread[j], thrust_m2, gate)
            loss = d2 + ln_det
        if first_gap_s > 0.0:
            sigma = plot_sigma(radar, slant)
            odds = climb_odds(radar, mean[0], p, first_gap_s, sigma, speed_sigma)
            loss -= 2.0 * math.log(odds)
        if math.isfinite(plots.rate[j]):
            rate_d2, more = rate_loss(mean[best], cov[best], radar, plots.rate[j], slope, gain)
            d2 = d2 if rate_d2 <= RATE_GATE else math.inf
            loss += more
        cost = pair_cost(loss, plots.ln_clutter[j], radar[DETECTION])
        if d2 <= gate and cost < most:
            edges.column[count] = j
            edges.cost[count] = cost
            count += 1
    return count
