"""The tutorial's run folder, and real servers on ports of their own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from live_server import Running

from mantlet.console.run import compute
from mantlet.live.app import Service
from mantlet.live.folders import open_run
from mantlet.live.server import address_of, bind, make_server


@pytest.fixture(scope="session")
def tutorial_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of the tutorial under seed 1."""
    folder = tmp_path_factory.mktemp("live") / "tutorial"
    compute("tutorial", 1, folder, [])
    return folder


@contextmanager
def _running(service: Service, port: int = 0) -> Iterator[Running]:
    listening = bind("127.0.0.1", port, service.token)
    server = make_server(service, listening)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    address = address_of(listening).rstrip("/")
    headers = {"authorization": f"Bearer {service.token}"} if service.token else {}
    with httpx.Client(base_url=address, timeout=60.0, headers=headers) as http:
        while not server.started:
            time.sleep(0.01)
        try:
            yield Running(address, http, service)
        finally:
            server.should_exit = True
            thread.join(20.0)
            for show in service.shows:
                service.shows.drop(show.identity)
            listening.close()
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def running() -> Callable[..., object]:
    """Serves a `Service` on a port of its own, as a context."""
    return _running


@pytest.fixture(scope="session")
def replay(tutorial_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that replays the tutorial twice, as `tutorial` and `again`."""
    service = Service()
    for name in ("tutorial", "again"):
        spool = tmp_path_factory.mktemp("spool")
        service.shows.add(name, open_run(tutorial_folder, spool))
    with _running(service) as server:
        yield server
