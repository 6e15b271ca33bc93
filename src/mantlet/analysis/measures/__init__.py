"""Measures of anybody's tracks against truth: arrays or tables in, numbers out.

`set_distances` (GOSPA, OSPA), `siap`, `continuity`, `errors`, `nees` and their bands,
`impact_misses`, and the bound below which no unbiased tracker can get (`bound`).
"""

from mantlet.analysis.measures.continuity import Continuity, continuity
from mantlet.analysis.measures.errors import (
    Consistency,
    Errors,
    chi_square_band,
    consistency,
    covariances,
    errors,
    nees,
    normalised_squares,
)
from mantlet.analysis.measures.impact_points import ImpactMisses, impact_misses
from mantlet.analysis.measures.pairing import Pairs, close_pairs, lasting, nearest, pair
from mantlet.analysis.measures.points import Points
from mantlet.analysis.measures.set_distance import SetDistances, set_distances
from mantlet.analysis.measures.siap import Siap, siap

__all__ = [
    "Consistency",
    "Continuity",
    "Errors",
    "ImpactMisses",
    "Pairs",
    "Points",
    "SetDistances",
    "Siap",
    "chi_square_band",
    "close_pairs",
    "consistency",
    "continuity",
    "covariances",
    "errors",
    "impact_misses",
    "lasting",
    "nearest",
    "nees",
    "normalised_squares",
    "pair",
    "set_distances",
    "siap",
]
