"""Validation errors in the words of the file: what is wrong there, and what to write instead."""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from mantlet.scenario.document import Document
from mantlet.scenario.errors import Path as Place
from mantlet.scenario.errors import choices, nearest

_WANTED = {
    "float_type": "a number",
    "float_parsing": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "string_type": "text",
    "list_type": "a list",
    "dict_type": "a block of key: value lines",
    "model_type": "a block of key: value lines",
    "model_attributes_type": "a block of key: value lines",
}

_FIXES = {
    "string_type": "write text, in quotes if it looks like a number",
    "list_type": "write [...] or one line with a dash for each entry",
}

_BOUND = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}


def note_validation(document: Document, error: ValidationError, model: type[BaseModel]) -> None:
    """Add every error of a validation to the document's mistakes."""
    for detail in error.errors(include_url=False):
        place = _place(detail["loc"], document.values)
        problem, fix = _explain(detail, place, _keys_at(place[:-1], model, document.values))
        document.mistake(place, problem, fix)


def _place(location: tuple[int | str, ...], values: Any) -> Place:
    """Location as pydantic gives it, without the union tags, which are no keys of the file."""
    place: list[str | int] = []
    for index, part in enumerate(location):
        last = index == len(location) - 1
        if isinstance(values, dict) and part not in values and not last:
            continue
        if isinstance(values, dict) and part == "[key]":
            continue
        place.append(part)
        if isinstance(values, dict):
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
    return tuple(place)


def _explain(detail: Any, place: Place, known: tuple[str, ...]) -> tuple[str, str]:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return "unknown key", _other_key(str(place[-1]), known)
    if kind == "missing":
        return "missing", f"add {place[-1]}: ..."
    if kind in _WANTED:
        return f"expected {_WANTED[kind]}, got {_shown(value)}", _retype(kind, value)
    if kind in _BOUND:
        key, words = _BOUND[kind]
        return f"{_shown(value)} is out of range", f"write a value {words} {context[key]:g}"
    if kind in _RULES:
        return _RULES[kind](value, context)
    problem, _, fix = str(context.get("error", detail["msg"])).partition("; ")
    return problem, fix or "see the examples in the bundled scenarios"


def _literal(value: Any, context: Any) -> tuple[str, str]:
    if value == "given":
        return "a given radar has no echoes to simulate", "use kind: search-3d in a scenario"
    return f"{_shown(value)} is not known here", f"write {context['expected'].replace(chr(39), '')}"


_RULES: dict[str, Callable[[Any, Any], tuple[str, str]]] = {
    "finite_number": lambda value, _: (
        f"{_shown(value)} is not a number to compute with",
        "write a finite number",
    ),
    "literal_error": _literal,
    "union_tag_not_found": lambda _, c: (
        f"{c['discriminator'].strip(chr(39))} is missing",
        "say which kind it is",
    ),
    "union_tag_invalid": lambda _, c: (
        f"kind {_shown(c['tag'])} is not known",
        f"write {c['expected_tags'].replace(chr(39), '')}",
    ),
    "too_short": lambda _, c: ("too few entries", f"give at least {c['min_length']}"),
    "too_long": lambda _, c: ("too many entries", f"give at most {c['max_length']}"),
    "string_too_short": lambda _, c: ("empty", "write some text"),
    "string_too_long": lambda _, c: ("too long", f"at most {c['max_length']} characters"),
    "string_pattern_mismatch": lambda value, _: (
        f"{_shown(value)} is no identifier",
        "use letters, digits, dots, - and _",
    ),
}


def _shown(value: Any) -> str:
    """A value as the file would have it, shortened."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a block"
    if isinstance(value, list):
        return "a list"
    text = repr(value) if isinstance(value, str) else f"{value}"
    return text if len(text) <= 40 else text[:37] + "..."


def _retype(kind: str, value: Any) -> str:
    if isinstance(value, str) and kind.startswith(("float", "int")):
        return _number_in(value)
    if kind == "int_from_float":
        return f"write {round(value)}" if abs(value) < 1e15 else "write a whole number"
    return _FIXES.get(kind, f"write {_WANTED[kind]}")


def _number_in(text: str) -> str:
    """The fix for `"60"` and for `60 m`: the bare number; units belong in the key."""
    head = text.strip().split(" ")[0].replace("_", "").rstrip("abcdefghijklmnopqrstuvwxyz%/²° ")
    try:
        float(head)
    except ValueError:
        return "write a bare number"
    return f"write {head} without quotes or unit (the key's name ends in the unit)"


def _other_key(word: str, known: tuple[str, ...]) -> str:
    meant = nearest(word, known)
    return f"did you mean {meant}?" if meant else f"choose from: {choices(known, 30)}"


def _keys_at(place: Place, model: type[BaseModel], values: Any) -> tuple[str, ...]:
    """The keys allowed in the block at `place`."""
    kinds: list[Any] = [model]
    for part in place:
        values = _step(values, part)
        if isinstance(part, int):
            kinds = [member for kind in kinds for member in _members(kind)]
        else:
            found = [
                inner.model_fields.get(part) for kind in kinds for inner in _alternatives(kind)
            ]
            kinds = [info.annotation for info in found if info is not None]
    blocks = [block for kind in kinds for block in _alternatives(kind)]
    named = [block for block in blocks if _is_kind(block, values)]
    return tuple(dict.fromkeys(key for block in named or blocks for key in block.model_fields))


def _step(values: Any, part: str | int) -> Any:
    try:
        return values[part]
    except (LookupError, TypeError):
        return None


def _is_kind(block: type[BaseModel], values: Any) -> bool:
    """Whether a block's `kind:` says that it is this one of several."""
    field = block.model_fields.get("kind")
    return field is not None and _step(values, "kind") in get_args(field.annotation)


def _alternatives(kind: Any) -> list[type[BaseModel]]:
    """The models a type may be: itself, or the members of a union."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if get_origin(kind) in (Annotated, Union, UnionType):
        return [m for inner in get_args(kind) for m in _alternatives(inner)]
    return []


def _members(kind: Any) -> list[Any]:
    """The types a list may hold."""
    if get_origin(kind) is list:
        return list(get_args(kind))
    if get_origin(kind) in (Annotated, Union, UnionType):
        return [m for inner in get_args(kind) for m in _members(inner)]
    return []
