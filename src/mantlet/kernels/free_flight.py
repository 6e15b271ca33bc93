"""Many seven-state rows moved at once: for work after the action, where no scan waits."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.track_motion import LN_BETA, rk4_step

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@kernel
def move_rows(states: Floats, family: Ints, duration: float, leg: float, air: Floats) -> Floats:
    """States (n, 7) after `duration` seconds of flight without thrust, each with its drag curve.

    Runge-Kutta steps of at most `leg` seconds. Rows that are no number come back as none.
    """
    out = states.copy()
    steps = max(math.ceil(duration / leg - 1e-9), 1)
    h = duration / steps
    for i in range(states.shape[0]):
        body = (0.0, math.exp(-states[i, LN_BETA]), family[i])
        x, y, z = states[i, 0], states[i, 1], states[i, 2]
        u, v, w = states[i, 3], states[i, 4], states[i, 5]
        for _ in range(steps):
            x, y, z, u, v, w = rk4_step(x, y, z, u, v, w, body, h, air)
        out[i, 0], out[i, 1], out[i, 2] = x, y, z
        out[i, 3], out[i, 4], out[i, 5] = u, v, w
    return out
