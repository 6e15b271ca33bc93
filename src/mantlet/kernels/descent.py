"""Down to the ground: a state flown leg by leg, with what carries a sensitivity back over each leg.

Each leg is a step of the integrator of the truth, as long as the doubt about the state allows.
It ends on the ellipsoid or on the relief.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.atmosphere import STANDARD_GRAVITY
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dormand_prince import Motion, push, step
from mantlet.kernels.dynamics import EARTH, ground_height, up_axis
from mantlet.kernels.filter import Law
from mantlet.kernels.terrain import clearance, first_contact
from mantlet.kernels.track_motion import LN_BETA, STATES, acceleration_jacobian
from mantlet.kernels.trajectory import quintic

Floats = NDArray[np.float64]

_LONGEST_S = 600.0
_FIRST_LEG_S, _LONGEST_LEG_S = 4.0, 12.0
_SHRINK, _GROW, _SAFE = 0.3, 2.5, 0.9
_FINE_M, _DOUBT_SHARE, _DOUBT_S = 0.03, 5e-4, 20.0
_STEEP_MPS = (280.0, 400.0)  # the sound barrier, wherever the air is
_STEEP_DRAG, _EVEN_DRAG = 0.06, 1.2  # share of the speed that drag may take between Jacobians
_CLOSE_M = 1e-3
_NEWTON_STEPS = 6
SLOWEST_FALL_MPS = 0.5
"""Below, the point of contact along the path is not defined."""


@kernel
def motion_of(mean: Floats, faster: float, family: int, air: Floats) -> Motion:
    """A state, with `faster` times its velocity, and its acceleration."""
    x, y, z = float(mean[0]), float(mean[1]), float(mean[2])
    u, v, w = faster * mean[3], faster * mean[4], faster * mean[5]
    a, b, c = push(x, y, z, u, v, w, (0.0, math.exp(-mean[LN_BETA]), family), air)
    return x, y, z, u, v, w, a, b, c


@kernel
def climb_rate(motion: Motion, flat: bool) -> float:
    """Vertical speed [m/s], positive up."""
    x, y, z, u, v, w, _, _, _ = motion
    ux, uy, uz = up_axis(x, y, z, flat)
    return float(u * ux + v * uy + w * uz)


@kernel
def height_over(motion: Motion, flat: bool, terrain: Floats) -> float:
    """Height [m] over the relief, or over the ellipsoid where there is none."""
    if terrain.size == 0:
        return float(ground_height(motion[0], motion[1], motion[2], flat))
    return float(clearance(motion[0], motion[1], motion[2], flat, terrain))


@kernel
def within(h: float, s: float, before: Motion, after: Motion) -> Motion:
    """The motion at s (0 to 1) of a leg of h seconds; acceleration by a straight line."""
    x, y, z, u, v, w, a, b, c = before
    x1, y1, z1, u1, v1, w1, a1, b1, c1 = after
    p, k = quintic(h, s, x, u, a, x1, u1, a1)
    q, m = quintic(h, s, y, v, b, y1, v1, b1)
    r, n = quintic(h, s, z, w, c, z1, w1, c1)
    return p, q, r, k, m, n, a + s * (a1 - a), b + s * (b1 - b), c + s * (c1 - c)


@kernel
def time_to_fall(motion: Motion, height: float, flat: bool) -> float:
    """About how long until the ground [s], were the acceleration to stay; a little too long."""
    x, y, z, u, v, w, a, b, c = motion
    ux, uy, uz = up_axis(x, y, z, flat)
    climb, pull = u * ux + v * uy + w * uz, a * ux + b * uy + c * uz
    root = climb * climb - 2.0 * pull * max(height, 0.0)
    if root < 0.0:
        return _LONGEST_S
    fall = math.sqrt(root) - climb
    return 0.05 + 1.05 * (2.0 * max(height, 0.0) / fall) if fall > 0.0 else _LONGEST_S


@kernel
def drag_rate(motion: Motion, flat: bool) -> float:
    """Drag over speed [1/s]: what slows the motion beyond gravity."""
    _, _, _, u, v, w, a, b, c = motion
    power = a * u + b * v + c * w + STANDARD_GRAVITY * climb_rate(motion, flat)
    return float(-power / (u * u + v * v + w * w + 1.0))


@kernel
def pieces_of(before: Motion, after: Motion, h: float, flat: bool) -> int:
    """Jacobians that a leg needs: several where drag counts and its curve is steep."""
    slow, fast = speed_of(after), speed_of(before)
    slow, fast = min(slow, fast), max(slow, fast)
    steep = slow < _STEEP_MPS[1] and fast > _STEEP_MPS[0]
    drag = h * max(drag_rate(before, flat), drag_rate(after, flat))
    return 1 + int(drag / (_STEEP_DRAG if steep else _EVEN_DRAG))


@kernel
def speed_of(motion: Motion) -> float:
    """Speed [m/s]."""
    return math.sqrt(motion[3] ** 2 + motion[4] ** 2 + motion[5] ** 2)


@kernel
def contact_in(
    before: Motion, after: Motion, h: float, above: float, below: float, flat: bool, terrain: Floats
) -> float:
    """Share of a leg after which the ground is met, 0 to 1; 2 if it is not."""
    if terrain.size > 0:
        return float(first_contact(h, before, after, flat, terrain))
    if below > 0.0 or climb_rate(after, flat) >= 0.0:
        return 2.0
    s = max(above, 0.0) / (max(above, 0.0) - below + 1e-9)
    for _ in range(_NEWTON_STEPS):
        there = within(h, s, before, after)
        miss, fall = height_over(there, flat, terrain), climb_rate(there, flat)
        if abs(miss) < _CLOSE_M or fall > -SLOWEST_FALL_MPS:
            break
        s = min(max(s - miss / (fall * h), 0.0), 1.0)
    return s


@kernel
def bearable_miss(cov: Floats) -> float:
    """Error per leg that does not matter beside the doubt about the state [m]."""
    near = cov[0, 0] + cov[1, 1] + cov[2, 2]
    far = cov[3, 3] + cov[4, 4] + cov[5, 5]
    doubt = math.sqrt(max(near, 0.0)) + _DOUBT_S * math.sqrt(max(far, 0.0))
    return _FINE_M + _DOUBT_SHARE * doubt


@kernel
def note_leg(
    middle: Motion, h: float, ln_beta: float, family: int, law: Law, air: Floats, leg: Floats
) -> None:
    """The Jacobian in the middle of a leg (21), its length and its noise, into `leg` (23)."""
    state = leg[:STATES]  # read before the Jacobian takes its place
    for i in range(6):
        state[i] = middle[i]
    state[LN_BETA] = ln_beta
    acceleration_jacobian(state, 0.0, family, air, leg[:21].reshape((3, 7)))
    leg[21], leg[22] = h, law.noise


@kernel
def fly_to_ground(
    motion: Motion,
    ln_beta: float,
    family: int,
    tolerance_m: float,
    law: Law,
    air: Floats,
    terrain: Floats,
    legs: Floats,
) -> tuple[float, int, Motion]:
    """Seconds to the ground (NaN if it stays up), legs noted in `legs`, and the motion there.

    A state under the ground that is not climbing has landed already.
    """
    flat = air[0] != EARTH
    body = (0.0, math.exp(-ln_beta), family)
    elapsed, count, h = 0.0, 0, _FIRST_LEG_S
    height = height_over(motion, flat, terrain)
    if height <= 0.0 and climb_rate(motion, flat) < 0.0:
        return 0.0, 0, motion
    for _ in range(legs.shape[0]):
        h = min(h, _LONGEST_LEG_S, time_to_fall(motion, height, flat))
        after, error = step(h, motion, body, air, tolerance_m)
        if not error <= 1.0:
            h *= max(_SHRINK, _SAFE * error**-0.2) if math.isfinite(error) else _SHRINK
            continue
        above, height = height, height_over(after, flat, terrain)
        share = contact_in(motion, after, h, above, height, flat, terrain)
        part = min(share, 1.0)
        pieces = min(pieces_of(motion, after, h * part, flat), legs.shape[0] - count)
        for k in range(pieces):
            middle = within(h, part * (k + 0.5) / pieces, motion, after)
            note_leg(middle, h * part / pieces, ln_beta, family, law, air, legs[count])
            count += 1
        elapsed += h * part
        if share <= 1.0:
            return elapsed, count, within(h, share, motion, after)
        if elapsed >= _LONGEST_S:
            break
        motion = after
        h *= min(_GROW, _SAFE * (error + 1e-9) ** -0.2)
    return math.nan, count, motion
