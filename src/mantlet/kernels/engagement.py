"""Where batteries could meet predicted paths: the planner's search, one pass over all pairs."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.borrowed import borrowed
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import ground_height

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

RANGE_MIN, RANGE_MAX, HEIGHT_MIN, HEIGHT_MAX = range(4)
"""Columns of a battery's limits [m]."""
UNREACHED, OUT_OF_TIME, ENTERING, BINDING = range(4)
"""What the earliest intercept rests on: the path never enters the envelope; it does, but no launch
is in time; the path has yet to enter; the launch has to be now."""


@kernel
def flyout_time(range_m: float, table: Floats) -> float:
    """Seconds to a slant range: straight lines between the (range, time) rows of `table`."""
    last = table.shape[0] - 1
    i = 1
    while i < last and table[i, 0] < range_m:
        i += 1
    near, far = float(table[i - 1, 0]), float(table[i, 0])
    soon, late = float(table[i - 1, 1]), float(table[i, 1])
    return soon + min(max((range_m - near) / (far - near), 0.0), 1.0) * (late - soon)


@kernel
def launch_time(
    x: float, y: float, z: float, time_s: float, site: Floats, limits: Floats, table: Floats
) -> float:
    """When to launch so as to be at a point at a time; NaN if it is outside the envelope."""
    dx, dy, dz = x - site[0], y - site[1], z - site[2]
    range_m = math.sqrt(dx * dx + dy * dy + dz * dz)
    if not limits[RANGE_MIN] <= range_m <= limits[RANGE_MAX]:
        return math.nan
    if not limits[HEIGHT_MIN] <= ground_height(x, y, z, False) <= limits[HEIGHT_MAX]:
        return math.nan
    return time_s - flyout_time(range_m, table)


@kernel
def earliest_intercepts(
    paths: Floats,
    times: Floats,
    sites: Floats,
    limits: Floats,
    tables: Floats,
    loaded: Bools,
    earliest_s: float,
) -> tuple[Ints, Ints, Floats, Floats]:
    """The first point of each path that each battery can reach in time.

    Parameters
    ----------
    paths : (w, k, 3)
        ECEF positions [m]; NaN on the ground.
    times : (k,)
        When they hold [s].
    sites : (b, 3)
        ECEF positions of the batteries [m].
    limits : (b, 4)
        Their envelopes [m].
    tables : (b, m, 2)
        Their flyout tables [m, s]; ranges rise.
    loaded : (b,)
        Batteries that can fire; of the others only UNREACHED or OUT_OF_TIME is told.
    earliest_s : float
        No launch before this [s].

    Returns
    -------
    status (w, b), point (w, b), launch (w, b), latest (w,)
        Index of the point (-1 if none), its launch time [s] (NaN), and the last launch of any
        loaded battery that still meets the path (minus infinity if none).
    """
    paths, sites, limits = borrowed(paths), borrowed(sites), borrowed(limits)
    times, tables, loaded = borrowed(times), borrowed(tables), borrowed(loaded)
    w, count, b = paths.shape[0], paths.shape[1], sites.shape[0]
    status = np.full((w, b), UNREACHED)
    point = np.full((w, b), -1)
    launch = np.full((w, b), math.nan)
    latest = np.full(w, -math.inf)
    for i in range(w):
        for j in range(b):
            outside = True
            for k in range(count):
                x = paths[i, k, 0]
                if not math.isfinite(x):
                    break
                at = launch_time(
                    x, paths[i, k, 1], paths[i, k, 2], times[k], sites[j], limits[j], tables[j]
                )
                if math.isfinite(at):
                    if status[i, j] == UNREACHED:
                        status[i, j] = OUT_OF_TIME
                    if loaded[j] and at >= earliest_s:
                        latest[i] = max(latest[i], at)
                        if point[i, j] < 0:
                            point[i, j] = k
                            launch[i, j] = at
                            status[i, j] = ENTERING if outside and k > 0 else BINDING
                outside = not math.isfinite(at)
    return status, point, launch, latest
