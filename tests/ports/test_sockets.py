import pytest

from mantlet.ports.sockets import MAX_PAYLOAD, MemoryDatagrams, UdpDatagrams


@pytest.fixture(params=["udp", "memory"])
def channel(request):
    """Sender and receiver."""
    if request.param == "memory":
        yield MemoryDatagrams.pair()
        return
    with UdpDatagrams() as receiver, UdpDatagrams(peer_port=receiver.port) as sender:
        yield sender, receiver


def test_datagrams_arrive_one_by_one(channel):
    sender, receiver = channel
    for payload in (b"one", b"", b"three"):
        sender.send(payload)
    assert [receiver.receive(5.0) for _ in range(3)] == [b"one", b"", b"three"]


def test_silence_is_none(channel):
    assert channel[1].receive(0.01) is None
    assert channel[1].receive(0.0) is None


def test_an_oversized_datagram_is_an_error(channel):
    with pytest.raises(OSError):
        channel[0].send(bytes(MAX_PAYLOAD + 1))


def test_closing_twice_is_harmless(channel):
    channel[0].close()
    channel[0].close()


@pytest.mark.parametrize("lonely", [UdpDatagrams, MemoryDatagrams])
def test_sending_needs_a_peer(lonely):
    end = lonely()
    with pytest.raises(OSError):
        end.send(b"one")
    end.close()


def test_the_network_of_a_test_may_lose_double_and_damage():
    fates = {b"lost": (), b"doubled": (b"doubled", b"doubled"), b"damaged": (b"d?m?g?d",)}
    sender, receiver = MemoryDatagrams.pair(fates.__getitem__)
    for payload in fates:
        sender.send(payload)
    arrived = [receiver.receive(0.0) for _ in range(4)]
    assert arrived == [b"doubled", b"doubled", b"d?m?g?d", None]
