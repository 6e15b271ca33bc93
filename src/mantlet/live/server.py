"""Running the service: a port, a line with its address, and an end without noise."""

import asyncio
import gc
import ipaddress
import socket
from collections.abc import Callable

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from mantlet.live.app import Service, build_app
from mantlet.tables.errors import InputError

STALLED_S = 10.0
"""A client that takes nothing for this long is cut."""

SEND_BYTES = 256 << 10
"""What the system may hold unsent for one client: beyond it, the client does not keep up."""

MESSAGE_BYTES = 4096
"""Longest message from a page."""

MOST_CONNECTIONS = 1000
"""More at a time are answered with 503."""


class CuttingProtocol(WebSocketsSansIOProtocol):
    """Sockets whose connection is cut when nothing can be written for `STALLED_S`."""

    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client comes."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)

    def pause_writing(self) -> None:
        """The client does not keep up."""
        super().pause_writing()
        if self._cut is None:
            self._cut = self.loop.call_later(STALLED_S, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        self._keep()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._keep()
        super().connection_lost(exc)

    def _keep(self) -> None:
        if self._cut is not None:
            self._cut.cancel()
            self._cut = None


def bind(host: str, port: int, token: str | None) -> socket.socket:
    """A listening socket.

    Raises
    ------
    InputError
        If the address is not of this machine alone and no token is asked for, or cannot be had.
    """
    if not is_loopback(host) and not token:
        raise InputError(
            f"--host {host}: others could reach this address\n"
            "    fix: add --token with a secret of your own, or leave --host out"
        )
    try:
        kind, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # asyncio sends at once (TCP_NODELAY) only on sockets that name their protocol.
        listening = socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise InputError(
            f"{host}:{port}: {words}\n    fix: choose another port with --port (0: any free one)"
        ) from None
    return listening


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(host: str) -> tuple[str, ...]:
    """Names by which the server may be called: its own, and those of this machine.

    Where it listens on every address, any name will do: the token keeps strangers out.
    """
    if host in ("0.0.0.0", "::", ""):
        return ("*",)
    return ("127.0.0.1", "localhost", "::1", host.lower())


def serve(
    service: Service, listening: socket.socket, started: Callable[[str], None] | None = None
) -> None:
    """Serve until Ctrl-C or SIGTERM; returns when everything is closed."""
    server = make_server(service, listening, started)
    gc.collect()
    gc.freeze()  # what is there now stays: going through it again and again would halt all sockets
    server.run(sockets=[listening])


def make_server(
    service: Service, listening: socket.socket, started: Callable[[str], None] | None = None
) -> "Server":
    """A server that is not running yet."""
    config = uvicorn.Config(
        build_app(service),
        ws=CuttingProtocol,
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=20.0,
        ws_ping_timeout=20.0,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=32 << 10,
        lifespan="off",
        limit_concurrency=MOST_CONNECTIONS,
    )
    return Server(config, address_of(listening), started)


def address_of(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class Server(uvicorn.Server):
    """Tells when it is reachable; Ctrl-C is an ordinary end."""

    def __init__(
        self, config: uvicorn.Config, address: str, started: Callable[[str], None] | None
    ) -> None:
        super().__init__(config)
        self.address = address
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started and self._tell is not None:
            self._tell(self.address)
