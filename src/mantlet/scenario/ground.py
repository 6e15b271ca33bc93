"""The ground of a scenario: who lives where, and what is land."""

import numpy as np
from numpy.typing import NDArray

from mantlet.scenario.companions import Companions
from mantlet.scenario.components import block, blocks, built
from mantlet.scenario.document import Document
from mantlet.scenario.schema import CoastBlock, PlacesBlock, ZoneBlock
from mantlet.tables import Zones
from mantlet.world import borders, places
from mantlet.world.borders import Surface
from mantlet.world.cells import index_rings

LAND = "land"
REACH_DEG = 2.0
"""Without a map, this much around the zones is taken for land; no class flies further."""

CELL_DEG = 0.5
"""Cells of the look-up: a rectangle needs no finer ones, and they cost time to build."""


def zones_of(
    document: Document, companions: Companions, launch_territories: tuple[str, ...]
) -> Zones | None:
    """The zones to be warned and defended: those of the places, then those drawn in the file.

    None where mistakes were noted.
    """
    drawn = places.drawn([_drawn(value) for _, value in blocks(document, "zones", ZoneBlock)])
    if document.values.get("places") is None:
        return drawn if len(drawn) else None
    found = _placed(document, companions, launch_territories)
    if found is None or not len(drawn):
        return found
    for number in np.intersect1d(found.zone_id, drawn.zone_id):
        problem = f"zone {number} is among the places already"
        document.mistake(("zones",), problem, "give the drawn one another id")
    return Zones.concat([found, drawn])


def _drawn(given: ZoneBlock) -> places.DrawnZone:
    ring = np.array(given.polygon)[:, ::-1]
    values = (given.id, given.name, given.names or {}, given.population, given.shelter_time_s)
    return places.DrawnZone(*values, ring)


def _placed(
    document: Document, companions: Companions, launch_territories: tuple[str, ...]
) -> Zones | None:
    given = block(document, "places", PlacesBlock)
    if given is None:
        return None
    if given.bundled:
        place = ("places", "bundled")
        return built(document, place, places.bundled, given.bundled, launch_territories)
    if given.file:
        return companions.read(("places", "file"), given.file, places.read_zones)
    return None


def surface_of(document: Document, companions: Companions, zones: Zones | None) -> Surface | None:
    """The map: as given, else that of the bundled places, else land all around the zones."""
    given = block(document, "coast", CoastBlock)
    if given is not None and given.bundled:
        return built(document, ("coast", "bundled"), borders.bundled, given.bundled)
    if given is not None and given.file:
        return companions.read(("coast", "file"), given.file, borders.read_surface)
    known = block(document, "places", PlacesBlock)
    if known is not None and known.bundled:
        return built(document, ("places", "bundled"), borders.bundled, known.bundled)
    return None if zones is None else _all_land(zones)


def _all_land(zones: Zones) -> Surface:
    west, east = zones.lon_deg.min() - REACH_DEG, zones.lon_deg.max() + REACH_DEG
    south, north = zones.lat_deg.min() - REACH_DEG, zones.lat_deg.max() + REACH_DEG
    rings = [_box(west, south, east, north)]
    if west < -180.0:
        rings.append(_box(west + 360.0, south, 180.0, north))
    if east > 180.0:
        rings.append(_box(-180.0, south, east - 360.0, north))
    owner = np.zeros(len(rings), dtype=np.int64)
    return Surface((LAND,), tuple(rings), owner, index_rings(rings, owner, 1, cell_deg=CELL_DEG))


def _box(west: float, south: float, east: float, north: float) -> NDArray[np.float64]:
    return np.array([(west, south), (east, south), (east, north), (west, north), (west, south)])
