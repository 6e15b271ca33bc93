"""One step of the Dormand-Prince 5(4) pair, in scalars.

Reference: J. R. Dormand, P. J. Prince, "A family of embedded Runge-Kutta formulae", J. Comput.
Appl. Math. 6 (1980), 19-26. The last stage of a step is the first of the next.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import acceleration

Floats = NDArray[np.float64]
Motion = tuple[float, float, float, float, float, float, float, float, float]
"""Position [m], velocity [m/s] and acceleration [m/s2] along x, y, z."""
Body = tuple[float, float, int]
"""Thrust per mass [m/s2], drag [m2/kg] and drag family."""


@kernel
def push(
    x: float, y: float, z: float, u: float, v: float, w: float, body: Body, air: Floats
) -> tuple[float, float, float]:
    """Acceleration with the motor's share [m/s2] along the velocity."""
    thrust, drag, family = body
    a, b, c = acceleration(x, y, z, u, v, w, drag, family, air)
    if thrust > 0.0:
        k = thrust / math.sqrt(u * u + v * v + w * w)
        a, b, c = a + k * u, b + k * v, c + k * w
    return a, b, c


@kernel
def step(
    h: float, motion: Motion, body: Body, air: Floats, tolerance_m: float
) -> tuple[Motion, float]:
    """One step: new position, velocity, acceleration, and the error in units of the tolerance.

    u, v, w are the velocity and a, b, c the acceleration along x, y, z; the digit is the stage.
    Scalars throughout: three-element arrays cost five times as much.
    """
    x, y, z, u, v, w, a, b, c = motion
    k = h * (1 / 5)
    u2, v2, w2 = u + k * a, v + k * b, w + k * c
    p, q, r = x + k * u, y + k * v, z + k * w
    a2, b2, c2 = push(p, q, r, u2, v2, w2, body, air)

    k, j = h * (3 / 40), h * (9 / 40)
    u3, v3, w3 = u + k * a + j * a2, v + k * b + j * b2, w + k * c + j * c2
    p, q, r = x + k * u + j * u2, y + k * v + j * v2, z + k * w + j * w2
    a3, b3, c3 = push(p, q, r, u3, v3, w3, body, air)

    k, j, m = h * (44 / 45), h * (-56 / 15), h * (32 / 9)
    u4 = u + k * a + j * a2 + m * a3
    v4 = v + k * b + j * b2 + m * b3
    w4 = w + k * c + j * c2 + m * c3
    p, q, r = x + k * u + j * u2 + m * u3, y + k * v + j * v2 + m * v3, z + k * w + j * w2 + m * w3
    a4, b4, c4 = push(p, q, r, u4, v4, w4, body, air)

    k, j, m, n = h * (19372 / 6561), h * (-25360 / 2187), h * (64448 / 6561), h * (-212 / 729)
    u5 = u + k * a + j * a2 + m * a3 + n * a4
    v5 = v + k * b + j * b2 + m * b3 + n * b4
    w5 = w + k * c + j * c2 + m * c3 + n * c4
    p, q, r = (
        x + k * u + j * u2 + m * u3 + n * u4,
        y + k * v + j * v2 + m * v3 + n * v4,
        z + k * w + j * w2 + m * w3 + n * w4,
    )
    a5, b5, c5 = push(p, q, r, u5, v5, w5, body, air)

    k, j, m = h * (9017 / 3168), h * (-355 / 33), h * (46732 / 5247)
    n, o = h * (49 / 176), h * (-5103 / 18656)
    u6 = u + k * a + j * a2 + m * a3 + n * a4 + o * a5
    v6 = v + k * b + j * b2 + m * b3 + n * b4 + o * b5
    w6 = w + k * c + j * c2 + m * c3 + n * c4 + o * c5
    p, q, r = (
        x + k * u + j * u2 + m * u3 + n * u4 + o * u5,
        y + k * v + j * v2 + m * v3 + n * v4 + o * v5,
        z + k * w + j * w2 + m * w3 + n * w4 + o * w5,
    )
    a6, b6, c6 = push(p, q, r, u6, v6, w6, body, air)

    k, m, n = h * (35 / 384), h * (500 / 1113), h * (125 / 192)
    o, p = h * (-2187 / 6784), h * (11 / 84)
    x7 = x + k * u + m * u3 + n * u4 + o * u5 + p * u6
    y7 = y + k * v + m * v3 + n * v4 + o * v5 + p * v6
    z7 = z + k * w + m * w3 + n * w4 + o * w5 + p * w6
    u7 = u + k * a + m * a3 + n * a4 + o * a5 + p * a6
    v7 = v + k * b + m * b3 + n * b4 + o * b5 + p * b6
    w7 = w + k * c + m * c3 + n * c4 + o * c5 + p * c6
    a7, b7, c7 = push(x7, y7, z7, u7, v7, w7, body, air)

    k, m, n = h * (71 / 57600), h * (-71 / 16695), h * (71 / 1920)
    o, p, q = h * (-17253 / 339200), h * (22 / 525), h * (-1 / 40)
    ex = k * u + m * u3 + n * u4 + o * u5 + p * u6 + q * u7
    ey = k * v + m * v3 + n * v4 + o * v5 + p * v6 + q * v7
    ez = k * w + m * w3 + n * w4 + o * w5 + p * w6 + q * w7
    eu = k * a + m * a3 + n * a4 + o * a5 + p * a6 + q * a7
    ev = k * b + m * b3 + n * b4 + o * b5 + p * b6 + q * b7
    ew = k * c + m * c3 + n * c4 + o * c5 + p * c6 + q * c7
    # A velocity error grows for some ten seconds before it counts as one of position.
    square = ex * ex + ey * ey + ez * ez + 100.0 * (eu * eu + ev * ev + ew * ew)
    return (x7, y7, z7, u7, v7, w7, a7, b7, c7), math.sqrt(square) / tolerance_m
