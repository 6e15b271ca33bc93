"""What radars that may be set up a little wrong add to the doubt about a track.

A standing error of range, azimuth and elevation shows in no innovation of the only radar that has
it: it shifts and turns the whole path about the radar, and the path stays a likely one. So its
covariance is added, in closed form, to what a filter believes that knows nothing of it: how the
error moves the position, and, as the line of sight turns, the velocity.

Reference: S. Blackman, R. Popoli, Design and Analysis of Modern Tracking Systems, Artech House,
1999, sec. 9.3 (what residual bias does to a track's covariance).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.measurement import (
    AXES,
    SIGMA_AZIMUTH,
    SIGMA_ELEVATION,
    SIGMA_RANGE,
    SITE,
    TOLERANCE_RANGE,
    covers,
    slant_range,
)

Floats = NDArray[np.float64]

_LEAST_LEVEL = 0.1  # of the range: nearer overhead the azimuth turns ever faster, up to a limit


@kernel
def misaligned(radars: Floats) -> bool:
    """Whether any radar says that it may be set up wrong."""
    for k in range(radars.shape[0]):
        for b in range(3):
            if radars[k, TOLERANCE_RANGE + b] > 0.0:
                return True
    return False


@kernel
def add_misalignment(mean: Floats, cov: Floats, radars: Floats) -> None:
    """Add to `cov` (7, 7) what the radars' standing errors may have done to `mean` (7), in place.

    A track is as wrong as the radars that see the place, each by its share of what is known
    there; if none does, as wrong as all of them.
    """
    if not misaligned(radars):
        return
    n = radars.shape[0]
    share = np.zeros(n)
    total = 0.0
    for k in range(n):
        if covers(radars[k], mean[0], mean[1], mean[2]):
            share[k] = knowledge(radars[k], mean)
            total += share[k]
    if not total > 0.0:
        for k in range(n):
            share[k] = knowledge(radars[k], mean)
            total += share[k]
    for k in range(n):
        if share[k] > 0.0:
            add_of_radar(mean, cov, radars[k], (share[k] / total) ** 2)


@kernel
def knowledge(radar: Floats, mean: Floats) -> float:
    """How much a plot of a radar would tell about the position [1/m2], to compare radars by."""
    slant = slant_range(radar, mean[0], mean[1], mean[2])
    across = radar[SIGMA_AZIMUTH] ** 2 + radar[SIGMA_ELEVATION] ** 2
    return float(1.0 / (radar[SIGMA_RANGE] ** 2 + slant * slant * across))


@kernel
def add_of_radar(mean: Floats, cov: Floats, radar: Floats, scale: float) -> None:
    """Add `scale` times the covariance of one radar's standing errors, in place."""
    shift = np.empty((3, 6))
    shifts_of(mean, radar, shift)
    for b in range(3):
        variance = scale * radar[TOLERANCE_RANGE + b] ** 2
        for i in range(6):
            for j in range(i, 6):
                cov[i, j] += variance * shift[b, i] * shift[b, j]
                cov[j, i] = cov[i, j]


@kernel
def shifts_of(mean: Floats, radar: Floats, shift: Floats) -> None:
    """How position and velocity move with each standing error of a radar, into `shift` (3, 6).

    Rows: range [1], azimuth and elevation [1/rad].
    """
    x, y, z, u, v, w = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0  # from the radar: east, north, up
    for i in range(3):
        d = mean[i] - radar[SITE + i]
        east, north, up = radar[AXES + i], radar[AXES + 3 + i], radar[AXES + 6 + i]
        x, y, z = x + east * d, y + north * d, z + up * d
        u, v, w = u + east * mean[3 + i], v + north * mean[3 + i], w + up * mean[3 + i]
    r = max(math.sqrt(x * x + y * y + z * z), 1.0)
    level = max(math.sqrt(x * x + y * y), _LEAST_LEVEL * r)
    sine, cosine = x / level, y / level
    turn = (u * cosine - v * sine) / level  # rate of the azimuth [rad/s]
    away = (x * u + y * v + z * w) / (r * r)
    put(radar, shift[0], (x / r, y / r, z / r))
    put(radar, shift[0, 3:], ((u - away * x) / r, (v - away * y) / r, (w - away * z) / r))
    put(radar, shift[1], (y, -x, 0.0))
    put(radar, shift[1, 3:], (v, -u, 0.0))
    put(radar, shift[2], (-z * sine, -z * cosine, level))
    across = (-w * sine - z * turn * cosine, -w * cosine + z * turn * sine)
    put(radar, shift[2, 3:], (across[0], across[1], u * sine + v * cosine))


@kernel
def put(radar: Floats, row: Floats, local: tuple[float, float, float]) -> None:
    """Write a vector given east, north, up as Earth-centred components."""
    for i in range(3):
        row[i] = (
            radar[AXES + i] * local[0]
            + radar[AXES + 3 + i] * local[1]
            + radar[AXES + 6 + i] * local[2]
        )
