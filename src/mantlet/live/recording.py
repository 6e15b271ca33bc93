"""What a run has left so far, in the columns the console asks for, live or replayed."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.verdicts import WORDS
from mantlet.live.columns import Columns, Words
from mantlet.live.places import (
    axes_at,
    ellipses,
    local_covariance,
    placed,
    position_covariance,
    single,
    turned,
)
from mantlet.tables import (
    Alerts,
    Assessments,
    Decisions,
    Impacts,
    Intervals,
    Outcomes,
    Plots,
    Shots,
    States,
    Table,
    Threats,
    Tracks,
)
from mantlet.warning.verdicts import VERDICTS

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Array = NDArray[Any]

SHOWN: tuple[type[Table], ...] = (
    Tracks, Impacts, States, Plots, Alerts, Shots, Assessments, Decisions, Outcomes, Threats,
)  # fmt: skip
"""What a console shows of a run; where a plot came from is for the assessor alone."""

NAMES = {table: table.__name__.lower() for table in SHOWN}
SMALL = ("alerts", "shots", "assessments", "decisions", "outcomes", "threats")

STATUS = ("tentative", "confirmed", "coasting", "closed")
KINDS = ("rocket", "shell", "mortar", "debris")
FATES = ("intercepted", "hit zone", "open ground", "sea", "fell short")
MESSAGES = ("alert", "update", "cancel", "all-clear")
OBSERVED = ("none", "hit", "miss", "unknown")
STAGES = ("warning", "engagement")
LANDED = ("landed", "aloft", "invalid")

KNOWN = {
    "tracks.status": STATUS,
    "impacts.status": LANDED,
    "alerts.kind": MESSAGES,
    "assessments.observed": OBSERVED,
    "decisions.stage": STAGES,
    "decisions.verdict": (*VERDICTS.tolist(), *(word for word in WORDS if word)),
    "outcomes.fate": FATES,
    "threats.kind": KINDS,
}


class Recording:
    """The tables of one run, whole or as far as it has come.

    `edge_s` is the last decision that is in the tables. Rows are in time order; an observer's
    time never goes back.
    """

    def __init__(
        self,
        scenario: "Scenario",
        seed: int,
        intervals: Intervals,
        folder: Path | None = None,
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.starts_s = np.array(intervals.start_s, float)
        self.ends_s = np.array(intervals.end_s, float)
        self.edge_s = float(self.starts_s.min(initial=0.0))
        self.tables = {
            name: Columns(None if name in SMALL else folder, f"{name}.") for name in NAMES.values()
        }
        self.words: dict[str, Words] = {key: Words(known) for key, known in KNOWN.items()}
        self.words["radars"] = Words(tuple(radar.id for radar in scenario.radars))
        self.words["batteries"] = Words(tuple(battery.id for battery in scenario.batteries))
        self.alert_tracks: list[tuple[int, ...]] = []
        self._latest = dict.fromkeys([*self.tables, "launches"], -np.inf)
        self.tables["launches"] = Columns()
        for table in SHOWN:
            self.add(table.empty())
        self.launch(np.empty(0, np.int64))

    @property
    def start_s(self) -> float:
        """The first planned second."""
        return float(self.starts_s.min(initial=0.0))

    @property
    def end_s(self) -> float:
        """The last planned second."""
        return float(self.ends_s.max(initial=0.0))

    def __getitem__(self, name: str) -> Columns:
        return self.tables[name]

    def add(self, table: Table) -> None:
        """Append the rows of a table."""
        name = NAMES[type(table)]
        rows = _DERIVED.get(name, _plain)(self, table)
        if name in _CLOCKS:
            rows["clock_s"] = self._clock(name, np.asarray(getattr(table, _CLOCKS[name]), float))
        self.tables[name].append(rows)

    def launch(self, threat_id: Array) -> None:
        """These threats, of the table of threats, have left the ground (or broken off)."""
        time_s = self["threats"]["launch_time_s"][threat_id]
        self["launches"].append(
            {"threat_id": threat_id, "clock_s": self._clock("launches", time_s)}
        )

    def complete(self) -> None:
        """No more rows will come."""
        time_s = self["threats"]["launch_time_s"]
        self.launch(np.argsort(time_s, kind="stable"))
        self.close()
        self.edge_s = self.end_s

    def close(self) -> None:
        """Close the files written to, if there are any; what was written can be read."""
        for columns in self.tables.values():
            columns.close()

    def forget(self) -> None:
        """Keep in memory only what is looked at from now on: called when a page jumps."""
        for columns in self.tables.values():
            columns.forget()

    def _clock(self, name: str, time_s: Array) -> Array:
        """When each row is shown: its time, but never before the row above it."""
        shown = np.maximum.accumulate(np.append(self._latest[name], time_s))[1:]
        self._latest[name] = shown[-1] if len(shown) else self._latest[name]
        return shown

    def interval_at(self, time_s: float) -> int:
        """The interval that holds a time; -1 in the quiet between."""
        row = int(np.searchsorted(self.starts_s, time_s, side="right")) - 1
        return row if row >= 0 and time_s < self.ends_s[row] + 1.0 else -1


_CLOCKS = {
    "tracks": "time_s",
    "impacts": "time_s",
    "states": "time_s",
    "plots": "time_s",
    "alerts": "time_s",
    "shots": "decision_time_s",
    "assessments": "time_s",
    "decisions": "time_s",
    "outcomes": "time_s",
}

_WORDS = {"radar_id": "radars", "battery_id": "batteries"}


def _plain(recording: Recording, table: Table) -> dict[str, Array]:
    """Every column as it is; texts coded."""
    name = NAMES[type(table)]
    rows = {}
    for key, spec in table.columns().items():
        values = getattr(table, key)
        if spec.dtype is str:
            words = recording.words.setdefault(_WORDS.get(key, f"{name}.{key}"), Words())
            values = words.encode(values)
        rows[key] = values
    return rows


def _tracks(recording: Recording, table: Table) -> dict[str, Array]:
    assert isinstance(table, Tracks)
    place = placed(table.state[:, :3])
    axes = axes_at(place)
    spread = local_covariance(axes, position_covariance(table.covariance))
    return {
        "track_id": table.track_id.astype(np.int32),
        "place": place.astype(np.float32),
        "velocity": turned(axes, table.state[:, 3:6]).astype(np.float32),
        "ellipse": ellipses(spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]),
        "status": recording.words["tracks.status"].encode(table.status),
        "state": table.state,
        "covariance": single(table.covariance),
        "last_plot_id": table.last_plot_id.astype(np.int32),
        "log_likelihood": table.log_likelihood.astype(np.float32),
    }


def _impacts(recording: Recording, table: Table) -> dict[str, Array]:
    assert isinstance(table, Impacts)
    return {
        "track_id": table.track_id.astype(np.int32),
        "place": np.stack([table.lon_deg, table.lat_deg], axis=1).astype(np.float32),
        "impact_time_s": table.impact_time_s,
        "sigma_s": single(table.impact_time_sigma_s),
        "covariance_m2": single(table.covariance_m2),
        "ellipse": ellipses(*table.covariance_m2.T),
        "status": recording.words["impacts.status"].encode(table.status),
    }


def _states(recording: Recording, table: Table) -> dict[str, Array]:
    assert isinstance(table, States)
    place = placed(table.position_m)
    return {
        "threat_id": table.threat_id.astype(np.int32),
        "place": place.astype(np.float32),
        "velocity": turned(axes_at(place), table.velocity_mps).astype(np.float32),
    }


def _plots(recording: Recording, table: Table) -> dict[str, Array]:
    assert isinstance(table, Plots)
    return {
        "plot_id": table.plot_id.astype(np.int32),
        "radar": recording.words["radars"].encode(table.radar_id),
        "polar": np.stack([table.range_m, table.azimuth_rad, table.elevation_rad], axis=1).astype(
            np.float32
        ),
        "snr_db": table.snr_db.astype(np.float32),
    }


def _alerts(recording: Recording, table: Table) -> dict[str, Array]:
    assert isinstance(table, Alerts)
    recording.alert_tracks += [
        tuple(track for track in tracks if track >= 0) for tracks in table.track_ids.tolist()
    ]
    rows = {key: getattr(table, key) for key in table.columns() if key != "track_ids"}
    return {**rows, "kind": recording.words["alerts.kind"].encode(table.kind)}


_DERIVED: dict[str, Callable[[Recording, Table], dict[str, Array]]] = {
    "tracks": _tracks,
    "impacts": _impacts,
    "states": _states,
    "plots": _plots,
    "alerts": _alerts,
}
