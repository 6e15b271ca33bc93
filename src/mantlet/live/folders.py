"""A run folder as a recording: read in pieces, kept on disk, mapped."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mantlet.live.recording import NAMES, Recording
from mantlet.scenario.load import load_scenario
from mantlet.tables import SCHEMA_VERSION, Intervals, Table
from mantlet.tables.errors import InputError

PIECE_ROWS = 1 << 11
BUFFER_BYTES = 1 << 16
"""Pages are read as they are needed: a whole column at once would outweigh all the rest."""


def open_run(folder: Path, spool: Path) -> Recording:
    """Read a run folder.

    Parameters
    ----------
    folder : Path
        What `mantlet run` wrote.
    spool : Path
        An empty folder for the columns; it must outlive the recording.

    Raises
    ------
    InputError
        If the folder is not a whole run folder, naming what is wrong with it.
    """
    manifest = _manifest(folder)
    scenario = load_scenario(folder / "scenario.yaml")
    recording = Recording(
        scenario, manifest["seed"], Intervals.from_arrow(_whole(folder, "intervals")), spool
    )
    pa.set_cpu_count(1)  # each thread would keep buffers of its own
    try:
        for kind, name in NAMES.items():
            for piece in _pieces(folder, name, kind):
                recording.add(piece)
            pa.default_memory_pool().release_unused()
        recording.complete()
    finally:
        recording.close()
    return recording


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(
            (folder / "manifest.json").read_text(encoding="utf-8")
        )
        held = str(manifest["schema"])
        if not isinstance(manifest["seed"], int):
            raise TypeError("seed")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder}: not a run folder\n    fix: make one with mantlet run"
        ) from error
    if held.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise InputError(
            f"{folder}: tables of schema {held}, this version reads {SCHEMA_VERSION}\n"
            "    fix: run the scenario again"
        )
    return manifest


def _whole(folder: Path, name: str) -> pa.Table:
    with _opened(folder, name) as file:
        return _guarded(folder, name, file.read)


def _pieces(folder: Path, name: str, kind: type[Table]) -> Iterator[Table]:
    with _opened(folder, name) as file:
        pieces = file.iter_batches(PIECE_ROWS, use_threads=False)
        while (piece := _guarded(folder, name, lambda: next(pieces, None))) is not None:
            yield _guarded(
                folder, name, lambda piece=piece: kind.from_arrow(pa.Table.from_batches([piece]))
            )


def _opened(folder: Path, name: str) -> Any:
    path = folder / f"{name}.parquet"
    return _guarded(
        folder, name, lambda: pq.ParquetFile(path, buffer_size=BUFFER_BYTES, pre_buffer=False)
    )


def _guarded(folder: Path, name: str, read: Any) -> Any:
    try:
        return read()
    except (OSError, ValueError, pa.ArrowException) as error:
        words = str(error).splitlines()[0][:200]
        raise InputError(
            f"{folder / name}.parquet: {words}\n    fix: the run folder is broken; run it again"
        ) from error
