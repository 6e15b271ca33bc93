"""GOSPA and OSPA: one distance between what is tracked and what is there, and its parts.

References: A. S. Rahmathullah, A. F. Garcia-Fernandez, L. Svensson, "Generalized optimal
sub-pattern assignment metric", 20th Int. Conf. on Information Fusion, 2017, proposition 1
(alpha = 2); D. Schuhmacher, B.-T. Vo, B.-N. Vo, "A consistent metric for performance evaluation
of multi-object filters", IEEE Trans. Signal Processing 56 (8), 2008, eq. 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.pairing import CUTOFF_M, Pairs, best_pairs, close_pairs
from mantlet.analysis.measures.points import Followed, Points, Truth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SetDistances:
    """One row per instant at which there is a track or an object, in time order.

    `gospa_m` (n,) = (localisation + missed + false)^(1/p), the three parts (n,) being sums of
    p-th powers [m^p]; `ospa_m` (n,); `missed_count` and `false_count` (n,).
    """

    time_s: Floats
    gospa_m: Floats
    localisation: Floats
    missed: Floats
    false: Floats
    ospa_m: Floats
    missed_count: Ints
    false_count: Ints

    @property
    def mean_gospa_m(self) -> float:
        """GOSPA averaged over the instants [m]; NaN if there is none."""
        return _mean(self.gospa_m)

    @property
    def mean_ospa_m(self) -> float:
        """OSPA averaged over the instants [m]; NaN if there is none."""
        return _mean(self.ospa_m)


def set_distances(
    tracks: Followed, truth: Truth, cutoff_m: float = CUTOFF_M, order: float = 2.0
) -> SetDistances:
    """GOSPA (alpha = 2) with its parts, and OSPA, of the positions at every instant.

    Parameters
    ----------
    tracks, truth : Points, or Tracks and States tables
        See `points`.
    cutoff_m : float
        c: a pair further apart counts as one missed and one false; each costs c^p / 2 [m].
    order : float
        p, at least 1.

    Raises
    ------
    ValueError
        If `cutoff_m` is not positive or `order` below 1.
    """
    if not 1.0 <= order < np.inf:
        raise ValueError(f"order {order}: must be at least 1")
    pairs = best_pairs(close_pairs(tracks, truth, cutoff_m), cutoff_m, order)
    return of_pairs(pairs, cutoff_m, order)


def of_pairs(pairs: Pairs, cutoff_m: float = CUTOFF_M, order: float = 2.0) -> SetDistances:
    """The same, from optimal pairs already found."""
    followed, true = pairs.tracks, pairs.truth
    instants = np.unique(np.concatenate([followed.ticks, true.ticks]))
    n, m = _counts(followed, instants), _counts(true, instants)
    at = np.searchsorted(instants, true.ticks[pairs.truth_row])
    k = np.bincount(at, minlength=len(instants))
    localisation: Floats = np.bincount(at, pairs.distance_m**order, len(instants)).astype(float)
    power = cutoff_m**order
    missed, false = 0.5 * power * (m - k), 0.5 * power * (n - k)
    larger = np.maximum(n, m)
    return SetDistances(
        time_s=instants / 1e6,
        gospa_m=(localisation + missed + false) ** (1.0 / order),
        localisation=localisation,
        missed=missed,
        false=false,
        ospa_m=((localisation + power * (larger - k)) / larger) ** (1.0 / order),
        missed_count=m - k,
        false_count=n - k,
    )


def _counts(points: Points, instants: Ints) -> Ints:
    return np.bincount(np.searchsorted(instants, points.ticks), minlength=len(instants))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")
