"""Seconds to reach shelter by distance from Gaza, and that distance.

Published cuts: 15 s below 10 km, 30 s to 20 km, 45 s to 30 km (Home Front Command instruction,
Ynet, Dec 2008, https://www.ynetnews.com/articles/0,7340,L-3645774,00.html; press relaying an
official instruction). The last cut, between 60 and 90 s, is fitted here: 43 km, where 96 % of the
384 alert areas with a stated time (2026 list, south of latitude 32.3) fall in their class.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.world.borders import Surface

Floats = NDArray[np.float64]

CUTS_KM = (10.0, 20.0, 30.0, 43.0)
TIMES_S = (15.0, 30.0, 45.0, 60.0, 90.0)

_KM_PER_DEGREE = 111.195


def shelter_time_s(distance_km: Floats) -> Floats:
    """The class of each distance [km], shape (n,) [s]."""
    return np.array(TIMES_S)[np.searchsorted(CUTS_KM, distance_km, side="right")]


def distance_km(surface: Surface, territory: str, lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Distance [km] of points (n,) from a territory, 0 inside; plane, good to 1 % at 100 km."""
    import shapely

    rings = surface.outlines(territory)
    lat = float(np.mean(rings[0][:, 1]))
    scale = _KM_PER_DEGREE * np.array([np.cos(np.radians(lat)), 1.0])
    outline: Any = shapely.union_all([shapely.Polygon(ring * scale) for ring in rings])
    points = shapely.points(np.stack([lon_deg, lat_deg], axis=1) * scale)
    return np.asarray(shapely.distance(outline, points), dtype=np.float64)
