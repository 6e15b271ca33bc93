"""Data blocks with their times, and the file they are written to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.clock import time_of_day
from mantlet.sensing.asterix.encoding import Encoded
from mantlet.sensing.asterix.pcap import capture
from mantlet.sensing.asterix.recording import final
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

SUFFIXES = (".ast", ".pcap", ".final")
"""Endings of the file name: raw blocks end to end, UDP datagrams in a capture, FINAL records."""


@dataclass(frozen=True)
class Messages:
    """Data blocks in order of time; `time_s` on the scenario clock; `records` in all of them."""

    time_s: Floats
    blocks: Sequence[bytes]
    records: int


def messages(encoded: Encoded, time_s: Floats, source: Floats) -> Messages:
    """Blocks of records (n,), each of one source and time."""
    changed = (np.diff(time_s) != 0) | (np.diff(source) != 0)
    groups = np.concatenate([np.zeros(min(time_s.size, 1), bool), changed]).cumsum()
    blocks = encoded.blocks(groups)
    return Messages(time_s[blocks.firsts], blocks.split(), time_s.size)


def write_recording(path: Path, parts: Sequence[Messages], epoch: datetime) -> int:
    """Write all blocks in order of time, of equal times as in `parts`; returns their number.

    The ending of `path` says how (`SUFFIXES`): raw and FINAL tell no date, a capture does.

    Raises
    ------
    InputError
        For any other ending.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: no such container\n    fix: end in {', '.join(SUFFIXES)}")
    time_s = np.concatenate([np.empty(0), *(part.time_s for part in parts)])
    blocks = [block for part in parts for block in part.blocks]
    order = np.argsort(time_s, kind="stable")
    time_s, blocks = time_s[order], [blocks[i] for i in order]
    if path.suffix == ".pcap":
        octets = capture(zip((time_s + epoch.timestamp()).tolist(), blocks, strict=True))
    elif path.suffix == ".final":
        octets = final(zip(time_of_day(time_s, epoch).tolist(), blocks, strict=True))
    else:
        octets = b"".join(blocks)
    path.write_bytes(octets)
    return len(blocks)
