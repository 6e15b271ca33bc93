"""Data from other machines: UDP, multicast and TCP. Buffers are bounded, drops are counted."""

import contextlib
import ipaddress
import socket
import struct
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import parse_qs, urlsplit

from mantlet.ports.sockets import MAX_PAYLOAD

BUFFER_OCTETS = 4 << 20
"""What the system is asked to hold of datagrams not yet received; more are dropped and counted."""

BLOCK_LIMIT = 65_535
"""Octets of the longest data block: its length has two."""

_SO_RXQ_OVFL = 40
"""Linux: each datagram comes with the number of those dropped before it (socket(7))."""

_FIX = "fix: write udp://ADDRESS:PORT, udp://GROUP:PORT?interface=ADDRESS or tcp://HOST:PORT"


class Listener(Protocol):
    """A source of payloads."""

    dropped: int
    """Payloads lost here for want of room, so far as the system tells."""

    ended: bool
    """Whether nothing more will come."""

    def receive(self, timeout_s: float) -> bytes | None:
        """The next payload, or None if none came within `timeout_s`."""

    def close(self) -> None:
        """Give the source back. Twice is harmless."""


@dataclass(frozen=True)
class Address:
    """What a source's text says; `interface` is the local address that joins a group."""

    kind: str
    host: str
    port: int
    interface: str = "0.0.0.0"

    @classmethod
    def of(cls, text: str) -> Self:
        """Of `udp://...` or `tcp://...`; ValueError for anything else."""
        try:
            parts = urlsplit(text)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise ValueError(f"{text}: {error}\n    {_FIX}") from error
        if parts.scheme not in ("udp", "tcp") or not host or not port:
            raise ValueError(f"{text}: no source of plots\n    {_FIX}")
        [interface] = parse_qs(parts.query).get("interface", ["0.0.0.0"])[:1]
        return cls(parts.scheme, host, port, interface)


def listen(text: str) -> "Listener":
    """Open `udp://ADDRESS:PORT`, `udp://GROUP:PORT?interface=ADDRESS` or `tcp://HOST:PORT`.

    Raises
    ------
    ValueError
        If the text is none of these, or the system refuses.
    """
    address = Address.of(text)
    try:
        if address.kind == "tcp":
            return TcpListener(address.host, address.port)
        return UdpListener(address.host, address.port, address.interface)
    except OSError as error:
        raise ValueError(f"{text}: {error.strerror or error}\n    {_FIX}") from error


class UdpListener:
    """Datagrams to an address of this machine, or to a multicast group that it joins."""

    ended = False

    def __init__(self, host: str, port: int, interface: str = "0.0.0.0") -> None:
        self.dropped = 0
        self._dropped_mark = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._open(host, port, interface)
        except OSError:
            self._socket.close()
            raise

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def receive(self, timeout_s: float) -> bytes | None:
        """The next datagram that reached the port."""
        self._socket.settimeout(timeout_s)
        try:
            payload, notes, _, _ = self._socket.recvmsg(MAX_PAYLOAD, socket.CMSG_SPACE(4))
        except (TimeoutError, BlockingIOError):
            return None
        for level, kind, content in notes:
            if level == socket.SOL_SOCKET and kind == _SO_RXQ_OVFL:
                self._count(struct.unpack("I", content[:4])[0])
        return payload

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, host: str, port: int, interface: str) -> None:
        sock = self._socket
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
        with contextlib.suppress(OSError):  # a system that does not count its drops
            sock.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
        if _is_group(host):
            # Several programs of one machine may listen to a group.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((host, port))
            member = socket.inet_aton(host) + socket.inet_aton(interface)
            sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        else:
            sock.bind((host, port))

    def _count(self, total: int) -> None:
        """The system's counter has 32 bits."""
        self.dropped += (total - self._dropped_mark) & 0xFFFFFFFF
        self._dropped_mark = total


class TcpListener:
    """A stream of data blocks from a server, cut into payloads of whole blocks.

    The sender waits when we do not read, so nothing is dropped here. Lengths cut the stream, and
    are believed no further than that: what does not look like a block is handed on as it came.
    """

    dropped = 0

    def __init__(self, host: str, port: int, connect_s: float = 10.0) -> None:
        self.ended = False
        self._held = bytearray()
        self._socket = socket.create_connection((host, port), connect_s)

    def receive(self, timeout_s: float) -> bytes | None:
        """Whole blocks, or None if none was complete within `timeout_s`; the rest at the end."""
        if self.ended:
            return None
        self._socket.settimeout(timeout_s)
        try:
            more = self._socket.recv(BLOCK_LIMIT)
        except (TimeoutError, BlockingIOError):
            return None
        except OSError:
            more = b""
        self._held += more
        self.ended = not more
        cut = len(self._held) if self.ended else whole_blocks(self._held)
        payload = bytes(self._held[:cut])
        del self._held[:cut]
        return payload or None

    def close(self) -> None:
        """Close the connection."""
        self.ended = True
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def whole_blocks(octets: bytes | bytearray) -> int:
    """Octets of the whole blocks at the beginning; all of them where no block can begin."""
    at = 0
    while at + 3 <= len(octets):
        length = octets[at + 1] << 8 | octets[at + 2]
        if length < 3:
            return len(octets)
        if at + length > len(octets):
            break
        at += length
    return at


def _is_group(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_multicast
    except ValueError:
        return False
