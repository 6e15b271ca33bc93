"""The assessor: the one true fate of everything that flew. Truth side."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Outcomes, Threats
from mantlet.tables.base import Array
from mantlet.world.zones import ZoneMap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

INTERCEPTED = "intercepted"
HIT_ZONE = "hit zone"
SEA = "sea"
FELL_SHORT = "fell short"
OPEN_GROUND = "open ground"
FATES = (INTERCEPTED, HIT_ZONE, SEA, FELL_SHORT, OPEN_GROUND)

NO_SHOT = -1


class Surface(Protocol):
    """What the assessor asks of the ground."""

    def is_sea(self, lat_deg: Floats, lon_deg: Floats) -> Bools:
        """Which points are at sea, shape (n,)."""

    def territory(self, lat_deg: Floats, lon_deg: Floats) -> Array:
        """Name of the territory of each point, shape (n,); empty if none."""


def assess_outcomes(
    threats: Threats, killing_shot: Ints, end_s: Floats, zones: ZoneMap, surface: Surface
) -> Outcomes:
    """Exactly one fate for every row of `threats`, debris included.

    The first that applies: destroyed by a shot (intercepted); landed in a populated zone (hit
    zone); at sea (sea); in the territory it was launched from (fell short); elsewhere (open
    ground). Debris counts as launched where its parent was.

    Parameters
    ----------
    threats : Threats, n rows
        Identities are row numbers.
    killing_shot : (n,) array
        Shot that destroyed each; -1 for none.
    end_s : (n,) array
        When each left the air [s].
    zones : ZoneMap
        Zones without residents count as open ground.
    surface : Surface
        Sea and territories.
    """
    lat, lon = threats.impact_lat_deg, threats.impact_lon_deg
    killed = killing_shot != NO_SHOT
    zone = zones.locate(lat, lon)
    populated = zone >= 0
    populated[populated] = zones.zones.population[zone[populated]] > 0
    source = np.where(threats.parent_id >= 0, threats.parent_id, np.arange(len(threats)))
    home = surface.territory(threats.launch_lat_deg, threats.launch_lon_deg)[source]
    short = (home != "") & (surface.territory(lat, lon) == home)
    tests = [killed, populated, surface.is_sea(lat, lon), short]
    which = np.select(tests, [0, 1, 2, 3], default=4)
    zone_id = np.full(len(threats), -1, np.int64)
    hit = which == FATES.index(HIT_ZONE)
    zone_id[hit] = zones.zones.zone_id[zone[hit]]
    return Outcomes(
        threat_id=threats.threat_id,
        fate=np.array(FATES, object)[which],
        zone_id=zone_id,
        shot_id=killing_shot,
        time_s=end_s,
    )
