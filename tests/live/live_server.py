"""A server under test, and a page that talks to it."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

from mantlet.live.app import Service
from mantlet.live.frames import PLAYING, Frame, unpack

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Running:
    """An address that answers."""

    address: str
    http: httpx.Client
    service: Service

    @contextmanager
    def page(self, runs: str, **headers: str) -> "Iterator[Page]":
        """A page that watches `runs` (a query, such as `run=tutorial`)."""
        url = self.address.replace("http", "ws", 1) + f"/api/stream?{runs}"
        with connect(url, compression=None, additional_headers=headers, max_size=None) as socket:
            yield Page(socket)


@dataclass
class Page:
    """One observer's socket."""

    socket: ClientConnection

    def say(self, do: str, **more: Any) -> None:
        """Send a command."""
        self.socket.send(json.dumps({"do": do, **more}))

    def next(self) -> dict[str, Any] | Frame:
        """The next message or frame."""
        content = self.socket.recv(timeout=PATIENCE_S)
        return unpack(content) if isinstance(content, bytes) else json.loads(content)

    def message(self, kind: str) -> dict[str, Any]:
        """The next message of a kind."""
        while True:
            content = self.next()
            if isinstance(content, dict) and content["type"] == kind:
                return content

    def frame(self) -> Frame:
        """The next frame."""
        while True:
            content = self.next()
            if isinstance(content, Frame):
                return content

    def frame_at(self, time_s: float) -> Frame:
        """The next frame of a time."""
        while True:
            frame = self.frame()
            if abs(frame.time_s - time_s) < 1e-6:
                return frame

    def frame_at_speed(self, speed: float) -> Frame:
        """The next frame of a speed that moves."""
        while True:
            frame = self.frame()
            if frame.speed == speed and frame.flags & PLAYING:
                return frame


def finished(work: Coroutine[Any, Any, Any]) -> Any:
    """Its result, on a thread of its own: the browser tests keep a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
