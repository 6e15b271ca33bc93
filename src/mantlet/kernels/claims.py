"""Soft claims of tracks on plots, settled by belief propagation.

Each track has at most one plot and each plot at most one track. How likely is it, given all
claims, that a plot is a certain track's? Exact answers cost factorially; belief propagation is
exact for claims without loops, close to it otherwise, and always converges.

Reference: J. L. Williams, R. Lau, "Approximate evaluation of marginal association probabilities
with belief propagation", IEEE Trans. AES 50 (4), 2014.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUNDS = 100
_SETTLED = 1e-6


class Claims(NamedTuple):
    """Row k: the claims of track k, `used[k]` of them, the rest of the row unused."""

    used: Ints
    """(tracks)"""
    plot: Ints
    """(tracks, most)"""
    weight: Floats
    """(tracks, most) likelihood of the plot being the track's, against false or new"""
    absent: Floats
    """(tracks) likelihood of the track having no plot"""


@kernel
def settle(claims: Claims, plots: int, share: Floats) -> Floats:
    """Into `share` (tracks, most) how likely each claim holds; returns how likely none of a plot's.

    The latter has one value for each of so many `plots`.
    """
    tracks = claims.used.size
    back = np.ones(claims.weight.shape)  # messages from plots to tracks
    total, free = np.empty(plots), np.empty(plots)
    for _ in range(_ROUNDS):
        changed = 0.0
        _to_plots(claims, back, share, total)
        for k in range(tracks):
            for c in range(claims.used[k]):
                message = 1.0 / (1.0 + total[claims.plot[k, c]] - share[k, c])
                changed = max(changed, abs(message - back[k, c]))
                back[k, c] = message
        if changed < _SETTLED:
            break
    _to_plots(claims, back, share, total)
    for j in range(plots):
        free[j] = 1.0 / (1.0 + total[j])
    for k in range(tracks):
        whole = claims.absent[k]
        for c in range(claims.used[k]):
            whole += claims.weight[k, c] * back[k, c]
        for c in range(claims.used[k]):
            share[k, c] = claims.weight[k, c] * back[k, c] / whole
    return free


@kernel
def _to_plots(claims: Claims, back: Floats, message: Floats, total: Floats) -> None:
    """Messages from tracks to plots, and their sum at each plot."""
    for j in range(total.size):
        total[j] = 0.0
    for k in range(claims.used.size):
        whole = claims.absent[k]
        for c in range(claims.used[k]):
            whole += claims.weight[k, c] * back[k, c]
        for c in range(claims.used[k]):
            others = max(whole - claims.weight[k, c] * back[k, c], 1e-12)
            message[k, c] = claims.weight[k, c] / others
            total[claims.plot[k, c]] += message[k, c]
