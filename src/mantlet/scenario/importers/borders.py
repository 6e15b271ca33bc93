"""Outlines of land, cut from Natural Earth's 1:10m countries (the npm package world-atlas).

The lines are Natural Earth's own choice of de facto borders; Mantlet takes no position on them.
They say on whose ground or sea a fall is counted, nothing else.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.scenario.importers.outputs import ImportReport, publish, today
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

COUNTRIES = "countries-10m.json"
DECIMALS = 4  # 11 m, well below the kilometre these outlines are good to
_MIN_AREA_DEG2 = 1e-4  # about 1 km2: smaller islets carry nothing


@dataclass(frozen=True)
class Region:
    """A stretch of ground to cut out: a box [deg] and names for the parts of split territories."""

    name: str
    west: float
    south: float
    east: float
    north: float
    parts: dict[str, dict[str, tuple[float, float]]]
    """Territory -> part -> longitudes between which the part's centre lies."""


LEVANT = Region(
    "levant", 32.5, 29.0, 36.8, 34.0,
    {"Palestine": {"Gaza": (34.0, 34.7), "West Bank": (34.7, 36.0)}},
)  # fmt: skip

REGIONS = {region.name: region for region in (LEVANT,)}


def import_borders(package: Path, out: Path, region: Region = LEVANT) -> ImportReport:
    """Cut a region's territories out of an unpacked `world-atlas` package.

    Writes `<region>-borders.geojson` and `<region>-borders.source.json` into the folder `out`.

    Raises
    ------
    InputError
        If the package cannot be read or nothing of it lies in the region.
    """
    topology = _read_json(package / COUNTRIES)
    version = str(_read_json(package / "package.json").get("version", "unknown"))
    try:
        features = _cut(_decode(topology), region)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise InputError(
            f"{package / COUNTRIES}: not a TopoJSON of countries ({error!r})\n"
            "    fix: give the folder of the unpacked npm package world-atlas 2"
        ) from None
    if not features:
        raise InputError(f"{package / COUNTRIES}: no country lies in the region {region.name}")
    source = {
        "title": "Natural Earth, admin 0 countries, 1:10m, from the npm package world-atlas",
        "version": version,
        "licence": "Natural Earth: public domain; world-atlas: ISC",
        "link": "https://github.com/topojson/world-atlas",
        "retrieved": today(),
        "cut": f"longitude {region.west} to {region.east}, latitude {region.south} to "
        f"{region.north} degrees; coordinates rounded to {DECIMALS} decimals",
        "note": "Lines follow Natural Earth's own choice of de facto borders; Mantlet takes no "
        "position on them.",
    }
    files = publish(
        out,
        {
            f"{region.name}-borders.geojson": _geojson(features),
            f"{region.name}-borders.source.json": json.dumps(source, indent=2) + "\n",
        },
    )
    names = ", ".join(name for name, _ in features)
    return ImportReport(files, (f"{len(features)} territories: {names}",))


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
    except ValueError:
        reason = "not a JSON file"
    raise InputError(
        f"{path}: {reason}\n    fix: unpack the npm package world-atlas 2 and give its folder"
    )


def _decode(topology: Any) -> list[tuple[str, Any]]:
    """(name, shapely geometry) of every country: arcs are delta-coded integers (TopoJSON 1.0)."""
    scale, shift = (np.array(topology["transform"][key], float) for key in ("scale", "translate"))
    arcs = [np.cumsum(np.array(arc, float), axis=0) * scale + shift for arc in topology["arcs"]]
    return [
        (item["properties"]["name"], _geometry(item, arcs))
        for item in topology["objects"]["countries"]["geometries"]
        if item["type"] in ("Polygon", "MultiPolygon")
    ]


def _geometry(item: Any, arcs: list[Floats]) -> Any:
    import shapely

    parts = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
    polygons = []
    for part in parts:
        outer, *holes = [_ring(ring, arcs) for ring in part]
        if len(outer) >= 4:  # islets below the precision of the file collapse to a line
            polygons.append(shapely.Polygon(outer, [hole for hole in holes if len(hole) >= 4]))
    return shapely.MultiPolygon(polygons)


def _ring(indices: list[int], arcs: list[Floats]) -> Floats:
    """A ring from its arcs: ~k is arc k backwards; each arc starts where the last one ended."""
    pieces = [arcs[k] if k >= 0 else arcs[~k][::-1] for k in indices]
    return np.vstack([pieces[0], *[piece[1:] for piece in pieces[1:]]])


def _cut(countries: list[tuple[str, Any]], region: Region) -> list[tuple[str, Any]]:
    import shapely

    box = shapely.box(region.west, region.south, region.east, region.north)
    shapely.prepare(box)
    features = []
    for name, shape in countries:
        if not box.intersects(shapely.box(*shape.bounds)):
            continue
        for part_name, part in _named_parts(name, shape, region):
            cut = shapely.set_precision(shapely.intersection(part, box), 10.0**-DECIMALS)
            kept = [p for p in _polygons(cut) if shapely.area(p) > _MIN_AREA_DEG2]
            if kept:
                features.append((part_name, kept))
    return sorted(features, key=lambda feature: feature[0])


def _polygons(shape: Any) -> Any:
    """The polygons of any collection (lines and points, left over by repairs, are dropped)."""
    import shapely

    pieces = shapely.get_parts(shapely.get_parts(shape))
    return pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]


def _named_parts(name: str, shape: Any, region: Region) -> list[tuple[str, Any]]:
    import shapely

    valid = shapely.make_valid(shape)
    if name not in region.parts:
        return [(name, valid)]
    pieces = _polygons(valid)
    x = shapely.get_x(shapely.centroid(pieces))
    return [
        (part, shapely.union_all(pieces[(x >= west) & (x < east)]))
        for part, (west, east) in region.parts[name].items()
    ]


def _geojson(features: list[tuple[str, Any]]) -> str:
    """One feature a line, so that a change shows in a diff."""
    import shapely

    lines = []
    for name, polygons in features:
        rings = [
            [
                [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in shapely.get_coordinates(ring)]
                for ring in shapely.get_rings(polygon)
            ]
            for polygon in polygons
        ]
        feature = {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {"type": "MultiPolygon", "coordinates": rings},
        }
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"
