"""Own interceptors in flight: where the defence expects them, from its own orders."""

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.battery import Battery
from mantlet.tables import Shots
from mantlet.world.earth import ecef_from_degrees

Floats = NDArray[np.float64]


def expected_positions(shots: Shots, batteries: tuple[Battery, ...], time_s: float) -> Floats:
    """ECEF positions of interceptors at one time, shape (n, 3) [m], in the order of `shots`.

    A straight line from the battery to the aim point, run through as the flyout table says;
    at the launcher before launch, at the aim point after the intercept time.
    """
    if not len(shots):
        return np.empty((0, 3))
    index = {battery.id: row for row, battery in enumerate(batteries)}
    used = np.array([index[name] for name in shots.battery_id], np.int64)
    sites = np.array([battery.site_m for battery in batteries])[used]
    aims = ecef_from_degrees(shots.aim_lat_deg, shots.aim_lon_deg, shots.aim_height_m)
    away = aims - sites
    range_m = np.sqrt((away * away).sum(axis=1))
    gone = np.empty(len(shots))
    for row in np.unique(used):
        mine = used == row
        elapsed = time_s - shots.launch_time_s[mine]
        gone[mine] = np.where(elapsed > 0.0, batteries[row].envelope.range_at_m(elapsed), 0.0)
    share = np.minimum(gone / np.maximum(range_m, 1.0), 1.0)
    return np.asarray(sites + share[:, None] * away, np.float64)
