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
from mantlet.kernels.filter import innovation
from mantlet.kernels.measurement import DETECTION, plot_sigma
from mantlet.kernels.scan_plots import ScanPlots, first_at_least

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LN_2PI_3 = 3.0 * math.log(2.0 * math.pi)
_THRUST_RARITY = 2.0 * math.log(0.95 / 0.05)  # one scan of a young track in twenty (notional)
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
    plots: ScanPlots,
    thrust_m2: float,
    gate: float,
    edges: Edges,
    count: int,
) -> int:
    """Append one track's gated plots to the edge list; returns how many edges there are now.

    The track's state, at range `slant`, holds at the time of the plots. An edge that is less
    likely than a miss is left out. The list must have room for one edge per plot.
    """
    inverse = np.empty(6)
    far = reach(cov, 0.0, 0.0, plot_sigma(radar, slant), gate) + math.sqrt(gate * thrust_m2)
    for j in range(first_at_least(plots.slant, slant - far), plots.slant.size):
        if plots.slant[j] > slant + far:
            break
        p = plots.position[j]
        far2 = (p[0] - mean[0]) ** 2 + (p[1] - mean[1]) ** 2 + (p[2] - mean[2]) ** 2
        if plots.taken[j] == 1 or far2 > far * far:
            continue
        _, d2, ln_det = fit(mean, cov, p, plots.spread[j], thrust_m2, gate, inverse)
        cost = pair_cost(d2, ln_det, plots.ln_clutter[j], radar[DETECTION])
        if d2 <= gate and cost < 0.0:
            edges.column[count] = j
            edges.cost[count] = cost
            count += 1
    return count
