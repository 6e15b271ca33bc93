"""Where the flights of an imported record come down, once they are drawn.

A flight heads for its point to the kilometre only, so that what a record says of its falls and
where the flights land differ. They are drawn here once, as a run under the same seed draws them,
and both are told side by side.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.ports.draws import Draws
from mantlet.scenario.importers.alert_zones import AlertZone
from mantlet.scenario.importers.flights import Flight, centres_of
from mantlet.scenario.model import Scenario
from mantlet.tables import Threats
from mantlet.threats.flights import draw_threats
from mantlet.threats.raids import FATES, Record, RecordedFall
from mantlet.threats.salvos import plan
from mantlet.world.cells import index_rings
from mantlet.world.outlines import rings_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SEED = 1
"""Under which the flights are drawn; other seeds differ by chance."""

PLACES = ("in populated zones", "at sea", "in Gaza", "in open ground")
"""The first that applies, as the assessor of a run has it; nothing is stopped."""

_METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True)
class Landed:
    """How many flights of each fate come down where (`PLACES`).

    `alerted` counts those toward alerted zones that land in their zone or within `margin_m` [m],
    the margin of the scenario's alerts.
    """

    counts: Mapping[str, Counter[str]]
    alerted: int
    margin_m: float

    def of(self, fate: str) -> str:
        """One fate in words: "57 in populated zones, 20 at sea, ..."."""
        return ", ".join(f"{self.counts[fate][place]:,} {place}" for place in PLACES)


def where_they_land(
    flights: Sequence[Flight],
    duration_s: float,
    zones: Sequence[AlertZone],
    areas: tuple[str, ...],
    base: Scenario,
) -> Landed:
    """Draw the flights under `SEED` and count where they land.

    Parameters
    ----------
    flights : sequence of Flight
        As written: equal ones share a row.
    duration_s : float
        Of every row [s].
    zones : sequence of AlertZone
        Outlined.
    areas : tuple of str
        Where the flights begin.
    base : Scenario
        Whose areas, air, territories and alert margin are taken over.
    """
    falls = [
        RecordedFall(f.time_s, duration_s, f.lat_deg, f.lon_deg, f.fate, count, f.class_id)
        for f, count in sorted(Counter(flights).items())
    ]
    draws = Draws(SEED)
    salvos = plan([Record(tuple(falls), areas)], draws)
    threats = draw_threats(salvos, base.areas, base.zones, draws, base.air, base.terrain).threats
    row = np.array([salvo.ordinal for salvo in salvos], dtype=np.int64)[threats.raid_id]
    fate = np.array([fall.fate for fall in falls], dtype=object)[row]
    place = _places(threats, zones, base)
    return Landed(
        {name: Counter(place[fate == name].tolist()) for name in FATES},
        _in_their_zone(threats, falls, np.where(fate == "zone", row, -1), zones, base),
        base.policy.margin_m,
    )


def _places(threats: Threats, zones: Sequence[AlertZone], base: Scenario) -> NDArray[np.object_]:
    import shapely

    lat, lon = threats.impact_lat_deg, threats.impact_lon_deg
    rings, owners = rings_of([shapely.to_wkb(zone.outline) for zone in zones])
    people = np.array([*(round(zone.population) for zone in zones), 0])
    populated = people[index_rings(rings, owners, len(zones)).locate(lat, lon)] > 0
    tests = [populated, base.surface.is_sea(lat, lon), base.surface.territory(lat, lon) == "Gaza"]
    return np.asarray(np.array(PLACES, dtype=object)[np.select(tests, [0, 1, 2], default=3)])


def _in_their_zone(
    threats: Threats,
    falls: Sequence[RecordedFall],
    row: Ints,
    zones: Sequence[AlertZone],
    base: Scenario,
) -> int:
    """Flights within the alert margin of the zone whose centre was drawn; `row` -1: not asked."""
    import shapely

    of = {tuple(centre): k for k, centre in enumerate(centres_of(zones).tolist())}
    asked = np.flatnonzero(row >= 0)
    zone = [of[falls[k].lat_deg, falls[k].lon_deg] for k in row[asked]]
    lat, lon = threats.impact_lat_deg[asked], threats.impact_lon_deg[asked]
    scale = _METRES_PER_DEGREE * np.array([np.cos(np.radians(lat.mean())), 1.0])
    outlines = np.array([shapely.transform(z.outline, lambda xy: xy * scale) for z in zones])
    points = shapely.points(np.stack([lon, lat], axis=1) * scale)
    return int((shapely.distance(points, outlines[zone]) <= base.policy.margin_m).sum())
