"""Binary frames: one moment of one run as columns of four bytes, ready for typed arrays.

A header of 64 bytes, then blocks in a fixed order, each column by column. `docs/console.md` lists
the columns; `BLOCKS` is the same list for the program.
"""

import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MAGIC = 0x31464D4D
HEADER = struct.Struct("<IIdBBHf6Id8x")

PLAYING, AT_EDGE, JUMPED, TRUTH, QUIET = 1, 2, 4, 8, 16

WHOLE, REAL = "<i4", "<f4"
_MOVING = (
    ("lon", REAL),
    ("lat", REAL),
    ("height_m", REAL),
    ("ve", REAL),
    ("vn", REAL),
    ("vu", REAL),
)
_POSITION_ELLIPSE = (("major_m", REAL), ("minor_m", REAL), ("angle_rad", REAL))
_IMPACT = (
    ("impact_lon", REAL),
    ("impact_lat", REAL),
    ("impact_time_s", REAL),
    ("impact_major_m", REAL),
    ("impact_minor_m", REAL),
    ("impact_angle_rad", REAL),
)

BLOCKS: dict[str, tuple[tuple[str, str], ...]] = {
    "tracks": (
        ("id", WHOLE),
        *_MOVING,
        ("status", WHOLE),
        *_POSITION_ELLIPSE,
        *_IMPACT,
        ("warning", WHOLE),
        ("engagement", WHOLE),
        ("probability", REAL),
    ),
    "interceptors": (
        ("id", WHOLE),
        *_MOVING,
        ("track_id", WHOLE),
        ("battery", WHOLE),
        ("seconds_left", REAL),
        ("aim_lon", REAL),
        ("aim_lat", REAL),
    ),
    "zones": (("row", WHOLE), ("alert_id", WHOLE), ("seconds_left", REAL), ("probability", REAL)),
    "batteries": (("row", WHOLE), ("left", WHOLE), ("reload_s", REAL)),
    "truth": (("id", WHOLE), *_MOVING, ("kind", WHOLE), ("impact_lon", REAL), ("impact_lat", REAL)),
    "plots": (("lon", REAL), ("lat", REAL), ("height_m", REAL), ("plot_id", WHOLE)),
}
"""Columns of each block, in order."""

Block = dict[str, Array]


@dataclass(frozen=True)
class Frame:
    """One moment. A block that is left out has no rows."""

    time_s: float
    blocks: dict[str, Block] = field(default_factory=dict)
    sequence: int = 0
    source: int = 0
    flags: int = 0
    speed: float = 1.0
    due_unix_s: float = 0.0
    """When it was due on the wall clock: what has passed since then is the delay of delivery."""


def pack_blocks(blocks: dict[str, Block]) -> tuple[tuple[int, ...], bytes]:
    """Row counts and bytes of the blocks, to go behind a header.

    Raises
    ------
    ValueError
        If a block lacks a column or its columns differ in length.
    """
    counts, parts = [], []
    for name, columns in BLOCKS.items():
        block = blocks.get(name)
        if block is None:
            counts.append(0)
            continue
        rows = len(block[columns[0][0]])
        counts.append(rows)
        for column, kind in columns:
            if column not in block or len(block[column]) != rows:
                raise ValueError(f"{name}.{column}: missing, or not {rows} rows")
            parts.append(np.ascontiguousarray(block[column], kind).tobytes())
    return tuple(counts), b"".join(parts)


def pack_header(frame: Frame, counts: tuple[int, ...]) -> bytes:
    """The 64 bytes before the blocks."""
    return HEADER.pack(
        MAGIC,
        frame.sequence & 0xFFFFFFFF,
        frame.time_s,
        frame.source,
        frame.flags,
        0,
        frame.speed,
        *counts,
        frame.due_unix_s,
    )


def pack(frame: Frame) -> bytes:
    """The bytes of a frame."""
    counts, body = pack_blocks(frame.blocks)
    return pack_header(frame, counts) + body


def unpack(data: bytes) -> Frame:
    """The frame in these bytes: all blocks, empty ones too.

    Raises
    ------
    ValueError
        If they are not a whole frame.
    """
    if len(data) < HEADER.size:
        raise ValueError(f"a frame has at least {HEADER.size} bytes, not {len(data)}")
    magic, sequence, time_s, source, flags, _, speed, *rest = HEADER.unpack_from(data)
    *counts, due_unix_s = rest
    wanted = sum(4 * rows * len(c) for rows, c in zip(counts, BLOCKS.values(), strict=True))
    if magic != MAGIC or len(data) != HEADER.size + wanted:
        raise ValueError("not a frame, or not a whole one")
    at, blocks = HEADER.size, {}
    for (name, columns), rows in zip(BLOCKS.items(), counts, strict=True):
        blocks[name] = {
            column: np.frombuffer(data, kind, rows, at + 4 * rows * place)
            for place, (column, kind) in enumerate(columns)
        }
        at += 4 * rows * len(columns)
    return Frame(time_s, blocks, sequence, source, flags, speed, due_unix_s)
