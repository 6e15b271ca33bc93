"""From a track's models to where it lands: each flown to the ground, the sensitivity back from it.

The mean flies leg by leg down to the ellipsoid or the relief, each leg a step of the integrator
of the truth, as long as the doubt about the track allows. Then the sensitivity of the ground
contact to the state is carried back over the same legs, which gives the covariance with process
noise, so ignorance of drag, wind and of what the equation of motion lacks is in the answer. At
the ground an error across the path moves the point, one along it only the time.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.borrowed import borrowed, outlive
from mantlet.kernels.compiled import kernel
from mantlet.kernels.descent import SLOWEST_FALL_MPS, bearable_miss, fly_to_ground, motion_of
from mantlet.kernels.dormand_prince import Motion
from mantlet.kernels.dynamics import EARTH, ROCKET, ground_height, up_axis
from mantlet.kernels.filter import Law, copy_state, is_number
from mantlet.kernels.geodesy import enu_axes, geodetic_from_ecef
from mantlet.kernels.misalignment import add_misalignment, misaligned
from mantlet.kernels.track_models import BOOST, MODELS, family_of, law_of
from mantlet.kernels.track_motion import LN_BETA, STATES, rk4_step
from mantlet.kernels.tuning import Tuning, TuningRow
from mantlet.kernels.untold import reweigh

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Row = tuple[float, float, float, float, float, float, float]
"""How something at the ground changes with each of the seven states."""
Point = tuple[float, float, float]

EARTH_RADIUS_M = 6_371_000.0  # for the distance between two models' points only
PLANE_DEGREE_M = 100_000.0
"""Metres north and east that stand for a degree in flat mode, where there is no Earth."""
_PLANE_RADIAN_M = PLANE_DEGREE_M * 180.0 / math.pi
LANDED, ALOFT, INVALID = 0, 1, 2

# Columns of what `predict_impacts` finds.
TIME, TIME_SIGMA, LAT, LON, EAST_EAST, EAST_NORTH, NORTH_NORTH = range(7)
FOUND = 7

_MOST_LEGS = 400  # some ten are usual
_STIFF = 2.0  # trace of the exponent that its series of third order bears
_LEAST_WEIGHT = 0.05  # rarer models would widen the 50 % region by their outliers


class Room(NamedTuple):
    """Scratch space of a prediction."""

    legs: Floats
    """(legs, 23)"""
    one: Floats
    """(7)"""


@kernel
def back_over(h: float, row: Row, leg: Floats) -> Row:
    """A sensitivity times the transition matrix of `h` seconds of a leg.

    The exponential to third order, without ever forming the matrix.
    """
    a, b, c, u, v, w, k = row
    x, y, z, p, q, r, s = row
    factor = 1.0
    for order in range(1, 4):
        factor *= h / order
        a, b, c, u, v, w, k = (
            u * leg[0] + v * leg[7] + w * leg[14],
            u * leg[1] + v * leg[8] + w * leg[15],
            u * leg[2] + v * leg[9] + w * leg[16],
            a + u * leg[3] + v * leg[10] + w * leg[17],
            b + u * leg[4] + v * leg[11] + w * leg[18],
            c + u * leg[5] + v * leg[12] + w * leg[19],
            u * leg[6] + v * leg[13] + w * leg[20],
        )
        x, y, z = x + factor * a, y + factor * b, z + factor * c
        p, q, r = p + factor * u, q + factor * v, r + factor * w
        s += factor * k
    return x, y, z, p, q, r, s


@kernel
def noise_between(g: Row, f: Row, g_before: Row, f_before: Row, noise: float, walk: float) -> float:
    """What a second of process noise adds to the covariance of two sensitivities.

    They change evenly from one end of the second to the other.
    """
    drift = 0.0
    for i in range(3, 6):
        drift += g[i] * f[i] + g_before[i] * f_before[i]
        drift += 0.5 * (g[i] * f_before[i] + g_before[i] * f[i])
    return noise * drift / 3.0 + 0.5 * walk * (g[6] * f[6] + g_before[6] * f_before[6])


@kernel
def aim(motion: Motion, flat: bool) -> tuple[float, float, Row, Row, Row]:
    """Latitude and longitude [rad] of the ground contact, and how it hangs on the state there.

    Sensitivities of east, north [m] and time [s]. An error across the path moves the point, one
    along it only the time. NaN where the path is too level for that.
    """
    x, y, z, u, v, w, _, _, _ = motion
    lat, lon = y / _PLANE_RADIAN_M, x / _PLANE_RADIAN_M
    axes = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    if not flat:
        lat, lon, _ = geodetic_from_ecef(x, y, z)
        axes = enu_axes(lat, lon)
    e0, e1, e2, n0, n1, n2, u0, u1, u2 = axes
    vu = u * u0 + v * u1 + w * u2
    if vu > -SLOWEST_FALL_MPS:
        vu = math.nan
    e, n, t = -(u * e0 + v * e1 + w * e2) / vu, -(u * n0 + v * n1 + w * n2) / vu, -1.0 / vu
    return (
        lat,
        lon,
        (e0 + e * u0, e1 + e * u1, e2 + e * u2, 0.0, 0.0, 0.0, 0.0),
        (n0 + n * u0, n1 + n * u1, n2 + n * u2, 0.0, 0.0, 0.0, 0.0),
        (t * u0, t * u1, t * u2, 0.0, 0.0, 0.0, 0.0),
    )


@kernel
def product(g: Row, cov: Floats, f: Row) -> float:
    """Covariance of two sensitivities, from that of the state."""
    total = 0.0
    for i in range(STATES):
        for j in range(STATES):
            total += g[i] * cov[i, j] * f[j]
    return total


@kernel
def blown(h: float, row: Row, before: Row, leg: Floats, so_far: Point) -> Point:
    """What one metre per second of wind does to a contact (3), with that of `h` seconds more.

    Wind acts as the opposite of velocity does through drag. What the spin of the Earth adds to
    that derivative is some hundredth of it.
    """
    k = 0.5 * h
    u, v, w = k * (row[3] + before[3]), k * (row[4] + before[4]), k * (row[5] + before[5])
    x, y, z = so_far
    return (
        x - u * leg[3] - v * leg[10] - w * leg[17],
        y - u * leg[4] - v * leg[11] - w * leg[18],
        z - u * leg[5] - v * leg[12] - w * leg[19],
    )


@kernel
def level_product(a: Point, b: Point, up: Point) -> float:
    """Scalar product of the level parts of two vectors."""
    rise = a[0] * up[0] + a[1] * up[1] + a[2] * up[2]
    climb = b[0] * up[0] + b[1] * up[1] + b[2] * up[2]
    return float(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] - rise * climb)


@kernel
def spread_at_ground(
    mean: Floats,
    cov: Floats,
    gain: float,
    law: Law,
    up: Point,
    legs: Floats,
    sensitivities: tuple[Row, Row, Row],
    found: Floats,
) -> None:
    """Ground covariance and time sigma from the covariance at the start, into `found`.

    The `sensitivities` of east, north and time at the ground are carried back leg by leg: two
    products with a vector in place of two with a matrix. `gain` is the doubt about the speed as
    a share of it. The wind that is not known is the same all the way down (level; `up` is the
    vertical at the ground): as white noise it would average out.
    """
    e, n, t = sensitivities
    ee, en, nn, tt, walk = 0.0, 0.0, 0.0, 0.0, law.walk
    be, bn, bt = (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    for k in range(legs.shape[0] - 1, -1, -1):
        leg = legs[k]
        noise = leg[22]
        parts = 1 + int(-leg[21] * (leg[3] + leg[11] + leg[19]) / _STIFF)
        h = leg[21] / parts
        for _ in range(parts):
            e1, n1, t1 = back_over(h, e, leg), back_over(h, n, leg), back_over(h, t, leg)
            ee += h * noise_between(e, e, e1, e1, noise, walk)
            en += h * noise_between(e, n, e1, n1, noise, walk)
            nn += h * noise_between(n, n, n1, n1, noise, walk)
            tt += h * noise_between(t, t, t1, t1, noise, walk)
            be, bn, bt = (
                blown(h, e, e1, leg, be),
                blown(h, n, n1, leg, bn),
                blown(h, t, t1, leg, bt),
            )
            e, n, t = e1, n1, t1
    wind2 = law.wind_mps**2
    ee += wind2 * level_product(be, be, up)
    en += wind2 * level_product(be, bn, up)
    nn += wind2 * level_product(bn, bn, up)
    tt += wind2 * level_product(bt, bt, up)
    u, v, w = gain * mean[3], gain * mean[4], gain * mean[5]
    ge, gn = u * e[3] + v * e[4] + w * e[5], u * n[3] + v * n[4] + w * n[5]
    gt = u * t[3] + v * t[4] + w * t[5]
    found[EAST_EAST] = ee + ge * ge + product(e, cov, e)
    found[EAST_NORTH] = en + ge * gn + product(e, cov, n)
    found[NORTH_NORTH] = nn + gn * gn + product(n, cov, n)
    found[TIME_SIGMA] = math.sqrt(tt + gt * gt + product(t, cov, t))


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
    """Status and findings of one model. TIME counts from the time of the state.

    A motor burns on for an unknown time (mean and standard deviation `burn_s`): the speed that it
    still gives is added at once, and as much doubt about it.
    """
    family, law, gain = family_of(model), law_of(model, tuning), 0.0
    if model == BOOST:
        speed = math.sqrt(mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2)
        gain = tuning.boost_mps2 * tuning.burn_s / speed if speed > 1.0 else 0.0
    motion = motion_of(mean, 1.0 + gain, family, air)
    tolerance_m = bearable_miss(cov)
    took, count, end = fly_to_ground(
        motion, mean[LN_BETA], family, tolerance_m, law, air, terrain, room.legs
    )
    if math.isnan(took):
        return ALOFT
    lat, lon, e, n, t = aim(end, air[0] != EARTH)
    if math.isnan(t[0]):
        return INVALID
    up = up_axis(end[0], end[1], end[2], air[0] != EARTH)
    spread_at_ground(mean, cov, gain, law, up, room.legs[:count], (e, n, t), found)
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
    """Status and findings of the models of one track."""
    status, total, one = INVALID, 0.0, room.one
    for m in range(MODELS):
        if weight[m] < _LEAST_WEIGHT or not is_number(mean[m], cov[m]):
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
    untold: float,
    radars: Floats,
    tuning_row: TuningRow,
    air: Floats,
    terrain: Floats,
) -> tuple[Codes, Floats]:
    """Status (n) and findings (n, 7) of the banks of models in some rows, as of `time_s` (n).

    `mean` (rows, models, 7), `cov` (rows, models, 7, 7), `weight` (rows, models) hold at `at_s`
    (rows), where the flights begin; no impact is said to be before `time_s`. `row` (n) says which
    are meant. Those not `wanted` (n), and those that are no number, come back INVALID and NaN.
    `untold` is the share of the rough model (`untold.untold_share`). Standing errors of `radars`
    (k, FIGURES) are allowed for. `terrain` is empty for the ellipsoid.
    """
    mean, cov, weight, radars = borrowed(mean), borrowed(cov), borrowed(weight), borrowed(radars)
    air, terrain, tuning = borrowed(air), borrowed(terrain), tuning_row[0]
    n = row.size
    status, found = np.empty(n, np.int64), np.empty((n, FOUND))
    legs, one, all_shares = np.empty((_MOST_LEGS, 23)), np.empty(FOUND), np.empty(MODELS)
    all_wider, own = np.empty((MODELS, STATES, STATES)), not misaligned(radars)
    room, into = Room(borrowed(legs), borrowed(one)), borrowed(found)
    share, wider = borrowed(all_shares), borrowed(all_wider)
    for k in range(n):
        i = row[k]
        status[k] = INVALID
        if wanted[k]:
            if not own:
                for m in range(MODELS):
                    copy_state(mean[i, m], cov[i, m], room.one, wider[m])
                    add_misalignment(mean[i, m], wider[m], radars)
            for m in range(MODELS):
                share[m] = weight[i, m]
            reweigh(share, untold)
            spread = cov[i] if own else wider
            status[k] = impact_of_bank(mean[i], spread, share, tuning, air, terrain, room, into[k])
        if status[k] == LANDED:
            found[k, TIME] = max(at_s[i] + found[k, TIME], time_s[k])
            found[k, LAT], found[k, LON] = math.degrees(found[k, LAT]), math.degrees(found[k, LON])
        else:
            for c in range(FOUND):
                found[k, c] = math.nan
    outlive((legs, one, all_shares, all_wider))
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
