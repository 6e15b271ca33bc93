"""A run folder as the exports read it: the columns they need, in batches, in a window of time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mantlet.tables import SCHEMA_VERSION
from mantlet.tables.base import Table
from mantlet.tables.errors import InputError
from mantlet.tables.run import TABLES

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Floats = NDArray[np.float64]
T = TypeVar("T", bound=Table)

Progress = Callable[[float, float, str], None]
"""Called with work done, work in all and a few words."""

BATCH = 1 << 13

TIMES = {
    "states": "time_s",
    "plots": "time_s",
    "tracks": "time_s",
    "impacts": "time_s",
    "alerts": "time_s",
    "shots": "launch_time_s",
    "assessments": "time_s",
    "outcomes": "time_s",
    "decisions": "time_s",
    "threats": "launch_time_s",
}
"""The column of a table that says when its rows belong; the others are there at all times."""


@dataclass(frozen=True)
class SavedRun:
    """A run folder and the part of it that is wanted: a `window` of its clock [s].

    `start_s` to `end_s` is what was simulated of it; without a window, rows outside belong too
    (an all-clear comes minutes after the last flight).
    """

    folder: Path
    manifest: dict[str, Any]
    window: tuple[float, float]
    start_s: float
    end_s: float

    @property
    def epoch(self) -> datetime:
        """Second 0 of the run."""
        return datetime.fromisoformat(self.manifest["epoch"])

    @cached_property
    def scenario(self) -> "Scenario":
        """The scenario that was run."""
        from mantlet.scenario.load import load_scenario

        return load_scenario(self.folder / "scenario.yaml")

    @property
    def title(self) -> str:
        """What every export is headed with."""
        return f"EXERCISE, SIMULATED: {self.scenario.title} (seed {self.manifest['seed']})"

    def table(self, kind: type[T]) -> T:
        """The rows of a small table that lie in the window."""
        name = next(key for key, held in TABLES.items() if held is kind)
        rows = kind.from_arrow(self.open(name).read())
        time = TIMES.get(name)
        return rows.take(self.holds(getattr(rows, time))) if time else rows

    def columns(self, name: str, keys: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Batches of some (or all) columns of a table, in file order, cut to the window."""
        time = TIMES.get(name)
        for batch in self.open(name).iter_batches(BATCH, columns=keys):
            if time is not None:
                batch = batch.filter(pa.array(self.holds(batch.column(time).to_numpy())))
            if len(batch):
                yield batch

    def nothing(self, name: str, keys: list[str] | None = None) -> pa.RecordBatch:
        """A batch of some (or all) columns of a table without any row."""
        fields = [f for f in self.open(name).schema_arrow if keys is None or f.name in keys]
        empty = [pa.array([], field.type) for field in fields]
        return pa.RecordBatch.from_arrays(empty, schema=pa.schema(fields))

    def rows(self, name: str) -> int:
        """How many rows a table has in all."""
        return int(self.open(name).metadata.num_rows)

    def holds(self, time_s: Floats) -> NDArray[np.bool_]:
        """Which times lie in the window."""
        return np.asarray((time_s >= self.window[0]) & (time_s <= self.window[1]), np.bool_)

    def moments(self, time_s: Any) -> list[str]:
        """Times as ISO 8601 in UTC, to the millisecond."""
        base = np.datetime64(self.epoch.replace(tzinfo=None), "ms")
        step = np.rint(np.atleast_1d(np.asarray(time_s, dtype=np.float64)) * 1000.0)
        found = np.datetime_as_string(base + step.astype("timedelta64[ms]"), unit="ms")
        return [f"{text}Z" for text in found.tolist()]

    def moment(self, time_s: float) -> str:
        """One time as ISO 8601 in UTC."""
        return self.moments(time_s)[0]

    def open(self, name: str) -> pq.ParquetFile:
        """The file of a table."""
        try:
            return pq.ParquetFile(self.folder / f"{name}.parquet")
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"{self.folder}: {name}.parquet cannot be read ({str(error).splitlines()[0]})\n"
                "    fix: make the run folder anew with mantlet run"
            ) from None


def open_run(folder: Path, from_s: float | None = None, to_s: float | None = None) -> SavedRun:
    """A run folder, cut to a window of its clock; without one, to what was simulated.

    Raises
    ------
    InputError
        If it is no run folder, one of another schema, or nothing was simulated in the window.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        datetime.fromisoformat(manifest["epoch"])
        schema = str(manifest["schema"])
        spans = pq.read_table(folder / "intervals.parquet", columns=["start_s", "end_s"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise InputError(
            f"{folder}: not a run folder\n    fix: make one with mantlet run"
        ) from error
    if schema.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        fix = "use the version of Mantlet that made it, or run the scenario again"
        raise InputError(
            f"{folder}: schema {schema}, this version reads {SCHEMA_VERSION}\n    fix: {fix}"
        )
    first, last = spans["start_s"].to_numpy(), spans["end_s"].to_numpy()
    window = (-np.inf if from_s is None else from_s, np.inf if to_s is None else to_s)
    if not ((first <= window[1]) & (last >= window[0])).any():
        raise InputError(
            f"{folder}: nothing was simulated from second {window[0]:g} to {window[1]:g}\n"
            "    fix: choose --from and --until within the intervals of intervals.parquet"
        )
    start_s, end_s = max(first.min(), window[0]), min(last.max(), window[1])
    return SavedRun(folder, manifest, window, float(start_s), float(end_s))
