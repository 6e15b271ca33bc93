"""Where people are: the bundled places, and zones from a file."""

import csv
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Zones
from mantlet.tables.base import Array
from mantlet.tables.errors import InputError
from mantlet.world.borders import DATA
from mantlet.world.features import Feature, FeatureFile, read_features

Floats = NDArray[np.float64]

COLUMNS = (
    "zone_id",
    "name",
    "name_he",
    "name_ar",
    "territory",
    "lat_deg",
    "lon_deg",
    "population",
    "shelter_time_s",
    "outline",
)
"""Of a bundled file. `outline`: corners as east north pairs, in steps of `STEP_DEG` from the
centre, the closing one left out."""

STEP_DEG = 1e-4


@dataclass(frozen=True)
class Places:
    """All places of a region, on every side of its borders.

    `zones` holds them as zones (n rows), `territory` (n,) whose ground each is on, after the
    source's own country codes.
    """

    zones: Zones
    territory: Array

    def warned(self, launch_territories: tuple[str, ...]) -> Zones:
        """The zones that a warning system covers: all but those where raids start.

        People there live under the same flights. They are counted in the exposure of a campaign
        (`exposed`), but the modelled system, which serves the other side, sends them no alerts.
        """
        return self.zones.take(~np.isin(self.territory, launch_territories))

    def exposed(self, launch_territories: tuple[str, ...]) -> Zones:
        """The zones left out by `warned`."""
        return self.zones.take(np.isin(self.territory, launch_territories))


@cache
def places(name: str) -> Places:
    """A bundled set of places on all sides: "levant".

    Outlines are notional discs round a point, and times to shelter follow the distance from Gaza;
    `data/<name>-places.source.json` says how. Populations are GeoNames' own.

    Raises
    ------
    InputError
        If none of that name is bundled.
    """
    path = DATA / f"{name}-places.csv"
    if not path.is_file():
        known = ", ".join(sorted(p.name.removesuffix("-places.csv") for p in _bundled()))
        raise InputError(f"no bundled places are called {name!r}\n    fix: choose from: {known}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Places(
        _zones([_bundled_row(row) for row in rows]),
        np.array([row["territory"] for row in rows], dtype=object),
    )


def bundled(name: str, launch_territories: tuple[str, ...] = ("Gaza",)) -> Zones:
    """The bundled places outside the territories where raids start, as zones.

    Raises
    ------
    InputError
        If none of that name is bundled.
    """
    return places(name).warned(launch_territories)


def _bundled() -> list[Path]:
    return list(DATA.glob("*-places.csv"))


def _bundled_row(row: dict[str, str]) -> tuple[Any, ...]:
    lat, lon = float(row["lat_deg"]), float(row["lon_deg"])
    steps = np.array(row["outline"].split(), dtype=np.float64).reshape(-1, 2)
    ring = np.round([lon, lat] + STEP_DEG * np.vstack([steps, steps[:1]]), 4)
    names = {"he": row["name_he"], "ar": row["name_ar"]}
    return (
        int(row["zone_id"]),
        row["name"],
        json.dumps({k: v for k, v in names.items() if v}, ensure_ascii=False),
        lat,
        lon,
        _wkb((ring,)),
        float(row["population"]),
        float(row["shelter_time_s"]),
    )


def _wkb(rings: tuple[Floats, ...]) -> bytes:
    """Little-endian WKB of one polygon: no geometry library is needed to load the bundled set."""
    head = b"\x01" + np.array([3, len(rings)], dtype="<u4").tobytes()
    return head + b"".join(
        np.array([len(ring)], dtype="<u4").tobytes() + ring.astype("<f8").tobytes()
        for ring in rings
    )


def _zones(rows: list[tuple[Any, ...]]) -> Zones:
    kinds = [np.int64, object, object, np.float64, np.float64, object, np.float64, np.float64]
    columns = zip(*rows, strict=True)
    return Zones(
        *(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True))
    )


@dataclass(frozen=True)
class DrawnZone:
    """A zone by its outline (k, 2) of lon, lat [deg], open or closed; `names` by language."""

    zone_id: int
    name: str
    names: dict[str, str]
    population: float
    shelter_time_s: float
    ring: Floats


def drawn(zones: Sequence[DrawnZone]) -> Zones:
    """Zones by their outlines; the centre as in `read_zones`."""
    return _zones([_drawn_row(zone) for zone in zones]) if zones else Zones.empty()


def _drawn_row(zone: DrawnZone) -> tuple[Any, ...]:
    ring = zone.ring
    if not np.array_equal(ring[0], ring[-1]):
        ring = np.vstack([ring, ring[:1]])
    lat, lon = _centre(Feature(0, {}, ((ring,),)))
    names = json.dumps(zone.names, ensure_ascii=False)
    row = (zone.zone_id, zone.name, names, lat, lon, _wkb((ring,)))
    return (*row, zone.population, zone.shelter_time_s)


def read_zones(path: Path) -> Zones:
    """Zones from a GeoJSON FeatureCollection of Polygons (WGS-84, lon/lat degrees).

    Properties of each feature: `zone_id` (whole number, unique), `name`, `population` [persons],
    `shelter_time_s` [s], and optionally `names` (an object: language -> name). The centre of a
    zone is the centroid of its outline, or a point inside where the centroid is not.

    Raises
    ------
    FeatureErrors
        With every mistake in the file: `FeatureErrors.problems`.
    """
    file = read_features(path, multipolygons=False)
    seen: dict[int, int] = {}
    rows = [_zone_row(file, feature, seen) for feature in file.features]
    file.settle()
    return _zones(rows)


def _zone_row(file: FeatureFile, feature: Feature, seen: dict[int, int]) -> tuple[Any, ...]:
    lat, lon = _centre(feature)
    return (
        _zone_id(file, feature, seen),
        file.text(feature, "name"),
        _names(file, feature),
        lat,
        lon,
        _wkb(feature.polygons[0] if feature.polygons else ()),
        file.number(feature, "population", 0.0, 1e9),
        file.number(feature, "shelter_time_s", 0.0, 3600.0),
    )


def _centre(feature: Feature) -> tuple[float, float]:
    """Latitude and longitude [deg] inside a feature; NaN where its outline is faulty."""
    if not feature.polygons:
        return math.nan, math.nan
    shape = feature.shape
    centre = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
    return centre.y, centre.x


def _zone_id(file: FeatureFile, feature: Feature, seen: dict[int, int]) -> int:
    number = file.number(feature, "zone_id", 0.0, 2.0**53)
    place = "properties.zone_id"
    if not math.isclose(number, round(number), abs_tol=0.0):
        file.problem(feature.index, place, f"{number:g} is not whole", "write a whole number")
    elif feature.properties.get("zone_id") == number and number in seen:
        problem = f"{number:g} is already that of feature {seen[int(number)]}"
        file.problem(feature.index, place, problem, "give every zone its own")
    seen.setdefault(int(number), feature.index)
    return int(number)


def _names(file: FeatureFile, feature: Feature) -> str:
    names = feature.properties.get("names", {})
    if isinstance(names, dict) and all(isinstance(value, str) for value in names.values()):
        return json.dumps(names, ensure_ascii=False)
    fix = 'write an object of texts such as {"en": "Harbour"}'
    file.problem(feature.index, "properties.names", "not names by language", fix)
    return "{}"
