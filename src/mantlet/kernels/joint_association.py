"""Joint probabilistic data association: the odds of every pair of track and plot, all at once.

Groups of tracks that share plots are looked at one by one. A small group is exact: every way of
giving each track at most one plot and each plot to at most one track, weighed by its likelihood.
A large one takes belief propagation, close to exact (`claims.py`).

References: T. Fortmann, Y. Bar-Shalom, M. Scheffe, "Sonar tracking of multiple targets using joint
probabilistic data association", IEEE J. Oceanic Eng. 8 (3), 1983.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.association import Edges
from mantlet.kernels.claims import Claims, settle
from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT_ROWS = 8
EXACT_EVENTS = 20_000.0
"""A group with more tracks, or more ways than this before plots are told apart, is not exact."""

_LARGEST = 300.0  # of minus half a cost: exp() of more would overflow in a product


@kernel
def groups(edges: Edges, columns: int) -> Ints:
    """For each row the first row of its group: rows that share a column, directly or not."""
    rows = edges.start.size - 1
    parent, owner = np.arange(rows), np.full(columns, -1)
    for i in range(rows):
        for e in range(edges.start[i], edges.start[i + 1]):
            j = edges.column[e]
            if owner[j] < 0:
                owner[j] = i
            else:
                a, b = _first(parent, i), _first(parent, owner[j])
                parent[max(a, b)] = min(a, b)
    for i in range(rows):
        parent[i] = _first(parent, i)
    return parent


@kernel
def _first(parent: Ints, i: int) -> int:
    while parent[i] != i:
        i = parent[i]
    return i


@kernel
def joint_odds(edges: Edges, columns: int) -> tuple[Floats, Floats]:
    """Probability of each edge (as long as `edges.column`), and of a miss for each row.

    Costs are minus twice the log odds of a pair against a miss.
    """
    rows, count = edges.start.size - 1, edges.start[-1]
    odds, missed = np.zeros(count), np.ones(rows)
    like = np.empty(count)
    for e in range(count):
        like[e] = math.exp(min(-0.5 * edges.cost[e], _LARGEST / EXACT_ROWS))
    group, members, settled = groups(edges, columns), np.empty(rows, np.int64), False
    share = np.empty(count)
    for first in range(rows):
        n, events = 0, 1.0
        for i in range(first, rows):
            if group[i] == first:
                members[n] = i
                n += 1
                events *= 1.0 + edges.start[i + 1] - edges.start[i]
        if n == 0:
            continue
        if n <= EXACT_ROWS and events <= EXACT_EVENTS:
            _exact(edges, like, members[:n], columns, odds, missed)
        else:
            if not settled:
                settle(claims_of(edges, like), columns, share)
                settled = True
            _copy(edges, share, members[:n], odds, missed)
    return odds, missed


@kernel
def claims_of(edges: Edges, weight: Floats) -> Claims:
    """All edges as claims, a miss having likelihood 1."""
    start = edges.start[:-1]
    return Claims(start, edges.start[1:] - start, edges.column, weight, np.ones(start.size))


@kernel
def _copy(edges: Edges, share: Floats, members: Ints, odds: Floats, missed: Floats) -> None:
    """Take the odds of a group over."""
    for i in members:
        whole = 0.0
        for e in range(edges.start[i], edges.start[i + 1]):
            odds[e] = share[e]
            whole += share[e]
        missed[i] = max(1.0 - whole, 0.0)


@kernel
def _exact(
    edges: Edges, like: Floats, members: Ints, columns: int, odds: Floats, missed: Floats
) -> None:
    """Every joint event of a group, counted through like the digits of a number."""
    n = members.size
    choice, product = np.full(n, -2), np.ones(n + 1)
    used, total = np.zeros(columns, np.int64), 0.0
    for i in members:
        missed[i] = 0.0
    k = 0
    while k >= 0:
        if k == n:
            total += product[n]
            for m in range(n):
                if choice[m] >= 0:
                    odds[choice[m]] += product[n]
                else:
                    missed[members[m]] += product[n]
            k -= 1
            continue
        # The next choice of this row: first none (-1), then its edges whose plot is free.
        i, e = members[k], choice[k]
        if e >= 0:
            used[edges.column[e]] = 0
        e = -1 if e == -2 else (edges.start[i] if e == -1 else e + 1)
        while e >= 0 and e < edges.start[i + 1] and used[edges.column[e]] == 1:
            e += 1
        if e >= edges.start[i + 1]:
            choice[k] = -2
            k -= 1
            continue
        choice[k] = e
        product[k + 1] = product[k]
        if e >= 0:
            used[edges.column[e]] = 1
            product[k + 1] *= like[e]
        k += 1
    for i in members:
        missed[i] /= total
        for e in range(edges.start[i], edges.start[i + 1]):
            odds[e] /= total
