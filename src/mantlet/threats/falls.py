"""Where flights begin and the general direction they take, kilometre-coarse.

Falls scatter round what the raid states, or round populated places within the class's range;
nothing is aimed at.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import FALL
from mantlet.ports.draws import Draws
from mantlet.tables import Zones
from mantlet.tables.errors import InputError
from mantlet.threats.ground import Ground
from mantlet.threats.raids import Area
from mantlet.threats.roster import Roster
from mantlet.world.earth import ecef_from_degrees
from mantlet.world.terrain import Terrain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TRIES = 12
"""Starting points drawn for each flight; the first within the class's range is kept."""
_KM_PER_DEGREE = 111.195
_PLACE_POWER = 0.5
"""Weight of a place: its population to this power, notional."""
_SPREAD = (np.arange(192.0).reshape(64, 3) * np.array([0.7548777, 0.5698403, 0.3819660])) % 1.0
"""Uniforms that spread 64 points over an area, to tell what can be reached from it."""


@dataclass(frozen=True, eq=False)
class Headings:
    """Starts of n flights (ECEF [m], local axes), range [km] and bearing from north [rad]."""

    origin_m: Floats
    axes: Floats
    range_km: Floats
    bearing_rad: Floats


def headings(
    roster: Roster,
    areas: Mapping[str, Area],
    zones: Zones,
    draws: Draws,
    terrain: Terrain | None = None,
) -> Headings:
    """The general direction of every flight of a roster, its class's dispersion included.

    Raises
    ------
    InputError
        If an area is not defined or encloses no ground, or a campaign finds no populated place.
    """
    n = len(roster)
    begin, fall, scatter = np.empty((n, 2)), np.empty((n, 2)), np.empty((n, 2))
    for rows, salvo in roster.alike():
        ground = ground_of(salvo.areas or tuple(areas), areas)
        chance = roster.uniforms(FALL, rows, draws, 3 * _TRIES + 4)
        bands = np.stack([roster.of_kind("range_min_km"), roster.of_kind("range_max_km")])[:, rows]
        tries, chance = chance[:, : 3 * _TRIES], chance[:, 3 * _TRIES :]
        scatter[rows] = _normals(chance[:, 2:])
        if salvo.toward is None:
            places = _places(zones, ground, salvo.towards, areas)
            fall[rows] = _near_places(ground, bands, places, chance[:, 0])
        else:
            fall[rows] = _round_points(roster, rows, _normals(chance[:, :2]))
        begin[rows] = _within_reach(ground, tries, fall[rows], bands)
    return _scattered(roster, begin, fall, scatter, terrain)


def _normals(uniforms: Floats) -> Floats:
    """Two standard normals from two uniforms, row by row (Box-Muller)."""
    radius = np.sqrt(-2.0 * np.log(uniforms[:, 0]))
    angle = 2.0 * np.pi * uniforms[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def ground_of(names: tuple[str, ...], areas: Mapping[str, Area]) -> Ground:
    """The areas of these names, taken together.

    Raises
    ------
    InputError
        If there is no name, or no area of one.
    """
    missing = [name for name in names if name not in areas]
    if missing or not names:
        known = ", ".join(areas) or "none is defined"
        raise InputError(f"no area is called {missing[:1]}\n    fix: choose from: {known}")
    return Ground(tuple(areas[name] for name in names))


def _places(
    zones: Zones, ground: Ground, towards: tuple[str, ...], areas: Mapping[str, Area]
) -> tuple[Floats, Floats]:
    """Latitude and longitude (p, 2) [deg] and weight (p,) of the places a campaign may head for."""
    if towards:
        kept = ground_of(towards, areas).holds(zones.lat_deg, zones.lon_deg)
    else:
        kept = ~ground.holds(zones.lat_deg, zones.lon_deg)
    kept &= zones.population > 0.0
    if not kept.any():
        raise InputError("campaign: there is no populated place outside its areas to fall near")
    points = np.stack([zones.lat_deg[kept], zones.lon_deg[kept]], axis=1)
    return points, np.asarray(zones.population[kept], dtype=np.float64) ** _PLACE_POWER


def _distance_km(a: Floats, b: Floats) -> Floats:
    """Distance between points [..., lat, lon], good to 1 % below a few hundred kilometres."""
    east = np.cos(np.radians(0.5 * (a[..., 0] + b[..., 0]))) * (b[..., 1] - a[..., 1])
    return np.asarray(_KM_PER_DEGREE * np.hypot(b[..., 0] - a[..., 0], east))


def _near_places(
    ground: Ground, bands: Floats, places: tuple[Floats, Floats], uniform: Floats
) -> Floats:
    """A place that each flight's class reaches from somewhere in the area, drawn by weight.

    Places first, starts after: the other way round, the few small places that a short range
    reaches from a far corner of the area would draw everything that begins there. A class that
    reaches none takes the nearest.
    """
    points, weight = places
    distance = _distance_km(ground.points(_SPREAD)[None], points[:, None])
    nearest, farthest = distance.min(axis=1), distance.max(axis=1)
    chosen = np.empty(len(uniform), dtype=np.int64)
    for low, high in np.unique(bands.T, axis=0):
        rows = (bands[0] == low) & (bands[1] == high)
        reached = np.where((nearest <= high) & (farthest >= low), weight, 0.0)
        if reached.any():
            share = np.cumsum(reached) / reached.sum()
            chosen[rows] = np.searchsorted(share, uniform[rows], side="right")
        else:
            chosen[rows] = np.maximum(nearest - high, low - farthest).argmin()
    return np.asarray(points[np.minimum(chosen, len(points) - 1)])


def _round_points(roster: Roster, rows: Ints, normals: Floats) -> Floats:
    """Points scattered round what each flight's salvo states, (m, 2) [deg]."""
    stated = [salvo.toward for salvo in roster.salvos]
    table = np.array([(t.lat_deg, t.lon_deg, t.spread_km) if t else (np.nan,) * 3 for t in stated])
    lat, lon, spread = table[roster.salvo[rows]].T
    north, east = (spread[:, None] * normals / _KM_PER_DEGREE).T
    return np.stack([lat + north, lon + east / np.cos(np.radians(lat))], axis=1)


def _within_reach(ground: Ground, tries: Floats, fall: Floats, bands: Floats) -> Floats:
    """The first of each flight's tries whose distance to the fall its class covers, (m, 2)."""
    begin = ground.points(tries.reshape(-1, 3)).reshape(len(fall), _TRIES, 2)
    distance = _distance_km(begin, fall[:, None])
    beyond = np.maximum(bands[0][:, None] - distance, distance - bands[1][:, None])
    first = np.maximum(beyond, 0.0).argmin(axis=1)
    return np.asarray(begin[np.arange(len(fall)), first])


def _axes(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Rows east, north, up in ECEF, shape (n, 3, 3)."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    sl, cl, so, co = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
    rows = [[-so, co, np.zeros_like(so)], [-sl * co, -sl * so, cl], [cl * co, cl * so, sl]]
    return np.moveaxis(np.array(rows), 2, 0)


def _scattered(
    roster: Roster, begin: Floats, fall: Floats, scatter: Floats, terrain: Terrain | None
) -> Headings:
    """Range and bearing between two points, with the dispersion of the class where it applies."""
    ground_m = 0.0 if terrain is None else terrain.heights_m(begin[:, 0], begin[:, 1])
    origin = ecef_from_degrees(begin[:, 0], begin[:, 1], ground_m)
    axes = _axes(begin[:, 0], begin[:, 1])
    chord = ecef_from_degrees(fall[:, 0], fall[:, 1]) - origin
    east, north = np.einsum("ni,nji->jn", chord, axes[:, :2])
    applies = roster.of_salvo("scattered")
    along = 1.0 + applies * roster.of_kind("dispersion_range") * scatter[:, 0]
    across = applies * roster.of_kind("dispersion_cross") * scatter[:, 1]
    range_km = np.sqrt((chord * chord).sum(axis=1)) / 1000.0 * along
    return Headings(origin, axes, range_km, np.arctan2(east, north) + across)
