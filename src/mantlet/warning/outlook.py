"""What is predicted for each zone: the odds of at least one impact, and the earliest of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """Per zone: probability of at least one impact, earliest carried impact time (inf if none).

    1 - prod(1 - p) over the pending pairs, errors of different tracks taken as independent. In a
    zone without an open alert, only impacts count that come after people would hear of them: an
    alert is never about an impact that comes before it is heard.
    """

    probability: Floats
    earliest_s: Floats
    carrying: NDArray[np.bool_]
    """Per pair of the state: whether its track carries the zone's alert."""
