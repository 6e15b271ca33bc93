"""Smooth tables: cubic splines on an even grid, evaluated without branches or searches.

An adaptive integrator pays for every kink with rejected steps, so the tables of air and drag
are twice continuously differentiable.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def spline_coefficients(values: Sequence[float]) -> NDArray[np.float64]:
    """Twice continuously differentiable cubic through values on an even grid of unit spacing.

    Returns shape (n - 1, 4): in cell i the value is c0 + c1 s + c2 s2 + c3 s3, s in [0, 1]. The
    end slopes are the one-sided second-order differences. Solved by the Thomas algorithm in
    plain floats: no library's rounding enters the tables.
    """
    y = [float(v) for v in values]
    n = len(y)
    slope = [0.0] * n
    slope[0] = -1.5 * y[0] + 2.0 * y[1] - 0.5 * y[2]
    slope[-1] = 1.5 * y[-1] - 2.0 * y[-2] + 0.5 * y[-3]
    # slope[i-1] + 4 slope[i] + slope[i+1] = 3 (y[i+1] - y[i-1]) inside.
    ratio, right = [0.0] * n, [0.0] * n
    right[0] = slope[0]
    for i in range(1, n - 1):
        pivot = 4.0 - ratio[i - 1]
        ratio[i] = 1.0 / pivot
        right[i] = (3.0 * (y[i + 1] - y[i - 1]) - right[i - 1]) / pivot
    for i in range(n - 2, 0, -1):
        slope[i] = right[i] - ratio[i] * slope[i + 1]
    rows = [
        (a, p, 3.0 * (b - a) - 2.0 * p - q, 2.0 * (a - b) + p + q)
        for a, b, p, q in zip(y[:-1], y[1:], slope[:-1], slope[1:], strict=True)
    ]
    return np.array(rows, dtype=np.float64)
