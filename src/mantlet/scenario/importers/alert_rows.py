"""An alert record read, its names matched to zones, and cut into bursts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.importers.alert_zones import AlertZone, matching_name
from mantlet.scenario.importers.columns import Moment, Reader, Text, read_columns
from mantlet.scenario.rows import Number

EPOCH = datetime(2021, 5, 9, 21, tzinfo=UTC)
"""Midnight before 10 May 2021, local time (UTC+3)."""

DAYS = 12
"""10 to 21 May, local days."""

ROCKETS = 1
GAP_S = 60.0

# Fire from Lebanon set off a few alerts on 17 and 19 May 2021. They are told apart by place.
_NORTH_LEBANON_KM = 40.0
_NORTH_GAZA_KM = 120.0


@dataclass(frozen=True)
class Alert:
    """One row of the record in the window: when [s since EPOCH], which name, which zone if any."""

    time_s: float
    name_he: str
    zone: AlertZone | None

    @property
    def northern(self) -> bool:
        """Set off by fire from Lebanon, as its place tells."""
        return (
            self.zone is not None
            and self.zone.lebanon_km < _NORTH_LEBANON_KM
            and self.zone.gaza_km > _NORTH_GAZA_KM
        )


@dataclass(frozen=True)
class AlertRecord:
    """The rows of the window in time order, and how many others the file holds."""

    rows: int
    outside: int
    other_categories: int
    alerts: tuple[Alert, ...]

    @property
    def names(self) -> frozenset[str]:
        """The distinct names in the window."""
        return frozenset(alert.name_he for alert in self.alerts)

    @property
    def unmatched(self) -> Counter[str]:
        """Rows by name, of the names that match no zone."""
        return Counter(alert.name_he for alert in self.alerts if alert.zone is None)

    @property
    def northern(self) -> Counter[str]:
        """Rows by zone, of those set off from Lebanon."""
        zones = [alert.zone for alert in self.alerts if alert.northern]
        return Counter(zone.name_en for zone in zones if zone is not None)

    def bursts(self) -> list[tuple[Alert, ...]]:
        """The alerts cut where the whole country was silent for more than 60 s."""
        bursts: list[list[Alert]] = []
        last = -1e9
        for alert in self.alerts:
            if alert.time_s - last > GAP_S:
                bursts.append([])
            bursts[-1].append(alert)
            last = alert.time_s
        return [tuple(burst) for burst in bursts]


def read_alert_record(path: Path, zones: Mapping[str, AlertZone]) -> AlertRecord:
    """Read the record and match `name_he` of every row with the zones (by `matching_name`).

    Raises
    ------
    ScenarioErrors
        With every mistake in the file, or if it holds no alert of the eleven days.
    """
    columns: Mapping[str, Reader] = {
        "time_utc": Moment(EPOCH),
        "name_he": Text(),
        "category": Number(0, 1_000, whole=True),
    }
    rows = read_columns(path, columns)
    inside = [row for row in rows if 0.0 <= row["time_utc"] < DAYS * 86_400.0]
    rockets = [row for row in inside if row["category"] == ROCKETS]
    if not rockets:
        last = (EPOCH + timedelta(days=DAYS)).isoformat()
        problem = f"no rocket alert from {EPOCH.isoformat()} to {last}"
        fix = "give the record of May 2021: only for those days are totals published"
        raise ScenarioErrors([Mistake(str(path), 0, "time_utc", problem, fix)])
    alerts = [
        Alert(row["time_utc"], row["name_he"], zones.get(matching_name(row["name_he"])))
        for row in rockets
    ]
    # The order within one second carries nothing: by name, so that the file's order is no input.
    alerts.sort(key=lambda alert: (alert.time_s, alert.name_he))
    return AlertRecord(
        len(rows), len(rows) - len(inside), len(inside) - len(rockets), tuple(alerts)
    )
