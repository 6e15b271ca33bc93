"""`mantlet serve`: the console in a browser, over a replay or a run that goes on."""

import tempfile
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from mantlet.tables.errors import InputError


@dataclass(frozen=True)
class Place:
    """Where to listen and who may come."""

    host: str
    port: int
    token: str | None
    open: bool


def serve(replays: list[Path], place: Place) -> None:
    """Serve until Ctrl-C."""
    try:
        from mantlet.live import server
        from mantlet.live.app import Service
    except ModuleNotFoundError as error:
        raise InputError(
            f"mantlet serve needs {error.name}\n    fix: pip install mantlet[serve]"
        ) from None
    from mantlet.live.folders import open_run

    listening = server.bind(place.host, place.port, place.token)
    with tempfile.TemporaryDirectory(prefix="mantlet-") as spool:
        service = Service(token=place.token)
        for number, folder in enumerate(replays):
            rows = Path(spool) / str(number)
            rows.mkdir()
            service.shows.add(folder.resolve().name, open_run(folder, rows))
        server.serve(service, listening, lambda address: _tell(address, place))


def _tell(address: str, place: Place) -> None:
    print(f"{address}  (Ctrl-C ends; everything here is an exercise)", flush=True)
    if place.open:
        webbrowser.open(address)
