"""Routes of the editor: scenarios by name, checks, changes, and runs begun from them."""

import threading
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from mantlet.live.engine import LiveRun
from mantlet.live.shows import Shows
from mantlet.live.workshop import ConflictError, NoScenarioError, Workshop
from mantlet.scenario.drafts import as_data
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.schema import ScenarioBlock
from mantlet.tables.errors import InputError

MOST_LIVE = 4
"""Runs that go on at a time; one more ends the oldest."""

Name = Annotated[str, Field(max_length=60)]
Text = Annotated[str, Field(max_length=1 << 20)]


class Draft(BaseModel):
    """A text and the name it goes by."""

    name: Name = "scenario"
    text: Text
    zones: bool = True
    """Whether the outlines of zones are wanted: they are long, and few edits change them."""


class Edit(Draft):
    """Changes to make to a text, one after the other."""

    changes: Annotated[list[dict[str, Any]], Field(max_length=1000)]


class Save(BaseModel):
    """A text to keep, and the revision it was made from (null: a new file)."""

    text: Text
    revision: Annotated[str, Field(max_length=64)] | None = None


class Begin(BaseModel):
    """A run to begin: of a scenario by name, or of a text."""

    scenario: Name | None = None
    name: Name = "scenario"
    text: Text | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 1
    speed: Annotated[float, Field(ge=0.1, le=3600)] = 1.0


def add_editor(app: FastAPI, shows: Shows, workshop: Workshop) -> None:
    """The routes of the editor."""
    _errors(app)
    _files(app, workshop)
    _checks(app, workshop)
    _live_runs(app, shows, workshop)


def _errors(app: FastAPI) -> None:
    async def mistakes(request: Any, error: Exception) -> Response:
        assert isinstance(error, ScenarioErrors)
        found = [as_data(mistake) for mistake in error.mistakes]
        for mistake in found:
            mistake["problem"] = mistake.pop("message")
        return JSONResponse({"error": str(error), "errors": found}, 422)

    async def words(request: Any, error: Exception) -> Response:
        status = {NoScenarioError: 404, ConflictError: 409}.get(type(error), 422)
        return JSONResponse({"error": str(error)}, status)

    app.add_exception_handler(ScenarioErrors, mistakes)
    for kind in (InputError, NoScenarioError, ConflictError):
        app.add_exception_handler(kind, words)


def _files(app: FastAPI, workshop: Workshop) -> None:
    @app.get("/api/scenarios")
    def scenarios() -> list[dict[str, str]]:
        """Scenarios that can be opened."""
        return workshop.listed()

    @app.get("/api/scenarios/{name}")
    def scenario(name: str) -> dict[str, Any]:
        """The text of a scenario."""
        return vars(workshop.open(name))

    @app.put("/api/scenarios/{name}")
    def save(name: str, save: Save) -> dict[str, Any]:
        """Keep a text in the working folder."""
        draft = workshop.save(name, save.text, save.revision)
        kept = {key: value for key, value in vars(draft).items() if key != "text"}
        return {**kept, "ok": workshop.check(name, save.text, zones=False)["ok"]}


def _checks(app: FastAPI, workshop: Workshop) -> None:
    @app.post("/api/check")
    def check(draft: Draft) -> dict[str, Any]:
        """Every mistake of a text, and what of it can be drawn."""
        return workshop.check(draft.name, draft.text, zones=draft.zones)

    @app.post("/api/edit")
    def change(edit: Edit) -> dict[str, Any]:
        """A text with changes made to it, its comments kept."""
        return workshop.changed(edit.name, edit.text, edit.changes, zones=edit.zones)

    @app.get("/api/schema")
    def schema() -> dict[str, Any]:
        """JSON Schema of a scenario file."""
        return ScenarioBlock.model_json_schema()


def _live_runs(app: FastAPI, shows: Shows, workshop: Workshop) -> None:
    beginning = threading.Lock()

    @app.post("/api/runs", status_code=201)
    def begin(begin: Begin) -> dict[str, Any]:
        """Begin a run that goes on while it is watched."""
        if (begin.scenario is None) == (begin.text is None):
            raise HTTPException(422, "give scenario (a name) or text, one of them")
        name = begin.name if begin.scenario is None else begin.scenario
        text = workshop.open(name).text if begin.text is None else begin.text
        scenario = workshop.scenario(name, text)
        with beginning:
            run = LiveRun(scenario, begin.seed, begin.speed)
            live = [show for show in shows if show.engine is not None]
            for show in live[: max(0, len(live) - MOST_LIVE + 1)]:
                shows.drop(show.identity)
            show = shows.add(scenario.name, run.recording, run)
            run.start()
        return show.facts()

    @app.delete("/api/runs/{run}", status_code=204)
    def end(run: str) -> Response:
        """End a run that goes on."""
        show = shows.get(run)
        if show is None or show.engine is None:
            raise HTTPException(404, f"no run {run!r} that goes on: see /api/runs")
        shows.drop(run)
        return Response(status_code=204)
