"""`--set path=value`: change single values of a scenario before it is checked."""

from collections.abc import Sequence
from typing import Any

from mantlet.scenario.document import Document, parse
from mantlet.scenario.errors import Mistake, ScenarioErrors, choices, suggest
from mantlet.scenario.errors import Path as Place

EXAMPLE = "--set batteries.b1.interceptors=40"


def apply(document: Document, overrides: Sequence[str]) -> None:
    """Write each `path=value` into the values of `document`.

    A path names keys and list members (by their `id` or their index, from 0), joined by dots.
    What is wrong with one is noted among the document's mistakes; the others still apply.
    """
    for text in overrides:
        try:
            _apply_one(document, text)
        except ScenarioErrors as errors:
            document.mistakes += errors.mistakes


def _apply_one(document: Document, text: str) -> None:
    path_text, equals, value_text = text.partition("=")
    if not equals or not path_text.strip():
        raise _error(text, "", "no path=value", f"write it like {EXAMPLE}")
    parts = path_text.strip().split(".")
    value = _value(text, value_text)
    target: Any = document.values
    place: Place = ()
    for part in parts[:-1]:
        target, place = _enter(target, part, place, text)
    place = _assign(target, parts[-1], value, place, text)
    document.origin[place] = _source(text)


def _value(text: str, value_text: str) -> Any:
    try:
        inner = parse(value_text, _source(text))
    except ScenarioErrors as errors:
        problem = "; ".join(m.problem for m in errors.mistakes)
        raise _error(text, "", problem, "quote the value") from None
    if inner.mistakes:
        raise ScenarioErrors(
            Mistake(_source(text), 0, m.field, m.problem, m.fix) for m in inner.mistakes
        )
    return inner.values


def _enter(target: Any, part: str, place: Place, text: str) -> tuple[Any, Place]:
    """Step one level down; a block the file leaves out is begun, so its defaults can be changed."""
    if isinstance(target, dict):
        if target.get(part) is None:
            target[part] = {}
        return target[part], (*place, part)
    index = _member(target, part, text)
    return target[index], (*place, index)


def _assign(target: Any, part: str, value: Any, place: Place, text: str) -> Place:
    key = part if isinstance(target, dict) else _member(target, part, text)
    target[key] = value
    return (*place, key)


def _member(target: Any, part: str, text: str) -> int:
    if not isinstance(target, list):
        raise _error(text, part, "nothing below this", "shorten the path")
    ids = [str(item.get("id")) if isinstance(item, dict) else "" for item in target]
    if part in ids:
        return ids.index(part)
    if part.isascii() and part.isdigit() and int(part) < len(target):
        return int(part)
    named = [name for name in ids if name and name != "None"]
    fix = suggest(part, named) if named else f"choose from: {choices(map(str, range(len(target))))}"
    raise _error(text, part, "no such member", fix)


def _source(text: str) -> str:
    return f"--set {text}"


def _error(text: str, field: str, problem: str, fix: str) -> ScenarioErrors:
    return ScenarioErrors([Mistake(_source(text), 0, field, problem, fix)])
