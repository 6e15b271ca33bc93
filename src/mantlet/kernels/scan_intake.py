"""The plots of one scan made fit for use: what is no measurement dropped, the rest put in order.

By range, then azimuth, elevation and number: an order that does not depend on how they came.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Rows of a scan's `columns`: range [m], azimuth, elevation [rad], range rate [m/s] (NaN: none),
# signal to noise [dB] (NaN: unknown), time [s].
RANGE, AZIMUTH, ELEVATION, RANGE_RATE, SNR, TIME = range(6)
COLUMNS = 6

# What may be wrong with a plot: the first entries of a tracker's health, in its order.
NOT_A_NUMBER, OUT_OF_RANGE, MISDATED, DUPLICATE = range(4)
_SOUND = -1

_FARTHEST_M = 1e8
_FASTEST_MPS, _LOUDEST_DB = 2e4, 300.0  # beyond, it is no measurement


@kernel
def sift(columns: Floats, plot_id: Ints, time_s: float, window_s: float, counts: Ints) -> int:
    """Keep what is usable at the front of `columns` (6, n) and `plot_id` (n), nearest first.

    Returns how many that are. `counts` is told of the others: no number, a range, elevation, range
    rate or strength that cannot be, a time further than `window_s` from `time_s`, the same
    measurement twice (of which the lowest number stays).
    """
    kept = 0
    for j in range(plot_id.size):
        fault = _fault(columns, j, time_s, window_s)
        if fault != _SOUND:
            counts[fault] += 1
            continue
        if kept < j:
            _copy(columns, plot_id, j, columns, plot_id, kept)
        kept += 1
    _sort(columns, plot_id, kept)
    single = 0
    for j in range(kept):
        if single > 0 and _same(columns, single - 1, j):
            counts[DUPLICATE] += 1
            continue
        if single < j:
            _copy(columns, plot_id, j, columns, plot_id, single)
        single += 1
    return single


@kernel
def _fault(columns: Floats, j: int, time_s: float, window_s: float) -> int:
    """What is wrong with plot `j`."""
    slant, elevation, at_s = columns[RANGE, j], columns[ELEVATION, j], columns[TIME, j]
    rate, snr = columns[RANGE_RATE, j], columns[SNR, j]  # NaN where there is none
    if not math.isfinite(slant + columns[AZIMUTH, j] + elevation + at_s):
        return NOT_A_NUMBER
    if math.isinf(rate) or math.isinf(snr):
        return NOT_A_NUMBER
    if not (0.0 < slant < _FARTHEST_M and abs(elevation) <= 0.5 * math.pi):
        return OUT_OF_RANGE
    if abs(rate) > _FASTEST_MPS or abs(snr) > _LOUDEST_DB:
        return OUT_OF_RANGE
    if not abs(at_s - time_s) <= window_s:
        return MISDATED
    return _SOUND


@kernel
def _copy(
    columns: Floats, plot_id: Ints, j: int, columns_to: Floats, plot_id_to: Ints, k: int
) -> None:
    for c in range(COLUMNS):
        columns_to[c, k] = columns[c, j]
    plot_id_to[k] = plot_id[j]


@kernel
def _same(columns: Floats, i: int, j: int) -> bool:
    """Whether two plots are one measurement."""
    return bool(
        columns[RANGE, i] == columns[RANGE, j]
        and columns[AZIMUTH, i] == columns[AZIMUTH, j]
        and columns[ELEVATION, i] == columns[ELEVATION, j]
    )


@kernel
def _before(columns: Floats, plot_id: Ints, i: int, j: int) -> bool:
    """Whether plot `i` must come before plot `j`."""
    for c in range(ELEVATION + 1):
        if columns[c, i] != columns[c, j]:
            return bool(columns[c, i] < columns[c, j])
    return bool(plot_id[i] < plot_id[j])


@kernel
def _sort(columns: Floats, plot_id: Ints, count: int) -> None:
    """Put the first `count` plots in order, in place (merge sort: a flood may come in any order).

    Radars mostly send them in order of range; then nothing is moved.
    """
    k = 1
    while k < count and not _before(columns, plot_id, k, k - 1):
        k += 1
    if k >= count:
        return
    spare, spare_id = np.empty((COLUMNS, count)), np.empty(count, np.int64)
    width = 1
    while width < count:
        for low in range(0, count, 2 * width):
            middle, high = min(low + width, count), min(low + 2 * width, count)
            i, j = low, middle
            for k in range(low, high):
                if j >= high or (i < middle and not _before(columns, plot_id, j, i)):
                    _copy(columns, plot_id, i, spare, spare_id, k)
                    i += 1
                else:
                    _copy(columns, plot_id, j, spare, spare_id, k)
                    j += 1
        for k in range(count):
            _copy(spare, spare_id, k, columns, plot_id, k)
        width *= 2
