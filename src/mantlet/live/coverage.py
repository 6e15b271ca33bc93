"""Where each radar sees, as outlines for the map."""

import itertools
from typing import TYPE_CHECKING, Any

import contourpy
import numpy as np
import shapely

from mantlet.live.scene import geometry
from mantlet.sensing.coverage import Grid, coverage_map

if TYPE_CHECKING:
    from mantlet.sensing.radar import Radar

PROBABILITY = 0.5
"""A point counts as covered if one look detects the object there at least this surely."""

POINTS = 121
"""Points of the grid along each side."""


def coverage_features(
    radars: tuple["Radar", ...], height_m: float, rcs_m2: float
) -> dict[str, Any]:
    """GeoJSON features, one for each radar that covers anything at this height [m]."""
    features = []
    for radar in radars:
        grid = Grid.around([radar], POINTS)
        found = coverage_map([radar], height_m, rcs_m2, grid)
        shape = _outline(grid, found.best)
        if not shape.is_empty:
            features.append(
                {
                    "type": "Feature",
                    "geometry": geometry(shape),
                    "properties": {
                        "radar": radar.id,
                        "height_m": height_m,
                        "rcs_m2": rcs_m2,
                        "probability": PROBABILITY,
                    },
                }
            )
    return {"type": "FeatureCollection", "features": features}


def _outline(grid: Grid, chance: Any) -> Any:
    """The ground where the chance is at least `PROBABILITY`, interpolated between the points."""
    contours = contourpy.contour_generator(
        grid.lon_deg, grid.lat_deg, chance, fill_type=contourpy.FillType.OuterOffset
    )
    parts = []
    for points, offsets in zip(*contours.filled(PROBABILITY, np.inf), strict=True):
        rings = [points[a:b] for a, b in itertools.pairwise(offsets)]
        parts.append(shapely.make_valid(shapely.Polygon(rings[0], rings[1:])))
    return shapely.union_all(parts) if parts else shapely.Polygon()
