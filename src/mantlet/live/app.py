"""The service: routes of the API, the page, the sockets."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, Request, WebSocket
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

import mantlet
from mantlet.live.editor import add_editor
from mantlet.live.events import KINDS, as_json
from mantlet.live.explain import explain
from mantlet.live.explain_track import UnknownObjectError
from mantlet.live.guard import COOKIE, Guard
from mantlet.live.observer import Observer
from mantlet.live.pages import PageFiles, tagged
from mantlet.live.scores import DEFAULT
from mantlet.live.shows import Show, Shows
from mantlet.live.stream import serve_observer
from mantlet.live.trails import trails
from mantlet.live.workshop import Workshop

NO_RUN = 4404
MOST_OBSERVERS = 200
MOST_COMPARED = 2


@dataclass
class Service:
    """What is served, and to whom."""

    shows: Shows = field(default_factory=Shows)
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")
    token: str | None = None
    tiles: Path | None = None
    workshop: Workshop | None = None
    observers: int = 0


def build_app(service: Service) -> Any:
    """The ASGI application of a service."""
    app = FastAPI(
        title="Mantlet console",
        version=mantlet.__version__,
        description="Runs of a simulated defence. Everything is an exercise.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    guard = Guard(app, hosts=service.hosts, token=service.token)
    _errors(app)
    _session(app, service, guard)
    _runs(app, service)
    _stream(app, service)
    if service.workshop is not None:
        add_editor(app, service.shows, service.workshop)
    if service.tiles is not None:
        _tiles(app, service.tiles)
    app.mount("/", PageFiles())
    return guard


def _errors(app: FastAPI) -> None:
    async def words(request: Request, error: Exception) -> Response:
        assert isinstance(error, StarletteHTTPException)
        return JSONResponse({"error": str(error.detail)}, error.status_code)

    async def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return JSONResponse({"error": f"{place or 'body'}: {first['msg']}"}, 422)

    app.add_exception_handler(StarletteHTTPException, words)
    app.add_exception_handler(RequestValidationError, invalid)


class Login(BaseModel):
    """A token."""

    token: str = Field(max_length=200)


def _session(app: FastAPI, service: Service, guard: Guard) -> None:
    @app.get("/api/session")
    def session(request: Request) -> dict[str, Any]:
        """Version, whether a token is asked for, and what is served."""
        if not guard.admits(request.headers):
            return {"version": mantlet.__version__, "login": True}
        shows = list(service.shows)
        kinds = {show.kind for show in shows}
        mode = "live" if "live" in kinds else "replay" if kinds else "editor"
        return {
            "version": mantlet.__version__,
            "login": False,
            "exercise": True,
            "mode": mode,
            "runs": [show.facts() for show in shows],
            "tiles": service.tiles is not None,
            "editor": service.workshop is not None,
        }

    @app.post("/api/login", status_code=204)
    def login(login: Login) -> Response:
        """Exchange the token for a cookie."""
        if not guard.knows(login.token):
            raise HTTPException(401, "wrong token: use the one given with --token")
        return _with_cookie(Response(status_code=204), login.token)

    @app.get("/", include_in_schema=False)
    async def front(request: Request, token: str | None = None) -> Response:
        if token is None:
            return await PageFiles().answer("index.html", request)
        if not guard.knows(token):
            raise HTTPException(401, "wrong token: use the one given with --token")
        return _with_cookie(RedirectResponse("/", 303), token)


def _with_cookie(answer: Response, token: str) -> Response:
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
    return answer


def _runs(app: FastAPI, service: Service) -> None:
    def wanted(run: str) -> Show:
        show = service.shows.get(run)
        if show is None:
            raise HTTPException(404, f"no run {run!r}: see /api/runs")
        return show

    Wanted = Annotated[Show, Depends(wanted)]

    @app.get("/api/runs")
    def runs() -> list[dict[str, Any]]:
        """Every run that is served."""
        return [show.facts() for show in service.shows]

    @app.get("/api/runs/{run}/scene")
    def scene(show: Wanted) -> Response:
        """What stands still on the map of a run."""
        return _json(show.scene())

    @app.get("/api/runs/{run}/zones")
    def zones(show: Wanted, request: Request) -> Response:
        """Zones as GeoJSON."""
        return tagged(request, show.zones.encode(), "application/geo+json")

    @app.get("/api/runs/{run}/land")
    def land(show: Wanted, request: Request) -> Response:
        """Territories as GeoJSON."""
        return tagged(request, show.land.encode(), "application/geo+json")

    @app.get("/api/runs/{run}/coverage")
    def coverage(
        show: Wanted,
        height_m: Annotated[float, Query(ge=0, le=100_000)] = 1000.0,
        rcs_m2: Annotated[float, Query(gt=0, le=1000)] = 0.1,
    ) -> Response:
        """Where each radar sees an object of that cross-section at that height, as GeoJSON."""
        return _json(show.coverage(height_m, rcs_m2))

    @app.get("/api/runs/{run}/events")
    def events(
        show: Wanted,
        from_: Annotated[float, Query(alias="from")] = -1e12,
        to: float = 1e12,
        kinds: Annotated[str, Query(max_length=200)] = ",".join(KINDS),
        limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    ) -> Response:
        """Events between two times, the first included, the last not."""
        before = 1e-9
        low, high = show.events.passed(from_ - before), show.events.passed(to - before)
        found = show.events.select(low, high, kinds.split(","), limit + 1)
        return _json({"events": found[:limit], "more": len(found) > limit})

    @app.get("/api/runs/{run}/jump")
    def jump(
        show: Wanted,
        time_s: float,
        direction: Annotated[str, Query(pattern="^(next|previous)$")] = "next",
        kinds: Annotated[str, Query(max_length=200)] = "alert",
    ) -> Response:
        """The next or previous event of some kinds."""
        if direction == "next":
            low = show.events.passed(time_s)
            found = show.events.select(low, len(show.events), kinds.split(","), 1)
        else:
            high = show.events.passed(time_s - 1e-6)
            found = show.events.latest(high, kinds.split(","), 1)
        return _json({"event": found[0] if found else None})

    @app.get("/api/runs/{run}/score")
    def score(
        show: Wanted,
        time_s: float = 1e12,
        definition: Annotated[str, Query(max_length=100)] = DEFAULT,
    ) -> Response:
        """The score at a time, under a definition of the scene's list."""
        try:
            return _json({"time_s": time_s, **show.scores.at(time_s, definition)})
        except ValueError as error:
            raise HTTPException(422, str(error)) from None

    @app.get("/api/runs/{run}/explain")
    def why(
        show: Wanted,
        object: Annotated[str, Query(max_length=100)],  # noqa: A002
        time_s: float,
    ) -> Response:
        """What is known of an object at a time, and why it was or was not alerted or engaged."""
        try:
            return _json(explain(show, object, min(time_s, show.edge_s)))
        except UnknownObjectError as error:
            raise HTTPException(404, str(error)) from None

    @app.get("/api/runs/{run}/trail")
    def trail(
        show: Wanted,
        object: Annotated[str, Query(max_length=100)],  # noqa: A002
        time_s: float,
        seconds: Annotated[float, Query(gt=0, le=3600)] = 60.0,
    ) -> Response:
        """Where a track or a threat has been."""
        try:
            points = explain(show, object, min(time_s, show.edge_s)).get("trail", [])
        except UnknownObjectError as error:
            raise HTTPException(404, str(error)) from None
        return _json({"points": [point for point in points if point[0] >= time_s - seconds]})

    @app.get("/api/runs/{run}/trails")
    def past(
        show: Wanted,
        time_s: float,
        seconds: Annotated[float, Query(gt=0, le=120)] = 40.0,
    ) -> Response:
        """Where all tracks of a moment have been."""
        return _json(trails(show, time_s, seconds))


def _json(content: Any) -> Response:
    return Response(as_json(content), media_type="application/json")


def _tiles(app: FastAPI, path: Path) -> None:
    @app.get("/api/tiles.pmtiles", response_class=FileResponse)
    def tiles() -> FileResponse:
        """The map tiles given with --tiles, in the ranges asked for."""
        return FileResponse(path, media_type="application/vnd.pmtiles")


def _stream(app: FastAPI, service: Service) -> None:
    @app.websocket("/api/stream")
    async def stream(
        socket: WebSocket,
        run: Annotated[list[str], Query(max_length=MOST_COMPARED)],
        time_s: float | None = None,
        play: bool = False,
    ) -> None:
        await socket.accept()
        shows = [service.shows.get(identity) for identity in run]
        known = [show for show in shows if show is not None]
        if len(known) < len(shows) or not known:
            await socket.close(NO_RUN, "no such run")
            return
        if service.observers >= MOST_OBSERVERS:
            await socket.close(1013, "too many observers")
            return
        observer = Observer(known, time.monotonic(), time_s)
        if play:
            observer.command({"do": "play"}, time.monotonic())
        service.observers += 1
        try:
            await serve_observer(socket, observer)
        finally:
            service.observers -= 1
