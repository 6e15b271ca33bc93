"""Alerts held against what came down: which were needed, which were missing, and how early."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Alerts, Impacts, Outcomes, Threats, Zones
from mantlet.warning.lead import lead_time_s, shelter_margin_s
from mantlet.warning.policy import WarningPolicy
from mantlet.world.zones import ZoneMap, zone_odds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

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
    """Alerts and what came down, matched.

    An alert was needed if, while it was open, something came down in its zone or within the
    policy's margin of it, or was destroyed on its way there.
    """

    alerts: int
    needless: int
    """Alerts that nothing made needed, not even debris."""
    missed: int
    """Threats that came down in a populated zone (as drawn) without an open alert."""
    landed: int
    """Threats that came down in a populated zone (as drawn)."""
    lead_s: Floats
    """Per alert for a threat then in the air: from being heard to when the first such threat
    comes down in or near the zone, or would have, had it not been stopped."""
    shelter_time_s: Floats
    """Per such alert: what the zone needs."""
    lead_zone: Ints
    """Per such alert: row of its zone."""
    alert_zone: Ints
    """Per alert: row of its zone."""
    needed: Flags
    """Per alert: whether anything made it needed."""
    fall_landed: Flags
    """Per fall in a populated zone (`falls_of`): whether it came down ..."""
    fall_missed: Flags
    """... and without an open alert."""

    @property
    def in_time(self) -> int:
        """Alerts heard at least the time to shelter before the first fall."""
        return int((shelter_margin_s(self.lead_s, self.shelter_time_s) >= 0).sum())


@dataclass(frozen=True)
class Falls:
    """Rows of Threats and the rows of Zones they come down in, or would if not stopped."""

    threat: Ints
    zone: Ints


def falls_of(threats: Threats, zones: Zones) -> Falls:
    """Launched threats whose undisturbed flight ends in a populated zone, as drawn."""
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
    policy: WarningPolicy,
) -> AlertQuality:
    """Match alerts and what came down; `falls` are those of `falls_of`."""
    spells = spells_of(alerts, zones)
    landed = outcomes.fate[falls.threat] == "hit zone"
    warned = spells.open_at(falls.zone, outcomes.time_s[falls.threat]) != NOWHERE
    near = _near(threats, outcomes, zones, policy.margin_m)
    spell = spells.open_at(near.zone, outcomes.time_s[near.threat])
    covered = spell != NOWHERE
    needed = np.zeros(len(spells.zone), np.bool_)
    needed[spell[covered]] = True
    first_s = _first_falls(spells, near.threat[covered], spell[covered], threats)
    timed = np.isfinite(first_s)
    return AlertQuality(
        alerts=len(spells.zone),
        needless=int((~needed).sum()),
        missed=int((landed & ~warned).sum()),
        landed=int(landed.sum()),
        lead_s=lead_time_s(first_s[timed], spells.start_s[timed], policy.delivery_s),
        shelter_time_s=zones.shelter_time_s[spells.zone[timed]],
        lead_zone=spells.zone[timed],
        alert_zone=spells.zone,
        needed=needed,
        fall_landed=landed,
        fall_missed=landed & ~warned,
    )


def _near(threats: Threats, outcomes: Outcomes, zones: Zones, margin_m: float) -> Falls:
    """Everything that falls in a zone or within a margin of it; debris only if it came down."""
    row = np.flatnonzero((threats.parent_id < 0) | (outcomes.fate != "intercepted"))
    # A prediction without error: every zone within the margin gets probability 1.
    certain = Impacts(
        track_id=row,
        time_s=threats.impact_time_s[row],
        impact_time_s=threats.impact_time_s[row],
        impact_time_sigma_s=np.zeros(len(row)),
        lat_deg=threats.impact_lat_deg[row],
        lon_deg=threats.impact_lon_deg[row],
        covariance_m2=np.zeros((len(row), 3)),
        status=np.full(len(row), "landed", object),
    )
    odds = zone_odds(certain, ZoneMap(zones), margin_m)
    return Falls(row[odds.row], odds.zone)


def _first_falls(spells: Spells, threat: Ints, spell: Ints, threats: Threats) -> Floats:
    """Per spell, the first impact of a threat that was in the air when the alert came; else inf."""
    first_s = np.full(len(spells.zone), np.inf)
    meant = threats.launch_time_s[threat] <= spells.start_s[spell]
    meant &= threats.parent_id[threat] < 0
    np.minimum.at(first_s, spell[meant], threats.impact_time_s[threat[meant]])
    return first_s
