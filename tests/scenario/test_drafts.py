"""Mistakes as data for a form: the checker's own, and no file outside the scenario's folder."""

from pathlib import Path

import numpy as np
import pytest

from mantlet.scenario.drafts import load_draft, parse_values, problems
from mantlet.scenario.editing import edit
from mantlet.scenario.errors import ScenarioErrors

GOOD = (Path(__file__).with_name("bad") / "good.yaml").read_text(encoding="utf-8")
FOLDER = Path(__file__).with_name("bad")
ZONE = {
    "id": 7,
    "name": "נמל",
    "population": 900,
    "shelter_time_s": 30,
    "polygon": [[-30.0, -120.0], [-30.0, -119.99], [-29.99, -119.99]],
}


def test_a_sound_text_has_no_problems_and_loads():
    assert problems(GOOD, FOLDER) == []
    assert load_draft(GOOD, FOLDER).name == parse_values(GOOD)["name"]


def test_every_mistake_comes_with_its_place_as_a_path_that_edit_takes():
    broken = edit(GOOD, [{"op": "set", "path": "radars[0].site.lat", "value": -130}])
    broken = edit(broken, [{"op": "set", "path": "warning.cost", "value": 1}])
    first, second = problems(broken, FOLDER, file="mine.yaml")
    assert first["field"] == "radars[0].site.lat"
    assert first["path"] == ["radars", 0, "site", "lat"]
    assert broken.splitlines()[first["line"] - 1].count("-130") == 1
    assert "out of range" in first["message"]
    assert "at least -90" in first["fix"]
    assert first["file"] == "mine.yaml"
    assert second["field"] == "warning.cost"
    fixed = edit(broken, [{"op": "set", "path": first["path"], "value": -30},
                          {"op": "remove", "path": second["field"]}])  # fmt: skip
    assert problems(fixed, FOLDER) == []


@pytest.mark.parametrize("name", ["/etc/passwd", "../test_drafts.py", "link.geojson", "a\0b"])
def test_a_file_outside_the_folder_is_a_problem_and_is_not_opened(tmp_path, name):
    (tmp_path / "link.geojson").symlink_to(FOLDER / "zones.geojson")
    text = edit(GOOD, [{"op": "set", "path": "places", "value": {"file": name}}])
    (problem,) = problems(text, tmp_path)
    assert problem["field"] == "places.file"
    assert "outside the scenario's folder" in problem["message"]


def test_a_text_that_is_no_mapping_is_one_problem():
    (problem,) = problems("- a", FOLDER)
    assert problem["path"] == []
    assert "no keys" in problem["message"]
    with pytest.raises(ScenarioErrors):
        parse_values("a: !!python/name:os.system")


def test_a_drawn_zone_stands_beside_the_places_or_instead_of_them():
    text = edit(GOOD, [{"op": "add", "path": "zones", "value": ZONE}])
    both = load_draft(text, FOLDER)
    assert both.zones.zone_id.tolist() == [1, 2, 7]
    assert both.zones.name[-1] == "נמל"
    # The centroid of a triangle is the mean of its corners.
    assert both.zones.lat_deg[-1] == pytest.approx(-30 + 0.01 / 3, abs=1e-9)
    assert both.zones.lon_deg[-1] == pytest.approx(-120 + 0.02 / 3, abs=1e-9)
    alone = load_draft(edit(text, [{"op": "remove", "path": "places"}]), FOLDER)
    assert alone.zones.zone_id.tolist() == [7]
    again = load_draft(alone.resolved_yaml(), FOLDER)
    assert again.resolved_yaml() == alone.resolved_yaml()
    assert again.zones.polygon[0] == alone.zones.polygon[0]


def test_faults_of_a_drawn_zone_are_found():
    crossing = {**ZONE, "polygon": [[0, 0], [1, 1], [1, 0], [0, 1]], "id": 8}
    twice = {**ZONE, "id": 1}
    worse = {**ZONE, "id": 9, "population": -1, "shelter": 3}
    text = edit(
        GOOD, [{"op": "add", "path": "zones", "value": v} for v in (crossing, twice, worse)]
    )
    found = {(p["field"], p["message"].split(" near")[0]) for p in problems(text, FOLDER)}
    assert ("zones[0].polygon", "the outline crosses itself") in found
    assert ("zones", "zone 1 is among the places already") in found
    assert ("zones[2].population", "-1 is out of range") in found
    assert ("zones[2].shelter", "unknown key") in found
    nobody = edit(GOOD, [{"op": "remove", "path": "places"}])
    assert [p["field"] for p in problems(nobody, FOLDER)] == ["places"]


def test_land_without_a_map_goes_on_beyond_the_180th_meridian():
    text = edit(GOOD, [{"op": "remove", "path": "places"},
                       {"op": "add", "path": "zones", "value": ZONE},
                       {"op": "move", "path": "zones[7]", "lat": 10, "lon": 179.5}])  # fmt: skip
    surface = load_draft(text, FOLDER).surface
    lon = np.array([177.4, 177.6, 179.9, -179.9, -178.6, -178.4])  # land: 2 degrees round 179.5
    assert surface.is_sea(np.full(6, 10.0), lon).tolist() == [True] + 4 * [False] + [True]
