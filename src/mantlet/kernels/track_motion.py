"""How a track moves: one Runge-Kutta step, and the linear map of small deviations over it.

Seven states: Earth-centred position and velocity, and ln(beta), which stays. beta = 1 / drag
[kg/m2] is the ballistic coefficient without the drag coefficient.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.atmosphere import density_and_sound
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dormand_prince import Body, push
from mantlet.kernels.dynamics import (
    EARTH,
    EARTH_RATE,
    GIVEN,
    GM,
    drag_coefficient,
    given_drag_coefficient,
    ground_height,
    up_axis,
    wind_velocity,
)

Floats = NDArray[np.float64]

STATES = 7
LN_BETA = 6

_MACH_SHARE = 1e-3  # the drag curve bends over some 5 % of the speed
_HEIGHT_STEP_M = 20.0  # small against the 8 km scale of the density


@kernel
def rk4_step(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    body: Body,
    h: float,
    air: Floats,
) -> tuple[float, float, float, float, float, float]:
    """Position and velocity after one classical Runge-Kutta step of `h` seconds."""
    # Written out: as a loop over the stages it takes twice the time.
    e = 0.5 * h
    a1, b1, c1 = push(x, y, z, vx, vy, vz, body, air)
    u2, v2, w2 = vx + e * a1, vy + e * b1, vz + e * c1
    a2, b2, c2 = push(x + e * vx, y + e * vy, z + e * vz, u2, v2, w2, body, air)
    u3, v3, w3 = vx + e * a2, vy + e * b2, vz + e * c2
    a3, b3, c3 = push(x + e * u2, y + e * v2, z + e * w2, u3, v3, w3, body, air)
    u4, v4, w4 = vx + h * a3, vy + h * b3, vz + h * c3
    a4, b4, c4 = push(x + h * u3, y + h * v3, z + h * w3, u4, v4, w4, body, air)
    k = h / 6.0
    return (
        x + k * (vx + 2.0 * (u2 + u3) + u4),
        y + k * (vy + 2.0 * (v2 + v3) + v4),
        z + k * (vz + 2.0 * (w2 + w3) + w4),
        vx + k * (a1 + 2.0 * (a2 + a3) + a4),
        vy + k * (b1 + 2.0 * (b2 + b3) + b4),
        vz + k * (c1 + 2.0 * (c2 + c3) + c4),
    )


@kernel
def drag_slopes(
    x: float,
    y: float,
    z: float,
    vx: float,
    vy: float,
    vz: float,
    body: Body,
    air: Floats,
) -> tuple[float, float, float, float, float]:
    """Drag acceleration [m/s2], and how its size grows with speed and with height.

    Closed form but for three scalar differences in the tables of air and drag. The last two
    numbers: power of the speed less one, and relative growth per metre of height.
    """
    _, drag, family = body
    flat = air[0] != EARTH
    height = ground_height(x, y, z, flat)
    if air[3] > 0.0:
        wx, wy, wz = wind_velocity(x, y, z, height, air)
        vx, vy, vz = vx - wx, vy - wy, vz - wz
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    density, sound = density_and_sound(height, air[1], air[2])
    above, sound_above = density_and_sound(height + _HEIGHT_STEP_M, air[1], air[2])
    mach = speed / sound
    if family == GIVEN:
        c = given_drag_coefficient(mach, air)
        steeper = given_drag_coefficient(mach * (1.0 + _MACH_SHARE), air)
    else:
        c = drag_coefficient(family, mach)
        steeper = drag_coefficient(family, mach * (1.0 + _MACH_SHARE))
    if not c * density > 0.0:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    power = (steeper / c - 1.0) / _MACH_SHARE
    thinner = (above / density - 1.0) / _HEIGHT_STEP_M
    slower = (sound_above / sound - 1.0) / _HEIGHT_STEP_M
    k = -0.5 * density * speed * drag * c
    return k * vx, k * vy, k * vz, 1.0 + power, thinner - power * slower


@kernel
def acceleration_jacobian(
    mean: Floats, thrust: float, family: int, air: Floats, jac: Floats
) -> float:
    """Partial derivatives of the acceleration by the seven states, into `jac` (3, 7).

    Wind is left out of the directions (below 2 % of the drag terms) and of gravity only the
    central part is differentiated (J2 would add 0.3 % of it). Returns drag over speed [1/s].
    """
    x, y, z = mean[0], mean[1], mean[2]
    vx, vy, vz = mean[3], mean[4], mean[5]
    flat = air[0] != EARTH
    body = (thrust, math.exp(-mean[LN_BETA]), family)
    dx, dy, dz, by_speed, by_height = drag_slopes(x, y, z, vx, vy, vz, body, air)
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    upx, upy, upz = up_axis(x, y, z, flat)
    n = 1.0 / speed if speed > 1.0 else 0.0
    k = size * n
    turn = thrust * n
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
            jac[i, 3 + j] = (turn - k) * same - (turn + k * by_speed) * v[i] * v[j]
        jac[i, LN_BETA] = -d[i]
    jac[0, 0] += spin * spin
    jac[1, 1] += spin * spin
    jac[0, 4] += 2.0 * spin
    jac[1, 3] -= 2.0 * spin
    return k


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
