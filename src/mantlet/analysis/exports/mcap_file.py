"""MCAP: a run as a recording with a topic for each table, for robotics and log viewers.

Messages are JSON, their JSON Schema is inside the file. Two topics are in schemas that Foxglove's
map draws: `/map/zones` (foxglove.GeoJSON) and `/map/tracks` (foxglove.LocationFixes).
"""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from mantlet.analysis.exports.saved import TIMES, Progress, SavedRun
from mantlet.ports.files import whole_file
from mantlet.tables import Zones
from mantlet.tables.base import Column
from mantlet.tables.errors import InputError
from mantlet.tables.run import TABLES
from mantlet.world.earth import degrees_from_ecef

_TIME = {"type": "object", "properties": {"sec": {"type": "integer"}, "nsec": {"type": "integer"}}}
_FIX = {
    "type": "object",
    "properties": {
        "timestamp": _TIME,
        "frame_id": {"type": "string"},
        "latitude": {"type": "number"},
        "longitude": {"type": "number"},
        "altitude": {"type": "number"},
    },
}
_GEOJSON: dict[str, Any] = {
    "title": "foxglove.GeoJSON",
    "type": "object",
    "properties": {"geojson": {"type": "string"}},
}
_FIXES: dict[str, Any] = {
    "title": "foxglove.LocationFixes",
    "type": "object",
    "properties": {"fixes": {"type": "array", "items": _FIX}},
}


def write_mcap(run: SavedRun, out: Path, progress: Progress) -> dict[str, int]:
    """Write an MCAP file; returns the number of messages of each topic.

    Each row of a table is a message on the topic of its name, logged at its time; tables without
    a time are logged at the window's start. Numbers are those of the tables, NaN is null,
    outlines are WKT. Needs the extra `formats`.

    Raises
    ------
    InputError
        If the package mcap is not installed.
    """
    try:
        from mcap.writer import Writer
    except ImportError:
        raise InputError(
            "the package mcap is not installed\n    fix: pip install 'mantlet[formats]'"
        ) from None
    counts: dict[str, int] = {}
    total = sum(map(run.rows, TABLES))
    done = 0
    with whole_file(out) as temporary, temporary.open("wb") as file:
        writer: Any = Writer(file)
        writer.start(profile="", library="mantlet")
        writer.add_metadata("mantlet", _facts(run))
        for name in TABLES:
            topic = _Topic(
                writer, f"/{name}", f"mantlet.{TABLES[name].__name__}", _schema(run, name)
            )
            for batch in run.columns(name):
                for stamp, row in zip(_stamps(run, name, batch), _rows(batch), strict=True):
                    topic.send(stamp, row)
                done += len(batch)
                progress(done, total, name)
            counts[f"/{name}"] = topic.sent
        counts |= _map(run, writer)
        writer.finish()
    return counts


class _Topic:
    """A channel of JSON messages."""

    def __init__(self, writer: Any, topic: str, name: str, schema: dict[str, Any]) -> None:
        encoded = json.dumps(schema, ensure_ascii=False).encode()
        schema_id = writer.register_schema(name=name, encoding="jsonschema", data=encoded)
        self._channel = writer.register_channel(
            topic=topic, message_encoding="json", schema_id=schema_id
        )
        self._writer = writer
        self.sent = 0

    def send(self, stamp_ns: int, content: dict[str, Any]) -> None:
        data = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
        self._writer.add_message(
            self._channel, log_time=stamp_ns, publish_time=stamp_ns, data=data, sequence=self.sent
        )
        self.sent += 1


def _facts(run: SavedRun) -> dict[str, str]:
    plain = {key: str(run.manifest[key]) for key in ("mantlet", "schema", "scenario", "seed")}
    return {"title": run.title, "exercise": "true", "epoch": run.moment(0.0), **plain}


def _schema(run: SavedRun, name: str) -> dict[str, Any]:
    held = run.open(name).schema_arrow.names
    known = TABLES[name].columns()
    properties = {key: _property(known[key]) for key in held if key in known}
    about = (TABLES[name].__doc__ or "").splitlines()[0]
    return {"type": "object", "description": f"{about} EXERCISE.", "properties": properties}


def _property(spec: Column) -> dict[str, Any]:
    words = f"{spec.meaning} [{spec.unit}]" if spec.unit else spec.meaning
    if spec.dtype in (str, bytes):
        kind: dict[str, Any] = {"type": "string"}
    elif np.issubdtype(np.dtype(spec.dtype), np.integer):
        kind = {"type": "integer"}
    else:
        kind = {"type": ["number", "null"]}
    return {"description": words, **({"type": "array", "items": kind} if spec.shape else kind)}


def _nanoseconds(run: SavedRun, time_s: Any) -> list[int]:
    """Since 1970, rounded to the microsecond: a double holds no more of today."""
    base = int(np.datetime64(run.epoch.replace(tzinfo=None), "us").astype(np.int64))
    steps = np.rint(np.atleast_1d(time_s) * 1e6).astype(np.int64)
    return [1000 * (base + int(step)) for step in steps.tolist()]


def _stamps(run: SavedRun, name: str, batch: pa.RecordBatch) -> list[int]:
    if name in TIMES:
        return _nanoseconds(run, batch.column(TIMES[name]).to_numpy())
    return _nanoseconds(run, run.start_s) * len(batch)


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    columns = {field.name: _jsonable(batch.column(field.name)) for field in batch.schema}
    yield from pa.RecordBatch.from_pydict(columns).to_pylist()


def _jsonable(column: Any) -> Any:
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), None, column)
    if pa.types.is_fixed_size_list(column.type):
        return pa.FixedSizeListArray.from_arrays(_jsonable(column.flatten()), column.type.list_size)
    if pa.types.is_binary(column.type):
        shapes = shapely.from_wkb(column.to_pylist())
        return pa.array(list(shapely.to_wkt(shapes, 7)), pa.string())
    return column


def _map(run: SavedRun, writer: Any) -> dict[str, int]:
    zones = _Topic(writer, "/map/zones", "foxglove.GeoJSON", _GEOJSON)
    zones.send(_nanoseconds(run, run.start_s)[0], {"geojson": _outlines(run)})
    tracks = _Topic(writer, "/map/tracks", "foxglove.LocationFixes", _FIXES)
    for batch in run.columns("tracks", ["track_id", "time_s", "status", "state"]):
        for stamp, fixes in _fixes(run, batch):
            tracks.send(stamp, {"fixes": fixes})
    return {"/map/zones": zones.sent, "/map/tracks": tracks.sent}


def _outlines(run: SavedRun) -> str:
    zones = run.table(Zones)
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"EXERCISE zone {zones.name[k]}"},
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(zones.polygon[k]))),
        }
        for k in range(len(zones))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def _fixes(run: SavedRun, batch: pa.RecordBatch) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The positions of all tracks but tentative ones, together for each decision time."""
    batch = batch.filter(pc.not_equal(batch.column("status"), "tentative"))
    if not len(batch):
        return
    points = batch.column("state").flatten().to_numpy().reshape(len(batch), -1)[:, :3]
    places = np.column_stack(degrees_from_ecef(points)).tolist()
    stamps = _nanoseconds(run, batch.column("time_s").to_numpy())
    tracks = batch.column("track_id").to_pylist()
    first = [0, *(k for k in range(1, len(stamps)) if stamps[k] != stamps[k - 1]), len(stamps)]
    for begin, end in pairwise(first):
        time = {"sec": stamps[begin] // 10**9, "nsec": stamps[begin] % 10**9}
        yield (
            stamps[begin],
            [
                {
                    "timestamp": time,
                    "frame_id": f"EXERCISE track {tracks[k]}",
                    "latitude": places[k][0],
                    "longitude": places[k][1],
                    "altitude": places[k][2],
                }
                for k in range(begin, end)
            ],
        )
