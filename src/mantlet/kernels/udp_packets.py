"""Kernel: the UDP payloads among the packets of a pcap capture."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

FILE_HEADER, PACKET_HEADER = 24, 16
PAYLOAD, OTHER, CUT_DATAGRAM, FRAGMENT = 0, -1, 1, 2
_UDP = 17


@kernel
def word(data: Bytes, at: int, big: bool) -> int:
    """The unsigned number in four octets."""
    a, b, c, d = (
        np.int64(data[at]),
        np.int64(data[at + 1]),
        np.int64(data[at + 2]),
        np.int64(data[at + 3]),
    )
    if not big:
        a, b, c, d = d, c, b, a
    return int((a << 24) | (b << 16) | (c << 8) | d)


@kernel
def _after_ip(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """What an IP packet at `at` is (PAYLOAD if UDP), and where its own payload begins."""
    version = data[at] >> 4
    if version == 4 and at + 20 <= end and data[at + 9] == _UDP:
        part = ((int(data[at + 6]) & 0x3F) << 8) | int(data[at + 7])
        header = 4 * (data[at] & 15)
        return (FRAGMENT if part else PAYLOAD), at + max(header, 20)
    if version == 6 and at + 40 <= end and data[at + 6] == _UDP:
        return PAYLOAD, at + 40
    return OTHER, at


@kernel
def payload(data: Bytes, at: int, end: int, link: int) -> tuple[int, int, int]:
    """What the packet is, and where its UDP payload begins and ends."""
    here = at + link
    while link == 14 and here <= end and here - at <= 22:
        kind = (int(data[here - 2]) << 8) | int(data[here - 1])
        if kind not in (0x8100, 0x88A8):
            break
        here += 4
    if here >= end:
        return OTHER, at, at
    what, udp = _after_ip(data, here, end)
    if what != PAYLOAD:
        return what, here, end
    if udp + 8 > end:
        return CUT_DATAGRAM, here, end
    length = (int(data[udp + 4]) << 8) | int(data[udp + 5])
    if udp + length > end:
        return CUT_DATAGRAM, udp + 8, end
    return PAYLOAD, udp + 8, max(udp + 8, udp + length)


@kernel
def packet_rows(data: Bytes, big: bool, link: int) -> tuple[Ints, Ints]:
    """Rows (what, begin, end, seconds, fraction) by packet, and offset of a tail that is none."""
    rows, n = np.empty((64, 5), np.int64), 0
    at = FILE_HEADER
    while at < data.size:
        if at + PACKET_HEADER > data.size:
            break
        length = word(data, at + 8, big)
        end = at + PACKET_HEADER + length
        if end > data.size:
            break
        if n == rows.shape[0]:
            more = np.empty((2 * n, 5), np.int64)
            more[:n] = rows
            rows = more
        what, begin, stop = payload(data, at + PACKET_HEADER, end, link)
        rows[n, 0], rows[n, 1], rows[n, 2] = what, begin, stop
        rows[n, 3], rows[n, 4] = word(data, at, big), word(data, at + 4, big)
        n += 1
        at = end
    return rows[:n].copy(), np.array([at])
