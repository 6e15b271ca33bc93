"""What is predicted for each zone: the odds of at least one impact, and the earliest of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import alerting
from mantlet.warning.state import CLOSED, WarnerState

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """Per zone: probability of at least one impact, earliest carried impact time (inf if none)."""

    probability: Floats
    earliest_s: Floats
    carrying: NDArray[np.bool_]
    """Per pair of the state: whether its track carries the zone's alert."""


def look_ahead(state: WarnerState, heard_s: float) -> Outlook:
    """Combine the pending pairs: 1 - prod(1 - p), errors of different tracks independent.

    In a zone without an open alert, only impacts after `heard_s` count, the time at which people
    would hear of them: an alert is never about an impact that comes before it is heard.
    """
    unheard = (state.alert_id[state.pair_zone] == CLOSED) & (state.pair_impact_s <= heard_s)
    odds = np.where(unheard, 0.0, state.pair_probability)
    return Outlook(
        *alerting.outlook(state.pair_zone, odds, state.pair_impact_s, len(state.alert_id))
    )
