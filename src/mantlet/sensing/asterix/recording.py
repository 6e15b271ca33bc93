"""Containers: where in a file the payloads stand. Raw ASTERIX, pcap and pcapng (UDP), FINAL."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix import pcap
from mantlet.sensing.asterix.loss import Loss
from mantlet.tables.errors import InputError

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_PAD = b"\xa5\xa5\xa5\xa5"
_FINAL_HEADER = 8
_PCAP_FAULTS = {
    pcap.CUT_DATAGRAM: "datagram cut by the capture",
    pcap.FRAGMENT: "fragment of a datagram",
}


@dataclass(frozen=True)
class Recording:
    """A file's octets and its payloads data[begins[i] : ends[i]], in file order.

    `time_s` (n,): when each was received, seconds since 1970 (pcap), NaN where the container
    does not say. `container` is "raw", "pcap" (pcapng too) or "final"; `others` counts packets
    that hold no UDP. `losses` are those of the container.
    """

    data: Bytes
    begins: Ints
    ends: Ints
    time_s: Floats
    container: str
    others: int = 0
    losses: tuple[Loss, ...] = ()


def read_recording(path: str | Path) -> Recording:
    """The payloads of a file; it is read as a whole.

    Raises
    ------
    InputError
        If the file is missing or empty, or a pcap capture of a link type that is not known. What is
        wrong further in is counted, not raised.
    """
    path = Path(path)
    try:
        data = np.fromfile(path, dtype=np.uint8)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    if not data.size:
        raise InputError(f"{path}: empty\n    fix: give an ASTERIX recording: raw, pcap or FINAL")
    try:
        return recording(data)
    except ValueError as error:
        raise InputError(f"{path}: {error}") from error


def recording(data: Bytes) -> Recording:
    """As `read_recording`, of octets in memory; ValueError instead of InputError."""
    start = data[:4].tobytes()
    if start in pcap.MAGICS or start == pcap.PCAPNG:
        return _captured(data)
    if _final_length(data, 0):
        return _final(data)
    bounds = np.array([0]), np.array([data.size])
    return Recording(data, *bounds, np.full(1, np.nan), "raw")


def _captured(data: Bytes) -> Recording:
    rows, time_s, end = pcap.packets(data)
    what = rows[:, 0]
    losses = [
        Loss(_PCAP_FAULTS[fault], begin, 0 if fault == pcap.CUT_DATAGRAM else stop - begin)
        for fault, begin, stop in rows[what > 0].tolist()
    ]
    if end < data.size:
        losses.append(Loss("packet runs past the end of the file", end, data.size - end))
    kept = (what == pcap.PAYLOAD) | (what == pcap.CUT_DATAGRAM)
    begins, ends = rows[kept, 1].copy(), rows[kept, 2].copy()
    others = int((what == pcap.OTHER).sum())
    return Recording(data, begins, ends, time_s[kept], "pcap", others, tuple(losses))


def _final_length(data: Bytes, at: int) -> int:
    """Octets of the FINAL record at `at`, 0 if there is none: it ends in four padding octets."""
    if at + _FINAL_HEADER + len(_PAD) > data.size:
        return 0
    length = int(data[at]) << 8 | int(data[at + 1])
    fits = _FINAL_HEADER + len(_PAD) <= length <= data.size - at
    return length if fits and data[at + length - 4 : at + length].tobytes() == _PAD else 0


def _final(data: Bytes) -> Recording:
    """FINAL: records of length, board, line, day, time [10 ms], blocks, four octets of padding.

    Lost its way, it goes on after the next padding that a whole record follows.
    """
    octets = data.tobytes()
    bounds: list[tuple[int, int]] = []
    losses: list[Loss] = []
    at = 0
    while at < data.size:
        length = _final_length(data, at)
        if length:
            bounds.append((at + _FINAL_HEADER, at + length - len(_PAD)))
            at += length
            continue
        following = at
        while following < data.size and not _final_length(data, following):
            pad = octets.find(_PAD, following)
            following = pad + len(_PAD) if pad >= 0 else data.size
        losses.append(Loss("FINAL record without its end", at, following - at))
        at = following
    begins, ends = np.array(bounds, dtype=np.int64).T.copy()
    time_s = np.full(len(begins), np.nan)
    return Recording(data, begins, ends, time_s, "final", losses=tuple(losses))


def final(payloads: Iterable[tuple[float, bytes]]) -> bytes:
    """FINAL records of (seconds since midnight, payload); board, line and day are 0."""
    return b"".join(
        (len(payload) + 12).to_bytes(2, "big")
        + bytes(3)
        + (round(100 * time_s) % 8_640_000).to_bytes(3, "big")
        + payload
        + _PAD
        for time_s, payload in payloads
    )
