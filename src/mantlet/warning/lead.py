"""Lead time: how long people have between hearing a message and the impact it is about."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def lead_time_s(impact_time_s: Floats, decided_s: float | Floats, delivery_s: float) -> Floats:
    """Seconds from a message reaching people to the impact; negative when it comes too late.

    An alert is never sent too late; an update, about an impact nearer than was told, can be.
    """
    return np.asarray(impact_time_s - (decided_s + delivery_s))


def shelter_margin_s(lead_s: Floats, shelter_time_s: Floats) -> Floats:
    """Seconds to spare once people have reached shelter; negative when some are still outside."""
    return np.asarray(lead_s - shelter_time_s)
