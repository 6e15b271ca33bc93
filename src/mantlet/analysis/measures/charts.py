"""Measures as figures. Each function draws on given axes and returns them (matplotlib)."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.errors import Consistency
from mantlet.analysis.measures.impact_points import ImpactMisses
from mantlet.analysis.measures.set_distance import SetDistances

Floats = NDArray[np.float64]


def draw_gospa(sets: SetDistances, axes: Any, order: float = 2.0) -> Any:
    """GOSPA over time, and what it would be of each part alone."""
    for name in ("localisation", "missed", "false"):
        axes.plot(sets.time_s, getattr(sets, name) ** (1.0 / order), label=name, linewidth=0.8)
    axes.plot(sets.time_s, sets.gospa_m, color="black", label="GOSPA")
    axes.set(xlabel="time, s", ylabel="distance, m")
    axes.legend(frameon=False)
    return axes


def draw_consistency(found: Consistency, axes: Any, degrees: int) -> Any:
    """Mean normalised squares by age over their degrees of freedom, in the 95 % band."""
    axes.fill_between(found.age, found.low / degrees, found.high / degrees, alpha=0.3, label="95 %")
    axes.plot(found.age, found.mean / degrees, color="black", label="mean")
    axes.set(xlabel="age, s", ylabel="over degrees of freedom", ylim=(0.0, None))
    axes.legend(frameon=False)
    return axes


def draw_misses(misses: ImpactMisses, axes: Any, bin_s: float = 5.0) -> Any:
    """Median and 90th percentile of the impact error by seconds left."""
    which = np.floor(misses.seconds_left / bin_s).astype(np.int64)
    bins = np.unique(which[which >= 0])
    held = [misses.distance_m[which == k] for k in bins]
    middle = (bins + 0.5) * bin_s
    for share, style in ((0.5, "-"), (0.9, "--")):
        label = f"{round(100 * share)} %"
        axes.plot(middle, [np.quantile(d, share) for d in held], style, color="black", label=label)
    axes.set(xlabel="seconds left", ylabel="impact error, m", yscale="log")
    axes.invert_xaxis()
    axes.legend(frameon=False)
    return axes
