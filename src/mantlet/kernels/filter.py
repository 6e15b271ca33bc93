"""The ballistic filter: seven states, Earth-centred position and velocity and ln(beta).

The mean moves by the one equation of motion, the covariance with the exponential of its Jacobian
in the middle of each leg (`track_motion.py`), or both with cubature points. A plot enters as a
position with a covariance (`measurement.py`), so the update is linear in the state.

Process noise: white acceleration (all that the equation leaves out), more of it where drag is
strong (unknown wind acts through drag), and a random walk of ln(beta) (a drag curve is not quite
its family's).

Reference: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley, 2001, ch. 5 (Joseph form), 6 (white-noise acceleration), 10 (extended filter).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.track_motion import (
    LN_BETA,
    STATES,
    acceleration_jacobian,
    rk4_step,
    transition,
)

Floats = NDArray[np.float64]

PACKED = 28
"""Entries of the upper triangle of a 7 x 7 covariance."""

_STRONGEST_DRAG = 0.85  # half the density times the coefficient of a fragment [kg/m3]
_MOST_LEGS = 200
_MOST_LN_BETA = 14.0  # exp(14) kg/m2: no drag to speak of; keeps a lost filter finite
LEAST_LN_BETA = 2.0
"""exp(2) = 7 kg/m2: lighter than any piece that is a class. Who gets there is lost."""


class Law(NamedTuple):
    """How sure the filter is of its equation of motion."""

    leg_s: float
    """Longest step between two Jacobians [s]; one Runge-Kutta step."""
    noise: float
    """Density of the white acceleration that the equation lacks [m2/s3]."""
    wind_s: float
    """Density of the wind that it lacks [m2/s]: it acts in proportion to drag over speed."""
    wind_mps: float
    """Standard deviation of that wind [m/s], where it is taken to last to the ground."""
    walk: float
    """Density of the random walk of ln(beta) [1/s]."""
    thrust_noise: float
    """Density of the white acceleration along the velocity under thrust [m2/s3]."""
    unscented: bool
    """Cubature points instead of the Jacobian."""


@kernel
def loosen(cov: Floats, duration: float, noise: float) -> None:
    """Add the white acceleration of density `noise` [m2/s3] over `duration` seconds, in place."""
    for i in range(3):
        cov[i, i] += noise * duration * duration * duration / 3.0
        cov[3 + i, 3 + i] += noise * duration
        cov[i, 3 + i] += 0.5 * noise * duration * duration
        cov[3 + i, i] = cov[i, 3 + i]


@kernel
def loosen_along(mean: Floats, cov: Floats, duration: float, noise: float) -> None:
    """The same along the velocity only."""
    speed2 = mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2
    k = noise * duration / speed2 if speed2 > 1.0 else 0.0
    for i in range(3):
        for j in range(3):
            q = k * mean[3 + i] * mean[3 + j]
            cov[i, j] += q * duration * duration / 3.0
            cov[3 + i, 3 + j] += q
            cov[i, 3 + j] += 0.5 * duration * q
            cov[3 + j, i] = cov[i, 3 + j]


@kernel
def propagate_covariance(cov: Floats, phi: Floats, work: Floats) -> None:
    """`cov` (7, 7) becomes phi cov phi', exactly symmetric. `work` is (7, 7) scratch."""
    # Row by row from registers; the rows of a symmetric matrix are its columns.
    for i in range(6):
        a, b, c, d = phi[i, 0], phi[i, 1], phi[i, 2], phi[i, 3]
        e, f, g = phi[i, 4], phi[i, 5], phi[i, 6]
        for j in range(STATES):
            total = a * cov[j, 0] + b * cov[j, 1] + c * cov[j, 2] + d * cov[j, 3]
            work[i, j] = total + e * cov[j, 4] + f * cov[j, 5] + g * cov[j, 6]
    for i in range(6):
        a, b, c, d = work[i, 0], work[i, 1], work[i, 2], work[i, 3]
        e, f, g = work[i, 4], work[i, 5], work[i, 6]
        for j in range(i, 6):
            total = a * phi[j, 0] + b * phi[j, 1] + c * phi[j, 2] + d * phi[j, 3]
            total = total + e * phi[j, 4] + f * phi[j, 5] + g * phi[j, 6]
            cov[i, j] = total
            cov[j, i] = total
        cov[i, LN_BETA] = g
        cov[LN_BETA, i] = g


@kernel
def move(mean: Floats, thrust: float, family: int, h: float, air: Floats) -> None:
    """One step of the mean (7), in place."""
    body = (thrust, math.exp(-mean[LN_BETA]), family)
    mean[0], mean[1], mean[2], mean[3], mean[4], mean[5] = rk4_step(
        mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], body, h, air
    )


@kernel
def bearable_leg(speed: float, drag: float) -> float:
    """Longest leg [s] that the Runge-Kutta step and the series of the exponential can bear.

    Half the time in which drag, at its strongest near the ground, would eat up the speed.
    """
    return 0.5 / (_STRONGEST_DRAG * speed * drag + 1e-9)


@kernel
def predict(
    mean: Floats,
    cov: Floats,
    duration: float,
    thrust: float,
    family: int,
    law: Law,
    air: Floats,
    work: Floats,
) -> None:
    """Move mean (7) and covariance (7, 7) on by `duration` seconds, in place.

    Legs of at most `law.leg_s` seconds, 200 of them at most. `thrust` [m/s2] acts along the
    velocity; `family` is the drag curve; `work` (16, 7) scratch.
    """
    if duration <= 0.0:
        return
    speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    leg = min(law.leg_s, bearable_leg(speed, math.exp(-mean[LN_BETA])))
    legs = min(math.ceil(duration / leg - 1e-9), _MOST_LEGS)
    h = min(duration / legs, leg)  # after too many, it stays where it got to: still a number
    phi, jac, scratch, middle = work[:6], work[6:9], work[9:15], work[15]
    for _ in range(legs):
        for i in range(STATES):
            middle[i] = 0.5 * mean[i]
        if law.unscented:
            move_points(mean, cov, thrust, family, h, air)
        else:
            move(mean, thrust, family, h, air)
        for i in range(STATES):
            middle[i] += 0.5 * mean[i]
        drag_rate = acceleration_jacobian(middle, thrust, family, air, jac)
        if not law.unscented:
            transition(jac, h, phi)
            propagate_covariance(cov, phi, scratch)
        loosen(cov, h, law.noise + law.wind_s * drag_rate * drag_rate)
        if thrust > 0.0:
            loosen_along(mean, cov, h, law.thrust_noise)
        cov[LN_BETA, LN_BETA] += law.walk * h


@kernel
def root(cov: Floats, low: Floats) -> None:
    """Lower Cholesky factor of `cov` (7, 7); a direction without spread stays without."""
    for i in range(STATES):
        for j in range(STATES):
            low[i, j] = 0.0
        for j in range(i + 1):
            total = cov[i, j]
            for k in range(j):
                total -= low[i, k] * low[j, k]
            if i == j:
                low[i, i] = math.sqrt(max(total, 0.0))
            elif low[j, j] > 0.0:
                low[i, j] = total / low[j, j]


@kernel
def move_points(
    mean: Floats, cov: Floats, thrust: float, family: int, h: float, air: Floats
) -> None:
    """Mean and covariance after one step by the third-degree cubature rule, in place.

    Fourteen points at sqrt(7) standard deviations, all of the same weight: the unscented transform
    with kappa = 0, whose weights are never negative.

    Reference: I. Arasaratnam, S. Haykin, "Cubature Kalman filters", IEEE Trans. AC 54 (6), 2009.
    """
    low, points = np.empty((STATES, STATES)), np.empty((2 * STATES, STATES))
    root(cov, low)
    spread = math.sqrt(STATES)
    for p in range(2 * STATES):
        side = spread if p < STATES else -spread
        for i in range(STATES):
            points[p, i] = mean[i] + side * low[i, p % STATES]
        move(points[p], thrust, family, h, air)
    for i in range(STATES):
        total = 0.0
        for p in range(2 * STATES):
            total += points[p, i] - points[0, i]
        mean[i] = points[0, i] + total / (2 * STATES)
    for i in range(STATES):
        for j in range(i + 1):
            total = 0.0
            for p in range(2 * STATES):
                total += (points[p, i] - mean[i]) * (points[p, j] - mean[j])
            cov[i, j] = total / (2 * STATES)
            cov[j, i] = cov[i, j]


@kernel
def innovation(
    mean: Floats, cov: Floats, plot: Floats, spread: Floats, extra: float, inverse: Floats
) -> tuple[float, float]:
    """Squared Mahalanobis distance of a plot, and ln det of its innovation covariance S.

    `plot` (3) position [m] and `spread` (6) its covariance XX XY XZ YY YZ ZZ [m2]; `extra` [m2]
    is added to the variance of each axis. The inverse of S goes into `inverse` (6), in the same
    order. S is never singular: a plot has an error.
    """
    d2, ln_det, s = plot_distance(mean, cov, plot, spread, extra)
    for k in range(6):
        inverse[k] = s[k]
    return d2, ln_det


@kernel
def plot_distance(
    mean: Floats, cov: Floats, plot: Floats, spread: Floats, extra: float
) -> tuple[float, float, tuple[float, float, float, float, float, float]]:
    """As `innovation`, with the inverse of S returned."""
    a, b, c = cov[0, 0] + spread[0] + extra, cov[0, 1] + spread[1], cov[0, 2] + spread[2]
    d, e, f = cov[1, 1] + spread[3] + extra, cov[1, 2] + spread[4], cov[2, 2] + spread[5] + extra
    i00, i01, i02 = d * f - e * e, c * e - b * f, b * e - c * d
    det = a * i00 + b * i01 + c * i02
    k = 1.0 / det
    s00, s01, s02 = k * i00, k * i01, k * i02
    s11, s12, s22 = k * (a * f - c * c), k * (b * c - a * e), k * (a * d - b * b)
    x, y, z = plot[0] - mean[0], plot[1] - mean[1], plot[2] - mean[2]
    d2 = x * (s00 * x + 2.0 * (s01 * y + s02 * z))
    d2 += y * (s11 * y + 2.0 * s12 * z) + s22 * z * z
    return d2, math.log(det), (s00, s01, s02, s11, s12, s22)


@kernel
def update(
    mean: Floats, cov: Floats, plot: Floats, spread: Floats, inverse: Floats, work: Floats
) -> None:
    """Take in one plot, in place. `inverse` (6) comes from `innovation`; `work` (16, 7) scratch.

    Joseph's form, so the covariance stays symmetric and positive definite through rounding.
    """
    s = inverse
    gain, step = work[:7], work[7:14]
    x, y, z = plot[0] - mean[0], plot[1] - mean[1], plot[2] - mean[2]
    for i in range(STATES):
        p, q, r = cov[i, 0], cov[i, 1], cov[i, 2]
        gain[i, 0] = p * s[0] + q * s[1] + r * s[2]
        gain[i, 1] = p * s[1] + q * s[3] + r * s[4]
        gain[i, 2] = p * s[2] + q * s[4] + r * s[5]
    for i in range(STATES):
        k0, k1, k2 = gain[i, 0], gain[i, 1], gain[i, 2]
        mean[i] += k0 * x + k1 * y + k2 * z
        for j in range(STATES):
            step[i, j] = cov[i, j] - k0 * cov[0, j] - k1 * cov[1, j] - k2 * cov[2, j]
    mean[LN_BETA] = min(max(mean[LN_BETA], LEAST_LN_BETA), _MOST_LN_BETA)
    r = spread
    for j in range(STATES):
        k0, k1, k2 = gain[j, 0], gain[j, 1], gain[j, 2]
        # Row j of gain times the plot's covariance.
        n0 = k0 * r[0] + k1 * r[1] + k2 * r[2]
        n1 = k0 * r[1] + k1 * r[3] + k2 * r[4]
        n2 = k0 * r[2] + k1 * r[4] + k2 * r[5]
        for i in range(j, STATES):
            left = step[i, j] - step[i, 0] * k0 - step[i, 1] * k1 - step[i, 2] * k2
            cov[i, j] = left + gain[i, 0] * n0 + gain[i, 1] * n1 + gain[i, 2] * n2
    for i in range(STATES):
        for j in range(i + 1, STATES):
            cov[i, j] = cov[j, i]


@kernel
def copy_state(mean: Floats, cov: Floats, mean_out: Floats, cov_out: Floats) -> None:
    """Copy mean (7) and covariance (7, 7). A loop: slice assignment costs a second to compile."""
    for i in range(STATES):
        mean_out[i] = mean[i]
        for j in range(STATES):
            cov_out[i, j] = cov[i, j]


@kernel
def pack(cov: Floats, out: Floats) -> None:
    """Upper triangle of `cov` (7, 7), row by row, into `out` (28)."""
    k = 0
    for i in range(STATES):
        for j in range(i, STATES):
            out[k] = cov[i, j]
            k += 1


@kernel
def copy_mean(mean: Floats, out: Floats) -> None:
    """Copy a mean (7)."""
    for i in range(STATES):
        out[i] = mean[i]


@kernel
def is_number(mean: Floats, cov: Floats) -> bool:
    """Whether all of a mean (7) and the upper triangle of its covariance (7, 7) are finite."""
    total = 0.0
    for i in range(STATES):
        total += mean[i]
        for j in range(i, STATES):
            total += cov[i, j]
    return math.isfinite(total)
