"""How a track moves: one Runge-Kutta step, and the linear map of small deviations over it.

Seven states: Earth-centred position and velocity, and ln(beta), which stays. beta = 1 / drag
[kg/m2] is the ballistic coefficient without the drag coefficient; the drag curve is the rocket's
for everything.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, EARTH_RATE, GM, ROCKET, acceleration, up_axis

Floats = NDArray[np.float64]

STATES = 7
LN_BETA = 6

_SPEED_STEP = 1e-3  # relative; the drag curve bends over some 5 % of the speed
_HEIGHT_STEP_M = 20.0  # small against the 8 km scale of the density


@kernel
def rk4_step(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    drag: float,
    h: float,
    air: Floats,
) -> tuple[float, float, float, float, float, float]:
    """Position and velocity after one classical Runge-Kutta step of `h` seconds."""
    px, py, pz, ux, uy, uz = x, y, z, vx, vy, vz
    dx, dy, dz, dvx, dvy, dvz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for stage in range(4):
        ax, ay, az = acceleration(px, py, pz, ux, uy, uz, drag, ROCKET, air)
        w = 1.0 / 6.0 if stage == 0 or stage == 3 else 1.0 / 3.0
        dx, dy, dz = dx + w * ux, dy + w * uy, dz + w * uz
        dvx, dvy, dvz = dvx + w * ax, dvy + w * ay, dvz + w * az
        c = h if stage == 2 else 0.5 * h
        px, py, pz = x + c * ux, y + c * uy, z + c * uz
        ux, uy, uz = vx + c * ax, vy + c * ay, vz + c * az
    return x + h * dx, y + h * dy, z + h * dz, vx + h * dvx, vy + h * dvy, vz + h * dvz


@kernel
def acceleration_jacobian(mean: Floats, air: Floats, jac: Floats) -> None:
    """Partial derivatives of the acceleration by the seven states, into `jac` (3, 7).

    Closed form in directions, differences in the two scalars that tables hide: how drag changes
    with speed and with height. Wind is left out of the directions (below 2 % of the drag terms)
    and of gravity only the central part is differentiated (J2 would add 0.3 % of it).
    """
    x, y, z = mean[0], mean[1], mean[2]
    vx, vy, vz = mean[3], mean[4], mean[5]
    drag = math.exp(-mean[LN_BETA])
    flat = air[0] != EARTH
    ax, ay, az = acceleration(x, y, z, vx, vy, vz, drag, ROCKET, air)
    gx, gy, gz = acceleration(x, y, z, vx, vy, vz, 0.0, ROCKET, air)
    dx, dy, dz = ax - gx, ay - gy, az - gz
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    upx, upy, upz = up_axis(x, y, z, flat)
    by_speed, by_height = 0.0, 0.0
    if size > 1e-9 and speed > 1.0:
        f = 1.0 + _SPEED_STEP
        sx, sy, sz = acceleration(x, y, z, f * vx, f * vy, f * vz, drag, ROCKET, air)
        fx, fy, fz = acceleration(x, y, z, f * vx, f * vy, f * vz, 0.0, ROCKET, air)
        faster = math.sqrt((sx - fx) ** 2 + (sy - fy) ** 2 + (sz - fz) ** 2)
        by_speed = (faster / size - 1.0) / _SPEED_STEP - 1.0
        e = _HEIGHT_STEP_M
        hx, hy, hz = acceleration(
            x + e * upx, y + e * upy, z + e * upz, vx, vy, vz, drag, ROCKET, air
        )
        by_height = (((hx - ax) * dx + (hy - ay) * dy + (hz - az) * dz) / size) / (size * e)
    k = size / speed if speed > 1.0 else 0.0
    n = 1.0 / speed if speed > 1.0 else 0.0
    v = (vx * n, vy * n, vz * n)
    d = (dx, dy, dz)
    up = (upx, upy, upz)
    pull, spin = 0.0, 0.0
    r = (x, y, z)
    if not flat:
        r2 = x * x + y * y + z * z
        inv = 1.0 / math.sqrt(r2)
        pull = GM * inv * inv * inv
        spin = EARTH_RATE
        r = (x * inv, y * inv, z * inv)
    for i in range(3):
        for j in range(3):
            same = 1.0 if i == j else 0.0
            jac[i, j] = pull * (3.0 * r[i] * r[j] - same) + by_height * d[i] * up[j]
            jac[i, 3 + j] = -k * (same + by_speed * v[i] * v[j])
        jac[i, LN_BETA] = -d[i]
    jac[0, 0] += spin * spin
    jac[1, 1] += spin * spin
    jac[0, 4] += 2.0 * spin
    jac[1, 3] -= 2.0 * spin


@kernel
def transition(jac: Floats, h: float, phi: Floats) -> None:
    """Upper six rows of exp(A h), to third order in the velocity rows, into `phi` (6, 7).

    A has the velocity as derivative of the position and `jac` as that of the velocity; so each
    power's position rows are the velocity rows of the power before. `jac` is overwritten.
    """
    for i in range(3):
        for j in range(STATES):
            phi[i, j] = 0.5 * h * h * jac[i, j]
            phi[3 + i, j] = h * jac[i, j]
        phi[i, i] += 1.0
        phi[i, 3 + i] += h
        phi[3 + i, 3 + i] += 1.0
    # Row v of A^(n+1) = row v of A^n times A, and A's own row v is `jac` itself.
    g00, g01, g02, b0 = jac[0, 0], jac[0, 1], jac[0, 2], jac[0, 6]
    g10, g11, g12, b1 = jac[1, 0], jac[1, 1], jac[1, 2], jac[1, 6]
    g20, g21, g22, b2 = jac[2, 0], jac[2, 1], jac[2, 2], jac[2, 6]
    d00, d01, d02 = jac[0, 3], jac[0, 4], jac[0, 5]
    d10, d11, d12 = jac[1, 3], jac[1, 4], jac[1, 5]
    d20, d21, d22 = jac[2, 3], jac[2, 4], jac[2, 5]
    factor = h
    for order in range(2, 4):
        factor *= h / order
        onward = factor * h / (order + 1.0)
        for i in range(3):
            p0, p1, p2 = jac[i, 0], jac[i, 1], jac[i, 2]
            u, v, w = jac[i, 3], jac[i, 4], jac[i, 5]
            jac[i, 0] = u * g00 + v * g10 + w * g20
            jac[i, 1] = u * g01 + v * g11 + w * g21
            jac[i, 2] = u * g02 + v * g12 + w * g22
            jac[i, 3] = p0 + u * d00 + v * d10 + w * d20
            jac[i, 4] = p1 + u * d01 + v * d11 + w * d21
            jac[i, 5] = p2 + u * d02 + v * d12 + w * d22
            jac[i, 6] = u * b0 + v * b1 + w * b2
            for j in range(STATES):
                phi[3 + i, j] += factor * jac[i, j]
                phi[i, j] += onward * jac[i, j]
