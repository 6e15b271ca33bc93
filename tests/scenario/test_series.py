"""A campaign after the scenario's own series of launches."""

from pathlib import Path

import pytest

from mantlet.ports.draws import Draws
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.load import load_scenario
from mantlet.threats.salvos import plan

BAD = Path(__file__).with_name("bad")
HEAD = "time_s,launched,fell_short_share\n"
SERIES = HEAD + "0,0,0\n600,40,0.25\n1200,40,0\n5000,100,0.5\n"


def scenario_file(folder, series, campaign="{kind: campaign, file: mine.csv, areas: [hills]}"):
    head = (BAD / "good.yaml").read_text().partition("raids:")[0]
    (folder / "zones.geojson").write_bytes((BAD / "zones.geojson").read_bytes())
    (folder / "mine.csv").write_text(series)
    path = folder / "own.yaml"
    path.write_text(f"{head}raids:\n  - {campaign}\n")
    return path


def test_every_count_and_share_of_the_file_is_met(tmp_path):
    scenario = load_scenario(scenario_file(tmp_path, SERIES))
    salvos = plan(scenario.raids, Draws(1))
    early = [salvo for salvo in salvos if salvo.start_s < 600.0]
    late = [salvo for salvo in salvos if salvo.start_s >= 1200.0]
    assert sum(salvo.count for salvo in early) == 40
    assert {salvo.misfire_share for salvo in early} == {0.25}
    assert sum(salvo.count for salvo in late) == 60
    assert {salvo.misfire_share for salvo in late} == {0.5}
    assert len(early) + len(late) == len(salvos)


def test_the_file_is_carried_along_and_the_resolved_text_loads_again(tmp_path):
    scenario = load_scenario(scenario_file(tmp_path, SERIES))
    assert scenario.files["input-mine.csv"].decode() == SERIES
    folder = tmp_path / "run"
    folder.mkdir()
    for name, content in scenario.files.items():
        (folder / name).write_bytes(content)
    (folder / "scenario.yaml").write_text(scenario.resolved_yaml())
    again = load_scenario(folder / "scenario.yaml")
    assert again.resolved_yaml() == scenario.resolved_yaml()
    assert plan(again.raids, Draws(1)) == plan(scenario.raids, Draws(1))


@pytest.mark.parametrize(
    ("rows", "line", "field", "problem", "fix"),
    [
        ("0,0,0\n600,forty,0\n", 3, "launched", "'forty'", "whole number"),
        ("0,0,0\n600,40,1.5\n", 3, "fell_short_share", "out of range", "from 0 to 1"),
        ("0,5,0\n600,40,0\n", 2, "launched", "starts at 5", "and 0"),
        ("0,0,0\n\n600,40,0\n600,50,0\n", 5, "time_s", "does not rise", "sort"),
        ("0,0,0\n600,40,0\n900,30,0\n", 4, "launched", "falls", "since the beginning"),
        ("0,0,0\n600,0,0\n", 3, "launched", "nothing is launched", "above 0"),
    ],
)
def test_a_mistake_names_file_line_field_and_fix(tmp_path, rows, line, field, problem, fix):
    with pytest.raises(ScenarioErrors) as caught:
        load_scenario(scenario_file(tmp_path, HEAD + rows))
    (mistake,) = caught.value.mistakes
    assert (Path(mistake.file).name, mistake.line, mistake.field) == ("mine.csv", line, field)
    assert problem in mistake.problem
    assert fix in mistake.fix


@pytest.mark.parametrize(
    ("keys", "told"), [("", "neither"), ("profile: published-2021, file: mine.csv, ", "both")]
)
def test_either_a_profile_or_a_file_is_given(tmp_path, keys, told):
    campaign = f"{{kind: campaign, {keys}areas: [hills]}}"
    with pytest.raises(ScenarioErrors, match=f"{told} of profile and file given"):
        load_scenario(scenario_file(tmp_path, SERIES, campaign))
