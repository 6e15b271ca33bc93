"""The keys of the file, the settings of the components and the reference page stay in step."""

import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from mantlet.engagement.assessment import Observation
from mantlet.engagement.battery import Battery, Envelope
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.resolver import Lethality
from mantlet.scenario import schema
from mantlet.scenario.load import load_scenario
from mantlet.sensing.equation import RadarEquation
from mantlet.sensing.faults import Faults
from mantlet.sensing.interference import ClutterRegion, Jamming
from mantlet.sensing.radar import Radar
from mantlet.tracking.figures import RadarFigures
from mantlet.warning.policy import WarningPolicy

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8")

PAIRS = [
    (schema.SearchRadarBlock, Radar, set()),
    (schema.EquationBlock, RadarEquation, set()),
    (schema.ClutterBlock, ClutterRegion, set()),
    (schema.JammingBlock, Jamming, set()),
    (schema.GivenRadarBlock, RadarFigures, {"kind"}),
    (schema.FaultsBlock, Faults, set()),
    (schema.BatteryBlock, Battery, set()),
    (schema.EnvelopeBlock, Envelope, set()),
    (schema.WarningBlock, WarningPolicy, {"policy"}),
    (schema.EngagementBlock, Doctrine, {"policy", "defend"}),
    (schema.LethalityBlock, Lethality, set()),
    (schema.ObservationBlock, Observation, set()),
]


@pytest.mark.parametrize(
    ("block", "component", "own"), PAIRS, ids=lambda p: getattr(p, "__name__", "")
)
def test_every_setting_of_a_component_is_a_key_and_no_other(block, component, own):
    settings = {field.name for field in fields(component)} - {"terrain"}  # of all radars, not one
    assert set(block.model_fields) - own == settings


def blocks() -> set[type[schema.Block]]:
    return {
        kind
        for kind in vars(schema).values()
        if isinstance(kind, type) and issubclass(kind, schema.Block)
    }


def test_the_reference_page_names_every_key():
    named = set(re.findall(r"[a-z0-9_]+", PAGE))
    missing = {key for block in blocks() for key in block.model_fields} - named
    assert missing == set()


def test_defaults_on_the_reference_page_are_those_of_the_components():
    found = {}
    for keys, values in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", PAGE, re.MULTILINE):
        names, numbers = re.findall(r"`(\w+)`", keys), values.split(", ")
        if len(names) == len(numbers) and re.fullmatch(r"[-\d.e]+", numbers[0]):
            found |= dict(zip(names, map(float, numbers), strict=True))
    components = [
        Envelope(),
        WarningPolicy(),
        Doctrine(),
        Battery("b", None),
        Radar("r", None),
        Faults(),
    ]
    for component in components:
        for field in fields(component):
            value = getattr(component, field.name)
            # keys that two components share stand in the page with different defaults
            if field.name in found and field.name not in {"range_min_m", "range_max_m"}:
                assert found[field.name] == value, field.name


def test_the_example_of_the_reference_page_loads(tmp_path):
    example = re.search(r"```yaml\n(.+?)```", PAGE, re.DOTALL)
    (tmp_path / "my-town.yaml").write_text(example.group(1))
    zones = Path(__file__).with_name("bad") / "zones.geojson"
    (tmp_path / "zones.geojson").write_bytes(zones.read_bytes())
    assert load_scenario(tmp_path / "my-town.yaml").name == yaml.safe_load(example.group(1))["name"]
