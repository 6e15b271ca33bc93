"""All that one plot says, taken into one model: its position, and its range rate if it has one."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.compiled import kernel
from mantlet.kernels.range_rate import update_rate
from mantlet.kernels.scan_plots import ScanPlots

Floats = NDArray[np.float64]


@kernel
def update_with(
    mean: Floats,
    cov: Floats,
    radar: Floats,
    plots: ScanPlots,
    j: int,
    inverse: Floats,
    work: Floats,
) -> float:
    """Update one model with plot `j`, in place; log density of its range rate, 0 without one."""
    plot, spread = plots.position[j], plots.spread[j]
    ekf.innovation(mean, cov, plot, spread, 0.0, inverse)
    ekf.update(mean, cov, plot, spread, inverse, work)
    if math.isfinite(plots.rate[j]):
        return update_rate(mean, cov, radar, plots.rate[j], work[14, :6], work[15])
    return 0.0
