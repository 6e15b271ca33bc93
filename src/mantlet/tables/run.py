"""All tables of one run, and the run folder's table files."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

from mantlet.tables.base import Table
from mantlet.tables.decisions import (
    Alerts,
    Assessments,
    Decisions,
    Impacts,
    Plots,
    Shots,
    Tracks,
    Zones,
)
from mantlet.tables.registration import Registrations
from mantlet.tables.truth import Intervals, Outcomes, PlotOrigins, States, Threats


@dataclass(frozen=True)
class DecisionTables:
    """What the defence itself produced: everything the leak test compares."""

    tracks: Tracks
    impacts: Impacts
    alerts: Alerts
    shots: Shots
    decisions: Decisions


@dataclass(frozen=True)
class RunTables:
    """One run: truth, measurements, decisions and fates. A field is a file of the run folder."""

    intervals: Intervals
    zones: Zones
    threats: Threats
    states: States
    plots: Plots
    plot_origins: PlotOrigins
    tracks: Tracks
    impacts: Impacts
    alerts: Alerts
    shots: Shots
    assessments: Assessments
    outcomes: Outcomes
    decisions: Decisions

    def write(self, folder: Path) -> None:
        """Write one Parquet file per table into an existing folder."""
        for name in TABLES:
            table: Table = getattr(self, name)
            table.write(folder / f"{name}.parquet")

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the tables of a run folder."""
        missing = [name for name in TABLES if not (folder / f"{name}.parquet").is_file()]
        if missing:
            raise ValueError(f"{folder}: not a whole run folder, {missing[0]}.parquet is missing")
        tables: dict[str, Any] = {
            name: kind.read(folder / f"{name}.parquet") for name, kind in TABLES.items()
        }
        return cls(**tables)

    @property
    def by_defence(self) -> DecisionTables:
        """The part that was decided without any look at the truth."""
        return DecisionTables(self.tracks, self.impacts, self.alerts, self.shots, self.decisions)


TABLES: dict[str, type[Table]] = {f.name: f.type for f in fields(RunTables)}  # type: ignore[misc]

TRACKED_TABLES: dict[str, type[Table]] = {
    "plots": Plots,
    "tracks": Tracks,
    "impacts": Impacts,
    "registrations": Registrations,
    "smoothed": Tracks,
}
"""Tables of a folder of `mantlet track`: the plots used first, the last two only where wanted."""
