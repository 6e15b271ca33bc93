"""Scenario texts that are still being written: their mistakes as data, for forms and maps."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mantlet.scenario.build import build_scenario
from mantlet.scenario.document import Document, parse
from mantlet.scenario.editing import read_values
from mantlet.scenario.errors import Mistake, ScenarioErrors, steps_of
from mantlet.scenario.errors import Path as Place
from mantlet.scenario.model import Scenario


def parse_values(text: str, *, file: str = "scenario.yaml") -> dict[str, Any]:
    """The plain values of a text as it is written, right or wrong; what JSON can hold.

    Raises
    ------
    ScenarioErrors
        If it is no single, plain YAML mapping.
    """
    return read_values(text, file)


def load_draft(text: str, folder: Path, *, file: str = "scenario.yaml") -> Scenario:
    """The scenario of a text; files that it names are looked for in `folder` and nowhere else.

    Raises
    ------
    ScenarioErrors
        With every mistake, among them files outside `folder`, which are not opened.
    """
    read_values(text, file)
    document = parse(text, file)
    outside = _outside(document, folder)
    if outside:
        raise ScenarioErrors(outside)
    return build_scenario(document, folder)


def problems(text: str, folder: Path, *, file: str = "scenario.yaml") -> list[dict[str, Any]]:
    """Every mistake of a text as plain data, in the order of the file; none: it can be run.

    Each has `field` (`radars[0].site.lat`, "" for the whole), `path` (the same as a list),
    `line` (from 1; 0 where a line means nothing), `message`, `fix` and `file`.
    """
    try:
        load_draft(text, folder, file=file)
    except ScenarioErrors as errors:
        return [as_data(mistake) for mistake in errors.mistakes]
    return []


def as_data(mistake: Mistake) -> dict[str, Any]:
    """A mistake as plain data."""
    return {
        "field": mistake.field,
        "path": steps_of(mistake.field),
        "line": mistake.line,
        "message": mistake.problem,
        "fix": mistake.fix,
        "file": mistake.file,
    }


def _outside(document: Document, folder: Path) -> list[Mistake]:
    """A mistake for every file that is not below `folder`, links followed."""
    inside = folder.resolve()
    found = Document(document.file, lines=document.lines)
    for place, name in _named_files(document.values):
        try:
            held = (inside / name).resolve().is_relative_to(inside)
        except (OSError, ValueError, RuntimeError):
            held = False
        if not held:
            fix = "put it beside the scenario and give its name"
            found.mistake(place, f"{name[:60]!r} is outside the scenario's folder", fix)
    return found.mistakes


def _named_files(values: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text under a key `file`, wherever it stands, with its place."""
    if isinstance(values, dict):
        for key, value in values.items():
            if key == "file" and isinstance(value, str):
                yield (*place, key), value
            yield from _named_files(value, (*place, key))
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _named_files(value, (*place, index))
