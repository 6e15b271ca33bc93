"""From bursts of alerts to flights: how many, when, where to, of which class.

An alert is a threatened zone, not a fall. So the number of flights comes from published totals,
the record says when and toward where, and what nobody was alerted for is drawn:

- 1,610 flights were engaged (1,450 intercepted and about 160 missed): they are shared out over the
  bursts in proportion to their alerts, at least one each, and within a burst evenly over its
  alerts in time order. Each goes toward the zone of its alert.
- 680 fell short and 280 in the sea, as published; the rest of 4,360 in open ground. They start at
  bursts drawn in proportion to the flights above.

Published totals mix rockets and mortar bombs; no artillery shell was reported, and none is drawn.
Flights scatter by a kilometre or so about the points given here (`threats`), so the points in the
open keep their distance from every zone; where all of them come down is in `landed`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import RECORD
from mantlet.ports.draws import Draws
from mantlet.scenario.importers.alert_rows import Alert
from mantlet.scenario.importers.alert_zones import AlertZone
from mantlet.scenario.importers.shelter import distance_km
from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import CLASSES
from mantlet.world.borders import Surface
from mantlet.world.cells import CellIndex, index_rings
from mantlet.world.outlines import grown_rings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRED = 4_360
INTERCEPTED = 1_450
MISSED = 160
SHORT = 680
SEA = 280
IGNORED = 1_963
SOURCE = (
    "Safian, BESA PP2081 / JNS 2021, https://www.jns.org/opinion/"
    "how-many-gaza-palestinians-were-killed-by-hamas-rockets-in-may-an-estimate/"
)
"""Of all six figures (facts S65)."""

THREATENING = INTERCEPTED + MISSED
OPEN = FIRED - THREATENING - SHORT - SEA
DISCREPANCY = IGNORED + THREATENING + SEA + SHORT - FIRED
"""The published parts add up to this many more than were fired; open ground is cut by it."""

# Notional.
OPEN_SPREAD_KM = 3.0
CLEARANCE_KM = 1.0  # of points in open ground from any zone and from Gaza, notional
MORTAR = "mortar-120"
MORTAR_SHARE = 0.25
MORTAR_REACH_KM = 6.0
HEADROOM_KM = 2.0  # flights start inside the territory, not on its border
SEA_BOX = (31.30, 31.95, 34.10, 34.75)  # south, north, west, east [deg]
SEA_REACH_KM = 10.0

_SEED = 2021
_BURST, _ALERT, _EAST, _SEA, _MORTAR = range(5)
_TRIES = 200
_KM_PER_DEGREE = 111.195


@dataclass(frozen=True, order=True)
class Flight:
    """One flight of the record: when it starts [s], whereto [deg], its fate and class."""

    time_s: float
    lat_deg: float
    lon_deg: float
    fate: str
    class_id: str


def apportion(weights: Sequence[int], total: int) -> list[int]:
    """Share out `total` in proportion to `weights`, at least one each (largest remainders).

    Raises
    ------
    InputError
        If there are more shares than `total`.
    """
    shares = np.ones(len(weights), dtype=np.int64)
    if len(weights) > total:
        raise InputError(
            f"{len(weights)} bursts of alerts, but only {total} flights were published\n"
            "    fix: give the record of 10 to 21 May 2021 alone"
        )
    given = np.asarray(weights, dtype=np.float64)
    large = np.ones(len(weights), dtype=bool)
    while large.any():
        quota = given * ((total - (~large).sum()) / given[large].sum())
        small = large & (quota < 1.0)
        if not small.any():
            break
        large &= ~small
    if large.any():
        shares[large] = np.floor(quota[large]).astype(np.int64)
        left = total - int(shares.sum())
        remainder = np.where(large, quota - np.floor(quota), -1.0)
        shares[np.argsort(-remainder, kind="stable")[:left]] += 1
    return [int(share) for share in shares]


def draw_flights(
    bursts: Sequence[Sequence[Alert]], zones: Sequence[AlertZone], surface: Surface
) -> tuple[Flight, ...]:
    """All 4,360 flights, in time order.

    Parameters
    ----------
    bursts : alerts with a zone, in time order
        Every burst holds at least one.
    zones : outlined zones
        Points in open ground lie at least `CLEARANCE_KM` away from all of them.
    surface : Surface
        With the territories "Gaza" and "Israel".
    """
    counts = apportion([len(burst) for burst in bursts], THREATENING)
    threatened = [
        burst[int((k + 0.5) * len(burst) / count)]
        for burst, count in zip(bursts, counts, strict=True)
        for k in range(count)
    ]
    others = _drawn_alerts(bursts, counts, SHORT + SEA + OPEN)
    short, sea, ground = np.split(np.arange(len(others)), [SHORT, SHORT + SEA])
    alerts = [*threatened, *others]
    fates = ["zone"] * THREATENING + ["short"] * SHORT + ["sea"] * SEA + ["open"] * OPEN
    points = np.concatenate(
        [
            _centres(threatened),
            _centres([others[k] for k in short]),
            _at_sea(len(sea), surface),
            _in_the_open(_centres([others[k] for k in ground]), zones, surface),
        ]
    )
    classes = _classes(points, surface)
    flights = [
        Flight(alert.time_s, float(point[0]), float(point[1]), fate, name)
        for alert, point, fate, name in zip(alerts, points, fates, classes, strict=True)
    ]
    return tuple(sorted(flights))


def flights_csv(flights: Sequence[Flight], duration_s: float) -> str:
    """The flights as the CSV that a `record` raid names; equal ones share a row."""
    lines = ["time_s,duration_s,lat,lon,fate,count,class"]
    for flight, count in sorted(Counter(flights).items()):
        lines.append(
            f"{flight.time_s:.12g},{duration_s:g},{flight.lat_deg:.3f},{flight.lon_deg:.3f},"
            f"{flight.fate},{count},{flight.class_id}"
        )
    return "\n".join(lines) + "\n"


def _draws(what: int, count: int, attempt: int = 0) -> Floats:
    return Draws(_SEED).uniform(RECORD, what, stream=attempt, count=count)


def _drawn_alerts(
    bursts: Sequence[Sequence[Alert]], counts: Sequence[int], total: int
) -> list[Alert]:
    edges = np.cumsum(counts) / sum(counts)
    chosen = np.searchsorted(edges, _draws(_BURST, total), side="right")
    place = _draws(_ALERT, total)
    return [
        bursts[burst][int(u * len(bursts[burst]))]
        for burst, u in zip(np.minimum(chosen, len(bursts) - 1), place, strict=True)
    ]


def centres_of(zones: Sequence[AlertZone]) -> Floats:
    """Latitude and longitude (n, 2) [deg] of zones as flights are sent there: to 100 m."""
    points = [(zone.lat_deg, zone.lon_deg) for zone in zones]
    return np.round(np.array(points).reshape(-1, 2), 3)


def _centres(alerts: Sequence[Alert]) -> Floats:
    return centres_of([alert.zone for alert in alerts if alert.zone is not None])


def _at_sea(count: int, surface: Surface) -> Floats:
    """Points on the water no more than `SEA_REACH_KM` off the coast."""
    south, north, west, east = SEA_BOX
    points = np.empty((0, 2))
    for attempt in range(_TRIES):
        u = _draws(_SEA, 2 * count, attempt).reshape(count, 2)
        lat, lon = np.round(south + u[:, 0] * (north - south), 3), west + u[:, 1] * (east - west)
        lon = np.round(lon, 3)
        inland = lon + SEA_REACH_KM / (_KM_PER_DEGREE * np.cos(np.radians(lat)))
        kept = surface.is_sea(lat, lon) & ~surface.is_sea(lat, inland)
        points = np.concatenate([points, np.stack([lat, lon], axis=1)[kept]])
        if len(points) >= count:
            return points[:count]
    raise InputError("the map holds no sea off the coast")


def _in_the_open(points: Floats, zones: Sequence[AlertZone], surface: Surface) -> Floats:
    """Points scattered around the given ones, on Israeli ground clear of all zones."""
    index = _grown_index(zones)
    found = points.copy()
    waiting = np.arange(len(points))
    for attempt in range(_TRIES):
        tried = _scattered(points[waiting], OPEN_SPREAD_KM * (1.0 + attempt / 10.0), attempt)
        lat, lon = np.ascontiguousarray(tried.T)
        kept = (index.locate(lat, lon) < 0) & (surface.territory(lat, lon) == "Israel")
        kept &= distance_km(surface, "Gaza", lat, lon) >= CLEARANCE_KM
        found[waiting[kept]] = tried[kept]
        waiting = waiting[~kept]
        if not len(waiting):
            return found
    raise InputError("no open ground near some of the zones: is the list of outlines right?")


def _scattered(points: Floats, spread_km: float, attempt: int) -> Floats:
    normals = Draws(_SEED).normal(RECORD, _EAST, stream=attempt, count=2 * len(points))
    east, north = normals.reshape(-1, 2).T * spread_km / _KM_PER_DEGREE
    lat = points[:, 0] + north
    return np.round(np.stack([lat, points[:, 1] + east / np.cos(np.radians(lat))], axis=1), 3)


def _grown_index(zones: Sequence[AlertZone]) -> CellIndex:
    import shapely

    outlines = [shapely.to_wkb(zone.outline) for zone in zones]
    return index_rings(*grown_rings(outlines, 1_000.0 * CLEARANCE_KM), len(zones))


def _classes(points: Floats, surface: Surface) -> list[str]:
    """The shortest rocket that reaches each point from Gaza, near the border also mortars."""
    away = distance_km(surface, "Gaza", points[:, 0], points[:, 1])
    rockets = sorted(
        (c for c in CLASSES.values() if c.kind == "rocket"), key=lambda c: c.range_max_km
    )
    reach = np.array([c.range_max_km for c in rockets])
    row = np.minimum(np.searchsorted(reach, away + HEADROOM_KM), len(rockets) - 1)
    mortar = (_draws(_MORTAR, len(points)) < MORTAR_SHARE) & (away < MORTAR_REACH_KM)
    return [MORTAR if bomb else rockets[k].class_id for k, bomb in zip(row, mortar, strict=True)]
