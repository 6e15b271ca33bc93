"""States between the integrator's knots: quintic Hermite interpolation.

The quintic through position, velocity and acceleration at both ends of a step has an error of
sixth order in the step, below that of the steps themselves.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def _cell(knots: Floats, begin: int, end: int, time_s: float) -> int:
    """The last knot of begin..end-2 that is not later than the time (bisection)."""
    low, high = begin, end - 1
    while high - low > 1:
        middle = (low + high) // 2
        if knots[middle, 0] <= time_s:
            low = middle
        else:
            high = middle
    return low


@kernel
def quintic(
    h: float, s: float, p: float, v: float, a: float, q: float, w: float, b: float
) -> tuple[float, float]:
    """Value and rate at s (0 to 1) of a step h from (p, v, a) to (q, w, b)."""
    v, w, a, b = v * h, w * h, 0.5 * a * h * h, 0.5 * b * h * h
    rise = q - p - v - a
    turn = w - v - 2.0 * a
    bend = b - a
    c3 = 10.0 * rise - 4.0 * turn + bend
    c4 = -15.0 * rise + 7.0 * turn - 2.0 * bend
    c5 = 6.0 * rise - 3.0 * turn + bend
    value = p + s * (v + s * (a + s * (c3 + s * (c4 + s * c5))))
    rate = v + s * (2.0 * a + s * (3.0 * c3 + s * (4.0 * c4 + s * 5.0 * c5)))
    return value, rate / h


@kernel
def states_at(offsets: Ints, knots: Floats, rows: Ints, times_s: Floats) -> Floats:
    """Position [m] and velocity [m/s] of some rows, each at its own time, shape (m, 6).

    `offsets` and `knots` as `kernels.flight.fly_knots` returns them. NaN outside a row's flight
    (ends included in it) and for rows without knots. The rows must exist.
    """
    out = np.full((rows.size, 6), math.nan)
    for j in range(rows.size):
        begin, end, time_s = offsets[rows[j]], offsets[rows[j] + 1], times_s[j]
        if end - begin < 2 or not knots[begin, 0] <= time_s <= knots[end - 1, 0]:
            continue
        i = _cell(knots, begin, end, time_s)
        h = knots[i + 1, 0] - knots[i, 0]
        s = (time_s - knots[i, 0]) / h
        for axis in range(3):
            out[j, axis], out[j, 3 + axis] = quintic(
                h,
                s,
                knots[i, 1 + axis],
                knots[i, 4 + axis],
                knots[i, 7 + axis],
                knots[i + 1, 1 + axis],
                knots[i + 1, 4 + axis],
                knots[i + 1, 7 + axis],
            )
    return out
