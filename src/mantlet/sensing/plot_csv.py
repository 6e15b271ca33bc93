"""CSV into a table of texts: separators found out, rows of the wrong length counted."""

from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from mantlet.tables.errors import InputError

SEPARATORS = (",", ";", "\t")
BLOCK_BYTES = 1 << 24


def read_csv(path: Path) -> tuple[pa.Table, list[tuple[str, int, int]]]:
    """All columns as text; (reason, count, first row) of the rows that were none.

    Raises
    ------
    InputError
        If the file is empty or its first line names no columns.
    """
    octets = _text(path)
    names, separator = _header(path, octets)
    broken: list[int] = []

    def skip(row: csv.InvalidRow) -> str:
        broken.append(row.number or 0)
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(octets),
        # One thread: only then are rows numbered, and the same file always reads the same.
        read_options=csv.ReadOptions(use_threads=False, block_size=BLOCK_BYTES),
        parse_options=csv.ParseOptions(delimiter=separator, invalid_row_handler=skip),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    if not broken:
        return table, []
    # Arrow counts lines from 1, the header's too.
    reason = f"not {len(names)} cells, as the header has"
    return table, [(reason, len(broken), max(min(broken) - 1, 1))]


def _text(path: Path) -> bytes:
    """The file in UTF-8; octets that are none are replaced: they may stand in an idle column."""
    octets = path.read_bytes()
    try:
        octets.decode()
    except UnicodeDecodeError:
        return octets.decode(errors="replace").encode()
    return octets


def _header(path: Path, octets: bytes) -> tuple[list[str], str]:
    line = octets[: 1 << 16].split(b"\n", 1)[0].decode("utf-8-sig", errors="replace").strip("\r")
    if not line.strip():
        raise InputError(f"{path}: empty\n    fix: begin with a line of column names")
    separator = max(SEPARATORS, key=line.count)
    names = [name.strip().strip('"') for name in line.split(separator)]
    return names, separator
