"""Kernel: the UDP payloads among the packets of a pcapng capture (draft-ietf-opsawg-pcapng)."""

import numpy as np

from mantlet.kernels.compiled import kernel
from mantlet.kernels.udp_packets import CUT_DATAGRAM, OTHER, PAYLOAD, Bytes, Ints, payload, word

SECTION, INTERFACE, OLD_PACKET, SIMPLE_PACKET, PACKET = 0x0A0D0D0A, 1, 2, 3, 6

INTERFACES = 256
"""Interfaces of a section whose packets are read; no more are believed."""

_TIME_UNIT, _TIME_OFFSET = 9, 14
_MICROSECONDS = 6


@kernel
def _half(data: Bytes, at: int, big: bool) -> int:
    a, b = np.int64(data[at]), np.int64(data[at + 1])
    return int((a << 8) | b) if big else int((b << 8) | a)


@kernel
def _long(data: Bytes, at: int, big: bool) -> int:
    """A signed number of eight octets, of which we need no negative ones."""
    first, second = word(data, at, big), word(data, at + 4, big)
    high, low = (first, second) if big else (second, first)
    return ((high & 0x7FFFFFFF) << 32) | low


@kernel
def _interface(data: Bytes, at: int, stop: int, big: bool, links: Ints, face: Ints) -> None:
    """Note what an interface's packets begin with, the unit of their times and its offset [s]."""
    kind = _half(data, at + 8, big)
    face[0] = links[kind] if kind < links.size else -1
    face[1], face[2] = _MICROSECONDS, 0
    here = at + 16
    while here + 4 <= stop:
        option, size = _half(data, here, big), _half(data, here + 2, big)
        if option == 0 or here + 4 + size > stop:
            return
        if option == _TIME_UNIT and size >= 1:
            face[1] = data[here + 4]
        if option == _TIME_OFFSET and size >= 8:
            face[2] = _long(data, here + 4, big)
        here += 4 + (size + 3) // 4 * 4


@kernel
def _packet(data: Bytes, at: int, stop: int, kind: int, big: bool, faces: Ints, row: Ints) -> None:
    """What a packet is, begin and end of its payload; time in units, their code, offset [s]."""
    begin, number, told = at + 28, 0, 0
    if kind == SIMPLE_PACKET:
        begin, told = at + 12, word(data, at + 8, big)
        row[3] = -1
    else:
        number = word(data, at + 8, big) if kind == PACKET else _half(data, at + 8, big)
        told = word(data, at + 20, big)
        row[3] = ((word(data, at + 12, big) & 0x7FFFFFFF) << 32) | word(data, at + 16, big)
    end = min(begin + told, stop)
    row[0], row[1], row[2], row[4], row[5] = OTHER, begin, begin, _MICROSECONDS, 0
    if number >= faces.shape[0] or faces[number, 0] < 0:
        return
    row[4], row[5] = faces[number, 1], faces[number, 2]
    row[0], row[1], row[2] = payload(data, begin, end, faces[number, 0])
    if row[0] == PAYLOAD and begin + told > stop and kind != SIMPLE_PACKET:
        row[0] = CUT_DATAGRAM


@kernel
def pcapng_rows(data: Bytes, links: Ints) -> tuple[Ints, Ints]:
    """Rows (what, begin, end, time, unit, offset) by packet, and offset of a tail that is none.

    `links` (n,): octets before the IP header by link type, -1 for those not known. Time is in
    units of the interface (`if_tsresol`), -1 where the packet tells none.
    """
    rows, n = np.empty((64, 6), np.int64), 0
    faces, count, big = np.full((INTERFACES, 3), -1, np.int64), 0, False
    at = 0
    while at + 12 <= data.size:
        if word(data, at, True) == SECTION:
            magic = word(data, at + 8, True)
            if magic != 0x1A2B3C4D and magic != 0x4D3C2B1A:
                break
            big, count = magic == 0x1A2B3C4D, 0
            faces[:] = -1
        kind, length = word(data, at, big), word(data, at + 4, big)
        if length < 12 or length % 4 or at + length > data.size:
            break
        stop = at + length - 4
        if kind == INTERFACE and length >= 20:
            if count < INTERFACES:
                _interface(data, at, stop, big, links, faces[count])
            count += 1
        least = 16 if kind == SIMPLE_PACKET else 32
        if (kind in (OLD_PACKET, SIMPLE_PACKET, PACKET)) and length >= least:
            if n == rows.shape[0]:
                more = np.empty((2 * n, 6), np.int64)
                more[:n] = rows
                rows = more
            _packet(data, at, stop, kind, big, faces, rows[n])
            n += 1
        at += length
    return rows[:n].copy(), np.array([at])
