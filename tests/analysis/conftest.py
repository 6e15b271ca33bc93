"""One invented run with its scenario and summary, shared by the tests of this folder."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from replay_fixture import invented_run, scene, zones

from mantlet.analysis.summary import summarise
from mantlet.scenario.load import load_scenario
from mantlet.scenario.model import Scenario
from mantlet.tables.run import RunTables


@dataclass(frozen=True)
class Invented:
    tables: RunTables
    scenario: Scenario
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def invented() -> Invented:
    """Parabolas over the replay fixture's town, under the tutorial's other settings."""
    town = scene()
    scenario = replace(
        load_scenario("tutorial"), zones=zones(), radars=town.radars, batteries=town.batteries
    )
    tables = invented_run()
    return Invented(tables, scenario, summarise(tables, scenario))


@pytest.fixture(scope="session")
def nothing_happens(invented: Invented) -> Invented:
    """The same place, and not a single flight, plot or message."""
    tables = RunTables(
        **{
            name: kind.empty()
            if name not in ("zones", "intervals")
            else getattr(invented.tables, name)
            for name, kind in invented.tables.__dataclass_fields__.items()
            for kind in [type(getattr(invented.tables, name))]
        }
    )
    return Invented(tables, invented.scenario, summarise(tables, invented.scenario))
