"""Optimal assignment with the choice of leaving a row alone, dense and sparse.

Shortest augmenting paths with dual prices, one row after the other. A path never leaves the
connected component of its row, so well separated groups cost what they would cost alone.

Reference: R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse
linear assignment problems", Computing 38, 1987.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1


@kernel
def assign_sparse(start: Ints, column: Ints, cost: Floats, columns: int, miss_cost: float) -> Ints:
    """Column of each row, -1 where the row is left alone, at the least total cost.

    Parameters
    ----------
    start : (n + 1,) int64
        The edges of row i are `start[i]` to `start[i + 1]`.
    column, cost : (edges,)
        Column, unique within its row, and finite cost of each edge; may be negative.
    columns : int
        How many columns there are; each is used once at most.
    miss_cost : float
        Cost of leaving a row alone.
    """
    rows = start.size - 1
    of_row = np.empty(rows, np.int64)
    for i in range(rows):
        of_row[i] = NONE
    if start[rows] == start[0]:  # most scans: nothing to choose from
        return of_row
    of_column = np.empty(columns, np.int64)
    price, distance = np.empty(columns), np.empty(columns)
    via = np.empty(columns, np.int64)  # row from which a column was reached
    mark = np.empty(columns, np.int64)  # the round in which it was reached
    fixed = np.empty(columns, np.int64)  # the round in which its distance became final
    reached = np.empty(columns, np.int64)
    for j in range(columns):
        of_column[j], mark[j], fixed[j], price[j] = NONE, NONE, NONE, 0.0
    for root in range(rows):
        best_miss, miss_row = miss_cost, root
        count, row, offset = 0, root, 0.0
        end = NONE
        while True:
            # `offset` = length of the path to `row`, less what its own edge costs.
            if offset + miss_cost < best_miss:
                best_miss, miss_row = offset + miss_cost, row
            for e in range(start[row], start[row + 1]):
                j = column[e]
                if fixed[j] == root:
                    continue
                reach = offset + cost[e] - price[j]
                if mark[j] != root:
                    mark[j] = root
                    reached[count] = j
                    count += 1
                elif reach >= distance[j]:
                    continue
                distance[j] = reach
                via[j] = row
            nearest = _nearest(reached, count, fixed, distance, root)
            if nearest == NONE or distance[nearest] >= best_miss:
                break
            fixed[nearest] = root
            if of_column[nearest] == NONE:
                end = nearest
                break
            row = of_column[nearest]
            offset = distance[nearest] - _edge(start, column, cost, row, nearest) + price[nearest]
        length = best_miss if end == NONE else distance[end]
        for k in range(count):
            j = reached[k]
            if fixed[j] == root and j != end:
                price[j] += distance[j] - length
        if end == NONE:
            j, of_row[miss_row], row = of_row[miss_row], NONE, miss_row
        else:
            j, row = end, NONE
        while row != root:
            row = via[j]
            of_column[j] = row
            j, of_row[row] = of_row[row], j
    return of_row


@kernel
def _nearest(reached: Ints, count: int, fixed: Ints, distance: Floats, root: int) -> int:
    """The reached column with the least distance that is not final yet; the first among equals."""
    best = NONE
    for k in range(count):
        j = reached[k]
        if fixed[j] != root and (best == NONE or distance[j] < distance[best]):
            best = j
    return best


@kernel
def _edge(start: Ints, column: Ints, cost: Floats, row: int, wanted: int) -> float:
    """Cost of the edge from a row to a column it has."""
    for e in range(start[row], start[row + 1]):
        if column[e] == wanted:
            return float(cost[e])
    return np.inf


@kernel
def assign(cost: Floats, miss_cost: float) -> Ints:
    """Column of each row of a dense cost matrix, -1 where the row is left alone.

    `cost` (n, m), infinite where forbidden; leaving a row alone costs `miss_cost`. The total is
    the least possible, as SciPy's `linear_sum_assignment` finds with one extra column per row.
    """
    rows, columns = cost.shape
    start = np.empty(rows + 1, np.int64)
    start[0] = 0
    column = np.empty(rows * columns, np.int64)
    value = np.empty(rows * columns)
    count = 0
    for i in range(rows):
        for j in range(columns):
            if cost[i, j] < np.inf:
                column[count] = j
                value[count] = cost[i, j]
                count += 1
        start[i + 1] = count
    return assign_sparse(start, column, value, columns, miss_cost)
