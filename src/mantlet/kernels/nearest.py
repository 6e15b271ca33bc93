"""The nearest of the points that hold at the same instant."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def nearest_at_once(
    points: Floats, times: Floats, others: Floats, other_times: Floats, gate: float
) -> Ints:
    """Row of `others` (m, 3) nearest to each of `points` (n, 3) at the same time; -1 for none.

    Both are in time order; times must agree exactly. Only distances up to `gate` count, and the
    first of two equally near rows wins.
    """
    found = np.full(points.shape[0], -1, dtype=np.int64)
    start = 0
    for i in range(points.shape[0]):
        while start < other_times.size and other_times[start] < times[i]:
            start += 1
        least = gate
        j = start
        while j < other_times.size and other_times[j] == times[i]:
            dx = points[i, 0] - others[j, 0]
            dy = points[i, 1] - others[j, 1]
            dz = points[i, 2] - others[j, 2]
            distance = math.sqrt(dx * dx + dy * dy + dz * dz)
            if distance < least or (distance == least and found[i] < 0):
                least = distance
                found[i] = j
            j += 1
    return found
