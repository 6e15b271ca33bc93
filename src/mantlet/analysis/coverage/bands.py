"""Contour bands of a map as GeoJSON."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.sensing.coverage import Grid

Floats = NDArray[np.float64]

LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Lower edges of the bands; the highest reaches up to 1."""

_CLOSE = 0.15
"""Outlines may be simplified by this share of a grid spacing."""
_DECIMALS = 1e-5
"""Coordinates are rounded to about a metre [deg]."""


def bands(grid: Grid, probability: Floats, properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The features of a map (rows, columns), one MultiPolygon for each band that is not empty.

    Each has `properties`, and `probability_min` and `probability_max`. Linear between the points
    of the grid; outlines simplified by a seventh of its spacing; valid, without overlaps beyond
    that.
    """
    from contourpy import FillType, contour_generator

    generator = contour_generator(
        grid.lon_deg, grid.lat_deg, probability, fill_type=FillType.OuterOffset
    )
    spacing = min(float(np.diff(axis).min()) for axis in (grid.lat_deg, grid.lon_deg))
    edges = [*LEVELS, 1.0 + 1e-9]
    features = []
    for low, high in pairwise(edges):
        shape = shapely.union_all(list(_polygons(*generator.filled(low, high))))
        shape = shapely.set_precision(shape.simplify(_CLOSE * spacing), _DECIMALS)
        if shape.is_empty:
            continue
        told = {**properties, "probability_min": low, "probability_max": min(high, 1.0)}
        features.append(_feature(shape, told))
    return features


def _polygons(points: list[Any], offsets: list[Any]) -> Iterator[Any]:
    for held, cuts in zip(points, offsets, strict=True):
        rings = [held[a:b] for a, b in pairwise(cuts) if b - a >= 4]
        if rings:
            yield shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def _feature(shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
    areas = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    multi = shapely.MultiPolygon(areas)
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": _coordinates(multi)},
    }


def _coordinates(multi: Any) -> list[Any]:
    """Plain lists, outer rings anticlockwise (RFC 7946)."""
    turned = [shapely.geometry.polygon.orient(part) for part in multi.geoms]
    return [
        [[list(point) for point in ring.coords] for ring in (part.exterior, *part.interiors)]
        for part in turned
    ]
