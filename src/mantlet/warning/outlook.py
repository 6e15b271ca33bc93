"""What is predicted for each zone: the odds of at least one impact, and the earliest of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.warning.state import WarnerState

Floats = NDArray[np.float64]

CARRYING_SHARE = 0.25
"""A track carries a zone's alert if its own odds reach this share of the zone's largest odds.

Without it, one stray track with odds of a few in a thousand would set the time people are told.
"""

_ALMOST_CERTAIN = 1.0 - 1e-12  # keeps the logarithm of the odds against it finite


@dataclass(frozen=True)
class Outlook:
    """Per zone: probability of at least one impact, earliest carried impact time (inf if none)."""

    probability: Floats
    earliest_s: Floats
    carrying: NDArray[np.bool_]
    """Per pair of the state: whether its track carries the zone's alert."""


def look_ahead(state: WarnerState) -> Outlook:
    """Combine the pending pairs: 1 - prod(1 - p), errors of different tracks independent."""
    zones, zone, odds = len(state.alert_id), state.pair_zone, state.pair_probability
    if not len(zone):
        return Outlook(np.zeros(zones), np.full(zones, np.inf), np.empty(0, np.bool_))
    against = np.log1p(-np.minimum(odds, _ALMOST_CERTAIN))
    probability = -np.expm1(np.bincount(zone, weights=against, minlength=zones))
    largest = np.zeros(zones)
    np.maximum.at(largest, zone, odds)
    carrying = odds >= CARRYING_SHARE * largest[zone]
    earliest_s = np.full(zones, np.inf)
    np.minimum.at(earliest_s, zone[carrying], state.pair_impact_s[carrying])
    return Outlook(probability, earliest_s, carrying)
