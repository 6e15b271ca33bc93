"""The ballistic filter: seven states, Earth-centred position and velocity and ln(beta).

The mean moves by the one equation of motion, the covariance with the exponential of its Jacobian
in the middle of each leg (`track_motion.py`). A plot enters as a position with a covariance
(`measurement.py`), so the update is linear in the state.

Process noise: white acceleration (wind, thrust, all that the equation leaves out) and a random
walk of ln(beta) (drag curves differ from family to family, which looks like a beta that changes
with speed).

Reference: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley, 2001, ch. 5 (Joseph form), 6 (white-noise acceleration), 10 (extended filter).
"""

import math

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

_LN_BETA_LIMIT = 14.0  # exp(14) kg/m2: no drag to speak of; keeps a lost filter finite


@kernel
def loosen(cov: Floats, duration: float, noise: float) -> None:
    """Add the white acceleration of density `noise` [m2/s3] over `duration` seconds, in place."""
    for i in range(3):
        cov[i, i] += noise * duration * duration * duration / 3.0
        cov[3 + i, 3 + i] += noise * duration
        cov[i, 3 + i] += 0.5 * noise * duration * duration
        cov[3 + i, i] = cov[i, 3 + i]


@kernel
def propagate_covariance(
    cov: Floats, phi: Floats, h: float, noise: float, walk: float, work: Floats
) -> None:
    """`cov` (7, 7) becomes phi cov phi' + Q, exactly symmetric. `work` is (7, 7) scratch."""
    for i in range(6):
        for j in range(STATES):
            total = 0.0
            for k in range(STATES):
                total += phi[i, k] * cov[k, j]
            work[i, j] = total
    for i in range(6):
        for j in range(i, 6):
            total = 0.0
            for k in range(STATES):
                total += work[i, k] * phi[j, k]
            cov[i, j] = total
            cov[j, i] = total
        cov[i, LN_BETA] = work[i, LN_BETA]
        cov[LN_BETA, i] = work[i, LN_BETA]
    loosen(cov, h, noise)
    cov[LN_BETA, LN_BETA] += walk * h


@kernel
def predict(
    mean: Floats,
    cov: Floats,
    duration: float,
    leg: float,
    noise: float,
    walk: float,
    air: Floats,
    work: Floats,
) -> None:
    """Move mean (7) and covariance (7, 7) on by `duration` seconds, in place.

    Legs of at most `leg` seconds: half a leg of motion, the Jacobian there, the other half.
    `noise` [m2/s3] and `walk` [1/s] are the densities of the process noise; `work` (16, 7).
    """
    if duration <= 0.0:
        return
    legs = math.ceil(duration / leg - 1e-9)
    h = duration / legs
    phi, jac, scratch = work[:6], work[6:9], work[9:]
    drag = math.exp(-mean[LN_BETA])
    for _ in range(legs):
        for half in range(2):
            mean[0], mean[1], mean[2], mean[3], mean[4], mean[5] = rk4_step(
                mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], drag, 0.5 * h, air
            )
            if half == 0:
                acceleration_jacobian(mean, air, jac)
        transition(jac, h, phi)
        propagate_covariance(cov, phi, h, noise, walk, scratch)


@kernel
def innovation(
    mean: Floats, cov: Floats, plot: Floats, spread: Floats, extra: float, inverse: Floats
) -> tuple[float, float]:
    """Squared Mahalanobis distance of a plot, and ln det of its innovation covariance S.

    `plot` (3) position [m] and `spread` (6) its covariance XX XY XZ YY YZ ZZ [m2]; `extra` [m2]
    is added to the variance of each axis. The inverse of S goes into `inverse` (6), in the same
    order. S is never singular: a plot has an error.
    """
    a, b, c = cov[0, 0] + spread[0] + extra, cov[0, 1] + spread[1], cov[0, 2] + spread[2]
    d, e, f = cov[1, 1] + spread[3] + extra, cov[1, 2] + spread[4], cov[2, 2] + spread[5] + extra
    i00, i01, i02 = d * f - e * e, c * e - b * f, b * e - c * d
    det = a * i00 + b * i01 + c * i02
    k = 1.0 / det
    inverse[0], inverse[1], inverse[2] = k * i00, k * i01, k * i02
    inverse[3], inverse[4] = k * (a * f - c * c), k * (b * c - a * e)
    inverse[5] = k * (a * d - b * b)
    x, y, z = plot[0] - mean[0], plot[1] - mean[1], plot[2] - mean[2]
    d2 = x * (inverse[0] * x + 2.0 * (inverse[1] * y + inverse[2] * z))
    d2 += y * (inverse[3] * y + 2.0 * inverse[4] * z) + inverse[5] * z * z
    return d2, math.log(det)


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
    mean[LN_BETA] = min(max(mean[LN_BETA], -_LN_BETA_LIMIT), _LN_BETA_LIMIT)
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
def unpack(state: Floats, packed: Floats, mean: Floats, cov: Floats) -> bool:
    """Copy a state (7) and its packed covariance (28); whether all of it are finite numbers."""
    k = 0
    total = 0.0
    for i in range(STATES):
        mean[i] = state[i]
        total += state[i]
        for j in range(i, STATES):
            cov[i, j] = packed[k]
            cov[j, i] = packed[k]
            total += packed[k]
            k += 1
    return math.isfinite(total)
