"""Datagrams: short messages that may be lost, doubled or late. Over UDP, and in memory."""

import errno
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol, Self

LOOPBACK = "127.0.0.1"

MAX_PAYLOAD = 65_507
"""Bytes in the largest UDP datagram over IPv4 (RFC 768, RFC 791)."""


class Datagrams(Protocol):
    """One end of a datagram channel."""

    def send(self, payload: bytes) -> None:
        """Send one datagram; OSError if it is longer than `MAX_PAYLOAD`."""

    def receive(self, timeout_s: float) -> bytes | None:
        """The next datagram, or None if none came within `timeout_s`."""

    def close(self) -> None:
        """Give the channel back. Twice is harmless."""


class UdpDatagrams:
    """UDP on this machine alone: bound to the loopback address, port 0 for any free one."""

    def __init__(self, port: int = 0, *, peer_port: int | None = None) -> None:
        self._peer_port = peer_port
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((LOOPBACK, port))
        except OSError:
            self._socket.close()
            raise

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._socket.getsockname()[1])

    def send(self, payload: bytes) -> None:
        """Send to the peer's port."""
        if self._peer_port is None:
            raise OSError(errno.EDESTADDRREQ, os.strerror(errno.EDESTADDRREQ))
        self._socket.sendto(payload, (LOOPBACK, self._peer_port))

    def receive(self, timeout_s: float) -> bytes | None:
        """The next datagram that reached the port."""
        self._socket.settimeout(timeout_s)
        try:
            return self._socket.recv(MAX_PAYLOAD)
        except (TimeoutError, BlockingIOError):
            return None

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


Network = Callable[[bytes], Sequence[bytes]]
"""What becomes of a datagram on its way: none if lost, two if doubled, changed if damaged."""


def faultless(payload: bytes) -> Sequence[bytes]:
    """A network that delivers everything, once and in order."""
    return (payload,)


class MemoryDatagrams:
    """Datagrams of a test: `network` decides what becomes of each one sent."""

    def __init__(self, network: Network = faultless) -> None:
        self._network = network
        self._arrived: deque[bytes] = deque()
        self._peer: MemoryDatagrams | None = None

    @classmethod
    def pair(cls, network: Network = faultless) -> tuple[Self, Self]:
        """Two ends of one channel."""
        one, two = cls(network), cls(network)
        one._peer, two._peer = two, one
        return one, two

    def send(self, payload: bytes) -> None:
        """Hand to the network, which hands to the peer."""
        if self._peer is None:
            raise OSError(errno.EDESTADDRREQ, os.strerror(errno.EDESTADDRREQ))
        if len(payload) > MAX_PAYLOAD:
            raise OSError(errno.EMSGSIZE, os.strerror(errno.EMSGSIZE))
        self._peer._arrived.extend(self._network(payload))

    def receive(self, timeout_s: float) -> bytes | None:
        """The next datagram; there is nobody to wait for."""
        return self._arrived.popleft() if self._arrived else None

    def close(self) -> None:
        """Forget what has not been read."""
        self._arrived.clear()
