"""Points drawn evenly over areas, and points held against them."""

from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError
from mantlet.threats.raids import Area

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """Areas taken together, cut into triangles.

    Plane geometry in degrees: points are drawn evenly where an area spans well below a degree
    of latitude.
    """

    areas: tuple[Area, ...]

    @cached_property
    def _shape(self) -> Any:
        import shapely

        return shapely.normalize(shapely.union_all([_outline(area) for area in self.areas]))

    @cached_property
    def _triangles(self) -> tuple[Floats, Floats]:
        """Corners (t, 3, 2) of lon, lat [deg] and the running share of the area (t,)."""
        import shapely

        parts = shapely.get_parts(shapely.constrained_delaunay_triangles(self._shape))
        corners = np.array([shapely.get_coordinates(part)[:3] for part in parts])
        share = np.cumsum(shapely.area(parts))
        return corners, share / share[-1]

    def points(self, uniforms: Floats) -> Floats:
        """Latitudes and longitudes (n, 2) [deg], for uniforms of shape (n, 3)."""
        corners, share = self._triangles
        a, b, c = np.moveaxis(corners[np.searchsorted(share, uniforms[:, 0])], 1, 0)
        root, u = np.sqrt(uniforms[:, 1:2]), uniforms[:, 2:3]
        points = (1.0 - root) * a + root * (1.0 - u) * b + root * u * c
        return np.asarray(points[:, ::-1])

    def holds(self, lat_deg: Floats, lon_deg: Floats) -> NDArray[np.bool_]:
        """Whether each point lies in one of the areas, shape (n,)."""
        import shapely

        return np.asarray(shapely.contains_xy(self._shape, lon_deg, lat_deg), dtype=np.bool_)


def _outline(area: Area) -> Any:
    import shapely

    rings = [shapely.Polygon(np.asarray(ring)[:, ::-1]) for ring in area.rings]
    if not rings or not all(ring.is_valid and ring.area > 0.0 for ring in rings):
        raise InputError(f"area {area.id}: an outline encloses no ground or crosses itself")
    # Even-odd: a ring inside another one is a hole, whatever the order they come in.
    return reduce(shapely.symmetric_difference, rings)
