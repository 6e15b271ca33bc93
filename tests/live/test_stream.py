"""Slow observers lose frames, never alerts; those who stand still are cut."""

import socket
import time

import pytest
from live_server import finished

from mantlet.live import server as servers
from mantlet.live.app import Service
from mantlet.live.folders import open_run
from mantlet.live.stream import WAITING_BYTES, Outbox, TooSlowError


def test_messages_go_first_and_old_frames_give_way():
    async def sent():
        outbox = Outbox(1)
        for number in range(5):
            outbox.show(bytes([number]))
        outbox.say({"type": "events"})
        return [await outbox.next() for _ in range(3)]

    assert finished(sent()) == ['{"type":"events"}', b"\x03", b"\x04"]


def test_messages_are_never_dropped_only_refused_at_the_limit():
    async def fill():
        outbox = Outbox(1)
        text = "x" * 1000
        for _ in range(WAITING_BYTES // 1010):
            outbox.say({"t": text})
        with pytest.raises(TooSlowError):
            for _ in range(100):
                outbox.say({"t": text})

    finished(fill())


def test_an_observer_that_reads_nothing_is_cut_and_others_notice_nothing(
    running, tutorial_folder, tmp_path, monkeypatch
):
    monkeypatch.setattr(servers, "STALLED_S", 0.5)
    service = Service()
    service.shows.add("tutorial", open_run(tutorial_folder, tmp_path))
    with running(service) as server:
        host, port = server.address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as silent:
            silent.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            silent.sendall(_upgrade(host, port))
            assert silent.recv(12) == b"HTTP/1.1 101"
            for _ in range(400):
                silent.sendall(_masked(b'{"do":"seek","time_s":150}'))
                silent.sendall(_masked(b'{"do":"show","truth":true,"plots":true}'))
            _wait_until(lambda: service.observers == 1)
            with server.page("run=tutorial&time_s=100&play=1") as page:
                seen = [page.frame().sequence for _ in range(10)]
                assert seen == list(range(seen[0], seen[0] + 10))
                flood = _masked(b'{"do":"seek","time_s":150}') * 50
                deadline = time.monotonic() + 30.0
                while service.observers > 1 and time.monotonic() < deadline:
                    try:
                        silent.sendall(flood)
                    except OSError:
                        break
                    time.sleep(0.02)
                _wait_until(lambda: service.observers == 1)
                assert page.frame().time_s > 100.0


def _wait_until(holds):
    deadline = time.monotonic() + 30.0
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _upgrade(host, port):
    lines = (
        "GET /api/stream?run=tutorial HTTP/1.1",
        f"Host: {host}:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


def _masked(text):
    """A client's text frame with a mask of zeros."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text
