"""What the plots of one short stretch of a track say of the biases of the radars they came from.

Linear least squares about the track's last state: seven corrections of that state and four biases
for each radar (range, azimuth, elevation, time). Between plots the flight has no process noise,
so stretches must be short.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import ROCKET
from mantlet.kernels.measurement import (
    AXES,
    SIGMA_AZIMUTH,
    SIGMA_ELEVATION,
    SIGMA_RANGE,
    SITE,
)
from mantlet.kernels.track_motion import (
    LN_BETA,
    STATES,
    acceleration_jacobian,
    rk4_step,
    transition,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BIASES = 4
"""Range [m], azimuth [rad], elevation [rad], time [s], in this order, for each radar."""

_FEWEST_COS = 1e-3  # nearly overhead an azimuth says nothing


@kernel
def stretch_information(
    state: Floats,
    at_s: float,
    time_s: Floats,
    radar: Ints,
    slant: Floats,
    azimuth: Floats,
    elevation: Floats,
    radars: Floats,
    leg: float,
    air: Floats,
) -> tuple[Floats, Floats, float]:
    """Normal matrix (d, d), right-hand side (d), sum of squares of one stretch; d = 7 + 4 radars.

    `state` (7) holds `at_s`, the time of the last plot; plots (m) come latest first.
    """
    d = STATES + BIASES * radars.shape[0]
    normal, side = np.zeros((d, d)), np.zeros(d)
    mean, phi, jac = state.copy(), np.zeros((STATES, STATES)), np.empty((3, STATES))
    for i in range(STATES):
        phi[i, i] = 1.0
    rows, residual = np.zeros((3, d)), np.empty(3)
    now, squares = at_s, 0.0
    for k in range(time_s.size):
        _back(mean, phi, jac, now - time_s[k], leg, air)
        now = time_s[k]
        plot = (slant[k], azimuth[k], elevation[k])
        if _equations(mean, phi, radars[radar[k]], radar[k], plot, rows, residual):
            _add(rows, residual, normal, side)
            squares += residual[0] ** 2 + residual[1] ** 2 + residual[2] ** 2
    return normal, side, squares


@kernel
def _back(mean: Floats, phi: Floats, jac: Floats, duration: float, leg: float, air: Floats) -> None:
    """Fly a state back by `duration` seconds, and the map of deviations with it."""
    legs = math.ceil(duration / leg - 1e-9)
    step = np.empty((6, STATES))
    for _ in range(legs):
        h = -duration / legs
        body = (0.0, math.exp(-mean[LN_BETA]), ROCKET)
        for half in range(2):
            mean[0], mean[1], mean[2], mean[3], mean[4], mean[5] = rk4_step(
                mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], body, 0.5 * h, air
            )
            if half == 0:
                acceleration_jacobian(mean, 0.0, ROCKET, air, jac)
        transition(jac, h, step)
        before = phi.copy()
        for i in range(6):
            for j in range(STATES):
                total = 0.0
                for m in range(STATES):
                    total += step[i, m] * before[m, j]
                phi[i, j] = total


@kernel
def _equations(
    mean: Floats,
    phi: Floats,
    radar: Floats,
    index: int,
    plot: tuple[float, float, float],
    rows: Floats,
    residual: Floats,
) -> bool:
    """Three equations of one plot, divided by their sigmas; False straight overhead."""
    local, speed = np.empty(3), np.empty(3)
    for i in range(3):
        local[i], speed[i] = 0.0, 0.0
        for j in range(3):
            local[i] += radar[AXES + 3 * i + j] * (mean[j] - radar[SITE + j])
            speed[i] += radar[AXES + 3 * i + j] * mean[3 + j]
    e, n, u = local[0], local[1], local[2]
    level = math.sqrt(e * e + n * n)
    r = math.sqrt(level * level + u * u)
    if level < _FEWEST_COS * r:
        return False
    slopes = (
        (e / r, n / r, u / r),
        (n / (level * level), -e / (level * level), 0.0),
        (-e * u / (r * r * level), -n * u / (r * r * level), level / (r * r)),
    )
    sigma = (radar[SIGMA_RANGE], radar[SIGMA_AZIMUTH], radar[SIGMA_ELEVATION])
    seen = (r, math.atan2(e, n), math.atan2(u, level))
    rows[:] = 0.0
    for c in range(3):
        miss = plot[c] - seen[c]
        if c == 1:
            miss -= 2.0 * math.pi * math.floor(miss / (2.0 * math.pi) + 0.5)
        residual[c] = miss / sigma[c]
        rate = 0.0
        for i in range(3):
            rate += slopes[c][i] * speed[i]
        for j in range(STATES):
            total = 0.0
            for m in range(3):
                ecef = 0.0
                for i in range(3):
                    ecef += slopes[c][i] * radar[AXES + 3 * i + m]
                total += ecef * phi[m, j]
            rows[c, j] = total / sigma[c]
        first = STATES + BIASES * index
        rows[c, first + c] = 1.0 / sigma[c]
        rows[c, first + 3] = -rate / sigma[c]
    return True


@kernel
def _add(rows: Floats, residual: Floats, normal: Floats, side: Floats) -> None:
    for c in range(3):
        for i in range(side.size):
            if rows[c, i] != 0.0:
                side[i] += rows[c, i] * residual[c]
                for j in range(side.size):
                    normal[i, j] += rows[c, i] * rows[c, j]
