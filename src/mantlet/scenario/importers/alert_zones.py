"""The zones of an alert record: names to match, outlines, people, seconds to reach shelter."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.importers.columns import Maybe, Reader, Text, read_columns
from mantlet.scenario.importers.discs import ashore, built_up_disc
from mantlet.scenario.importers.shelter import shelter_time_s
from mantlet.scenario.rows import Number
from mantlet.world import borders
from mantlet.world.features import read_features

LIST = "zones.csv"
OUTLINES = "zones_polygons.geojson"
STEP_DEG = 1e-5

_QUOTES = "'\"`´\u05f3\u05f4\u2018\u2019\u201c\u201d\u201e"
_KILOMETRES = Number(0.0, 20_000.0)
_PEOPLE = Maybe(Number(0.0, 1e8))
_SECONDS = Maybe(Number(0.0, 3_600.0))
_COLUMNS: Mapping[str, Reader] = {
    "zone_id": Number(1, 2**53, whole=True),
    "name_he": Text(),
    "name_en": Maybe(Text()),
    "lat": Number(-90.0, 90.0),
    "lon": Number(-180.0, 180.0),
    "in_2021": Number(0, 1, whole=True),
    "in_2022": Number(0, 1, whole=True),
    "countdown_2021_raw_s": _SECONDS,
    "countdown_2022_s": _SECONDS,
    "dist_gaza_km": _KILOMETRES,
    "dist_lebanon_km": _KILOMETRES,
    "population_2021": _PEOPLE,
    "population_2026": _PEOPLE,
}


def matching_name(name: str) -> str:
    """A name as it is compared: without quote marks, one kind of hyphen, single spaces."""
    text = unicodedata.normalize("NFC", name).replace("\u05be", "-")
    kept = "".join(c for c in text if c not in _QUOTES and unicodedata.category(c) != "Cf")
    return " ".join(kept.split())


@dataclass(frozen=True)
class AlertZone:
    """One zone of the list. `outline` (shapely polygon, lon/lat) is None where none is given."""

    zone_id: int
    name_he: str
    name_en: str
    lat_deg: float
    lon_deg: float
    listed: bool
    """In the lists of 2021 or 2022; later ones split and renamed many."""
    gaza_km: float
    lebanon_km: float
    population: float
    population_from: str
    shelter_time_s: float
    shelter_from: str
    outline: Any
    outline_from: str

    @property
    def gaza_front(self) -> bool:
        """Nearer to Gaza than to Lebanon."""
        return self.gaza_km < self.lebanon_km


def read_alert_zones(folder: Path) -> dict[str, AlertZone]:
    """The zones by their name as compared (`matching_name`).

    Raises
    ------
    ScenarioErrors, FeatureErrors
        With every mistake in the list or in the outlines.
    """
    path = folder / LIST
    rows = read_columns(path, _COLUMNS)
    outlines = _outlines(folder / OUTLINES)
    zones = [_zone(row, outlines) for row in rows]
    seen = Counter(zone.zone_id for zone in zones)
    names = Counter(matching_name(zone.name_he) for zone in zones)
    mistakes = [
        Mistake(str(path), line, field, problem, "keep one of them")
        for line, zone in enumerate(zones, start=2)
        for field, problem, count in (
            ("zone_id", f"{zone.zone_id} is given twice", seen[zone.zone_id]),
            ("name_he", f"{zone.name_he} is given twice", names[matching_name(zone.name_he)]),
        )
        if count > 1
    ]
    if mistakes:
        raise ScenarioErrors(mistakes)
    return {matching_name(zone.name_he): zone for zone in zones}


def _outlines(path: Path) -> dict[int, Any]:
    file = read_features(path, multipolygons=False, crossings=True)
    outlines = {
        int(file.number(feature, "zone_id", 1, 2**53)): _repaired(feature.shape)
        for feature in file.features
    }
    file.settle()
    return outlines


def _repaired(shape: Any) -> Any:
    """The outline without the slivers that digitised lines cut off by crossing themselves."""
    import shapely

    if shape.is_valid:
        return shape
    sound = shapely.set_precision(shapely.make_valid(shape, method="structure"), STEP_DEG)
    return max(shapely.get_parts(sound), key=lambda part: float(part.area))


def _zone(row: Mapping[str, Any], outlines: Mapping[int, Any]) -> AlertZone:
    population, population_from = _population(row)
    shelter, shelter_from = _shelter(row)
    return AlertZone(
        row["zone_id"],
        row["name_he"],
        row["name_en"] or row["name_he"],
        row["lat"],
        row["lon"],
        bool(row["in_2021"] or row["in_2022"]),
        row["dist_gaza_km"],
        row["dist_lebanon_km"],
        population,
        population_from,
        shelter,
        shelter_from,
        outlines.get(row["zone_id"]),
        "given",
    )


def _population(row: Mapping[str, Any]) -> tuple[float, str]:
    for key in ("population_2021", "population_2026"):
        if row[key] is not None:
            return row[key], key
    return 0.0, "none given, 0 taken"


def _shelter(row: Mapping[str, Any]) -> tuple[float, str]:
    """The official seconds; the 2021 list's 60 may be 90, so there the distance decides."""
    if row["countdown_2022_s"] is not None:
        return row["countdown_2022_s"], "countdown_2022_s"
    if row["countdown_2021_raw_s"] not in (None, 60.0):
        return row["countdown_2021_raw_s"], "countdown_2021_raw_s"
    by_distance = shelter_time_s(np.array([row["dist_gaza_km"]]))[0]
    return float(by_distance), "distance from Gaza"


def outlined(zones: Iterable[AlertZone]) -> tuple[AlertZone, ...]:
    """The zones by id, those without an outline with the disc that their people fill, on land."""
    import shapely

    land = shapely.union_all([shapely.Polygon(ring) for ring in borders.bundled("levant").rings])
    shapely.prepare(land)
    return tuple(
        zone if zone.outline is not None else _with_disc(zone, land)
        for zone in sorted(zones, key=lambda zone: zone.zone_id)
    )


def _with_disc(zone: AlertZone, land: Any) -> AlertZone:
    disc = built_up_disc(zone.lon_deg, zone.lat_deg, zone.population)
    return replace(zone, outline=ashore(disc, land, STEP_DEG), outline_from="disc by population")


def zones_geojson(zones: Iterable[AlertZone]) -> str:
    """Outlined zones as the GeoJSON that `world.places.read_zones` takes, one feature a line."""
    lines = []
    for zone in zones:
        feature = {
            "type": "Feature",
            "properties": {
                "zone_id": zone.zone_id,
                "name": zone.name_en,
                "names": {"en": zone.name_en, "he": zone.name_he},
                "population": round(zone.population),
                "shelter_time_s": zone.shelter_time_s,
                "outline": zone.outline_from,
            },
            "geometry": {"type": "Polygon", "coordinates": _rounded(zone.outline)},
        }
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


def _rounded(shape: Any) -> list[list[list[float]]]:
    import shapely

    return [
        [[round(x, 5), round(y, 5)] for x, y in shapely.get_coordinates(ring)]
        for ring in shapely.get_rings(shape)
    ]
