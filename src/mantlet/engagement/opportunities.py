"""Where along a predicted path a battery could meet it, and when it would have to launch."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.battery import Battery
from mantlet.kernels import engagement as kernels
from mantlet.tables import for_kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Reach:
    """What the search needs to know of b batteries, as arrays."""

    site_m: Floats
    """ECEF, (b, 3) [m]."""
    limits_m: Floats
    """Least and greatest slant range, least and greatest height, (b, 4) [m]."""
    flyout: Floats
    """Slant range [m] and seconds to it, (b, m, 2); shorter tables end in steps out of reach."""

    @classmethod
    def of(cls, batteries: tuple[Battery, ...]) -> "Reach":
        """Pack the batteries' sites and envelopes."""
        envelopes = [battery.envelope for battery in batteries]
        width = max((len(e.flyout_range_m) for e in envelopes), default=2)
        flyout = np.empty((len(batteries), width, 2))
        for row, e in enumerate(envelopes):
            given = len(e.flyout_range_m)
            flyout[row, :given] = np.transpose([e.flyout_range_m, e.flyout_time_s])
            beyond = 1.0 + np.arange(width - given)[:, None]
            flyout[row, given:] = flyout[row, given - 1] + beyond
        limits = [(e.range_min_m, e.range_max_m, e.height_min_m, e.height_max_m) for e in envelopes]
        sites = [battery.site_m for battery in batteries]
        return cls(np.array(sites).reshape(-1, 3), np.array(limits).reshape(-1, 4), flyout)


@dataclass(frozen=True)
class Opportunities:
    """For w paths and b batteries: the earliest point that can be met."""

    point: Ints
    """Index along the path, (w, b); -1 if there is none."""
    launch_s: Floats
    """When the interceptor would leave to be there with the track, (w, b); NaN if none."""
    intercept_s: Floats
    """When it would be there, (w, b); meaningless if there is none."""
    reachable: Bools
    """Whether the path enters the envelope at all, in time or not, (w, b)."""
    entering: Bools
    """The point is where the path enters the envelope, so a launch now would be early, (w, b)."""
    latest_launch_s: Floats
    """Last launch of any battery that could still meet the track, (w,); -inf if none."""


def find_opportunities(
    paths_m: Floats, times_s: Floats, reach: Reach, loaded: Bools, earliest_launch_s: float
) -> Opportunities:
    """Earliest intercept of each path by each battery.

    Parameters
    ----------
    paths_m : (w, k, 3) array
        Predicted ECEF positions [m]; NaN once on the ground.
    times_s : (k,) array
        When the tracks are there, scenario clock [s].
    reach : Reach
        Where shots can come from.
    loaded : (b,) array
        Which batteries can fire; the others count only in `reachable`.
    earliest_launch_s : float
        No launch before this [s].
    """
    status, point, launch_s, latest_s = kernels.earliest_intercepts(
        for_kernel(paths_m),
        times_s,
        reach.site_m,
        reach.limits_m,
        reach.flyout,
        loaded,
        earliest_launch_s,
    )
    return Opportunities(
        point=point,
        launch_s=launch_s,
        intercept_s=times_s[point],
        reachable=status != kernels.UNREACHED,
        entering=status == kernels.ENTERING,
        latest_launch_s=latest_s,
    )
