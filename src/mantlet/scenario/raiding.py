"""The raids of a scenario, and the areas where they start."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from mantlet.scenario import schema
from mantlet.scenario.companions import Companions
from mantlet.scenario.components import blocks, built, valid
from mantlet.scenario.document import Document
from mantlet.scenario.errors import Path as Place
from mantlet.scenario.references import members
from mantlet.scenario.rows import Columns, Label, Number, Word, read_rows
from mantlet.scenario.series import read_series
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.raids import (
    FATES,
    Area,
    Campaign,
    Listing,
    Raid,
    Record,
    RecordedFall,
    Toward,
    Volley,
)
from mantlet.world.borders import Surface

T = TypeVar("T")

LAUNCHED = tuple(name for name in CLASSES if name != "debris")
"""The classes a raid may name: debris only ever comes of something else."""

_YEAR_S = 366 * 86_400.0
_TIMES = {"duration_s": Number(0.0, _YEAR_S), "count": Number(1, 100_000, whole=True)}
_POINT = {"lat": Number(-90, 90), "lon": Number(-180, 180)}


def build_areas(document: Document, surface: Surface | None) -> dict[str, Area]:
    """The areas by id; territories are looked up on the map."""
    areas: dict[str, Area] = {}
    for place, given in blocks(document, "areas", schema.AreaBlock):
        if given.polygon is not None:
            areas[given.id] = Area(given.id, (np.array(given.polygon),))
        elif given.territory is not None and surface is not None:
            rings = built(document, (*place, "territory"), surface.outlines, given.territory)
            if rings is not None:
                areas[given.id] = Area(given.id, tuple(ring[:, ::-1] for ring in rings))
    return areas


def launch_territories(document: Document) -> tuple[str, ...]:
    """The territories that raids start from, in file order."""
    named = {str(area.get("id")): area.get("territory") for _, area in members(document, "areas")}
    used = [name for _, raid in members(document, "raids") for name in _areas_of(raid)]
    found = [named.get(name) for name in used]
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def _areas_of(raid: dict[str, Any]) -> Iterator[str]:
    listed = raid.get("areas")
    names = [raid.get("area"), *(listed if isinstance(listed, list) else [])]
    yield from (name for name in names if isinstance(name, str))


def build_raids(document: Document, companions: Companions) -> tuple[Raid, ...]:
    """The raids in file order; those with mistakes are noted and left out."""
    areas = tuple(str(area.get("id")) for _, area in members(document, "areas"))
    makers: dict[str, tuple[Any, Callable[[Any, _Sources], Raid | None]]] = {
        "volley": (schema.VolleyBlock, _volley),
        "campaign": (schema.CampaignBlock, _campaign),
        "table": (schema.TableBlock, _listing),
        "record": (schema.RecordBlock, _record),
    }
    raids: list[Raid | None] = []
    for place, raw in members(document, "raids"):
        if (kind := str(raw.get("kind"))) in makers:
            model, make = makers[kind]
            if (given := valid(model, raw)) is not None:
                sources = _Sources(place, areas, companions)
                raids.append(built(document, place, make, given, sources))
    return tuple(raid for raid in raids if raid is not None)


@dataclass(frozen=True)
class _Sources:
    """What a raid may refer to: the areas there are, and files."""

    place: Place
    areas: tuple[str, ...]
    companions: Companions

    def read(self, file: str, reader: Callable[[Path], T]) -> T | None:
        return self.companions.read((*self.place, "file"), file, reader)

    def rows(self, file: str, columns: Columns) -> list[dict[str, Any]] | None:
        return self.read(file, lambda path: read_rows(path, columns))


def _volley(given: schema.VolleyBlock, _: _Sources) -> Volley:
    toward = Toward(given.toward.lat, given.toward.lon, given.toward.spread_km)
    return Volley(toward=toward, **given.given(without=("kind", "toward")))


def _campaign(given: schema.CampaignBlock, sources: _Sources) -> Campaign | None:
    values = given.given(without=("kind", "areas", "towards", "file"))
    if given.file is not None:
        values["profile"] = sources.read(given.file, read_series)
        if values["profile"] is None:
            return None
    return Campaign(areas=tuple(given.areas), towards=tuple(given.towards), **values)


def _listing(given: schema.TableBlock, sources: _Sources) -> Listing | None:
    columns: Columns = {"id": Label(), "at_s": Number(0, _YEAR_S), **_TIMES}
    columns |= {"class": Word(LAUNCHED), "area": Word(sources.areas)}
    columns |= {**_POINT, "spread_km": Number(0, 1_000)}
    columns |= {"misfire_share": Number(0, 1, optional=True)}
    rows = sources.rows(given.file, columns)
    return None if rows is None else Listing(tuple(map(_listed, rows)))


def _listed(row: dict[str, Any]) -> Volley:
    return Volley(
        id=row["id"],
        at_s=row["at_s"],
        duration_s=row["duration_s"],
        count=row["count"],
        mixture={row["class"]: 1.0},
        area=row["area"],
        toward=Toward(row["lat"], row["lon"], row["spread_km"]),
        misfire_share=row.get("misfire_share"),
    )


def _record(given: schema.RecordBlock, sources: _Sources) -> Record | None:
    columns: Columns = {"time_s": Number(0, _YEAR_S), **_TIMES, **_POINT}
    columns |= {"fate": Word(FATES), "class": Word(LAUNCHED)}
    rows = sources.rows(given.file, columns)
    return None if rows is None else Record(tuple(map(_fall, rows)), tuple(given.areas))


def _fall(row: dict[str, Any]) -> RecordedFall:
    return RecordedFall(
        row["time_s"],
        row["duration_s"],
        row["lat"],
        row["lon"],
        row["fate"],
        row["count"],
        row["class"],
    )
