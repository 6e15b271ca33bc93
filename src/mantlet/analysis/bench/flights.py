"""True flights of a bench scene, and how they would have gone had they begun a little otherwise.

The second is what the Cramer-Rao bound needs: derivatives of every later state, and of the
impact, by the seven numbers a flight begins with. They are central differences of whole flights,
made by the same integrator as the truth: thrust, wind and drag curve are all in them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = (5.0, 5.0, 5.0, 0.5, 0.5, 0.5, 0.01)
"""Differences of the seven start values [m, m/s, 1]: far above the integrator's error."""


@dataclass(frozen=True)
class TrueFlights:
    """n flights at k instants.

    `time_s` (k,); `states` (n, k, 6) NaN when not in the air; `sensitivity` (n, k, 7, 7) of the
    seven states by those at the start; `impact_time_s` (n,); `impact_deg` (n, 2) latitude and
    longitude (`plane`: metres north and east over PLANE_DEGREE_M); `impact_gradient` (n, 2, 7)
    of east and north [m] by the states at the start.
    """

    time_s: Floats
    states: Floats
    sensitivity: Floats
    impact_time_s: Floats
    impact_deg: Floats
    impact_gradient: Floats
    plane: bool

    def __len__(self) -> int:
        return len(self.states)


def shifted(starts: Floats) -> Floats:
    """Starts (n, 7), then each of the seven numbers raised, then lowered: (15 n, 7)."""
    moves = np.diag(STEPS)
    return np.concatenate(
        [starts, *(starts + move for move in moves), *(starts - move for move in moves)]
    )


def differences(values: Floats) -> Floats:
    """Derivatives (n, ..., 7) by the start values, of values (15 n, ...) of `shifted` rows."""
    n = len(values) // 15
    apart = [
        (values[(1 + j) * n : (2 + j) * n] - values[(8 + j) * n : (9 + j) * n]) / (2.0 * step)
        for j, step in enumerate(STEPS)
    ]
    return np.stack(apart, axis=-1)


def with_last_row(sensitivity: Floats) -> Floats:
    """(n, k, 6, 7) with the row of the ballistic coefficient, which stays: (n, k, 7, 7)."""
    n, k = sensitivity.shape[:2]
    last = np.broadcast_to(np.eye(7)[6], (n, k, 1, 7))
    return np.concatenate([sensitivity, last], axis=2)
