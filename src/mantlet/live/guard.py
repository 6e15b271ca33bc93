"""Who may ask: Host, Origin and token are checked before anything else sees a request.

Host: a page of another name that resolves to this machine (DNS rebinding) is refused. Origin:
another site's page may neither post nor open a socket. Token: compared in constant time.
"""

import hmac
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mantlet.live.events import as_json

COOKIE = "mantlet-token"

MOST_BODY_BYTES = 2 << 20
"""A scenario file has at most 1 MiB; as JSON text it may grow."""

OPEN_PATHS = ("/api/session", "/api/login")
"""Answered without a token, as is the page itself: it holds nothing of a run."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)

SAFE = ("GET", "HEAD", "OPTIONS")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Guard:
    """Middleware that lets through only what is allowed, and marks every answer."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], token: str | None) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused is not None:
            status, words = refused
            await _refuse(scope, receive, _marked(send), status, words)
            return
        if scope["type"] == "http":
            receive = _bounded(receive)
        try:
            await self._app(scope, receive, _marked(send))
        except TooLargeError:
            await _refuse(scope, receive, _marked(send), 413, TOO_LARGE)

    def knows(self, token: str) -> bool:
        """Whether a token is the right one."""
        if self._token is None:
            return True
        return hmac.compare_digest(token.encode(), self._token.encode())

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if "*" not in self._hosts and _name(f"//{host}") not in self._hosts:
            return 421, f"Host {host!r} is not this server's; open the address it printed"
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return 403, f"Origin {origin!r} is not this page"
        method = scope.get("method", "GET")
        if origin is None and (scope["type"] == "websocket" and "sec-fetch-site" in headers):
            return 403, "a socket opened by a page needs its Origin"
        if headers.get("sec-fetch-site", "none") not in ("same-origin", "none") and (
            method not in SAFE
        ):
            return 403, "another site's page may not change anything here"
        if method not in SAFE and method != "DELETE" and not _is_json(headers):
            return 415, "send JSON: Content-Type: application/json"
        if _length(headers) > MOST_BODY_BYTES:
            return 413, TOO_LARGE
        if self._needs_token(scope) and not self.admits(headers):
            return 401, "a token is needed: log in, or send Authorization: Bearer TOKEN"
        return None

    def _needs_token(self, scope: Scope) -> bool:
        path = scope["path"]
        return path.startswith("/api/") and path not in OPEN_PATHS

    def admits(self, headers: Headers) -> bool:
        """Whether a request carries the token, or none is needed."""
        if self._token is None:
            return True
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and self.knows(bearer.strip()):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self.knows(cookie.value)


TOO_LARGE = (
    f"more than {MOST_BODY_BYTES >> 20} MiB: make the scenario smaller, tables go into files"
)


class TooLargeError(HTTPException):
    """A body goes on beyond the limit."""

    def __init__(self) -> None:
        super().__init__(413, TOO_LARGE)


def _bounded(receive: Receive) -> Receive:
    """Counts the bytes that come, whatever the header said."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY_BYTES:
            raise TooLargeError()
        return message

    return counted


def _marked(send: Send) -> Send:
    """Adds the protective headers to every answer."""

    async def marked(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            given = {name.lower() for name, _ in message.get("headers", [])}
            extra = [pair for pair in HEADERS if pair[0] not in given]
            message = {**message, "headers": [*message.get("headers", []), *extra]}
        await send(message)

    return marked


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    answer = Response(as_json({"error": words}), status, media_type="application/json")
    await answer(scope, receive, send)


def _name(address: str) -> str:
    """The host of an address without its port; an empty text if it is none."""
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _is_json(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def _length(headers: Headers) -> int:
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return MOST_BODY_BYTES + 1
