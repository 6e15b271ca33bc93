"""Plots from elsewhere: CSV and Parquet files with the columns of the Plots table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from mantlet.sensing.plot_csv import read_csv
from mantlet.sensing.plot_units import check_units
from mantlet.tables import Plots
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

PARQUET_MAGIC = b"PAR1"

NEEDED = ("time_s", "range_m", "azimuth_rad", "elevation_rad")
OFFERED = ("radar_id", "range_rate_mps", "snr_db", "arrival_s", "scan", "plot_id")
"""Columns that may be missing: one radar need not be named, scans follow from its period."""
UNNAMED = "radar"
"""The radar of plots that name none, until somebody says which it is."""

FARTHEST_M = 1.0e6
LATEST_S = 1.0e11
UNTOLD_SCAN = -1
"""Scan number of a plot whose file tells none: it follows from the radar's period."""


@dataclass(frozen=True)
class LeftOut:
    """Rows not used, why, and the first of them (rows count from 1, a header is none)."""

    reason: str
    count: int
    first_row: int

    def __str__(self) -> str:
        rows = "row" if self.count == 1 else "rows"
        return f"{self.count} {rows} left out: {self.reason} (first: row {self.first_row})"


def read_plot_file(
    path: str | Path, radar_ids: Sequence[str] = ()
) -> tuple[Plots, tuple[LeftOut, ...]]:
    """Plots of a CSV or Parquet file, in file order, and the rows that could not be used.

    Parameters
    ----------
    path : path
        Columns by name, in any order: time_s, range_m, azimuth_rad (clockwise from true north),
        elevation_rad, and radar_id where there are several radars. Optional: range_rate_mps,
        snr_db, arrival_s (empty or NaN: none), scan, plot_id. Others are ignored. CSV may be
        separated by commas, semicolons or tabs.
    radar_ids : sequence of str, optional
        The radars there are. Rows of others are left out; a file without radar_id is of the one
        radar named here.

    Returns
    -------
    Plots, tuple of LeftOut
        `scan` is -1 where the file tells none; `plot_id` is the row, from 0, if it tells none.
        Azimuths are turned into 0..2 pi.

    Raises
    ------
    InputError
        Naming file, row, column and fix: a column that is missing, numbers in units other than
        the column's, or not one usable row.
    """
    path = Path(path)
    columns, broken = _columns(path)
    rows = len(columns["time_s"])
    check_units(path, columns)
    radar_id = _radar_id(path, columns, rows, radar_ids)
    good = np.ones(rows, dtype=bool)
    left_out = list(broken)
    for reason, bad in _faults(columns, radar_id, radar_ids):
        fresh = bad & good
        if fresh.any():
            left_out.append(LeftOut(reason, int(fresh.sum()), int(fresh.argmax()) + 1))
        good &= ~bad
    if not good.any():
        reasons = "".join(f"\n    {reason}" for reason in left_out)
        raise InputError(f"{path}: not one usable plot{reasons or ' in it'}")
    return _plots(columns, radar_id).take(np.nonzero(good)[0]), tuple(left_out)


def _columns(path: Path) -> tuple[dict[str, Floats], tuple[LeftOut, ...]]:
    """The known columns as numbers (radar_id as text); rows that are none of the table."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
        if path.suffix.lower() == ".parquet" and start != PARQUET_MAGIC:
            raise InputError(f"{path}: no Parquet file\n    fix: name it .csv if it is text")
        table, broken = _parquet(path) if start == PARQUET_MAGIC else read_csv(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise InputError(f"{path}: cannot be read: {str(error).splitlines()[0]}") from error
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise InputError(_missing(path, missing, table.column_names))
    known = [name for name in (*NEEDED, *OFFERED) if name in table.column_names]
    columns = {name: _numbers(table, name) for name in known if name != "radar_id"}
    if "radar_id" in known:
        text = table.column("radar_id").cast(pa.string())
        columns["radar_id"] = np.asarray(text.to_numpy(zero_copy_only=False))
    return columns, tuple(LeftOut(reason, count, row) for reason, count, row in broken)


def _parquet(path: Path) -> tuple[pa.Table, list[tuple[str, int, int]]]:
    return pq.read_table(path), []


def _missing(path: Path, missing: list[str], there: list[str]) -> str:
    """What is wrong and what to do, also where the column is there in another unit."""
    stem = missing[0].rsplit("_", 1)[0]
    alike = next((name for name in there if name.lower().startswith(stem)), "")
    fix = f"{alike!r} is there: give it as {missing[0]}" if alike else "add it"
    return f"{path}: column {', '.join(missing)} is missing\n    fix: {fix}"


def _numbers(table: pa.Table, name: str) -> Floats:
    """A column as float64; NaN where there is no number."""
    column = table.column(name).combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        column = (
            pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.float64())
        )
    try:
        values = column.cast(pa.float64(), safe=False)
    except pa.ArrowException:
        return np.array([_number(text) for text in column.to_pylist()], dtype=np.float64)
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.float64)


def _number(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        return float("nan")


def _radar_id(
    path: Path, columns: dict[str, Floats], rows: int, radar_ids: Sequence[str]
) -> NDArray[np.object_]:
    if "radar_id" in columns:
        return np.asarray(columns["radar_id"], dtype=object)
    if len(radar_ids) > 1:
        known = ", ".join(radar_ids)
        raise InputError(f"{path}: column radar_id is missing\n    fix: add it: one of {known}")
    return np.full(rows, radar_ids[0] if radar_ids else UNNAMED, dtype=object)


def _faults(
    columns: dict[str, Floats], radar_id: NDArray[np.object_], radar_ids: Sequence[str]
) -> list[tuple[str, Marks]]:
    """Reasons to leave a row out, and the rows each holds for."""
    faults = [(f"{name} is no finite number", ~np.isfinite(columns[name])) for name in NEEDED]
    range_m, elevation = columns["range_m"], columns["elevation_rad"]
    faults += [
        ("time_s is beyond 3,000 years", np.abs(columns["time_s"]) > LATEST_S),
        ("range_m is not above 0", range_m <= 0.0),
        ("range_m is over 1,000 km", range_m > FARTHEST_M),
        ("azimuth_rad is beyond a turn", np.abs(columns["azimuth_rad"]) > 2 * np.pi + 1e-6),
        ("elevation_rad is beyond the vertical", np.abs(elevation) > np.pi / 2 + 1e-6),
    ]
    named = radar_id if radar_ids else ()
    strangers = sorted({name for name in dict.fromkeys(named) if name not in radar_ids}, key=str)
    of = _told_apart(radar_id)
    for name in strangers[:10]:
        faults.append((f"radar {name!r} is not among the radars", of(name)))
    if len(strangers) > 10:
        others = np.isin(radar_id.astype(str), [str(name) for name in strangers])
        faults.append(("other radars that are not among the radars", others))
    return faults


def _told_apart(radar_id: NDArray[np.object_]) -> Callable[[object], Marks]:
    return lambda name: np.asarray(radar_id == name, dtype=bool)


def _plots(columns: dict[str, Floats], radar_id: NDArray[np.object_]) -> Plots:
    rows = len(radar_id)
    none = np.full(rows, np.nan)
    given = {
        "time_s": columns["time_s"],
        "range_m": columns["range_m"],
        "azimuth_rad": _turned(columns["azimuth_rad"]),
        "elevation_rad": columns["elevation_rad"],
        "range_rate_mps": _or_nan(columns.get("range_rate_mps", none)),
        "snr_db": _or_nan(columns.get("snr_db", none)),
    }
    if "arrival_s" in columns:
        given["arrival_s"] = _or_nan(columns["arrival_s"])
    return Plots(
        plot_id=_whole(columns.get("plot_id"), np.arange(rows)),
        radar_id=radar_id,
        scan=_whole(columns.get("scan"), np.full(rows, UNTOLD_SCAN)),
        **given,
    )


def _turned(azimuth_rad: Floats) -> Floats:
    """Within 0..2 pi; what is there already keeps its bits."""
    inside = (azimuth_rad >= 0.0) & (azimuth_rad < 2 * np.pi)
    return np.where(inside, azimuth_rad, np.mod(azimuth_rad, 2 * np.pi))


def _or_nan(column: Floats) -> Floats:
    return np.where(np.isfinite(column), column, np.nan)


def _whole(column: Floats | None, other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whole numbers, `other` where there is none."""
    if column is None:
        return other
    fits = np.isfinite(column) & (np.abs(column) < 2.0**53)
    return np.where(fits, np.where(fits, column, 0.0), other).astype(np.int64)
