"""Outlines out of WKB, and outlines grown by a distance on the ground."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_METRES_PER_DEGREE = 111_195.0


def _rings(shapes: Any) -> tuple[list[Floats], Ints]:
    import shapely

    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    splits = np.flatnonzero(np.diff(ring)) + 1
    return (np.split(points, splits) if len(points) else []), owner[part].astype(np.int64)


def rings_of(wkb: Iterable[bytes]) -> tuple[list[Floats], Ints]:
    """Rings (k, 2) of lon, lat [deg] and the row each belongs to, of WKB (multi)polygons."""
    import shapely

    return _rings(shapely.from_wkb(list(wkb)))


def grown_rings(wkb: Iterable[bytes], margin_m: float) -> tuple[list[Floats], Ints]:
    """The same, with everything within `margin_m` [m] on the ground added (0.5 % of it)."""
    import shapely

    shapes = shapely.from_wkb(list(wkb))
    scale = _metres_per_degree(shapes)
    metric = shapely.buffer(_scaled(shapes, scale), margin_m, quad_segs=4)
    return _rings(_scaled(metric, 1.0 / scale))


def _metres_per_degree(shapes: Any) -> Floats:
    """Metres in a degree of longitude and latitude at each shape, shape (n, 2)."""
    import shapely

    bounds = shapely.bounds(shapes).reshape(-1, 4)
    lat = np.radians((bounds[:, 1] + bounds[:, 3]) / 2)
    return _METRES_PER_DEGREE * np.stack([np.cos(lat), np.ones_like(lat)], axis=1)


def _scaled(shapes: Any, scale: Floats) -> Any:
    import shapely

    points, which = shapely.get_coordinates(shapes, return_index=True)
    return shapely.set_coordinates(np.array(shapes), points * scale[which])
