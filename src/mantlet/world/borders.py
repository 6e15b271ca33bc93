"""Whose ground a point is on, or the sea; and the outlines for maps.

Bundled outlines are cut from Natural Earth at 1:10m (public domain; `data/*.source.json`). They
follow Natural Earth's own choice of de facto borders, on which Mantlet takes no position, and are
good to about 1 km.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.base import Array
from mantlet.tables.errors import InputError
from mantlet.world.cells import CellIndex, index_rings
from mantlet.world.features import read_features

Floats = NDArray[np.float64]

DATA = Path(str(files("mantlet.world"))) / "data"


@dataclass(frozen=True)
class Surface:
    """Named territories; wherever none of them is counts as sea.

    `names` (t,) in row order; `rings` are the closed outlines (k, 2) of lon, lat [deg], holes
    among them, and `owners` the territory of each.
    """

    names: tuple[str, ...]
    rings: tuple[Floats, ...]
    owners: NDArray[np.int64]
    index: CellIndex

    @classmethod
    def of(cls, names: tuple[str, ...], rings: list[Floats], owners: list[int]) -> "Surface":
        """Build the look-up for these outlines."""
        rows = np.array(owners, dtype=np.int64)
        return cls(names, tuple(rings), rows, index_rings(rings, rows, len(names), cell_deg=0.02))

    def territory(self, lat_deg: Floats, lon_deg: Floats) -> Array:
        """Name of the territory at each point, shape (n,); an empty text at sea."""
        rows = self.index.locate(np.atleast_1d(lat_deg), np.atleast_1d(lon_deg))
        return np.array([*self.names, ""], dtype=object)[rows]

    def is_sea(self, lat_deg: Floats, lon_deg: Floats) -> NDArray[np.bool_]:
        """True where no territory is, shape (n,). Also true beyond the map's edge, and for NaN."""
        return self.index.locate(np.atleast_1d(lat_deg), np.atleast_1d(lon_deg)) < 0

    def outlines(self, name: str) -> tuple[Floats, ...]:
        """The rings (k, 2) of one territory, lon, lat [deg].

        Raises
        ------
        InputError
            If there is no territory of that name.
        """
        if name not in self.names:
            known = ", ".join(self.names)
            raise InputError(f"territory {name!r} is not on the map\n    fix: choose from: {known}")
        row = self.names.index(name)
        return tuple(self.rings[k] for k in np.flatnonzero(self.owners == row))


def read_surface(path: Path) -> Surface:
    """Territories from a GeoJSON FeatureCollection of (multi)polygons with a property `name`.

    Raises
    ------
    FeatureErrors
        With every mistake in the file.
    """
    file = read_features(path, multipolygons=True)
    names: list[str] = []
    rings: list[Floats] = []
    owners: list[int] = []
    for feature in file.features:
        name = file.text(feature, "name")
        if name in names:
            fix = "join them into one MultiPolygon"
            file.problem(feature.index, "properties.name", f"{name!r} is there twice", fix)
        names.append(name)
        for polygon in feature.polygons:
            rings += polygon
            owners += [len(names) - 1] * len(polygon)
    file.settle()
    return Surface.of(tuple(names), rings, owners)


@cache
def bundled(name: str) -> Surface:
    """A bundled map: "levant".

    Raises
    ------
    InputError
        If none of that name is bundled.
    """
    path = DATA / f"{name}-borders.geojson"
    if not path.is_file():
        known = ", ".join(sorted(p.name.removesuffix("-borders.geojson") for p in _bundled()))
        raise InputError(f"no bundled map is called {name!r}\n    fix: choose from: {known}")
    return read_surface(path)


def _bundled() -> list[Path]:
    return list(DATA.glob("*-borders.geojson"))
