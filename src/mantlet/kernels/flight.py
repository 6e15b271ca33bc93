"""Flights to the ground: adaptive Dormand-Prince 5(4), boost ended and ground met exactly.

The integrator itself stands in `kernels.dormand_prince`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dormand_prince import Body, Motion, push, step
from mantlet.kernels.dynamics import EARTH, GIVEN, ground_height, up_axis
from mantlet.kernels.geodesy import SEMI_MAJOR_M
from mantlet.kernels.terrain import clearance, clearance_and_rate, first_contact

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LANDED, ALOFT, BAD = 0, 1, 2
"""Status of a row: on the ground, still flying when given up, or not a flight at all."""

KNOT = 10
"""Width of a knot: time [s], position (3) [m], velocity (3) [m/s], acceleration (3) [m/s2]."""
RTOL = 1e-11
"""Default error per step over the Earth's radius: at most 0.1 m at impact, up to 160 km."""
MOST_KNOTS = 2000
"""Steps after which a flight is given up."""
_USUAL_KNOTS = 40
_FIRST_STEP_S = 0.2
_GROUND_M = 1e-8
_MOST_TRIES = 8
DEPTH_M = -1.0
"""A start this far below the ground is a mistake; one less far, rounding, and it flies."""


@kernel
def _height_and_rate(motion: Motion, flat: bool) -> tuple[float, float]:
    """Height above the ground [m] and its rate [m/s]."""
    x, y, z, u, v, w, _, _, _ = motion
    ux, uy, uz = up_axis(x, y, z, flat)
    return ground_height(x, y, z, flat), u * ux + v * uy + w * uz


@kernel
def _highest(low: float, rate0: float, high: float, rate1: float, h: float) -> float:
    """Top of the cubic through heights and rates at the ends of a step that turns downward."""
    s = rate0 / (rate0 - rate1)
    cubic = 2.0 * (low - high) + h * (rate0 + rate1)
    square = 3.0 * (high - low) - h * (2.0 * rate0 + rate1)
    for _ in range(3):
        slope = h * rate0 + s * (2.0 * square + 3.0 * cubic * s)
        s -= slope / (2.0 * square + 6.0 * cubic * s)
    return low + s * (h * rate0 + s * (square + s * cubic))


@kernel
def _first_guess(low: float, rate0: float, high: float, rate1: float, h: float) -> float:
    """Where in a step, 0 to 1, that cubic crosses the ground (Newton from the far end)."""
    cubic = 2.0 * (low - high) + h * (rate0 + rate1)
    square = 3.0 * (high - low) - h * (2.0 * rate0 + rate1)
    s = 1.0
    for _ in range(6):
        height = low + s * (h * rate0 + s * (square + s * cubic))
        slope = h * rate0 + s * (2.0 * square + 3.0 * cubic * s)
        s = min(max(s - height / slope, 0.0), 1.0)
    return s


@kernel
def _note(knots: Floats, k: int, time_s: float, motion: Motion) -> None:
    knots[k, 0] = time_s
    for j in range(9):
        knots[k, 1 + j] = motion[j]


@kernel
def _start(
    state: Floats, body: Body, boost_s: float, air: Floats, terrain: Floats | None
) -> tuple[bool, Motion]:
    """Whether a row is a flight at all, and its first state with the acceleration."""
    x, y, z, u, v, w = state[0], state[1], state[2], state[3], state[4], state[5]
    thrust, drag, family = body
    flat = air[0] != EARTH
    height = ground_height(x, y, z, flat)
    sound = math.isfinite(height + u + v + w + drag + thrust + boost_s) and drag >= 0.0
    families = GIVEN + 1 if air.size > 4 + 3 * int(air[3]) else GIVEN
    sound = sound and 0 <= family < families and thrust >= 0.0 and boost_s >= 0.0
    if not sound or (thrust > 0.0 and u * u + v * v + w * w == 0.0):
        return False, (x, y, z, u, v, w, 0.0, 0.0, 0.0)
    if terrain is not None:
        height = clearance(x, y, z, flat, terrain)
    a, b, c = push(x, y, z, u, v, w, body, air)
    return height > DEPTH_M, (x, y, z, u, v, w, a, b, c)


@kernel
def _fly_one(
    state: Floats,
    start: float,
    body: Body,
    boost_s: float,
    air: Floats,
    terrain: Floats | None,
    max_flight_s: float,
    rtol: float,
    knots: Floats,
    first: int,
) -> tuple[int, int, float]:
    """Fly one row, leaving its knots from row `first` on; status, number of knots, apogee [m].

    The step stands in one place only, for the last one onto the ground too: it is by far the
    largest piece of machine code here. Where `terrain` is None, numba leaves the relief out.
    """
    flat = air[0] != EARTH
    boost = body[0]
    if boost_s == 0.0:
        body = (0.0, body[1], body[2])
    sound, motion = _start(state, body, boost_s, air, terrain)
    if not sound or boost < 0.0 or not math.isfinite(start + boost):
        return BAD, 0, math.nan
    height, rate = _height_and_rate(motion, flat)
    _note(knots, first, start, motion)
    count, elapsed, h, apogee, tries = 1, 0.0, _FIRST_STEP_S, height, 0
    for _ in range(2 * MOST_KNOTS):
        limit = (boost_s if body[0] > 0.0 else max_flight_s) - elapsed
        if limit <= 0.0 or count > MOST_KNOTS - 2:
            break
        # A sliver left over would cost a whole step: take it along.
        whole = h > 0.999 * limit and tries == 0
        length = limit if whole else h
        after, error = step(length, motion, body, air, rtol * SEMI_MAJOR_M)
        if not math.isfinite(error):
            return BAD, 0, math.nan
        if error > 1.0:
            h, tries = length * max(0.2, 0.9 * error**-0.2), 0
            continue
        height1, rate1 = _height_and_rate(after, flat)
        if rate > 0.0 and rate1 < 0.0:
            apogee = max(apogee, _highest(height, rate, height1, rate1, length))
        # Ground met at this share of the step; above 1: not in it. Tries are steps onto the ground.
        share, above, fall = 1.0, height1, rate1
        if terrain is None:
            if tries == 0:
                down = height1 <= 0.0 and rate1 < 0.0
                share = _first_guess(height, rate, height1, rate1, length) if down else 2.0
        else:
            above, fall = clearance_and_rate(after, flat, terrain)
            if tries == 0:
                share = first_contact(length, motion, after, flat, terrain)
        landed = share <= 1.0
        if landed and abs(above) > _GROUND_M and tries < _MOST_TRIES:
            # Newton on the length of the step keeps the order of the method; interpolation
            # inside the step would lose it. The first length comes from the interpolation.
            h = length * share if tries == 0 else max(length - above / min(fall, -1e-3), 0.0)
            tries += 1
            continue
        motion, elapsed = after, elapsed + length
        _note(knots, first + count, start + elapsed, motion)
        count += 1
        if landed:
            return LANDED, count, apogee
        height, rate, apogee = height1, rate1, max(apogee, height1)
        if not whole:
            h = length * min(5.0, 0.9 * max(error, 1e-12) ** -0.2)
        elif body[0] > 0.0:
            # Burn-out: the same instant once more, with the acceleration after it.
            body, elapsed = (0.0, body[1], body[2]), boost_s
            x, y, z, u, v, w, _, _, _ = motion
            a, b, c = push(x, y, z, u, v, w, body, air)
            motion = (x, y, z, u, v, w, a, b, c)
            _note(knots, first + count, start + elapsed, motion)
            count += 1
    return ALOFT, 0, math.nan


@kernel
def _fly_batch(
    row: int,
    states: Floats,
    times: Floats,
    drag: Floats,
    family: Ints,
    boost: Floats,
    boost_s: Floats,
    air: Floats,
    terrain: Floats | None,
    max_flight_s: float,
    rtol: float,
    status: NDArray[np.int8],
    ends: Floats,
    counts: Ints,
    knots: Floats,
    used: int,
    keep: bool,
) -> int:
    """Fly the rows from `row` on until all have flown or `knots` may be full; the next row.

    `ends` (n, 8) takes time, state and apogee of those that landed, `counts` (n,) their knots;
    `used` of `knots` are taken (an argument, since numba compiles literals apart).
    """
    while row < states.shape[0] and used + MOST_KNOTS <= knots.shape[0]:
        body = (boost[row], drag[row], family[row])
        status[row], count, ends[row, 7] = _fly_one(
            states[row],
            times[row],
            body,
            boost_s[row],
            air,
            terrain,
            max_flight_s,
            rtol,
            knots,
            used,
        )
        if count > 0:
            for j in range(7):
                ends[row, j] = knots[used + count - 1, j]
        counts[row] = count
        if keep:
            used += count
        row += 1
    return row


def _fly(
    columns: tuple[Floats, Floats, Floats, Ints, Floats, Floats],
    air: Floats,
    terrain: Floats | None,
    max_flight_s: float,
    rtol: float,
    keep: bool,
) -> tuple[NDArray[np.int8], Floats, Ints, list[Floats]]:
    """Status (n,), ends (n, 8), numbers of knots (n,), and the knots in a few pieces."""
    # Own, writeable, contiguous arrays: numba compiles read-only ones a second time.
    states, times, drag, family, boost, boost_s = (
        np.require(column, np.int64 if k == 3 else np.float64, ("C", "W"))
        for k, column in enumerate(columns)
    )
    n = len(states)
    status, counts = np.full(n, BAD, dtype=np.int8), np.zeros(n, dtype=np.int64)
    ends, pieces, row = np.full((n, 8), math.nan), [], 0
    while row < n:
        knots = np.empty((MOST_KNOTS + (_USUAL_KNOTS * (n - row) if keep else 0), KNOT))
        before = row
        row = _fly_batch(
            row, states, times, drag, family, boost, boost_s, air, terrain,
            float(max_flight_s), float(rtol), status, ends, counts, knots, 0, keep,
        )  # fmt: skip
        pieces.append(knots[: counts[before:row].sum()] if keep else knots[:0])
    return status, ends, counts, pieces


def fly(
    states: Floats,
    times: Floats,
    drag: Floats,
    family: Ints,
    boost_mps2: Floats,
    boost_s: Floats,
    air: Floats,
    max_flight_s: float = 600.0,
    rtol: float = RTOL,
    terrain: Floats | None = None,
) -> tuple[NDArray[np.int8], Floats, Floats, Floats]:
    """Fly every row to the ground.

    Parameters
    ----------
    states : (n, 6)
        ECEF position [m] and velocity [m/s] (flat mode: east, north, up).
    times : (n,)
        When the states hold [s].
    drag : (n,)
        Area times form factor over mass [m2/kg].
    family : (n,)
        Drag curve, see `kernels.dynamics`.
    boost_mps2, boost_s : (n,)
        Thrust per mass along the velocity [m/s2] and how long from the start [s].
    air : (4 + 3 levels,)
        `mantlet.world.air.Air.packed`, with a drag curve behind it where a row's family is GIVEN.
    max_flight_s : float
        Rows still flying after this long are given up [s].
    rtol : float
        Error allowed per step, as a share of the Earth's radius (velocity: a tenth of it per
        second).
    terrain : (m,)
        `mantlet.world.terrain.Terrain.packed`; None for the ellipsoid (flat mode: z = 0).

    Returns
    -------
    status (n,)
        LANDED, ALOFT (given up) or BAD (not finite, negative drag, below ground, no direction).
    impact_time (n,), impact (n, 6), apogee_m (n,)
        Time [s], state on the ground and greatest height over the ellipsoid [m]; NaN unless
        LANDED. No row depends on another.

    Accuracy
    --------
    At the default `rtol`: within 0.1 m at impact for flights up to 160 km, against DOP853 at 1e-12.
    Over relief, ground that sticks out over the path for less than half a grid spacing may be
    missed.
    """
    columns = states, times, drag, family, boost_mps2, boost_s
    status, ends, _, _ = _fly(columns, air, terrain, max_flight_s, rtol, False)
    return status, ends[:, 0].copy(), ends[:, 1:7].copy(), ends[:, 7].copy()


def fly_knots(
    states: Floats,
    times: Floats,
    drag: Floats,
    family: Ints,
    boost_mps2: Floats,
    boost_s: Floats,
    air: Floats,
    max_flight_s: float = 600.0,
    rtol: float = RTOL,
    terrain: Floats | None = None,
) -> tuple[NDArray[np.int8], Floats, Floats, Floats, Ints, Floats]:
    """Fly every row as `fly` does, and keep the integrator's knots.

    Returns what `fly` returns, then `offsets` (n + 1,) and `knots` (k, 10): row i owns the knots
    `offsets[i]:offsets[i + 1]`, each time [s], position [m], velocity [m/s], acceleration
    [m/s2]; none if it did not land. At burn-out one instant stands twice, with the acceleration
    before and after.
    """
    columns = states, times, drag, family, boost_mps2, boost_s
    status, ends, counts, pieces = _fly(columns, air, terrain, max_flight_s, rtol, True)
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
    knots = np.concatenate([np.empty((0, KNOT)), *pieces])
    return status, ends[:, 0].copy(), ends[:, 1:7].copy(), ends[:, 7].copy(), offsets, knots
