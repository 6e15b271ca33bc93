"""Small maps and predictions for the warning tests: zones are named, never drawn."""

from dataclasses import dataclass

import numpy as np

from mantlet.tables import Alerts, Decisions, Impacts, Zones
from mantlet.warning.policy import WarningPolicy
from mantlet.warning.state import WarnerState
from mantlet.warning.warner import Warner
from mantlet.world.zones import ZoneOdds

FIRST_ZONE_ID = 100


def make_zones(count: int) -> Zones:
    """Zones with ids from 100 on; the warner never looks at their outlines."""
    return Zones(
        zone_id=np.arange(FIRST_ZONE_ID, FIRST_ZONE_ID + count),
        name=np.array([f"zone {k}" for k in range(count)], object),
        names=np.full(count, "{}", object),
        lat_deg=np.zeros(count),
        lon_deg=np.zeros(count),
        polygon=np.full(count, b"", object),
        population=np.full(count, 1000.0),
        shelter_time_s=np.full(count, 30.0),
    )


@dataclass(frozen=True)
class Seen:
    """One track at one tick: landing time and odds by zone index."""

    track: int
    impact_s: float
    odds: dict[int, float]
    status: str = "landed"


def make_batch(time_s: float, seen: list[Seen]) -> tuple[Impacts, ZoneOdds]:
    """The tables a tick hands to the warner."""
    n = len(seen)
    impacts = Impacts(
        track_id=np.array([s.track for s in seen], np.int64),
        time_s=np.full(n, time_s),
        impact_time_s=np.array([s.impact_s for s in seen], float),
        impact_time_sigma_s=np.ones(n),
        lat_deg=np.zeros(n),
        lon_deg=np.zeros(n),
        covariance_m2=np.ones((n, 3)),
        status=np.array([s.status for s in seen], object),
    )
    rows = [(i, z, p) for i, s in enumerate(seen) for z, p in sorted(s.odds.items())]
    columns = list(zip(*rows, strict=True)) if rows else [(), (), ()]
    return impacts, ZoneOdds(
        np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2], float)
    )


class Watch:
    """A warner run tick by tick, keeping every message and verdict; alerts at once by default."""

    def __init__(self, zones: int = 3, **policy: float) -> None:
        settings = WarningPolicy(**{"confirm_s": 0.0, **policy})
        self.warner = Warner(make_zones(zones), settings)
        self.state: WarnerState = self.warner.start()
        self.alerts = Alerts.empty()
        self.decisions = Decisions.empty()

    def tick(self, time_s: float, *seen: Seen, destroyed: tuple[int, ...] = ()) -> list[str]:
        """One decision tick; the kinds of the messages it sent."""
        impacts, odds = make_batch(time_s, list(seen))
        gone = np.array(destroyed, np.int64)
        self.state, alerts, decisions = self.warner.step(self.state, impacts, odds, time_s, gone)
        self.alerts = Alerts.concat([self.alerts, alerts])
        self.decisions = Decisions.concat([self.decisions, decisions])
        return list(alerts.kind)

    def rest(self, until_s: float = np.inf) -> list[str]:
        """Nothing is observed until then."""
        self.state, alerts = self.warner.due(self.state, until_s)
        self.alerts = Alerts.concat([self.alerts, alerts])
        return list(alerts.kind)

    @property
    def messages(self) -> list[tuple[str, int, float]]:
        """Kind, zone index and time of every message."""
        a = self.alerts
        return [
            (str(k), int(z) - FIRST_ZONE_ID, float(t))
            for k, z, t in zip(a.kind, a.zone_id, a.time_s, strict=True)
        ]
