"""The zones of any region of the world: every place that GeoNames holds within a radius."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.scenario.importers.discs import cut_discs
from mantlet.scenario.importers.geonames import near
from mantlet.tables.errors import InputError
from mantlet.world.places import STEP_DEG

Floats = NDArray[np.float64]

SHELTER_TIME_S = 30
"""Notional: the same everywhere."""

MOST = 1_000
"""Zones; the smallest places are left out beyond."""

CITY_DENSITY_PER_KM2 = 10_000.0
"""Notional: what lies within the disc that a city fills at this density is taken for its part."""

REMAINDER_MIN = 0.2
"""Notional: the least share of its people that a city keeps when its parts are taken off."""

_KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Region:
    """Zones as a scenario file has them, most populous first, and what there is to say."""

    zones: tuple[dict[str, Any], ...]
    sites: tuple[tuple[float, float], ...]
    """Latitude and longitude [deg] of each zone's place, as GeoNames has it."""
    lines: tuple[str, ...]


def region(every: list[Any], lat_deg: float, lon_deg: float, radius_km: float) -> Region:
    """The zones within `radius_km` of a point.

    Outlines as those of the bundled places: the disc that the people fill at the notional density,
    cut where a neighbour is nearer; land and sea are not told apart. Parts of cities that GeoNames
    lists beside the whole are zones of their own; the whole keeps the people beyond theirs, at
    least a fifth. Nothing is drawn across the 180th meridian: places beyond it are left out.

    Raises
    ------
    InputError
        If there is no place.
    """
    found = near(every, lat_deg, lon_deg, radius_km)
    rows = [row for row in found if abs(row["longitude"] - lon_deg) <= 180.0]
    lines = _left_out(len(found) - len(rows), "beyond the 180th meridian")
    if not rows:
        raise InputError(
            f"GeoNames holds no place within {radius_km:g} km of {lat_deg:g},{lon_deg:g}\n"
            "    fix: a larger --radius-km, or another --centre"
        )
    lines += _left_out(len(rows) - MOST, "with the fewest people")
    rows = rows[:MOST]
    people = _shared(rows)
    centres = np.array([[row["longitude"], row["latitude"]] for row in rows], dtype=np.float64)
    outlines = [_corners(shape) for shape in cut_discs(centres, people)]
    drawn = [k for k, corners in enumerate(outlines) if len(corners) >= 3]
    lines += _left_out(len(rows) - len(drawn), "too close to others to be drawn")
    return Region(
        tuple(_zone(rows[k], people[k], outlines[k]) for k in drawn),
        tuple((float(rows[k]["latitude"]), float(rows[k]["longitude"])) for k in drawn),
        tuple(lines),
    )


def _left_out(count: int, words: str) -> list[str]:
    many = "1 place" if count == 1 else f"{count} places"
    return [f"Left out: {many} {words}"] if count > 0 else []


def _shared(rows: list[Any]) -> Floats:
    """People of each place without those of the parts that are listed beside it."""
    people = np.array([row["population"] for row in rows], dtype=np.float64)
    lat, lon = (np.array([row[k] for row in rows]) for k in ("latitude", "longitude"))
    state = np.array([f"{row['countrycode']}.{row['admin1code']}" for row in rows], dtype=object)
    left = people.copy()
    taken = np.zeros(len(rows), dtype=np.bool_)
    for k in range(len(rows)):  # the most populous first: a part belongs to the largest whole
        radius_km = np.sqrt(people[k] / CITY_DENSITY_PER_KM2 / np.pi)
        east = (lon - lon[k]) * np.cos(np.radians(lat[k]))
        inside = _KM_PER_DEGREE * np.hypot(lat - lat[k], east) <= radius_km
        part = inside & (state == state[k]) & (people < people[k]) & ~taken
        if not taken[k]:
            left[k] = max(people[k] - people[part].sum(), REMAINDER_MIN * people[k])
            taken |= part
    return np.round(left)


def _corners(shape: Any) -> list[list[float]]:
    """[lat, lon] corners on the grid of bundled outlines, the closing one left out."""
    import shapely

    world = shapely.box(-180.0, -90.0, 180.0, 90.0)
    kept = shapely.set_precision(shapely.intersection(shape, world), STEP_DEG)
    parts = [part for part in shapely.get_parts(kept) if part.geom_type == "Polygon"]
    if not parts:
        return []
    ring = max(parts, key=lambda part: float(part.area)).exterior
    points = np.round(shapely.get_coordinates(ring)[:-1, ::-1], 4)
    return [[float(lat), float(lon)] for lat, lon in points]


def _zone(row: Any, people: float, corners: list[list[float]]) -> dict[str, Any]:
    return {
        "id": int(row["geonameid"]),
        "name": str(row["name"])[:200],
        "population": int(people),
        "shelter_time_s": SHELTER_TIME_S,
        "polygon": corners,
    }
