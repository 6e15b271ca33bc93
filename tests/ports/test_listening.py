"""Payloads from sockets of this machine: UDP, a multicast group, a TCP stream cut into blocks."""

import socket
import time

import pytest

from mantlet.ports import listening
from mantlet.ports.listening import Address, TcpListener, UdpListener, listen, whole_blocks

BLOCK = bytes([48, 0, 6, 0x80, 1, 2])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("udp://127.0.0.1:8600", Address("udp", "127.0.0.1", 8600)),
        ("udp://239.1.2.3:1?interface=10.0.0.1", Address("udp", "239.1.2.3", 1, "10.0.0.1")),
        ("tcp://radar.example:8600", Address("tcp", "radar.example", 8600)),
    ],
)
def test_a_source_is_told_by_its_text(text, address):
    assert Address.of(text) == address


@pytest.mark.parametrize("text", ["udp://127.0.0.1", "http://x:1", "udp://:x", "udp://a:99999"])
def test_a_text_that_is_no_source_is_refused_with_what_would_be(text):
    with pytest.raises(ValueError, match="write udp://ADDRESS:PORT"):
        listen(text)


def test_what_the_system_refuses_is_an_error_of_the_input():
    with pytest.raises(ValueError, match=r"udp://203\.0\.113\.1:9"):
        listen("udp://203.0.113.1:9")  # not an address of this machine
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        with pytest.raises(ValueError, match="refused"):
            listen(f"tcp://127.0.0.1:{unheard.getsockname()[1]}")


def test_datagrams_come_one_by_one_and_silence_is_none():
    with (
        UdpListener("127.0.0.1", 0) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        for payload in (b"one", b"", bytes(60_000)):
            theirs.sendto(payload, ("127.0.0.1", ours.port))
        assert [ours.receive(5.0) for _ in range(3)] == [b"one", b"", bytes(60_000)]
        assert ours.receive(0.01) is None and ours.receive(0.0) is None
        assert (ours.dropped, ours.ended) == (0, False)


def test_datagrams_for_which_there_is_no_room_are_counted(monkeypatch):
    monkeypatch.setattr(listening, "BUFFER_OCTETS", 1 << 16)
    with (
        UdpListener("127.0.0.1", 0) as ours,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs,
    ):
        for _ in range(200):
            theirs.sendto(bytes(8_000), ("127.0.0.1", ours.port))
        heard = 0
        while ours.receive(0.2) is not None:
            heard += 1
        assert heard < 200
        theirs.sendto(b"after", ("127.0.0.1", ours.port))
        assert ours.receive(5.0) == b"after"
        assert ours.dropped == 200 - heard


def test_a_multicast_group_is_joined():
    try:
        ours = UdpListener("239.255.77.7", 0, "127.0.0.1")
    except OSError as error:
        pytest.skip(f"no multicast on this machine: {error}")
    with ours, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as theirs:
        theirs.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        theirs.sendto(BLOCK, ("239.255.77.7", ours.port))
        assert ours.receive(5.0) == BLOCK


@pytest.fixture
def stream():
    """Our end, and the server's, of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = TcpListener("127.0.0.1", server.getsockname()[1])
        theirs, _ = server.accept()
        with ours, theirs:
            yield ours, theirs


def test_a_stream_comes_in_whole_blocks_however_it_was_cut(stream):
    ours, theirs = stream
    theirs.sendall(BLOCK + BLOCK[:4])
    assert ours.receive(5.0) == BLOCK
    assert ours.receive(0.0) is None
    theirs.sendall(BLOCK[4:])
    assert ours.receive(5.0) == BLOCK
    theirs.sendall(BLOCK[:2])
    theirs.close()
    heard = b""
    until = time.monotonic() + 5.0
    while not ours.ended and time.monotonic() < until:
        heard += ours.receive(1.0) or b""
    assert (heard, ours.ended, ours.receive(0.0)) == (BLOCK[:2], True, None)


def test_what_cannot_be_a_block_is_handed_on_and_nothing_piles_up():
    assert whole_blocks(BLOCK * 3 + BLOCK[:5]) == 18
    assert whole_blocks(b"\x30\x00\x02 no block at all") == 19
    assert whole_blocks(b"\x30\xff") == 0
    # A length that lies is waited for no longer than the longest block.
    assert whole_blocks(b"\x30\xff\xff" + bytes(listening.BLOCK_LIMIT - 4)) == 0
    assert whole_blocks(b"\x30\xff\xff" + bytes(listening.BLOCK_LIMIT - 3)) == 65_535
