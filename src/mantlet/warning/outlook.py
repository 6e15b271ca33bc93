"""What is predicted for each zone: the odds of at least one impact, and the earliest of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import alerting
from mantlet.warning.state import WarnerState

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """Per zone: probability of at least one impact, earliest carried impact time (inf if none)."""

    probability: Floats
    earliest_s: Floats
    carrying: NDArray[np.bool_]
    """Per pair of the state: whether its track carries the zone's alert."""


def look_ahead(state: WarnerState) -> Outlook:
    """Combine the pending pairs: 1 - prod(1 - p), errors of different tracks independent."""
    return Outlook(
        *alerting.outlook(
            state.pair_zone, state.pair_probability, state.pair_impact_s, len(state.alert_id)
        )
    )
