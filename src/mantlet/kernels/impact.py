"""From a track's models to where it lands: each flown to the ground, the sensitivity back from it.

The mean flies leg by leg down to the ellipsoid or the relief. Then the sensitivity of the ground
contact to the state is carried back over the same legs, which gives the covariance with process
noise, so ignorance of drag, wind and of what the equation of motion lacks is in the answer. At
the ground an error across the path moves the point, one along it only the time.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dormand_prince import Body, Motion, push
from mantlet.kernels.dynamics import EARTH, ROCKET, ground_height, up_axis
from mantlet.kernels.filter import Law
from mantlet.kernels.geodesy import enu_axes, geodetic_from_ecef
from mantlet.kernels.terrain import TOP, clearance, first_contact
from mantlet.kernels.track_models import (
    BOOST,
    MODELS,
    copy_models,
    family_of,
    law_of,
    predict_models,
)
from mantlet.kernels.track_motion import LN_BETA, STATES, acceleration_jacobian, rk4_step
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

EARTH_RADIUS_M = 6_371_000.0  # for the distance between two models' points only
PLANE_DEGREE_M = 100_000.0
"""Metres north and east that stand for a degree in flat mode, where there is no Earth."""
_PLANE_RADIAN_M = PLANE_DEGREE_M * 180.0 / math.pi
LANDED, ALOFT, INVALID = 0, 1, 2

# Columns of what `predict_impacts` finds.
TIME, TIME_SIGMA, LAT, LON, EAST_EAST, EAST_NORTH, NORTH_NORTH = range(7)
FOUND = 7

_LONGEST_S = 600.0
_MOST_LEGS = 1_200
_LEG_S, _STEEP_LEG_S, _VAGUE_LEG_S = 4.0, 1.5, 6.0
_STEEP_MPS = (280.0, 400.0)  # the sound barrier, wherever the air is
_LEAST_WEIGHT = 0.05  # rarer models would widen the 50 % region by their outliers
_VAGUE_MPS = 15.0  # a velocity known no better puts the impact hundreds of metres in doubt
_CLOSE_M = 1e-3
_NEWTON_STEPS = 5
_SLOWEST_FALL_MPS = 0.5  # below, the point along the path is not defined


class Room(NamedTuple):
    """Scratch space of a prediction."""

    legs: Floats
    """(legs, 23)"""
    rows: Floats
    """(3, 7)"""
    one: Floats
    """(7)"""


@kernel
def climb_rate(mean: Floats, flat: bool) -> float:
    """Vertical speed [m/s], positive up."""
    ux, uy, uz = up_axis(mean[0], mean[1], mean[2], flat)
    return float(mean[3] * ux + mean[4] * uy + mean[5] * uz)


@kernel
def height_over(mean: Floats, flat: bool, terrain: Floats) -> float:
    """Height [m] over the relief, or over the ellipsoid where there is none."""
    if terrain.size == 0:
        return float(ground_height(mean[0], mean[1], mean[2], flat))
    return float(clearance(mean[0], mean[1], mean[2], flat, terrain))


@kernel
def motion_of(mean: Floats, body: Body, air: Floats) -> Motion:
    """A state with its acceleration."""
    a, b, c = push(mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], body, air)
    return mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], a, b, c


@kernel
def contact_in(
    before: Floats,
    after: Floats,
    h: float,
    above: float,
    below: float,
    body: Body,
    air: Floats,
    terrain: Floats,
) -> float:
    """Share of a leg after which the ground is met, 0 to 1; 2 if it is not."""
    flat = air[0] != EARTH
    if terrain.size > 0:
        lowest = min(
            ground_height(before[0], before[1], before[2], flat),
            ground_height(after[0], after[1], after[2], flat),
        )
        if lowest > terrain[TOP]:
            return 2.0
        start, end = motion_of(before, body, air), motion_of(after, body, air)
        return float(first_contact(h, start, end, flat, terrain))
    if below > 0.0 or climb_rate(after, flat) >= 0.0:
        return 2.0
    return max(above, 0.0) / (max(above, 0.0) - below + 1e-9)


@kernel
def time_to_ground(
    before: Floats, guess: float, family: int, air: Floats, terrain: Floats, end: Floats
) -> float:
    """Seconds until the ground, by Newton on the length of one Runge-Kutta step; `end` there."""
    flat = air[0] != EARTH
    h = guess
    for _ in range(_NEWTON_STEPS):
        ekf.copy_mean(before, end)
        ekf.move(end, 0.0, family, h, air)
        fall = climb_rate(end, flat)
        if fall > -_SLOWEST_FALL_MPS:
            break
        miss = height_over(end, flat, terrain)
        if abs(miss) < _CLOSE_M:
            break
        h = max(h - miss / fall, 0.0)
    return h


@kernel
def leg_for(mean: Floats, drag: float, vague: bool) -> float:
    """Length of a leg [s]: short where the drag curve is steep, long where metres do not matter."""
    speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    steep = _STEEP_MPS[0] < speed < _STEEP_MPS[1]
    longest = _VAGUE_LEG_S if vague else (_STEEP_LEG_S if steep else _LEG_S)
    return min(longest, ekf.bearable_leg(speed, drag))


@kernel
def fly_to_ground(
    mean: Floats,
    family: int,
    vague: bool,
    law: Law,
    air: Floats,
    terrain: Floats,
    legs: Floats,
) -> tuple[float, int]:
    """Fly a mean (7) to the ground, in place; seconds it took (NaN if it stays up) and legs.

    Each leg leaves the Jacobian in its middle (21), its length and its noise in `legs`. A state
    under the ground that is not climbing has landed already.
    """
    flat = air[0] != EARTH
    elapsed, count = 0.0, 0
    before, middle = np.empty(STATES), np.empty(STATES)
    body = (0.0, math.exp(-mean[LN_BETA]), family)
    height = height_over(mean, flat, terrain)
    if height <= 0.0 and climb_rate(mean, flat) < 0.0:
        return 0.0, 0
    while elapsed < _LONGEST_S and count < legs.shape[0]:
        ekf.copy_mean(mean, before)
        h = leg_for(mean, body[1], vague)
        above = height
        ekf.move(mean, 0.0, family, h, air)
        height = height_over(mean, flat, terrain)
        share = contact_in(before, mean, h, above, height, body, air, terrain)
        if share <= 1.0:
            h = time_to_ground(before, h * share, family, air, terrain, mean)
        for i in range(STATES):
            middle[i] = 0.5 * (before[i] + mean[i])
        jac = legs[count, :21].reshape((3, 7))
        rate = acceleration_jacobian(middle, 0.0, family, air, jac)
        legs[count, 21], legs[count, 22] = h, law.noise + law.wind_s * rate * rate
        count += 1
        elapsed += h
        if share <= 1.0:
            return elapsed, count
    return math.nan, count


@kernel
def back_over_leg(row: Floats, leg: Floats, power: Floats) -> None:
    """One row of a sensitivity times the transition matrix of a leg, in place.

    The exponential to third order, without ever forming the matrix; `power` (7) scratch.
    """
    h = leg[21]
    for i in range(STATES):
        power[i] = row[i]
    factor = 1.0
    for order in range(1, 4):
        factor *= h / order
        u, v, w = power[3], power[4], power[5]
        for i in range(3):
            power[3 + i] = power[i] + u * leg[3 + i] + v * leg[10 + i] + w * leg[17 + i]
            power[i] = u * leg[i] + v * leg[7 + i] + w * leg[14 + i]
        power[6] = u * leg[6] + v * leg[13] + w * leg[20]
        for i in range(STATES):
            row[i] += factor * power[i]


@kernel
def noise_over_leg(g: Floats, f: Floats, leg: Floats, walk: float) -> float:
    """What the process noise of a leg adds to the covariance of two sensitivities at its end."""
    h = leg[21]
    vv, pv, pp = 0.0, 0.0, 0.0
    for i in range(3):
        vv += g[3 + i] * f[3 + i]
        pv += g[i] * f[3 + i] + g[3 + i] * f[i]
        pp += g[i] * f[i]
    drift = h * (vv + h * (0.5 * pv + h * pp / 3.0))
    return float(leg[22] * drift + walk * h * g[6] * f[6])


@kernel
def aim(mean: Floats, flat: bool, rows: Floats) -> tuple[bool, float, float]:
    """Sensitivity of east, north [m] and time [s] of the ground contact to the state there.

    Into `rows` (3, 7); also latitude and longitude [rad]. An error across the path moves the
    point, one along it only the time. False where the path is too level for that.
    """
    lat, lon = mean[1] / _PLANE_RADIAN_M, mean[0] / _PLANE_RADIAN_M
    axes = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    if not flat:
        lat, lon, _ = geodetic_from_ecef(mean[0], mean[1], mean[2])
        axes = enu_axes(lat, lon)
    ve, vn, vu = 0.0, 0.0, 0.0
    for i in range(3):
        ve += mean[3 + i] * axes[i]
        vn += mean[3 + i] * axes[3 + i]
        vu += mean[3 + i] * axes[6 + i]
    if vu > -_SLOWEST_FALL_MPS:
        return False, lat, lon
    for i in range(3):
        up = axes[6 + i]
        rows[0, i], rows[1, i] = axes[i] - up * ve / vu, axes[3 + i] - up * vn / vu
        rows[2, i] = -up / vu
        for r in range(3):
            rows[r, 3 + i] = 0.0
    for r in range(3):
        rows[r, LN_BETA] = 0.0
    return True, lat, lon


@kernel
def spread_at_ground(
    cov: Floats, legs: Floats, count: int, walk: float, rows: Floats, found: Floats
) -> None:
    """Ground covariance and time sigma from the covariance at the start, into `found`.

    The sensitivities at the ground are carried back leg by leg: two products with a vector in
    place of two with a matrix.
    """
    ee, en, nn, tt = 0.0, 0.0, 0.0, 0.0
    power = np.empty(STATES)
    for k in range(count - 1, -1, -1):
        leg = legs[k]
        ee += noise_over_leg(rows[0], rows[0], leg, walk)
        en += noise_over_leg(rows[0], rows[1], leg, walk)
        nn += noise_over_leg(rows[1], rows[1], leg, walk)
        tt += noise_over_leg(rows[2], rows[2], leg, walk)
        for r in range(3):
            back_over_leg(rows[r], leg, power)
    for i in range(STATES):
        for j in range(STATES):
            ee += rows[0, i] * cov[i, j] * rows[0, j]
            en += rows[0, i] * cov[i, j] * rows[1, j]
            nn += rows[1, i] * cov[i, j] * rows[1, j]
            tt += rows[2, i] * cov[i, j] * rows[2, j]
    found[EAST_EAST], found[EAST_NORTH], found[NORTH_NORTH] = ee, en, nn
    found[TIME_SIGMA] = math.sqrt(tt)


@kernel
def still_to_burn(mean: Floats, cov: Floats, boost: float, burn_s: float) -> None:
    """Add the speed that a motor burning for an unknown time (mean `burn_s`) still gives."""
    speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
    gain = boost * burn_s
    if speed > 1.0:
        for i in range(3):
            for j in range(3):
                cov[3 + i, 3 + j] += gain * gain * mean[3 + i] * mean[3 + j] / (speed * speed)
        for i in range(3):
            mean[3 + i] *= 1.0 + gain / speed


@kernel
def impact_of(
    mean: Floats,
    cov: Floats,
    model: int,
    tuning: Tuning,
    air: Floats,
    terrain: Floats,
    room: Room,
    found: Floats,
) -> int:
    """Status and findings of one model; `mean` and `cov` are used up. TIME counts from now."""
    if model == BOOST:
        still_to_burn(mean, cov, tuning.boost_mps2, tuning.burn_s)
    vague = cov[3, 3] + cov[4, 4] + cov[5, 5] > _VAGUE_MPS**2
    law = law_of(model, tuning)
    took, count = fly_to_ground(mean, family_of(model), vague, law, air, terrain, room.legs)
    if math.isnan(took):
        return ALOFT
    right, lat, lon = aim(mean, air[0] != EARTH, room.rows)
    if not right:
        return INVALID
    spread_at_ground(cov, room.legs, count, law.walk, room.rows, found)
    found[TIME], found[LAT], found[LON] = took, lat, lon
    return LANDED


@kernel
def impact_of_bank(
    mean: Floats,
    cov: Floats,
    weight: Floats,
    tuning: Tuning,
    air: Floats,
    terrain: Floats,
    room: Room,
    found: Floats,
) -> int:
    """Status and findings of the models of one track, which are used up."""
    status, total, one = INVALID, 0.0, room.one
    for m in range(MODELS):
        if weight[m] < _LEAST_WEIGHT or not ekf.is_number(mean[m], cov[m]):
            continue
        code = impact_of(mean[m], cov[m], m, tuning, air, terrain, room, one)
        if code == LANDED:
            total += weight[m]
            if status == LANDED:
                mix(found, weight[m] / total, one, air[0] != EARTH)
            else:
                for k in range(FOUND):
                    found[k] = one[k]
            status = LANDED
        elif status == INVALID:
            status = code
    return status


@kernel
def mix(found: Floats, share: float, other: Floats, flat: bool) -> None:
    """Findings of a mixture, in place: all but `share` of `found`, the rest of `other`."""
    rest = 1.0 - share
    north = other[LAT] - found[LAT]
    east = other[LON] - found[LON]
    if flat:
        north, east = north * _PLANE_RADIAN_M, east * _PLANE_RADIAN_M
    else:
        north, east = north * EARTH_RADIUS_M, east * EARTH_RADIUS_M * math.cos(found[LAT])
    late = other[TIME] - found[TIME]
    for k in (EAST_EAST, EAST_NORTH, NORTH_NORTH):
        found[k] = rest * found[k] + share * other[k]
    found[EAST_EAST] += share * rest * east * east
    found[EAST_NORTH] += share * rest * east * north
    found[NORTH_NORTH] += share * rest * north * north
    tt = rest * found[TIME_SIGMA] ** 2 + share * other[TIME_SIGMA] ** 2 + share * rest * late**2
    found[TIME_SIGMA] = math.sqrt(tt)
    for k in (TIME, LAT, LON):
        found[k] += share * (other[k] - found[k])


@kernel
def predict_impacts(
    mean: Floats,
    cov: Floats,
    weight: Floats,
    at_s: Floats,
    row: Codes,
    time_s: Floats,
    wanted: NDArray[np.bool_],
    tuning: Tuning,
    air: Floats,
    terrain: Floats,
) -> tuple[Codes, Floats]:
    """Status (n) and findings (n, 7) of the banks of models in some rows, as of `time_s` (n).

    `mean` (rows, models, 7), `cov` (rows, models, 7, 7), `weight` (rows, models) hold at `at_s`
    (rows) and are left alone; `row` (n) says which. Those not `wanted` (n), and those that are no
    number, come back INVALID and NaN. `terrain` is empty for the ellipsoid.
    """
    n = row.size
    status, found = np.empty(n, np.int64), np.empty((n, FOUND))
    bank, spread = np.empty((MODELS, STATES)), np.empty((MODELS, STATES, STATES))
    share, work = np.empty(MODELS), np.empty((16, 7))
    room = Room(np.empty((_MOST_LEGS, 23)), np.empty((3, STATES)), np.empty(FOUND))
    for k in range(n):
        i = row[k]
        status[k] = INVALID
        if wanted[k]:
            copy_models(mean[i], cov[i], weight[i], bank, spread, share)
            predict_models(bank, spread, share, time_s[k] - at_s[i], tuning, air, work)
            status[k] = impact_of_bank(bank, spread, share, tuning, air, terrain, room, found[k])
        if status[k] == LANDED:
            found[k, TIME] += time_s[k]
            found[k, LAT], found[k, LON] = math.degrees(found[k, LAT]), math.degrees(found[k, LON])
        else:
            for c in range(FOUND):
                found[k, c] = math.nan
    return status, found


@kernel
def predict_paths(states: Floats, step_s: float, air: Floats, paths: Floats) -> None:
    """Positions after each step into `paths` (n, count, 3), which is left alone from the ground on.

    `states` (n, 7); all rows are flown with the drag they hold.
    """
    flat = air[0] != EARTH
    inner = math.ceil(step_s)  # Runge-Kutta steps of at most one second
    h = step_s / inner
    for i in range(states.shape[0]):
        x, y, z, vx, vy, vz = (
            states[i, 0],
            states[i, 1],
            states[i, 2],
            states[i, 3],
            states[i, 4],
            states[i, 5],
        )
        body = (0.0, math.exp(-states[i, LN_BETA]), ROCKET)
        for k in range(paths.shape[1]):
            for _ in range(inner):
                x, y, z, vx, vy, vz = rk4_step(x, y, z, vx, vy, vz, body, h, air)
            if not ground_height(x, y, z, flat) >= 0.0:
                break
            paths[i, k, 0], paths[i, k, 1], paths[i, k, 2] = x, y, z
