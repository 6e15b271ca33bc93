"""Wreckage: what falls slowly and straight down has lost its speed to drag.

Its drag then balances its weight, and that gives the ballistic coefficient at once. The filter
would not find it: the prior is some fifty times too high, and at so low a speed the drag of that
prior is too weak to say anything about it. Without this rule a piece of debris is lost and begun
anew every ten seconds.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, ROCKET, acceleration, up_axis
from mantlet.kernels.track_motion import LN_BETA, STATES

Floats = NDArray[np.float64]

# Bombs and shells are nowhere on their way that slow and that steep, unless lobbed near upright.
_LEVEL_MAX_MPS = 40.0
_FALL_MIN_MPS = 25.0
_FALL_MAX_MPS = 130.0
_VELOCITY_SIGMA_MAX_MPS = 30.0

_TOO_HIGH = 1.0  # by which ln(beta) must exceed that of a balanced fall
_LN_BETA_SIGMA = 0.5


@kernel
def falls_slowly(mean: Floats, cov: Floats, air: Floats) -> bool:
    """Whether a state, its velocity known well enough, falls slowly and steeply."""
    if cov[3, 3] + cov[4, 4] + cov[5, 5] > 3.0 * _VELOCITY_SIGMA_MAX_MPS**2:
        return False
    ux, uy, uz = up_axis(mean[0], mean[1], mean[2], air[0] != EARTH)
    fall = -(mean[3] * ux + mean[4] * uy + mean[5] * uz)
    level2 = mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2 - fall * fall
    return bool(_FALL_MIN_MPS < fall < _FALL_MAX_MPS and level2 < _LEVEL_MAX_MPS**2)


@kernel
def settle_drag(mean: Floats, cov: Floats, air: Floats) -> None:
    """Give a slow, steep fall the ln(beta) that balances its weight, in place.

    Nothing happens to other states, and to those that have about this ln(beta) or a lower one.
    """
    if not falls_slowly(mean, cov, air):
        return
    x, y, z, vx, vy, vz = mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]
    gx, gy, gz = acceleration(x, y, z, vx, vy, vz, 0.0, ROCKET, air)
    ax, ay, az = acceleration(x, y, z, vx, vy, vz, 1.0, ROCKET, air)
    weight = math.sqrt(gx * gx + gy * gy + gz * gz)
    unit_drag = math.sqrt((ax - gx) ** 2 + (ay - gy) ** 2 + (az - gz) ** 2)
    if unit_drag <= 0.0:
        return
    balanced = math.log(unit_drag / weight)
    if mean[LN_BETA] > balanced + _TOO_HIGH:
        mean[LN_BETA] = balanced
        for i in range(STATES):
            cov[i, LN_BETA] = 0.0
            cov[LN_BETA, i] = 0.0
        cov[LN_BETA, LN_BETA] = _LN_BETA_SIGMA**2
