"""Alerts held against what came down: which were needed, which were missing, and how early."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Alerts, Outcomes, Threats, Zones
from mantlet.warning.lead import lead_time_s, shelter_margin_s
from mantlet.world.zones import ZoneMap

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOWHERE = -1


@dataclass(frozen=True)
class Spells:
    """Alerts from first message to last, sorted by zone, then time. `zone` is a row of Zones."""

    zone: Ints
    start_s: Floats
    end_s: Floats
    """When cancelled or cleared; inf if it never was."""

    def open_at(self, zone: Ints, time_s: Floats) -> Ints:
        """Row of the spell open in each zone at each time; NOWHERE if none."""
        if not len(self.zone):
            return np.full(len(zone), NOWHERE)
        order = np.lexsort(
            (
                np.concatenate([np.zeros(len(self.zone)), np.ones(len(zone))]),
                np.concatenate([self.start_s, time_s]),
                np.concatenate([self.zone, zone]),
            )
        )
        is_spell = order < len(self.zone)
        latest = np.maximum.accumulate(np.where(is_spell, order, NOWHERE))
        at = np.empty(len(zone), np.int64)
        at[order[~is_spell] - len(self.zone)] = latest[~is_spell]
        row = np.maximum(at, 0)
        held = (at >= 0) & (self.zone[row] == zone) & (self.end_s[row] >= time_s)
        return np.where(held, at, NOWHERE)


def spells_of(alerts: Alerts, zones: Zones) -> Spells:
    """One spell per alert."""
    begins = alerts.take(alerts.kind == "alert")
    ends = alerts.take((alerts.kind == "cancel") | (alerts.kind == "all-clear"))
    ended = dict(zip(ends.alert_id.tolist(), ends.time_s.tolist(), strict=True))
    end_s = np.array([ended.get(k, np.inf) for k in begins.alert_id.tolist()], float)
    zone = rows_of_zones(begins.zone_id, zones)
    order = np.lexsort((begins.time_s, zone))
    return Spells(zone[order], begins.time_s[order], end_s[order])


def rows_of_zones(zone_id: Ints, zones: Zones) -> Ints:
    """Row of each zone id in the Zones table."""
    rows = {identity: row for row, identity in enumerate(zones.zone_id.tolist())}
    return np.array([rows[identity] for identity in zone_id.tolist()], np.int64)


@dataclass(frozen=True)
class AlertQuality:
    """Alerts and falls, matched.

    A fall is a launched threat whose undisturbed flight ends in a populated zone. It needs an
    alert there, open when it comes down, or when it is destroyed on its way down.
    """

    alerts: int
    needless: int
    """Alerts during which no fall came, not even one that was intercepted, and no debris."""
    missed: int
    """Threats that came down in a populated zone without an open alert."""
    landed: int
    """Threats that came down in a populated zone."""
    lead_s: Floats
    """Per needed alert: from being heard to the first fall it covers, had it not been stopped."""
    shelter_time_s: Floats
    """Per needed alert: what the zone needs."""

    @property
    def in_time(self) -> int:
        """Needed alerts heard at least the time to shelter before the first fall."""
        return int((shelter_margin_s(self.lead_s, self.shelter_time_s) >= 0).sum())


@dataclass(frozen=True)
class Falls:
    """Launched threats that would fall in a populated zone, and the zone's row."""

    threat: Ints
    zone: Ints


def falls_of(threats: Threats, zones: Zones) -> Falls:
    """Where undisturbed flights end in populated zones."""
    launched = np.flatnonzero(threats.parent_id < 0)
    zone = ZoneMap(zones).locate(threats.impact_lat_deg[launched], threats.impact_lon_deg[launched])
    threatens = zone >= 0
    threatens[threatens] = zones.population[zone[threatens]] > 0
    return Falls(launched[threatens], zone[threatens])


def alert_quality(
    falls: Falls,
    threats: Threats,
    outcomes: Outcomes,
    alerts: Alerts,
    zones: Zones,
    delivery_s: float,
) -> AlertQuality:
    """Match alerts and falls. `delivery_s` is the time a message takes to be heard [s]."""
    spells = spells_of(alerts, zones)
    spell = spells.open_at(falls.zone, outcomes.time_s[falls.threat])
    landed = outcomes.fate[falls.threat] == "hit zone"
    first_s = np.full(len(spells.zone), np.inf)
    covered = spell != NOWHERE
    np.minimum.at(first_s, spell[covered], threats.impact_time_s[falls.threat[covered]])
    needed = np.isfinite(first_s)
    with_debris = needed.copy()
    with_debris[_under_debris(spells, threats, outcomes, zones)] = True
    return AlertQuality(
        alerts=len(spells.zone),
        needless=int((~with_debris).sum()),
        missed=int((landed & ~covered).sum()),
        landed=int(landed.sum()),
        lead_s=lead_time_s(first_s[needed], spells.start_s[needed], delivery_s),
        shelter_time_s=zones.shelter_time_s[spells.zone[needed]],
    )


def _under_debris(spells: Spells, threats: Threats, outcomes: Outcomes, zones: Zones) -> Ints:
    """Rows of the spells during which a piece of debris came down in the zone."""
    piece = np.flatnonzero((threats.parent_id >= 0) & (outcomes.fate == "hit zone"))
    zone = rows_of_zones(outcomes.zone_id[piece], zones)
    spell = spells.open_at(zone, outcomes.time_s[piece])
    under: Ints = spell[spell != NOWHERE]
    return under
