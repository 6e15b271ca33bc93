"""CSV: every table of a run as a file of its own, for spreadsheets and scripts."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely

from mantlet.analysis.exports.saved import TIMES, Progress, SavedRun
from mantlet.ports.files import DiskFiles
from mantlet.tables.errors import InputError
from mantlet.tables.run import TABLES
from mantlet.world.earth import degrees_from_ecef

COLUMNS = "columns.csv"
"""The file that says what every column means."""

_ADDED = {
    "utc": ("", "the row's time, UTC"),
    "lat_deg": ("deg", "latitude of the position, WGS-84"),
    "lon_deg": ("deg", "longitude of the position, WGS-84"),
    "height_m": ("m", "height of the position above the ellipsoid"),
    "exercise": ("", "every alert is an exercise"),
}


def write_csv(run: SavedRun, out: Path, progress: Progress) -> dict[str, int]:
    """Write a new folder of CSV files, one for each table; returns their rows.

    The columns are those of the tables, to the last digit; NaN is left empty. Arrays get a column
    for each member (`state_0` ... `state_6`), lists are joined by spaces, outlines are WKT. Added
    at the end: `utc`, and for tracks and states the position in degrees. `columns.csv` says what
    they all mean.

    Raises
    ------
    InputError
        If there is something at `out` already.
    """
    if out.exists() or out.is_symlink():
        raise InputError(f"{out}: is there already\n    fix: --out with the name of a new folder")
    counts = dict.fromkeys(TABLES, 0)
    total = sum(map(run.rows, TABLES))
    with DiskFiles().whole_folder(out) as folder:
        _describe(run, folder / COLUMNS)
        for name in TABLES:
            schema = _flat(run, name, run.nothing(name)).schema
            with pa.csv.CSVWriter(folder / f"{name}.csv", schema) as writer:
                for batch in run.columns(name):
                    writer.write_batch(_flat(run, name, batch))
                    counts[name] += len(batch)
                    progress(sum(counts.values()), total, name)
    return counts


def _flat(run: SavedRun, name: str, batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch with plain columns only."""
    columns: dict[str, Any] = {}
    for field in batch.schema:
        columns |= _plain(field, batch.column(field.name))
    if name in TIMES:
        columns["utc"] = _utc(run, batch.column(TIMES[name]))
    if name in ("tracks", "states"):
        columns |= _degrees(batch)
    if name == "alerts":
        columns["exercise"] = pa.array(["EXERCISE"] * len(batch), pa.string())
    return pa.RecordBatch.from_pydict(columns)


def _plain(field: pa.Field, column: Any) -> dict[str, Any]:
    if pa.types.is_fixed_size_list(field.type):
        width, flat = field.type.list_size, column.flatten()
        picks = [pa.array(np.arange(k, len(flat), width)) for k in range(width)]
        return {f"{field.name}_{k}": _blank(flat.take(rows)) for k, rows in enumerate(picks)}
    if pa.types.is_list(field.type):
        joined = [" ".join(map(str, row)) for row in column.to_pylist()]
        return {field.name: pa.array(joined, pa.string())}
    if pa.types.is_binary(field.type):
        shapes = shapely.from_wkb(column.to_pylist())
        return {field.name: pa.array(list(shapely.to_wkt(shapes, 7)), pa.string())}
    return {field.name: _blank(column)}


def _blank(column: Any) -> Any:
    """NaN as an empty field, which spreadsheets take for no value."""
    if not pa.types.is_floating(column.type):
        return column
    return pc.if_else(pc.is_nan(column), None, column)


def _utc(run: SavedRun, time_s: Any) -> Any:
    base = np.datetime64(run.epoch.replace(tzinfo=None), "us")
    step = np.rint(time_s.to_numpy() * 1e6).astype("timedelta64[us]")
    return pa.array(base + step, pa.timestamp("us", "UTC"))


def _degrees(batch: pa.RecordBatch) -> dict[str, Any]:
    held = "state" if "state" in batch.schema.names else "position_m"
    width = batch.schema.field(held).type.list_size
    points = batch.column(held).flatten().to_numpy().reshape(-1, width)[:, :3]
    lat, lon, height = degrees_from_ecef(points)
    return {"lat_deg": pa.array(lat), "lon_deg": pa.array(lon), "height_m": pa.array(height)}


def _describe(run: SavedRun, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "column", "unit", "meaning"])
        for name, kind in TABLES.items():
            known = kind.columns()
            for column in _flat(run, name, run.nothing(name)).schema.names:
                stem, _, index = column.rpartition("_")
                spec = known.get(column) or (known.get(stem) if index.isdigit() else None)
                words = (spec.unit, spec.meaning) if spec else _ADDED.get(column, ("", ""))
                writer.writerow([name, column, *words])
