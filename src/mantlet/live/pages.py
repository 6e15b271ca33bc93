"""The page's own files, and a file of map tiles: read-only, by name, nothing else on disk."""

import hashlib
import mimetypes
from functools import cache
from importlib import resources
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from mantlet.live.events import as_json

REVALIDATE = "no-cache"
"""Kept by the browser, asked about each time: an update of the program shows at once."""

NOT_SERVED = ("package.json",)
"""Tells node, which tests the modules, what they are; no page needs it."""

mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/geo+json", ".geojson")
mimetypes.add_type("application/manifest+json", ".webmanifest")


def tagged(request: Request, content: bytes, kind: str) -> Response:
    """An answer with an ETag; 304 if the asker has it already."""
    mark = '"' + hashlib.sha256(content).hexdigest()[:32] + '"'
    headers = {"etag": mark, "cache-control": REVALIDATE}
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)


class PageFiles:
    """ASGI: the files of `live/page/`, listed once. A name that is not in the list is a 404."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        request = Request(scope, receive)
        answer = await self.answer(scope["path"].lstrip("/") or "index.html", request)
        await answer(scope, receive, send)

    async def answer(self, name: str, request: Request) -> Response:
        """One file."""
        if request.method not in ("GET", "HEAD"):
            return _words(405, "this can only be read")
        file = _files().get(name)
        if file is None:
            return _words(404, "no such page")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return tagged(request, file.read_bytes(), kind)


def _words(status: int, words: str) -> Response:
    return Response(as_json({"error": words}), status, media_type="application/json")


@cache
def _files() -> dict[str, Any]:
    """Every file of the page by its relative name."""
    found: dict[str, Any] = {}
    folder = resources.files("mantlet.live") / "page"
    if folder.is_dir():
        _list(folder, "", found)
    return found


def _list(folder: Any, prefix: str, found: dict[str, Any]) -> None:
    for item in folder.iterdir():
        if item.is_dir():
            _list(item, f"{prefix}{item.name}/", found)
        elif item.name not in NOT_SERVED:
            found[prefix + item.name] = item
