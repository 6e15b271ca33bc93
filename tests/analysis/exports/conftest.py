"""The tutorial, run once and saved as far as the exports read it."""

import json

import pytest

from mantlet.analysis.exports.saved import open_run
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.load import load_scenario
from mantlet.simulation.run import simulate
from mantlet.tables import SCHEMA_VERSION


@pytest.fixture(scope="session")
def tutorial_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs") / "tutorial"
    folder.mkdir()
    scenario = load_scenario("tutorial")
    simulate(scenario, 1, Stopwatch(), None).write(folder)
    (folder / "scenario.yaml").write_text(scenario.resolved_yaml(), encoding="utf-8")
    for name, content in scenario.files.items():
        (folder / name).write_bytes(content)
    manifest = {"mantlet": "0", "schema": SCHEMA_VERSION, "scenario": "tutorial", "seed": 1}
    manifest["epoch"] = scenario.epoch.isoformat()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture(scope="session")
def tutorial(tutorial_folder):
    return open_run(tutorial_folder)


def silent(done, total, words):
    """Progress that nobody watches."""
    assert 0.0 <= done <= total
