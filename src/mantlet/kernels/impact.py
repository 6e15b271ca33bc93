"""From a track's state to where it lands: the filter's own prediction, run down to the ground.

The covariance goes along, process noise included, so ignorance of drag and of what the equation
of motion lacks is in the answer. At the ground it is projected along the path: an error across
it moves the point, an error along it moves only the time.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, ground_height, up_axis
from mantlet.kernels.geodesy import enu_axes, geodetic_from_ecef
from mantlet.kernels.track_motion import LN_BETA, STATES, rk4_step

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

LANDED, ALOFT, INVALID = 0, 1, 2

# Columns of what `predict_impacts` finds.
TIME, TIME_SIGMA, LAT, LON, EAST_EAST, EAST_NORTH, NORTH_NORTH = range(7)
FOUND = 7

_LONGEST_S = 600.0
_NEWTON_STEPS = 5
_SLOWEST_FALL_MPS = 0.5  # below, the point along the path is not defined


@kernel
def climb_rate(mean: Floats, flat: bool) -> float:
    """Vertical speed [m/s], positive up."""
    ux, uy, uz = up_axis(mean[0], mean[1], mean[2], flat)
    return float(mean[3] * ux + mean[4] * uy + mean[5] * uz)


@kernel
def time_to_ground(mean: Floats, guess: float, air: Floats, flat: bool) -> float:
    """Seconds until height zero, by Newton on the length of one Runge-Kutta step."""
    drag = math.exp(-mean[LN_BETA])
    h = guess
    end = np.empty(STATES)
    for _ in range(_NEWTON_STEPS):
        end[0], end[1], end[2], end[3], end[4], end[5] = rk4_step(
            mean[0], mean[1], mean[2], mean[3], mean[4], mean[5], drag, h, air
        )
        fall = climb_rate(end, flat)
        if fall > -_SLOWEST_FALL_MPS:
            break
        h -= ground_height(end[0], end[1], end[2], flat) / fall
    return max(h, 0.0)


@kernel
def fly_to_ground(
    mean: Floats, cov: Floats, leg: float, noise: float, walk: float, air: Floats, work: Floats
) -> float:
    """Predict mean and covariance to the ground, in place; seconds it took, NaN if it stays up.

    A state under the ground that is not climbing has landed already.
    """
    flat = air[0] != EARTH
    elapsed = 0.0
    before, spread = np.empty(STATES), np.empty((STATES, STATES))
    height = ground_height(mean[0], mean[1], mean[2], flat)
    if height <= 0.0 and climb_rate(mean, flat) < 0.0:
        return 0.0
    while elapsed < _LONGEST_S:
        ekf.copy_state(mean, cov, before, spread)
        above = height
        ekf.predict(mean, cov, leg, leg, noise, walk, air, work)
        height = ground_height(mean[0], mean[1], mean[2], flat)
        if height <= 0.0 and climb_rate(mean, flat) < 0.0:
            guess = leg * max(above, 0.0) / (max(above, 0.0) - height + 1e-9)
            last = time_to_ground(before, guess, air, flat)
            ekf.copy_state(before, spread, mean, cov)
            ekf.predict(mean, cov, last, leg, noise, walk, air, work)
            return elapsed + last
        elapsed += leg
    return math.nan


@kernel
def project(mean: Floats, cov: Floats, flat: bool, found: Floats) -> bool:
    """Point, time sigma and ground covariance of a state at the ground, into `found`.

    False where the path is too level for the projection along it.
    """
    lat, lon = 0.0, 0.0
    axes = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    if not flat:
        lat, lon, _ = geodetic_from_ecef(mean[0], mean[1], mean[2])
        axes = enu_axes(lat, lon)
    east, north, up = axes[0:3], axes[3:6], axes[6:9]
    ve, vn, vu = 0.0, 0.0, 0.0
    for i in range(3):
        ve += mean[3 + i] * east[i]
        vn += mean[3 + i] * north[i]
        vu += mean[3 + i] * up[i]
    if vu > -_SLOWEST_FALL_MPS:
        return False
    ee, en, nn, tt = 0.0, 0.0, 0.0, 0.0
    for i in range(3):
        gi, hi = east[i] - up[i] * ve / vu, north[i] - up[i] * vn / vu
        for j in range(3):
            gj, hj = east[j] - up[j] * ve / vu, north[j] - up[j] * vn / vu
            ee += gi * cov[i, j] * gj
            en += gi * cov[i, j] * hj
            nn += hi * cov[i, j] * hj
            tt += up[i] * cov[i, j] * up[j] / (vu * vu)
    found[TIME_SIGMA], found[LAT], found[LON] = math.sqrt(tt), math.degrees(lat), math.degrees(lon)
    found[EAST_EAST], found[EAST_NORTH], found[NORTH_NORTH] = ee, en, nn
    return True


@kernel
def predict_impacts(
    states: Floats,
    packed: Floats,
    time_s: Floats,
    wanted: NDArray[np.bool_],
    leg: float,
    noise: float,
    walk: float,
    air: Floats,
) -> tuple[Codes, Floats]:
    """Status (n) and findings (n, 7) of states (n, 7) with covariances (n, 28) at `time_s` (n).

    Rows not `wanted`, and those that are no number, come back INVALID and NaN.
    """
    status, found = np.empty(time_s.size, np.int64), np.empty((time_s.size, FOUND))
    mean, cov, work = np.empty(7), np.empty((7, 7)), np.empty((16, 7))
    flat = air[0] != EARTH
    for i in range(time_s.size):
        status[i] = INVALID
        for k in range(FOUND):
            found[i, k] = math.nan
        if not (wanted[i] and ekf.unpack(states[i], packed[i], mean, cov)):
            continue
        took = fly_to_ground(mean, cov, leg, noise, walk, air, work)
        if math.isnan(took):
            status[i] = ALOFT
        elif project(mean, cov, flat, found[i]):
            status[i] = LANDED
            found[i, TIME] = time_s[i] + took
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
        drag = math.exp(-states[i, LN_BETA])
        for k in range(paths.shape[1]):
            for _ in range(inner):
                x, y, z, vx, vy, vz = rk4_step(x, y, z, vx, vy, vz, drag, h, air)
            if not ground_height(x, y, z, flat) >= 0.0:
                break
            paths[i, k, 0], paths[i, k, 1], paths[i, k, 2] = x, y, z
