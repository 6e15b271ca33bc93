"""Where along a predicted path a battery could meet it, and when it would have to launch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.battery import Battery
from mantlet.world.earth import degrees_from_ecef

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Opportunities:
    """For w tracks and b batteries: the earliest point of the path that can be met."""

    point: Ints
    """Index along the path, (w, b); -1 if there is none."""
    launch_s: Floats
    """When the interceptor would leave to be there with the track, (w, b)."""
    intercept_s: Floats
    """(w, b)."""
    reachable: Bools
    """Whether the path enters the envelope at all, in time or not, (w, b)."""
    entering: Bools
    """The point is where the path enters the envelope, so a launch now would be early, (w, b)."""
    latest_launch_s: Floats
    """Last launch of any battery that could still meet the track, (w,); -inf if none."""
    aim_lat_deg: Floats
    aim_lon_deg: Floats
    aim_height_m: Floats
    """Of every path point, (w, k)."""


def find_opportunities(
    paths_m: Floats,
    times_s: Floats,
    batteries: tuple[Battery, ...],
    loaded: Bools,
    earliest_launch_s: float,
) -> Opportunities:
    """Earliest intercept of each path by each battery.

    Parameters
    ----------
    paths_m : (w, k, 3) array
        Predicted ECEF positions [m]; NaN once on the ground.
    times_s : (k,) array
        When the tracks are there, scenario clock [s].
    batteries : tuple of b batteries
        Where shots can come from.
    loaded : (b,) array
        Which of them can fire; others count only in `reachable`.
    earliest_launch_s : float
        No launch before this [s].
    """
    lat, lon, height = (
        flat.reshape(paths_m.shape[:2]) for flat in degrees_from_ecef(paths_m.reshape(-1, 3))
    )
    inside, launch = _launch_times(paths_m, times_s, height, batteries)
    feasible = inside & loaded[:, None] & (launch >= earliest_launch_s)
    first = feasible.argmax(axis=2)
    found = feasible.any(axis=2)
    before = np.take_along_axis(inside, np.maximum(first - 1, 0)[:, :, None], axis=2)[:, :, 0]
    latest = np.where(feasible, launch, -np.inf).max(axis=(1, 2), initial=-np.inf)
    return Opportunities(
        point=np.where(found, first, -1),
        launch_s=np.take_along_axis(launch, first[:, :, None], axis=2)[:, :, 0],
        intercept_s=times_s[first],
        reachable=np.any(inside, axis=2),
        entering=found & (first > 0) & ~before,
        latest_launch_s=latest,
        aim_lat_deg=lat,
        aim_lon_deg=lon,
        aim_height_m=height,
    )


def _launch_times(
    paths_m: Floats, times_s: Floats, height_m: Floats, batteries: tuple[Battery, ...]
) -> tuple[Bools, Floats]:
    """Whether each point is in each envelope, and when to launch for it; both (w, b, k)."""
    w, k, _ = paths_m.shape
    inside = np.empty((w, len(batteries), k), np.bool_)
    launch = np.empty((w, len(batteries), k))
    for b, battery in enumerate(batteries):
        away = paths_m - battery.site_m
        range_m = np.sqrt((away * away).sum(axis=2))
        inside[:, b] = battery.envelope.contains(range_m, height_m)
        launch[:, b] = times_s - battery.envelope.flyout_s(range_m)
    return inside, launch
