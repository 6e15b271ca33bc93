"""How sure it is that a plot is a young track's own, where several appear close together.

The second plot of a track may lie kilometres from the first, so it may be another's second one,
or the first of yet another object. Each way is weighed against the others (`claims.py`).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.association import Edges
from mantlet.kernels.claims import settle
from mantlet.kernels.compiled import kernel
from mantlet.kernels.joint_association import claims_of
from mantlet.kernels.scan_plots import ScanPlots
from mantlet.kernels.track_rows import BORN, HIT, TrackRows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NEAR_M = 2_000.0  # where one appears, others appear within so much
_NEAR_M3 = math.pi / 3.0 * _NEAR_M**3  # a flat quarter of the ball
_SALVO = 0.1  # where one appears, so many more appear in the next scan (notional)
_LARGEST = 60.0  # of minus half a cost


@kernel
def crowding(tracks: TrackRows, rows: Ints, plots: ScanPlots) -> Floats:
    """By how much new objects are denser near each plot (plots) than usual.

    Judged by the tracks `rows` that began there last. One of them is left out: a plot is not
    weighed against the birth of its own track.
    """
    births = np.zeros(plots.slant.size)
    for i in rows:
        if tracks.clocks[i, HIT] > tracks.clocks[i, BORN]:
            continue
        exists, at = 1.0 / (1.0 + math.exp(-tracks.score[i])), tracks.mean[i, 0]
        for j in range(births.size):
            p = plots.position[j]
            far2 = (p[0] - at[0]) ** 2 + (p[1] - at[1]) ** 2 + (p[2] - at[2]) ** 2
            if far2 < _NEAR_M**2:
                births[j] += exists
    for j in range(births.size):
        usual = math.exp(plots.ln_clutter[j])
        more = max(births[j] - 1.0, 0.0) + _SALVO * min(births[j], 1.0)
        births[j] = 1.0 + more / (_NEAR_M3 * usual)
    return births


@kernel
def chances(edges: Edges, crowd: Floats) -> Floats:
    """Probability of each edge (as long as the edges), new objects `crowd` times as dense."""
    like, share = np.empty(edges.start[-1]), np.empty(edges.start[-1])
    for e in range(like.size):
        like[e] = math.exp(min(-0.5 * edges.cost[e], _LARGEST)) / crowd[edges.column[e]]
    settle(claims_of(edges, like), crowd.size, share)
    return share


@kernel
def chance_of(edges: Edges, share: Floats, k: int, j: int) -> float:
    """Probability that plot `j` is the track's of row `k`."""
    for e in range(edges.start[k], edges.start[k + 1]):
        if edges.column[e] == j:
            return float(share[e])
    return 0.0
