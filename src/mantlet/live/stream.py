"""The socket of one observer: alerts in order and never dropped, frames as it takes them."""

import asyncio
import json
import time
from collections import deque
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from mantlet.live.events import as_json
from mantlet.live.observer import Observer

FRAMES_HELD = 2
"""Frames of each run that wait for a slow observer; older ones are dropped."""

WAITING_BYTES = 4 << 20
"""An observer with more than this unsent is cut."""

SHORTEST_S = 0.01
"""Between two ticks: a flood of commands is answered together."""

TOO_SLOW = 1013


class TooSlowError(Exception):
    """More waits than an observer may keep waiting."""


class Outbox:
    """What waits to be sent to one observer."""

    def __init__(self, sources: int) -> None:
        self._texts: deque[str] = deque()
        self._frames: deque[bytes] = deque(maxlen=FRAMES_HELD * sources)
        self._bytes = 0
        self._filled = asyncio.Event()

    def say(self, message: dict[str, Any]) -> None:
        """Queue a message; none is ever dropped.

        Raises
        ------
        TooSlowError
            If too much waits already.
        """
        text = as_json(message)
        self._bytes += len(text)
        if self._bytes > WAITING_BYTES:
            raise TooSlowError
        self._texts.append(text)
        self._filled.set()

    def show(self, frame: bytes) -> None:
        """Queue a frame, in place of the oldest if there are enough."""
        self._frames.append(frame)
        self._filled.set()

    async def next(self) -> str | bytes:
        """The next thing to send: messages first."""
        while not (self._texts or self._frames):
            self._filled.clear()
            await self._filled.wait()
        if self._texts:
            text = self._texts.popleft()
            self._bytes -= len(text)
            return text
        return self._frames.popleft()


async def serve_observer(socket: WebSocket, observer: Observer) -> None:
    """Talk to one observer until it leaves or is cut."""
    outbox = Outbox(len(observer.shows))
    outbox.say(observer.hello(time.monotonic()))
    nudge = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_listen(socket, observer, outbox, nudge))
            tasks.create_task(_produce(observer, outbox, nudge))
            tasks.create_task(_send(socket, outbox))
    except* WebSocketDisconnect:
        pass
    except* TooSlowError:
        await socket.close(TOO_SLOW, "too slow: reconnect")


async def _listen(
    socket: WebSocket, observer: Observer, outbox: Outbox, nudge: asyncio.Event
) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        try:
            observer.command(_parsed(message.get("text")), time.monotonic())
            nudge.set()
        except ValueError as error:
            outbox.say({"type": "error", "error": str(error)})


def _parsed(text: str | None) -> dict[str, Any]:
    try:
        content = json.loads(text) if text is not None else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise ValueError('a message is a JSON object as text, like {"do":"play"}')
    return content


async def _produce(observer: Observer, outbox: Outbox, nudge: asyncio.Event) -> None:
    """Ticks at the observer's rate, and soon after a command."""
    due = time.monotonic()
    while True:
        parcel = observer.tick(due)
        for message in parcel.messages:
            outbox.say(message)
        for frame in parcel.frames:
            outbox.show(frame)
        due = max(due + 1.0 / observer.rate_hz, time.monotonic() + SHORTEST_S)
        try:
            async with asyncio.timeout(due - time.monotonic()):
                await nudge.wait()
                await asyncio.sleep(SHORTEST_S)
            due = time.monotonic()
        except TimeoutError:
            pass
        nudge.clear()


async def _send(socket: WebSocket, outbox: Outbox) -> None:
    while True:
        content = await outbox.next()
        if isinstance(content, str):
            await socket.send_text(content)
        else:
            await socket.send_bytes(content)
