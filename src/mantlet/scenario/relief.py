"""The relief of a scenario: read, and held against everything that stands on it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.scenario.companions import Companions
from mantlet.scenario.components import block, built
from mantlet.scenario.document import Document
from mantlet.scenario.schema import TerrainBlock
from mantlet.sensing.packing import check_above
from mantlet.world.terrain import Terrain
from mantlet.world.terrain_files import read_terrain

Floats = NDArray[np.float64]


def terrain_of(document: Document, companions: Companions) -> Terrain | None:
    """The relief, or None if there is none or its file is no use (noted)."""
    given = document.values.get("terrain") and block(document, "terrain", TerrainBlock)
    if not given:
        return None
    geoid_m = given.geoid_m or 0.0
    return companions.read(
        ("terrain", "file"), given.file, lambda path: read_terrain(path, geoid_m)
    )


def check_relief(document: Document, terrain: Terrain, parts: Mapping[str, Any]) -> None:
    """Note what of the scenario lies beyond the relief, and radars that stand under it."""
    for what, points in points_of(parts).items():
        outside = int((~terrain.covers(points[:, 0], points[:, 1])).sum())
        if outside:
            south, west, north, east = terrain.box_deg
            document.mistake(
                ("terrain", "file"),
                f"covers {south:.4g} to {north:.4g} north, {west:.4g} to {east:.4g} east; "
                f"{outside} of {len(points)} {what} lie outside",
                "join more files: `mantlet import terrain FILE FILE ... --for SCENARIO --out F`",
            )
    _check_radars(document, terrain, parts)


def points_of(parts: Mapping[str, Any]) -> dict[str, Floats]:
    """Latitude and longitude (n, 2) [deg] of all that needs ground under it, by what it is."""
    points: dict[str, Floats] = {}
    for what in ("radars", "batteries"):
        if sites := [component.site for component in parts[what]]:
            points[what] = np.array([(site.lat_deg, site.lon_deg) for site in sites])
    if (zones := parts["zones"]) is not None and len(zones):
        points["zones"] = np.stack([zones.lat_deg, zones.lon_deg], axis=1)
    if rings := [ring for area in parts["areas"].values() for ring in area.rings]:
        points["corners of areas"] = np.concatenate(rings)
    return points


def _check_radars(document: Document, terrain: Terrain, parts: Mapping[str, Any]) -> None:
    for radar in parts["radars"]:
        place = ("radars", _index(document, radar.id), "site")
        built(document, place, check_above, radar.site, terrain)


def _index(document: Document, name: str) -> int:
    return next(k for k, raw in enumerate(document.values["radars"]) if raw.get("id") == name)
