"""The ground a place is taken to cover where nobody has drawn it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DENSITY_PER_KM2 = 3_000.0
"""Notional: persons per built-up square kilometre."""

RADIUS_MIN_KM = 0.6
"""Notional: a hamlet's radius."""

_KM_PER_DEGREE = 111.195
_DRY_MIN = 0.3


def built_up_disc(lon_deg: float, lat_deg: float, population: float) -> Any:
    """The disc that `population` fills at the notional density: a polygon, lon/lat degrees."""
    import shapely

    radius_km = max(RADIUS_MIN_KM, float(np.sqrt(population / DENSITY_PER_KM2 / np.pi)))
    corners = 12 if radius_km < 1.5 else 24
    angle = np.arange(corners) * 2 * np.pi / corners
    scale = radius_km / _KM_PER_DEGREE / np.array([np.cos(np.radians(lat_deg)), 1.0])
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1) * scale
    return shapely.Polygon(ring + np.array([lon_deg, lat_deg]))


def ashore(shape: Any, land: Any, step_deg: float) -> Any:
    """The largest part of a shape on land, its corners on a grid of `step_deg` [deg].

    The coast is drawn to a kilometre: a village that it puts into the sea keeps its shape.
    """
    import shapely

    dry = shape if land.contains(shape) else shapely.intersection(shape, land)
    chosen = dry if dry.area > _DRY_MIN * shape.area else shape
    parts = shapely.get_parts(shapely.set_precision(chosen, step_deg))
    return max(parts, key=lambda part: float(part.area))
