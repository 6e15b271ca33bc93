"""The plots of one scan as positions, sorted by range, with a note of those already spoken for."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.borrowed import borrowed
from mantlet.kernels.compiled import kernel
from mantlet.kernels.measurement import SIGMA_RANGE_RATE, locate_plot, plot_sigma
from mantlet.kernels.new_objects import judge_plot
from mantlet.kernels.scan_intake import AZIMUTH, ELEVATION, RANGE, RANGE_RATE, SNR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ScanPlots(NamedTuple):
    """One scan of one radar; k plots, nearest first."""

    plot_id: Ints
    """(k)"""
    slant: Floats
    """(k) range [m], rising"""
    position: Floats
    """(k, 3) ECEF [m]"""
    spread: Floats
    """(k, 6) covariance of the position, XX XY XZ YY YZ ZZ [m2]"""
    ln_clutter: Floats
    """(k) log of the density there of false and new plots as strong as this one [1/m3]"""
    ln_new: Floats
    """(k) log odds that a plot is of a new object rather than false, if it is no track's"""
    rate: Floats
    """(k) range rate [m/s], NaN where there is none"""
    taken: Ints
    """(k) 1: belongs to a track or to an own interceptor"""


@kernel
def locate_plots(radar: Floats, plot_id: Ints, columns: Floats) -> ScanPlots:
    """Positions of the plots of a scan: `columns` (6, k) as of `scan_intake.sift`."""
    k = plot_id.size
    position, spread = np.empty((k, 3)), np.empty((k, 6))
    ln_clutter, ln_new = np.empty(k), np.empty(k)
    used, taken = np.empty(k), np.empty(k, np.int64)
    for j in range(k):
        rarity, ln_new[j] = judge_plot(
            radar, columns[RANGE, j], columns[ELEVATION, j], columns[SNR, j]
        )
        ln_clutter[j] = rarity + locate_plot(
            radar,
            columns[RANGE, j],
            columns[AZIMUTH, j],
            columns[ELEVATION, j],
            columns[SNR, j],
            position[j],
            spread[j],
        )
        # NaN where the radar's accuracy is unknown, too.
        used[j] = columns[RANGE_RATE, j] + 0.0 * radar[SIGMA_RANGE_RATE]
        taken[j] = 0
    return ScanPlots(plot_id, columns[RANGE], position, spread, ln_clutter, ln_new, used, taken)


@kernel
def borrowed_plots(plots: ScanPlots) -> ScanPlots:
    """The same without reference counts, while the owner keeps it; see `borrowed`."""
    return ScanPlots(
        borrowed(plots.plot_id),
        borrowed(plots.slant),
        borrowed(plots.position),
        borrowed(plots.spread),
        borrowed(plots.ln_clutter),
        borrowed(plots.ln_new),
        borrowed(plots.rate),
        borrowed(plots.taken),
    )


@kernel
def first_at_least(slant: Floats, value: float) -> int:
    """Index of the first of the rising ranges that is not below `value`."""
    low, high = 0, slant.size
    while low < high:
        middle = (low + high) // 2
        if slant[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def any_within(plots: ScanPlots, x: float, y: float, z: float, slant: float, reach: float) -> bool:
    """Whether a plot not yet taken lies within `reach` [m] of a point at range `slant` [m]."""
    for j in range(first_at_least(plots.slant, slant - reach), plots.slant.size):
        if plots.slant[j] > slant + reach:
            break
        p = plots.position[j]
        far2 = (p[0] - x) ** 2 + (p[1] - y) ** 2 + (p[2] - z) ** 2
        if plots.taken[j] == 0 and far2 <= reach * reach:
            return True
    return False


@kernel
def set_own_aside(plots: ScanPlots, own: Floats, radar: Floats, radius: float) -> None:
    """Mark as taken every plot within `radius` [m] and three sigmas of a point of `own` (m, 3)."""
    for m in range(own.shape[0]):
        for j in range(plots.slant.size):
            limit = radius + 3.0 * plot_sigma(radar, plots.slant[j])
            p = plots.position[j]
            far2 = (p[0] - own[m, 0]) ** 2 + (p[1] - own[m, 1]) ** 2 + (p[2] - own[m, 2]) ** 2
            if far2 < limit * limit:
                plots.taken[j] = 1
