"""Echoes that stand in one resolution cell are one echo.

A cell is opened by the strongest echo left and takes in all that stand within one resolution of
it, so the outcome does not depend on the order of the objects.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.radar import (
    AZIMUTH,
    POWER,
    RANGE,
    RANGE_RATE,
    RANGE_RESOLUTION,
    wrapped,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def ascending(values: Floats, count: int) -> Ints:
    """Indices that sort the first `count` values, equal ones in their order (merge sort).

    numba's own sort is no faster here and takes seconds to compile.
    """
    order, other = np.empty(count, np.int64), np.empty(count, np.int64)
    for k in range(count):
        order[k] = k
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            middle, high = min(low + width, count), min(low + 2 * width, count)
            i, j = low, middle
            for k in range(low, high):
                if j >= high or (i < middle and values[order[i]] <= values[order[j]]):
                    other[k] = order[i]
                    i += 1
                else:
                    other[k] = order[j]
                    j += 1
        order, other = other, order
        width *= 2
    return order


@kernel
def _in_one_cell(radar: Floats, echo: Floats, i: int, j: int) -> bool:
    """Whether two echoes, known to be within one range resolution, cannot be told apart."""
    for m in range(AZIMUTH, POWER):
        apart = echo[m, i] - echo[m, j]
        if m == AZIMUTH:
            apart = wrapped(apart)
        resolution = radar[RANGE_RESOLUTION + m]
        if abs(apart) >= resolution and not (m == RANGE_RATE and resolution == 0.0):
            return False
    return True


@kernel
def absorb_cell(radar: Floats, echo: Floats, lead: int, cell: Floats) -> int:
    """Write the power-weighted centre of the cell of `lead`; its next strongest row, or -1.

    Rows of `echo` (measures, n) come in ascending range; all in the cell are left without power.
    """
    first, last = lead, lead
    near = echo[RANGE, lead] - radar[RANGE_RESOLUTION]
    far = echo[RANGE, lead] + radar[RANGE_RESOLUTION]
    while first > 0 and echo[RANGE, first - 1] > near:
        first -= 1
    while last + 1 < echo.shape[1] and echo[RANGE, last + 1] < far:
        last += 1
    second, loudest = -1, 0.0
    for m in range(POWER):
        cell[m] = 0.0
    cell[POWER] = echo[POWER, lead]
    for j in range(first, last + 1):
        power = echo[POWER, j]
        if j == lead or power == 0.0 or not _in_one_cell(radar, echo, lead, j):
            continue
        for m in range(POWER):
            apart = echo[m, j] - echo[m, lead]
            cell[m] += power * (wrapped(apart) if m == AZIMUTH else apart)
        cell[POWER] += power
        if power > loudest:
            second, loudest = j, power
        echo[POWER, j] = 0.0
    echo[POWER, lead] = 0.0
    for m in range(POWER):
        cell[m] = echo[m, lead] + cell[m] / cell[POWER]
    return second
