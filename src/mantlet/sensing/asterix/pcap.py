"""UDP payloads of a capture: pcap in and out, pcapng in."""

import struct
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.pcapng_packets import pcapng_rows
from mantlet.kernels.udp_packets import (
    CUT_DATAGRAM,
    FILE_HEADER,
    FRAGMENT,
    OTHER,
    PAYLOAD,
    packet_rows,
)

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAGICS = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e-6),
    b"\xa1\xb2\xc3\xd4": (">", 1e-6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9),
}
"""First octets of a capture: its byte order and unit of time (draft-ietf-opsawg-pcap)."""

__all__ = ["CUT_DATAGRAM", "FRAGMENT", "OTHER", "PAYLOAD", "capture", "packets"]

PCAPNG = b"\x0a\x0d\x0d\x0a"

LINKS = {0: 4, 1: 14, 101: 0, 113: 16, 228: 0, 229: 0, 276: 20}
"""Octets before the IP header by link type: loopback, Ethernet, raw IP, Linux cooked 1 and 2."""


_UDP = 17


def packets(data: Bytes) -> tuple[Ints, Floats, int]:
    """Packets of a pcap or pcapng capture: what each is, its payload, its time; where they end.

    Rows (n, 3) int64: PAYLOAD, OTHER or a fault, begin, end. Times (n,) are seconds since 1970,
    NaN where a packet of pcapng tells none.
    The offset is short of the file's size where the last packet was cut off.

    Raises
    ------
    ValueError
        For a link type of pcap that is not in `LINKS`; pcapng has one per interface, and packets
        of unknown ones are OTHER.
    """
    if data[:4].tobytes() == PCAPNG:
        return _of_pcapng(data)
    order, unit = MAGICS[data[:4].tobytes()]
    if data.size < FILE_HEADER:
        raise ValueError("the file ends within the header of the capture")
    link = struct.unpack(order + "I", data[20:24].tobytes())[0] & 0xFFFF
    if link not in LINKS:
        raise ValueError(f"link type {link} is none of {', '.join(map(str, LINKS))}")
    rows, end = packet_rows(data, order == ">", LINKS[link])
    return rows[:, :3], rows[:, 3] + unit * rows[:, 4], int(end[0])


def _of_pcapng(data: Bytes) -> tuple[Ints, Floats, int]:
    octets = np.full(max(LINKS) + 1, -1, dtype=np.int64)
    octets[list(LINKS)] = list(LINKS.values())
    rows, end = pcapng_rows(data, octets)
    units, code = rows[:, 3].astype(np.float64), rows[:, 4]
    steps = np.where(code & 0x80, 2.0 ** -(code & 0x7F), 10.0 ** -(code & 0x7F).astype(np.float64))
    time_s = np.where(rows[:, 3] < 0, np.nan, units * steps + rows[:, 5])
    return rows[:, :3], time_s, int(end[0])


def capture(payloads: Iterable[tuple[float, bytes]], port: int = 8600) -> bytes:
    """A capture of UDP datagrams from and to this machine: (seconds since 1970, payload)."""
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 101)]
    for time_s, payload in payloads:
        whole = round(time_s * 1_000_000)
        packet = _ip(port, payload)
        stamp = whole // 1_000_000, whole % 1_000_000
        parts += [struct.pack("<IIII", *stamp, len(packet), len(packet)), packet]
    return b"".join(parts)


def _ip(port: int, payload: bytes) -> bytes:
    """IPv4 and UDP headers before a payload; UDP over IPv4 may go without a checksum (RFC 768)."""
    udp = struct.pack(">HHHH", port, port, 8 + len(payload), 0)
    here = bytes((127, 0, 0, 1))
    size = 20 + len(udp) + len(payload)
    header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, size, 0, 0, 64, _UDP, 0, here, here)
    total = sum(struct.unpack(">10H", header))
    total = (total & 0xFFFF) + (total >> 16)
    check = ~(total + (total >> 16)) & 0xFFFF
    return header[:10] + struct.pack(">H", check) + header[12:] + udp + payload
