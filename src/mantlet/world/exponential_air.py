"""A plane, uniform gravity, air that thins exponentially: the usual textbook model, in NumPy.

What comparisons with other trackers are made in, and what those trackers assume: east, north, up
from a point on the plane; acceleration -k exp(-h / 8500 m) |v| v - g, with ln k as the seventh
state. k = rho0 / (2 beta), beta being mass over (drag coefficient times area).

Reference: B. Ristic, S. Arulampalam, N. Gordon, Beyond the Kalman Filter, Artech House, 2004,
ch. 5 (ballistic object with unknown drag, exponential air).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRAVITY = 9.80665
"""Standard gravity [m/s2]."""
DENSITY = 1.225
"""Air density on the ground, rho0 [kg/m3]."""
SCALE_HEIGHT_M = 8_500.0

LN_K = 6
STATES = 7

_LONGEST_S = 400.0


def ln_k_of_beta(beta_kgm2: Floats) -> Floats:
    """The seventh state of a ballistic coefficient, drag coefficient included [kg/m2]."""
    return np.asarray(np.log(DENSITY / (2.0 * beta_kgm2)))


def ln_beta(ln_k: Floats) -> Floats:
    """Natural log of the ballistic coefficient, drag coefficient included [kg/m2]."""
    return np.asarray(np.log(DENSITY / 2.0) - ln_k)


def acceleration(states: Floats) -> Floats:
    """Acceleration (n, 3) [m/s2] of states (n, 7)."""
    velocity = states[:, 3:6]
    speed = np.sqrt((velocity**2).sum(axis=1))
    k = np.exp(states[:, LN_K] - states[:, 2] / SCALE_HEIGHT_M)
    pull: Floats = -(k * speed)[:, None] * velocity
    pull[:, 2] -= GRAVITY
    return pull


def acceleration_jacobian(states: Floats) -> Floats:
    """Its partial derivatives by the seven states, (n, 3, 7)."""
    velocity = states[:, 3:6]
    speed = np.sqrt((velocity**2).sum(axis=1))
    k = np.exp(states[:, LN_K] - states[:, 2] / SCALE_HEIGHT_M)
    drag = -(k * speed)[:, None] * velocity
    jac = np.zeros((len(states), 3, STATES))
    jac[:, :, 2] = -drag / SCALE_HEIGHT_M
    outer = velocity[:, :, None] * velocity[:, None, :] / np.maximum(speed, 1e-9)[:, None, None]
    jac[:, :, 3:6] = -k[:, None, None] * (speed[:, None, None] * np.eye(3) + outer)
    jac[:, :, LN_K] = drag
    return jac


def advance(states: Floats, duration_s: float | Floats) -> Floats:
    """States (n, 7) after one classical Runge-Kutta step of so many seconds (each, if (n,)).

    One second at 600 m/s near the ground costs 5 cm.
    """
    h = np.broadcast_to(np.asarray(duration_s, dtype=np.float64), len(states))[:, None]
    total = np.zeros((len(states), 6))
    at = states.copy()
    for stage, weight in enumerate((1.0, 2.0, 2.0, 1.0)):
        rate = np.hstack([at[:, 3:6], acceleration(at)])
        total += weight / 6.0 * rate
        at[:, :6] = states[:, :6] + (h if stage == 2 else 0.5 * h) * rate
    out = states.copy()
    out[:, :6] += h * total
    return out


def fall(
    states: Floats, step_s: float = 1.0, *, curvature_per_m: float = 0.0, depth_m: float = 0.0
) -> tuple[Floats, Floats]:
    """States (n, 7) at the ground, and the seconds until then; NaN where there is no such moment.

    Steps of `step_s`, the last one found by Newton's method. The ground lies at height
    -(depth_m + curvature_per_m (x^2 + y^2)): a plane, or the Earth's surface round the origin with
    1 / (2 R). A state under the ground is taken back to it along its path, so the seconds may be
    negative.
    """

    def above(at: Floats) -> Floats:
        return np.asarray(at[:, 2] + depth_m + curvature_per_m * (at[:, :2] ** 2).sum(axis=1))

    at, seconds = states.copy(), np.zeros(len(states))
    while True:
        flying = ((above(at) > 0.0) | (at[:, 5] > 0.0)) & (seconds < _LONGEST_S)
        if not flying.any():
            break
        at[flying], seconds[flying] = advance(at[flying], step_s), seconds[flying] + step_s
    landed, last = at.copy(), np.zeros(len(states))
    for _ in range(6):
        last -= above(landed) / np.where(landed[:, 5] < -0.5, landed[:, 5], np.nan)
        landed = advance(at, last)
    lost = ~(np.abs(above(landed)) < 1e-3)
    landed[lost], seconds[lost] = np.nan, np.nan
    return landed, seconds + last
