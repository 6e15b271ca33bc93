"""Mistakes that lie between the lines: repeated and undefined names, choices left open, outlines.

All work on the raw values, so they are found even where other parts of the file are wrong.
"""

from collections.abc import Iterator
from typing import Any

from mantlet.scenario.document import Document
from mantlet.scenario.errors import Path as Place
from mantlet.scenario.errors import suggest

LISTS_WITH_IDS = ("radars", "batteries", "zones", "areas", "raids")


def members(document: Document, key: str) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The blocks of a list in the file, whatever is in them."""
    listed = document.values.get(key)
    for index, value in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(value, dict):
            yield (key, index), value


def check_references(document: Document, classes: tuple[str, ...]) -> None:
    """Note every mistake of this kind; `classes` are the threat classes there are."""
    check_ids(document)
    _check_raids(document, classes)
    _check_areas(document)
    _check_zones(document)
    _check_places(document)


def check_ids(document: Document) -> None:
    """Note every id that is used twice within its list."""
    for key in LISTS_WITH_IDS:
        seen: dict[str | int, Place] = {}
        for place, value in members(document, key):
            name = value.get("id")
            if not isinstance(name, str | int):
                continue
            if name in seen:
                line = document.lines.get((*seen[name], "id"), 0)
                where = f" (first on line {line})" if line else ""
                document.mistake((*place, "id"), f"id {name!r} is used twice{where}", "rename one")
            seen.setdefault(name, place)


def _check_raids(document: Document, classes: tuple[str, ...]) -> None:
    areas = [str(value["id"]) for _, value in members(document, "areas") if "id" in value]
    for place, raid in members(document, "raids"):
        if isinstance(name := raid.get("area"), str):
            _check_defined(document, (*place, "area"), name, "area", areas)
        for key in ("areas", "towards"):
            listed = raid.get(key)
            for index, name in enumerate(listed if isinstance(listed, list) else []):
                if isinstance(name, str):
                    _check_defined(document, (*place, key, index), name, "area", areas)
        _check_mixture(document, (*place, "mixture"), raid.get("mixture"), classes)
        if raid.get("kind") == "campaign":
            _check_one_of(document, place, raid, ("profile", "file"))


def _check_mixture(
    document: Document, place: Place, mixture: object, classes: tuple[str, ...]
) -> None:
    if not isinstance(mixture, dict):
        return
    for name in mixture:
        _check_defined(document, (*place, name), name, "threat class", classes)
    if mixture and all(weight == 0 for weight in mixture.values()):
        document.mistake(place, "all weights are zero", "give at least one class a weight above 0")


def _check_defined(
    document: Document, place: Place, name: str, kind: str, known: tuple[str, ...] | list[str]
) -> None:
    if name not in known:
        fix = suggest(name, known) or f"define it under {kind}s:"
        document.mistake(place, f"{kind} {name!r} is not defined", fix)


def _check_areas(document: Document) -> None:
    for place, area in members(document, "areas"):
        _check_one_of(document, place, area, ("polygon", "territory"))
        _check_outline(document, place, area)


def _check_zones(document: Document) -> None:
    for place, zone in members(document, "zones"):
        _check_outline(document, place, zone)


def _check_outline(document: Document, place: Place, value: dict[str, Any]) -> None:
    if problem := _outline_problem(value.get("polygon")):
        document.mistake((*place, "polygon"), problem, "list the corners in order, once around")


def _outline_problem(polygon: object) -> str:
    """What is wrong with an outline of [lat, lon] corners, if its numbers are right."""
    if not isinstance(polygon, list) or len(polygon) < 3 or not all(map(_is_point, polygon)):
        return ""
    import shapely

    shape = shapely.Polygon([(lon, lat) for lat, lon in polygon])
    if shape.convex_hull.area == 0:
        return "the outline has no inside"
    if shape.is_valid:
        return ""
    reason = shapely.is_valid_reason(shape)
    lon, lat = reason[reason.index("[") + 1 : -1].split()
    return f"the outline crosses itself near [{float(lat):.5g}, {float(lon):.5g}]"


def _is_point(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
        and abs(value[0]) <= 90
        and abs(value[1]) <= 180
    )


def _check_places(document: Document) -> None:
    if document.values.get("places") is None and not document.values.get("zones"):
        fix = "add places: {bundled: levant}, places: {file: ...} or a list zones:"
        document.mistake(("places",), "missing: nobody lives anywhere", fix)
    for key in ("places", "coast"):
        if isinstance(value := document.values.get(key), dict):
            _check_one_of(document, (key,), value, ("bundled", "file"))


def _check_one_of(
    document: Document, place: Place, value: dict[str, Any], keys: tuple[str, str]
) -> None:
    given = [key for key in keys if value.get(key) is not None]
    if len(given) != 1:
        problem = "both" if given else "neither"
        document.mistake(
            place, f"{problem} of {keys[0]} and {keys[1]} given", f"give either {' or '.join(keys)}"
        )
