"""The life of a track: looks, confirmation, coasting and the end.

A *look* is a scan of a radar that should have seen the track. The last looks are kept as bits,
newest lowest, one for a hit.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]

TENTATIVE, CONFIRMED, CLOSED = 0, 1, 2

# Where each setting of a tracker stands in its packed array.
GATE = 0
LEG = 1
NOISE = 2
WALK = 3
SPEED_SIGMA = 4
LN_BETA = 5
LN_BETA_SIGMA = 6
HITS = 7
WINDOW = 8
COAST = 9
BLIND_TENTATIVE = 10
SPEED_MIN = 11
SPEED_MAX = 12
GROUND = 13
LOST_SIGMA = 14
OWN_RADIUS = 15
CLOSED_SHOWN = 16
THRUST_TIME = 17
THRUST_NOISE = 18
SETTINGS = 19


@kernel
def hits_in(looks: int, window: int) -> int:
    """How many of the last `window` looks were hits."""
    count = 0
    for k in range(window):
        count += (looks >> k) & 1
    return count


@kernel
def plausible(mean: Floats, cov: Floats, settings: Floats) -> bool:
    """Whether a state could be ballistic: neither hovering nor faster than any class flies.

    Two standard deviations of doubt are granted to the fast, none to the slow: whatever hovers
    would pass on its doubt alone.
    """
    speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    doubt = 2.0 * math.sqrt((cov[3, 3] + cov[4, 4] + cov[5, 5]) / 3.0)
    return bool(settings[SPEED_MIN] <= speed <= settings[SPEED_MAX] + doubt)


@kernel
def confirms(looks: int, mean: Floats, cov: Floats, settings: Floats) -> bool:
    """Whether a tentative track has earned its name: M hits in the last N looks, and plausible."""
    return hits_in(looks, int(settings[WINDOW])) >= settings[HITS] and plausible(
        mean, cov, settings
    )


@kernel
def ends(
    status: int,
    looks: int,
    time_s: float,
    hit_s: float,
    blind_s: float,
    height: float,
    cov: Floats,
    settings: Floats,
) -> bool:
    """Whether a track that got no plot is over.

    `hit_s` is its last hit, `blind_s` the last time at which no radar could have seen it.
    """
    if height < settings[GROUND]:
        return True
    if status == TENTATIVE:
        return (looks & 3) == 0 or time_s - hit_s > settings[BLIND_TENTATIVE]
    lost = cov[0, 0] + cov[1, 1] + cov[2, 2] > settings[LOST_SIGMA] ** 2
    return bool(lost or time_s - max(hit_s, blind_s) > settings[COAST])
