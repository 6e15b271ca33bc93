"""Structured changes to the text of a scenario file: `edit`.

A form or a map changes single values of a file that a person wrote. So each change is cut into the
text where its value stands, and the rest stays as it was. What comes out is read again and
compared with the change made to the values themselves: a layout that would have been misread is
refused, never written.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from mantlet.scenario import splicing
from mantlet.scenario.document import MAX_BYTES, MAX_DEPTH, parse
from mantlet.scenario.errors import Mistake, ScenarioErrors, choices, dotted, suggest
from mantlet.scenario.errors import Path as Place

MOST_CHANGES = 10_000

_PART = re.compile(r"\.?([^.\[\]]+)|\[([^\]]+)\]")
_OPERATIONS: dict[str, tuple[str, ...]] = {
    "set": ("value",),
    "add": ("value",),
    "remove": (),
    "move": ("lat", "lon"),
}


def edit(text: str, changes: Sequence[Mapping[str, Any]]) -> str:
    """Apply changes to scenario YAML, one after the other: all of them, or none.

    Parameters
    ----------
    text : str
        One YAML document of plain mappings, lists and values.
    changes : sequence of mappings
        Each has `op`, `path` and what the operation needs:

        - `set`: `value` at the path; keys that are missing on the way are begun.
        - `add`: `value` at the end of the list at the path, which is begun if missing.
        - `remove`: the list member or the key at the path.
        - `move`: what stands at the path to `lat`, `lon` [deg]: a site, where a volley falls, or
          an outline by the mean of its corners, keeping its size in metres.

        A path is text such as `radars[cape].site.lat` (members by id, else by index from 0) or a
        list such as `["radars", "cape", "site", "lat"]`. Values are what JSON can hold.

    Returns
    -------
    str
        The text, changed only where the changes are. Comments on lines of their own directly
        above a removed member go with it, unless it is the first of its list.

    Raises
    ------
    ScenarioErrors
        If the text is no plain YAML mapping, or a change cannot be made. The result may well be
        no valid scenario: that is the checker's to say (`drafts.problems`).
    """
    if len(changes) > MOST_CHANGES:
        raise _refused(0, "", f"more than {MOST_CHANGES} changes", "send them in parts")
    windows = text.count("\r\n") == text.count("\n") > 0
    text = text.replace("\r\n", "\n") if windows else text
    for number, change in enumerate(changes):
        text = _apply(text, _read(number, change))
    return text.replace("\n", "\r\n") if windows else text


@dataclass(frozen=True)
class _Change:
    number: int
    op: str
    steps: tuple[str | int, ...]
    given: Mapping[str, Any]

    def error(self, problem: str, fix: str) -> ScenarioErrors:
        return _refused(self.number, dotted(self.steps), problem, fix)


def _refused(number: int, field: str, problem: str, fix: str) -> ScenarioErrors:
    return ScenarioErrors([Mistake(f"change {number}", 0, field, problem, fix)])


def _read(number: int, change: Mapping[str, Any]) -> _Change:
    op = change.get("op") if isinstance(change, Mapping) else None
    if not isinstance(op, str) or op not in _OPERATIONS:
        fix = f"write op: one of {choices(_OPERATIONS)}"
        raise _refused(number, "", f"{op!r} is no operation", fix)
    missing = [key for key in ("path", *_OPERATIONS[op]) if key not in change]
    if missing:
        raise _refused(number, "", f"{op} without {missing[0]}", f"add {missing[0]}")
    made = _Change(number, op, _steps(number, change["path"]), change)
    if "value" in _OPERATIONS[op]:
        _check_value(made, change["value"], 0)
    return made


def _steps(number: int, path: object) -> tuple[str | int, ...]:
    if isinstance(path, str):
        found = list(_PART.finditer(path))
        if found and "".join(match[0] for match in found) == path:
            return tuple(match[1] or match[2] for match in found)
    elif isinstance(path, list | tuple) and path and all(type(p) in (str, int) for p in path):
        return tuple(path)
    fix = "write it like radars[cape].site.lat"
    raise _refused(number, "", f"{str(path)[:60]!r} is no path", fix)


def _check_value(change: _Change, value: object, depth: int) -> None:
    """Refuse what JSON could not have held, and numbers that are none."""
    if depth > MAX_DEPTH:
        raise change.error(f"a value nested deeper than {MAX_DEPTH} levels", "no block needs that")
    if isinstance(value, float) and not math.isfinite(value):
        raise change.error(f"{value} is not a number to compute with", "write a finite number")
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        for inner in value.values():
            _check_value(change, inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check_value(change, inner, depth + 1)
    elif not (value is None or isinstance(value, bool | int | float | str)):
        raise change.error(f"a {type(value).__name__} is no value of a file", "send plain values")


def _apply(text: str, change: _Change) -> str:
    values = read_values(text)
    if change.op == "move":
        for place, value in _moved(change, values):
            text = _checked(text, change, splicing.put, place, value)
        return text
    place = _find(change, values)
    if change.op == "remove":
        return _checked(text, change, lambda old, at, _: splicing.cut(old, at), place, _GONE)
    value, held = change.given["value"], _look(values, place)
    if change.op == "set":
        return _checked(text, change, splicing.put, place, value)
    if isinstance(held, list):
        return _checked(text, change, splicing.append, (*place, len(held)), value)
    if held is not None:
        raise change.error("not a list", "add to radars, batteries, zones, areas or raids")
    return _checked(text, change, splicing.put, place, [value])


_GONE = object()


def read_values(text: str, file: str = "scenario") -> dict[str, Any]:
    """The plain values of a text.

    Raises
    ------
    ScenarioErrors
        If it is too large, or no single YAML mapping without tags, anchors and repeated keys.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        fix = "move zones and tables into files of their own"
        raise ScenarioErrors([Mistake(file, 0, "", f"larger than {MAX_BYTES >> 20} MiB", fix)])
    document = parse(text, file)
    if document.mistakes:
        raise ScenarioErrors(document.mistakes)
    if not isinstance(document.values, dict):
        fix = "start with name: ... and title: ..."
        raise ScenarioErrors([Mistake(file, 1, "", "no keys at the outermost level", fix)])
    return document.values


def _find(change: _Change, values: Any) -> Place:
    """The path with every list member as an index. Keys may be missing unless it is removed."""
    place: list[str | int] = []
    for step in change.steps:
        if isinstance(values, list):
            index = _member(change, values, step)
            place.append(index)
            values = values[index]
            continue
        if values is not None and not isinstance(values, dict):
            raise change.error(f"nothing below {dotted(tuple(place))}", "shorten the path")
        key, held = str(step), values or {}
        if key not in held and change.op in ("remove", "move"):
            raise change.error(f"no {key!r} there", suggest(key, list(held)))
        place.append(key)
        values = held.get(key)
    return tuple(place)


def _member(change: _Change, members: list[Any], step: str | int) -> int:
    ids = [str(item.get("id")) if isinstance(item, dict) else "" for item in members]
    if isinstance(step, str) and step in ids:
        return ids.index(step)
    if str(step).isascii() and str(step).isdigit() and int(step) < len(members):
        return int(step)
    named = [name for name in ids if name and name != "None"]
    raise change.error(f"no member {step!r}", suggest(str(step), named) or "the list is empty")


def _look(values: Any, place: Place) -> Any:
    for step in place:
        known = isinstance(values, list) or step in (values or {})
        values = values[step] if known else None
    return values


def _moved(change: _Change, values: Any) -> list[tuple[Place, Any]]:
    """The places to set, with their values, so that the thing at the path stands elsewhere."""
    lat, lon = (change.given[key] for key in ("lat", "lon"))
    for value in (lat, lon):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise change.error("no latitude and longitude", "give lat and lon in degrees")
        _check_value(change, value, 0)
    place = _find(change, values)
    held = _look(values, place)
    for key in ("site", "toward"):
        if isinstance(held, dict) and isinstance(held.get(key), dict):
            return [((*place, key, "lat"), lat), ((*place, key, "lon"), lon)]
    if isinstance(held, dict) and _is_outline(held.get("polygon")):
        return [((*place, "polygon"), _shifted(held["polygon"], lat, lon))]
    raise change.error("nothing there that stands on the map", "move a radar, battery, zone, ...")


def _is_outline(polygon: object) -> bool:
    return (
        isinstance(polygon, list)
        and len(polygon) > 0
        and all(
            isinstance(c, list) and len(c) == 2 and all(isinstance(v, int | float) for v in c)
            for c in polygon
        )
    )


def _shifted(polygon: list[list[float]], lat: float, lon: float) -> list[list[float]]:
    """An outline with the mean of its corners at `lat`, `lon`, as large in metres as before."""
    south, west = (sum(corner[k] for corner in polygon) / len(polygon) for k in (0, 1))
    stretch = math.cos(math.radians(south)) / max(math.cos(math.radians(lat)), 1e-3)
    return [
        [round(lat + at - south, 6), round(lon + (to - west) * stretch, 6)] for at, to in polygon
    ]


def _checked(
    text: str, change: _Change, splice: Callable[[str, Place, Any], str], place: Place, value: Any
) -> str:
    """The text that `splice` makes, if it says what it should: the change, and nothing else."""
    wanted = read_values(text)
    _assign(wanted, place, value)
    try:
        made = splice(text, place, value)
        if repr(read_values(made)) == repr(wanted):
            return made
    except (ScenarioErrors, ValueError, LookupError):
        pass
    fix = "write this part of the file anew, in its plainest form"
    raise change.error("cannot be changed in this layout of the file", fix)


def _assign(whole: dict[str, Any], place: Place, value: Any) -> None:
    values: Any = whole
    for step, after in pairwise(place):
        if not isinstance(values, list) and values.get(step) is None:
            values[step] = [] if isinstance(after, int) else {}
        values = values[step]
    if value is _GONE:
        del values[place[-1]]
    elif isinstance(values, list) and place[-1] == len(values):
        values.append(value)
    else:
        values[place[-1]] = value
