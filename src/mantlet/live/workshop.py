"""Scenario files of the working folder: read, checked, drawn, edited, saved; by name, not by path.

A bundled scenario can be opened; what is saved is a copy in the working folder, with the files
it names beside it.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mantlet.live.scene import (
    battery_facts,
    land_features,
    polygon,
    radar_facts,
    zone_features,
)
from mantlet.ports.files import DiskFiles
from mantlet.scenario import components, schema
from mantlet.scenario.bundled import FOLDER as BUNDLED
from mantlet.scenario.bundled import bundled_paths, bundled_titles
from mantlet.scenario.companions import Companions
from mantlet.scenario.components import blocks, built
from mantlet.scenario.document import MAX_BYTES, Document, parse, read_text
from mantlet.scenario.drafts import load_draft, parse_values, problems
from mantlet.scenario.editing import edit
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.ground import zones_of
from mantlet.scenario.model import Scenario
from mantlet.scenario.raiding import launch_territories
from mantlet.tables import Zones
from mantlet.tables.errors import InputError
from mantlet.world.borders import Surface

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")

MOST_LISTED = 500

ROOM_DEG = 0.02


class NoScenarioError(Exception):
    """There is none of that name."""


class ConflictError(Exception):
    """The file is not the one that was read."""


@dataclass(frozen=True)
class Draft:
    """A text as the editor has it."""

    name: str
    text: str
    revision: str | None
    source: str


class Workshop:
    """The scenarios that may be opened, and the one folder that may be written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def listed(self) -> list[dict[str, str]]:
        """Bundled scenarios, then those of the folder."""
        found = {
            name: {"name": name, "title": title, "source": "bundled"}
            for name, title in bundled_titles().items()
        }
        for path in sorted(self._folder.glob("*.yaml"))[:MOST_LISTED]:
            if NAME.fullmatch(path.stem) and path.is_file() and not path.is_symlink():
                found[path.stem] = {"name": path.stem, "title": _title(path), "source": "folder"}
        return list(found.values())

    def open(self, name: str) -> Draft:
        """The text of a scenario; one of the folder goes before a bundled one.

        Raises
        ------
        NoScenarioError
            If there is none, or the name is none.
        ScenarioErrors
            If it cannot be read.
        """
        path = self._path(name)
        if path.is_file() and not path.is_symlink():
            text = read_text(path)
            return Draft(name, text, _revision(text), "folder")
        if name in bundled_paths():
            return Draft(name, read_text(bundled_paths()[name]), None, "bundled")
        raise NoScenarioError(f"no scenario {name!r}: see /api/scenarios")

    def save(self, name: str, text: str, revision: str | None) -> Draft:
        """Write a text under a name.

        Raises
        ------
        NoScenarioError
            If the name is not one that may be written.
        ConflictError
            If the file is not the one whose revision was given (None: there was none).
        ScenarioErrors
            If the text is no YAML mapping, which no editor could open again.
        """
        path = self._path(name)
        parse_values(text, file=f"{name}.yaml")
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise ConflictError(f"{name}.yaml is not a plain file; save under another name")
        held = _revision(read_text(path)) if path.exists() else None
        if held != revision:
            raise ConflictError(f"{name}.yaml has changed meanwhile; open it again")
        self._bring_companions(text)
        DiskFiles().write(path, text.encode("utf-8"))
        return Draft(name, text, _revision(text), "folder")

    def check(self, name: str, text: str, *, zones: bool = True) -> dict[str, Any]:
        """Every mistake of a text, its plain values for forms, and what of it can be drawn.

        `zones`: their outlines too. The values are None where the text is no YAML mapping.
        """
        found = problems(text, self._beside(text), file=f"{name}.yaml")
        errors = [{**_without(mistake, "message"), "problem": mistake["message"]}
                  for mistake in found]  # fmt: skip
        return {
            "ok": not errors,
            "errors": errors,
            "values": _values(text),
            "drawing": self.drawing(name, text, zones=zones),
        }

    def changed(
        self, name: str, text: str, changes: Sequence[Mapping[str, Any]], *, zones: bool = True
    ) -> dict[str, Any]:
        """A text with changes made, and its check.

        Raises
        ------
        ScenarioErrors
            If a change cannot be made.
        """
        made = edit(text, changes)
        return {"text": made, **self.check(name, made, zones=zones)}

    def scenario(self, name: str, text: str) -> Scenario:
        """The scenario of a text.

        Raises
        ------
        ScenarioErrors
            With every mistake.
        """
        return load_draft(text, self._beside(text), file=f"{name}.yaml")

    def drawing(self, name: str, text: str, *, zones: bool = True) -> dict[str, Any] | None:
        """Radars, batteries, areas and zones that are right by themselves, whatever else is not.

        `whole` tells whether the zones are all there are, or those drawn in the text alone; the
        land comes with the first.
        """
        try:
            document = parse(text, f"{name}.yaml")
        except ScenarioErrors:
            return None
        if not isinstance(document.values, dict):
            return None
        radars = [
            {**radar_facts(radar), "path": list(place)}
            for place, given in blocks(document, "radars", schema.SearchRadarBlock)
            if (radar := built(document, place, components.radar, given)) is not None
        ]
        batteries = [
            {**battery_facts(battery), "path": list(place)}
            for place, stated in blocks(document, "batteries", schema.BatteryBlock)
            if (battery := built(document, place, components.battery, stated)) is not None
        ]
        outlines = [
            {"id": area.id, "path": list(place), "geometry": _outline(area.polygon)}
            for place, area in blocks(document, "areas", schema.AreaBlock)
            if area.polygon
        ]
        places, land = self._ground(name, text)
        points = [(part["lon"], part["lat"]) for part in (*radars, *batteries)]
        return {
            "radars": radars,
            "batteries": batteries,
            "areas": outlines,
            "zones": _zone_features(document, places, whole=zones),
            "whole": zones,
            "land": land_features(land) if zones and land is not None else None,
            "view": _view(points, places),
        }

    def _ground(self, name: str, text: str) -> tuple[Zones | None, Surface | None]:
        """Zones and land; of a text that does not load, the zones if these are right."""
        try:
            scenario = self.scenario(name, text)
            return scenario.zones, scenario.surface
        except ScenarioErrors:
            pass
        try:
            document = parse(text, f"{name}.yaml")
            companions = Companions(document, self._beside(text))
            return zones_of(document, companions, launch_territories(document)), None
        except (ScenarioErrors, InputError, ValueError, AttributeError, TypeError, KeyError):
            return None, None  # the list of mistakes says why

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise NoScenarioError(
                f"{name[:60]!r} is no name: small letters, digits and hyphens, up to 60"
            )
        return self._folder / f"{name}.yaml"

    def _beside(self, text: str) -> Path:
        """Where the files that a text names are looked for.

        The working folder; for a copy of a bundled scenario that is not saved yet, where the
        files of bundled ones lie.
        """
        names = _named_files(text)
        if all((self._folder / name).is_file() for name in names):
            return self._folder
        bundled = all((BUNDLED / name).is_file() for name in names)
        return BUNDLED if bundled else self._folder

    def _bring_companions(self, text: str) -> None:
        """Files of a bundled scenario come along with its first copy."""
        beside = self._beside(text)
        if beside == self._folder:
            return
        for name in _named_files(text):
            if not (self._folder / name).exists():
                DiskFiles().write(self._folder / name, (beside / name).read_bytes())


def _values(text: str) -> dict[str, Any] | None:
    try:
        return parse_values(text)
    except ScenarioErrors:
        return None


def _named_files(text: str) -> list[str]:
    """Names under a key `file` that are plain names, without a folder."""
    try:
        values = parse(text, "scenario").values
    except ScenarioErrors:
        return []
    found = list[str]()
    _gather(values, found)
    return [name for name in found if name and Path(name).name == name]


def _gather(values: Any, found: list[str]) -> None:
    if isinstance(values, dict):
        found += [value for key, value in values.items() if key == "file" and type(value) is str]
        for value in values.values():
            _gather(value, found)
    elif isinstance(values, list):
        for value in values:
            _gather(value, found)


def _zone_features(document: Document, zones: Zones | None, *, whole: bool) -> Any:
    """Zones as GeoJSON, those drawn in the text with their place in it; only these if not whole."""
    if zones is None:
        return None
    paths = {given.id: list(place) for place, given in blocks(document, "zones", schema.ZoneBlock)}
    if not whole:
        zones = zones.take(np.isin(zones.zone_id, list(paths)))
    found = zone_features(zones)
    for feature in found["features"]:
        if (path := paths.get(feature["id"])) is not None:
            feature["properties"]["path"] = path
    return found


def _outline(corners: Sequence[Sequence[float]]) -> dict[str, Any]:
    return polygon([np.array(corners, float)[:, ::-1]])


def _view(points: list[tuple[float, float]], zones: Zones | None) -> list[float] | None:
    lons, lats = ([p[k] for p in points] for k in (0, 1))
    if zones is not None and len(zones):
        lons, lats = [*lons, *zones.lon_deg.tolist()], [*lats, *zones.lat_deg.tolist()]
    if not lons:
        return None
    return [
        min(lons) - ROOM_DEG, min(lats) - ROOM_DEG, max(lons) + ROOM_DEG, max(lats) + ROOM_DEG
    ]  # fmt: skip


def _revision(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def _title(path: Path) -> str:
    try:
        values = parse(read_text(path, limit=MAX_BYTES), path.name).values
        return str(values["title"])[:200]
    except (InputError, KeyError, TypeError):
        return "(cannot be read)"


def _without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k != key}
