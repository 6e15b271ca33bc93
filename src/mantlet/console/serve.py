"""`mantlet serve`: the console in a browser, over a run that goes on, replays, or the editor."""

import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.live.app import Service

PMTILES = b"PMTiles"


@dataclass(frozen=True)
class What:
    """What is shown first."""

    scenario: str | None
    seed: int
    speed: float
    replays: tuple[Path, ...]
    tiles: Path | None


@dataclass(frozen=True)
class Place:
    """Where to listen and who may come."""

    host: str
    port: int
    token: str | None
    open: bool


def serve(what: What, place: Place) -> None:
    """Serve until Ctrl-C."""
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
        import websockets  # noqa: F401
    except ModuleNotFoundError as error:
        raise InputError(
            f"mantlet serve needs {error.name}\n    fix: pip install mantlet[serve]"
        ) from None
    from mantlet.live import server

    if what.scenario is not None and what.replays:
        raise InputError("SCENARIO and --replay\n    fix: give one of them")
    listening = server.bind(place.host, place.port, place.token)
    with tempfile.TemporaryDirectory(prefix="mantlet-") as spool, listening:
        service = _service(what, place, Path(spool))
        try:
            server.serve(service, listening, lambda address: _tell(address, place))
        except KeyboardInterrupt:
            pass
        finally:
            for show in service.shows:
                service.shows.drop(show.identity)
    print("ended", flush=True)


def _service(what: What, place: Place, spool: Path) -> "Service":
    from mantlet.live.app import Service
    from mantlet.live.folders import open_run
    from mantlet.live.server import hosts_of
    from mantlet.live.workshop import Workshop

    service = Service(
        hosts=hosts_of(place.host),
        token=place.token,
        tiles=_tiles(what.tiles),
        workshop=Workshop(Path.cwd()),
    )
    for number, folder in enumerate(what.replays):
        rows = spool / str(number)
        rows.mkdir()
        print(f"reading {folder}", flush=True)
        service.shows.add(folder.resolve().name, open_run(folder, rows)).prepare()
    if what.scenario is not None:
        _begin(service, what.scenario, what)
    return service


def _begin(service: "Service", scenario: str, what: What) -> None:
    from mantlet.live.engine import LiveRun
    from mantlet.scenario.load import load_scenario

    run = LiveRun(load_scenario(scenario), what.seed, what.speed)
    service.shows.add(run.recording.scenario.name, run.recording, run)
    run.start()


def _tiles(path: Path | None) -> Path | None:
    """A file of map tiles, if it is one."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            if file.read(len(PMTILES)) == PMTILES:
                return path.resolve()
        problem = "not a PMTiles file"
    except OSError as error:
        problem = (error.strerror or "cannot be read").lower()
    raise InputError(f"--tiles {path}: {problem}\n    fix: give a .pmtiles file, or leave it out")


def _tell(address: str, place: Place) -> None:
    print(f"{address}  (Ctrl-C ends; everything here is an exercise)", flush=True)
    if place.open:
        webbrowser.open(address)
