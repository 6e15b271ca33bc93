"""The editor's files: by name, checked, with their comments, and only in one folder."""

import pytest

from mantlet.live.workshop import ConflictError, NoScenarioError, Workshop
from mantlet.scenario.errors import ScenarioErrors


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path)


def test_bundled_scenarios_can_be_opened_and_saved_as_a_copy_that_runs(workshop, tmp_path):
    text = workshop.open("tutorial").text
    saved = workshop.save("my-town", text, None)
    assert (saved.source, (tmp_path / "my-town.yaml").read_text(encoding="utf-8")) == (
        "folder",
        text,
    )
    assert workshop.check("my-town", text)["ok"]
    assert len(workshop.scenario("my-town", text).zones) == 13
    assert "my-town" in [each["name"] for each in workshop.listed()]


def test_an_edit_keeps_the_comments(workshop):
    text = workshop.open("tutorial").text
    made = workshop.changed(
        "tutorial", text, [{"op": "set", "path": ["radars", 0, "site", "lat"], "value": -29.9}]
    )
    assert made["ok"]
    assert "# 8 to 12 km inland of the harbour" in made["text"]
    assert made["drawing"]["radars"][0]["lat"] == -29.9
    assert made["drawing"]["radars"][0]["path"] == ["radars", 0]


def test_mistakes_come_with_their_places_and_the_rest_is_drawn(workshop):
    text = workshop.open("tutorial").text.replace("lat: -29.9531", "lat: 95")
    found = workshop.check("tutorial", text)
    assert not found["ok"]
    assert [(e["path"], e["line"]) for e in found["errors"]] == [(["radars", 0, "site", "lat"], 11)]
    assert found["errors"][0]["fix"]
    assert [radar["id"] for radar in found["drawing"]["radars"]] == ["heath"]
    assert len(found["drawing"]["zones"]["features"]) == 13


def test_zones_of_places_are_left_out_of_a_drawing_that_does_not_want_them(workshop):
    text = workshop.open("tutorial").text
    drawn = """zones:
  - {id: 77, name: Pier, population: 10, shelter_time_s: 15,
     polygon: [[-30.01, -120.01], [-30.01, -120.0], [-30.0, -120.0]]}
"""
    zones = workshop.check("tutorial", text + drawn, zones=False)["drawing"]["zones"]["features"]
    whole = workshop.check("tutorial", text + drawn)["drawing"]["zones"]["features"]
    assert [zone["properties"]["path"] for zone in zones] == [["zones", 0]]
    assert len(whole) == 14


def test_the_land_comes_with_the_whole_drawing(workshop):
    text = workshop.open("tutorial").text
    whole = workshop.check("tutorial", text)["drawing"]
    part = workshop.check("tutorial", text, zones=False)["drawing"]
    assert whole["whole"] and whole["land"]["features"]
    assert (part["whole"], part["land"]) == (False, None)


@pytest.mark.parametrize("text", ["", "[", "- 1", "a: &x 1\nb: *x", "a: 1\na: 2", "radars: 7"])
def test_nonsense_is_checked_in_words(workshop, text):
    found = workshop.check("town", text)
    assert found["errors"][0]["problem"]


@pytest.mark.parametrize(
    "text", ["radars: [{site: {lat: x}}]", "areas: [{id: a, polygon: [[1, 2]]}]", "places: 7",
             "places: {file: 7}", "radars: [{id: a, site: {lat: 1.0e308, lon: 1}}]"]
)  # fmt: skip
def test_an_invalid_drawing_is_drawn_as_far_as_it_goes(workshop, text):
    assert workshop.check("town", text)["drawing"]["radars"] == []


@pytest.mark.parametrize(
    "name",
    ["", "..", "../x", "a/b", "a\\b", "A", "x.yaml", ".hidden", "x" * 61, "a b", "con:", "ä"],
)
def test_no_name_leads_out_of_the_folder(workshop, name, tmp_path):
    for act in (lambda: workshop.open(name), lambda: workshop.save(name, "name: x", None)):
        with pytest.raises(NoScenarioError, match=r"no name"):
            act()
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_neither_followed_nor_replaced(workshop, tmp_path):
    outside = tmp_path.parent / "outside.yaml"
    outside.write_text("name: secret", encoding="utf-8")
    (tmp_path / "town.yaml").symlink_to(outside)
    with pytest.raises(NoScenarioError):
        workshop.open("town")
    with pytest.raises(ConflictError):
        workshop.save("town", "name: x", None)
    assert outside.read_text(encoding="utf-8") == "name: secret"
    assert "town" not in [each["name"] for each in workshop.listed()]


def test_files_outside_the_folder_are_not_opened(workshop, tmp_path):
    text = workshop.open("tutorial").text.replace("tutorial-zones.geojson", "../../etc/passwd")
    found = workshop.check("town", text)
    assert "outside the scenario's folder" in found["errors"][0]["problem"]


def test_a_file_that_changed_meanwhile_is_not_overwritten(workshop, tmp_path):
    first = workshop.save("town", "name: a", None)
    second = workshop.save("town", "name: b", first.revision)
    with pytest.raises(ConflictError, match=r"changed meanwhile"):
        workshop.save("town", "name: c", first.revision)
    with pytest.raises(ConflictError):
        workshop.save("town", "name: d", None)
    assert (tmp_path / "town.yaml").read_text(encoding="utf-8") == "name: b"
    assert workshop.open("town").revision == second.revision


def test_what_no_editor_could_open_again_is_not_saved(workshop, tmp_path):
    for text in ("", "a: [", "- 1", "x" * (2 << 20)):
        with pytest.raises(ScenarioErrors):
            workshop.save("town", text, None)
    assert list(tmp_path.iterdir()) == []


def test_a_change_that_cannot_be_made_is_refused(workshop):
    text = workshop.open("tutorial").text
    with pytest.raises(ScenarioErrors, match=r"no member"):
        workshop.changed("tutorial", text, [{"op": "remove", "path": ["radars", 9]}])
