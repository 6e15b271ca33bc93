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
    """The claims of track k are the entries from `start[k]` on, `used[k]` of them."""

    start: Ints
    """(tracks)"""
    used: Ints
    """(tracks)"""
    plot: Ints
    """(entries)"""
    weight: Floats
    """(entries) likelihood of the plot being the track's, against false or new"""
    absent: Floats
    """(tracks) likelihood of the track having no plot"""


@kernel
def settle(claims: Claims, plots: int, share: Floats) -> Floats:
    """Into `share` (entries) how likely each claim holds; returns how likely none of a plot's.

    The latter has one value for each of so many `plots`.
    """
    back = np.ones(claims.weight.size)  # messages from plots to tracks
    total, free = np.empty(plots), np.empty(plots)
    for _ in range(_ROUNDS):
        changed = 0.0
        _to_plots(claims, back, share, total)
        for k in range(claims.used.size):
            for c in range(claims.start[k], claims.start[k] + claims.used[k]):
                message = 1.0 / (1.0 + max(total[claims.plot[c]] - share[c], 0.0))
                changed = max(changed, abs(message - back[c]))
                back[c] = message
        if changed < _SETTLED:
            break
    _to_plots(claims, back, share, total)
    for j in range(plots):
        free[j] = 1.0 / (1.0 + total[j])
    for k in range(claims.used.size):
        whole = _others(claims, back, k, -1)
        for c in range(claims.start[k], claims.start[k] + claims.used[k]):
            share[c] = claims.weight[c] * back[c] / whole
    return free


@kernel
def _to_plots(claims: Claims, back: Floats, message: Floats, total: Floats) -> None:
    """Messages from tracks to plots, and their sum at each plot."""
    for j in range(total.size):
        total[j] = 0.0
    for k in range(claims.used.size):
        for c in range(claims.start[k], claims.start[k] + claims.used[k]):
            message[c] = claims.weight[c] / _others(claims, back, k, c)
            total[claims.plot[c]] += message[c]


@kernel
def _others(claims: Claims, back: Floats, k: int, but: int) -> float:
    """Likelihood of track k having no plot, or any but that of one claim.

    Summed anew each time: a difference would be lost beside a claim that is all but certain.
    """
    total = claims.absent[k]
    for c in range(claims.start[k], claims.start[k] + claims.used[k]):
        if c != but:
            total += claims.weight[c] * back[c]
    return float(total)
