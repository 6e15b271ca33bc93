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


def cut_discs(centres: Floats, population: Floats) -> list[Any]:
    """The disc of each place, cut where a neighbour is nearer (its Voronoi cell).

    `centres` (n, 2) lon, lat [deg], no two the same; `population` (n,). No two outlines overlap.
    """
    import shapely

    discs = [built_up_disc(x, y, n) for (x, y), n in zip(centres, population, strict=True)]
    if len(discs) < 2:
        return discs
    shrink = np.array([np.cos(np.radians(centres[:, 1].mean())), 1.0])
    cells = shapely.transform(
        shapely.get_parts(
            shapely.voronoi_polygons(
                shapely.MultiPoint(centres * shrink),
                extend_to=shapely.transform(shapely.union_all(discs), lambda at: at * shrink),
                ordered=True,
            )
        ),
        lambda points: points / shrink,
    )
    return [shapely.intersection(disc, cell) for disc, cell in zip(discs, cells, strict=True)]


def ashore(shape: Any, land: Any, step_deg: float) -> Any:
    """The largest part of a shape on land, its corners on a grid of `step_deg` [deg].

    The coast is drawn to a kilometre: a village that it puts into the sea keeps its shape.
    """
    import shapely

    dry = shape if land.contains(shape) else shapely.intersection(shape, land)
    chosen = dry if dry.area > _DRY_MIN * shape.area else shape
    parts = shapely.get_parts(shapely.set_precision(chosen, step_deg))
    return max(parts, key=lambda part: float(part.area))
