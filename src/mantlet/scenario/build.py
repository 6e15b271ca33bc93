"""From a document to a scenario: validate everything, build everything, then report or return."""

from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from mantlet.scenario import components, schema
from mantlet.scenario.companions import Companions
from mantlet.scenario.components import block, blocks, built
from mantlet.scenario.document import Document
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.ground import surface_of, zones_of
from mantlet.scenario.model import Scenario
from mantlet.scenario.problems import note_validation
from mantlet.scenario.raiding import LAUNCHED, build_areas, build_raids, launch_territories
from mantlet.scenario.references import check_references
from mantlet.scenario.relief import check_relief, terrain_of
from mantlet.scenario.resolved import filled, plain, to_yaml
from mantlet.sensing.radar import Radar
from mantlet.threats.raids import Raid

T = TypeVar("T")


def build_scenario(document: Document, folder: Path) -> Scenario:
    """Build the scenario of a document; files it names are looked for from `folder`.

    Raises
    ------
    ScenarioErrors
        With every mistake found.
    """
    whole = _validated(document)
    check_references(document, LAUNCHED)
    parts, companions = _parts(document, folder)
    if document.mistakes or whole is None:
        raise ScenarioErrors(document.mistakes)
    return Scenario(
        name=whole.name,
        title=whole.title,
        epoch=whole.epoch,
        notes=tuple(whole.notes),
        files=companions.contents,
        resolved=to_yaml(_resolved(whole, parts, companions)),
        **parts,
    )


def _validated(document: Document) -> schema.ScenarioBlock | None:
    try:
        return schema.ScenarioBlock.model_validate(document.values)
    except ValidationError as error:
        note_validation(document, error, schema.ScenarioBlock)
        return None


def _parts(document: Document, folder: Path) -> tuple[dict[str, Any], Companions]:
    """Every component of the scenario; where mistakes were noted, some are missing."""
    companions = Companions(document, folder)
    zones = zones_of(document, companions, launch_territories(document))
    surface = surface_of(document, companions, zones)
    terrain = terrain_of(document, companions)
    sensors = _each(document, "radars", schema.SearchRadarBlock, components.radar_and_figures)
    parts = {
        "radars": tuple(replace(radar, terrain=terrain) for radar, _ in sensors),
        "figures": tuple(figures for _, figures in sensors),
        "batteries": _each(document, "batteries", schema.BatteryBlock, components.battery),
        "surface": surface,
        "zones": zones,
        "policy": _one(document, "warning", schema.WarningBlock, components.policy),
        "doctrine": _one(document, "engagement", schema.EngagementBlock, components.doctrine),
        "lethality": _one(document, "lethality", schema.LethalityBlock, components.lethality),
        "observation": _one(
            document, "observation", schema.ObservationBlock, components.observation
        ),
        "air": _one(document, "air", schema.AirBlock, components.air),
        "areas": build_areas(document, surface),
        "raids": build_raids(document, companions),
        "terrain": terrain,
    }
    if terrain is not None:
        check_relief(document, terrain, parts)
    return parts, companions


def _each(document: Document, key: str, model: Any, build: Any) -> tuple[Any, ...]:
    made = (built(document, place, build, value) for place, value in blocks(document, key, model))
    return tuple(component for component in made if component is not None)


def _one(document: Document, key: str, model: Any, build: Any) -> Any:
    value = block(document, key, model)
    return None if value is None else built(document, (key,), build, value)


def _resolved(
    whole: schema.ScenarioBlock, parts: dict[str, Any], companions: Companions
) -> dict[str, Any]:
    values = {
        "name": whole.name,
        "title": whole.title,
        "epoch": whole.epoch.isoformat().replace("+00:00", "Z"),
        "notes": list(whole.notes),
        "places": plain(whole.places),
        "zones": plain(whole.zones) or None,
        "coast": plain(whole.coast),
        "terrain": plain(whole.terrain),
        "radars": [_radar(*pair) for pair in zip(whole.radars, parts["radars"], strict=True)],
        "batteries": [
            filled(given, made) | {"envelope": filled(given.envelope or EMPTY, made.envelope)}
            for given, made in zip(whole.batteries, parts["batteries"], strict=True)
        ],
        "warning": filled(whole.warning, parts["policy"]),
        "engagement": filled(whole.engagement, parts["doctrine"]),
        "lethality": filled(whole.lethality, parts["lethality"]),
        "observation": filled(whole.observation, parts["observation"]),
        "air": filled(whole.air, parts["air"]),
        "areas": plain(whole.areas),
        "raids": [_raid(*pair) for pair in zip(whole.raids, parts["raids"], strict=True)],
    }
    holders = (values["places"], values["coast"], values["terrain"], *values["raids"])
    for holder in holders:
        if holder and holder.get("file"):
            holder["file"] = companions.names[holder["file"]]
    return {key: value for key, value in values.items() if value is not None}


def _radar(given: schema.SearchRadarBlock, made: Radar) -> dict[str, Any]:
    """A radar's values; one without faults says nothing of them."""
    values = filled(given, made)
    del values["faults"]
    return values | ({"faults": filled(given.faults, made.faults)} if given.faults else {})


def _raid(given: schema.Raid, made: Raid) -> dict[str, Any]:
    """A raid's values; a campaign's own series stays in its file."""
    values = filled(given, made)
    if "file" in values:
        values.pop("profile", None)
    return values


EMPTY = schema.EnvelopeBlock()
