"""A change moves its value and nothing else; ruamel.yaml reads it back."""

import io
import json
import string

import pytest
import ruamel.yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.scenario.bundled import bundled_paths
from mantlet.scenario.document import parse
from mantlet.scenario.editing import edit, read_values
from mantlet.scenario.errors import ScenarioErrors

TUTORIAL = bundled_paths()["tutorial"].read_text(encoding="utf-8")

STYLES = {
    "flow": TUTORIAL,
    "block": """\
# a scenario
name: "my-town"   # the name
title: 'It''s a town'
epoch: 2030-06-01T09:00:00Z

# --- sensors ---
radars:
- id: cape     # on the cliff
  site:
    lat: -30   # south
    lon: -120.5
  period_s:
- id: heath
  site: {lat: -30.1, lon: -120.4}

batteries:   # none yet
areas:
    -   id: hills
        # once around
        polygon:
            - [-30.1, -119.9]
            - [-30.1, -119.8]
            - [-29.9, -119.8]
# the end
""",
    "json": json.dumps(
        {
            "name": "t",
            "title": "T, with a comma",
            "radars": [{"id": "cape", "site": {"lat": 1.0, "lon": 2}}, {"id": "heath"}],
            "areas": [],
        },
        indent=2,
    ),
}


def lines_changed(before: str, after: str) -> tuple[set[str], set[str]]:
    return set(before.splitlines()) - set(after.splitlines()), set(after.splitlines()) - set(
        before.splitlines()
    )


def reread(text: str) -> dict:
    """The values as an independent YAML 1.2 reader has them."""
    return json.loads(json.dumps(ruamel.yaml.YAML(typ="safe").load(io.StringIO(text)), default=str))


def test_a_radar_is_moved_and_no_other_line_changes():
    made = edit(TUTORIAL, [{"op": "move", "path": "radars[cape]", "lat": -29.9, "lon": -120.0}])
    gone, new = lines_changed(TUTORIAL, made)
    assert gone == {
        "  - {id: cape, site: {lat: -29.9531, lon: -120.0166, height_m: 70}, range_max_m: 60000}"
    }
    assert new == {
        "  - {id: cape, site: {lat: -29.9, lon: -120.0, height_m: 70}, range_max_m: 60000}"
    }


def test_values_keep_their_quotes_and_their_comments():
    made = edit(
        STYLES["block"],
        [
            {"op": "set", "path": "name", "value": "other"},
            {"op": "set", "path": "title", "value": "It's mine"},
            {"op": "set", "path": "radars[0].site.lat", "value": -31},
            {"op": "set", "path": "radars[cape].period_s", "value": 2.5},
        ],
    )
    assert 'name: "other"   # the name\n' in made
    assert "title: 'It''s mine'\n" in made
    assert "    lat: -31   # south\n" in made
    assert "  period_s: 2.5\n" in made
    gone, new = lines_changed(STYLES["block"], made)
    assert len(gone) == len(new) == 4


def test_an_entry_is_written_in_the_style_of_the_one_before():
    radar = {"id": "new", "site": {"lat": 1.5, "lon": 2.0}}
    flowing = edit(TUTORIAL, [{"op": "add", "path": "radars", "value": radar}])
    assert "\n  - {id: new, site: {lat: 1.5, lon: 2.0}}\n\nbatteries:" in flowing
    raid = {"kind": "volley", "id": "more", "mixture": {"rocket-20": 1}}
    blocky = edit(TUTORIAL, [{"op": "add", "path": "raids", "value": raid}])
    assert blocky == TUTORIAL + "  - kind: volley\n    id: more\n    mixture: {rocket-20: 1}\n"


def test_a_list_that_is_missing_or_empty_is_begun():
    zone = {"id": 1, "name": "Old Town", "polygon": [[1, 2], [1, 3], [2, 3]]}
    for text, path in (
        (TUTORIAL, "zones"),
        (STYLES["block"], "batteries"),
        (STYLES["json"], "areas"),
    ):
        made = edit(text, [{"op": "add", "path": path, "value": zone}])
        assert reread(made)[path] == [zone]
        comments = [line[line.index("#") :] for line in text.splitlines() if "#" in line]
        assert all(comment in made for comment in comments)
        assert "[{" not in made or path == "areas"


def test_a_removed_entry_takes_the_comment_above_it_along_and_leaves_the_others():
    made = edit(TUTORIAL, [{"op": "remove", "path": "raids[mortars]"}])
    gone, new = lines_changed(TUTORIAL, made)
    assert new == set()
    assert "  # Then mortar bombs at the nearest houses: short flights, little warning." in gone
    assert "  # Shells from further back." in made
    assert [raid["id"] for raid in reread(made)["raids"]] == ["opening", "shells", "massed", "far"]


def test_the_last_entry_leaves_an_empty_list_and_a_removed_key_its_default():
    made = edit(STYLES["block"], [{"op": "remove", "path": "areas[hills]"}])
    assert "areas: []\n# the end\n" in made
    made = edit(STYLES["block"], [{"op": "remove", "path": "radars[cape].id"}])
    assert "- site:\n    lat: -30   # south\n" in made
    made = edit(TUTORIAL, [{"op": "remove", "path": "batteries[south].launchers"}])
    assert "height_m: 20}, interceptors: 16}" in made


def test_settings_that_the_file_leaves_out_are_begun():
    made = edit(
        TUTORIAL,
        [
            {"op": "set", "path": "warning.cost_ratio", "value": 0.1},
            {"op": "set", "path": "warning.margin_m", "value": 0},
            {"op": "set", "path": "radars[cape].period_s", "value": 2},
            {"op": "set", "path": ["batteries", "north", "envelope", "range_max_m"], "value": 9000},
        ],
    )
    values = reread(made)
    assert values["warning"] == {"cost_ratio": 0.1, "margin_m": 0}
    assert values["radars"][0]["period_s"] == 2
    assert values["batteries"][0]["envelope"] == {"range_max_m": 9000}
    assert made.startswith(TUTORIAL.split("radars:")[0])


def test_an_outline_is_moved_by_the_mean_of_its_corners_and_keeps_its_size():
    made = edit(TUTORIAL, [{"op": "move", "path": "areas[ridge]", "lat": 60, "lon": 10}])
    corners = reread(made)["areas"][0]["polygon"]
    assert sum(c[0] for c in corners) / 4 == pytest.approx(60, abs=1e-6)
    assert sum(c[1] for c in corners) / 4 == pytest.approx(10, abs=1e-6)
    widest = max(c[1] for c in corners) - min(c[1] for c in corners)
    # 0.041 degrees at latitude 30 are as many metres as 0.0710 degrees at 60
    assert widest == pytest.approx(0.041 * 0.86619 / 0.5, rel=1e-3)
    made = edit(TUTORIAL, [{"op": "move", "path": "raids[far]", "lat": -30.1, "lon": -120}])
    assert reread(made)["raids"][4]["toward"] == {"lat": -30.1, "lon": -120, "spread_km": 2.5}


def test_other_line_ends_and_a_missing_last_one_stay_as_they_are():
    windows = TUTORIAL.replace("\n", "\r\n")
    change = [{"op": "add", "path": "raids", "value": {"id": "x"}}]
    assert edit(windows, change) == edit(TUTORIAL, change).replace("\n", "\r\n")
    assert edit("name: a", [{"op": "set", "path": "title", "value": "b"}]) == "name: a\ntitle: b\n"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"op": "steal", "path": "name"}, "'steal' is no operation"),
        ({"op": "set", "path": "name"}, "set without value"),
        ({"op": "set", "path": "radars[", "value": 1}, "is no path"),
        ({"op": "set", "path": [True], "value": 1}, "is no path"),
        ({"op": "set", "path": "radars[keep].period_s", "value": 1}, "no member 'keep'"),
        ({"op": "set", "path": "radars[7].period_s", "value": 1}, "no member '7'"),
        ({"op": "set", "path": "name.first", "value": 1}, "nothing below name"),
        ({"op": "set", "path": "name", "value": float("nan")}, "not a number"),
        ({"op": "set", "path": "name", "value": b"x"}, "is no value"),
        ({"op": "remove", "path": "warning"}, "no 'warning' there"),
        ({"op": "add", "path": "name", "value": 1}, "not a list"),
        ({"op": "move", "path": "name", "lat": 1, "lon": 2}, "nothing there that stands"),
        ({"op": "move", "path": "radars[cape]", "lat": "1", "lon": 2}, "no latitude"),
        ("set", "is no operation"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_with_its_number(change, problem):
    fine = {"op": "set", "path": "title", "value": "x"}
    with pytest.raises(ScenarioErrors) as caught:
        edit(TUTORIAL, [fine, change])
    assert problem in str(caught.value)
    assert caught.value.mistakes[0].file == "change 1"


def test_a_layout_that_cannot_be_cut_is_refused_and_not_spoilt():
    with pytest.raises(ScenarioErrors, match="cannot be changed in this layout"):
        edit("a: {b, c: 1}\n", [{"op": "set", "path": "a.b", "value": {"d": 1}}])


@pytest.mark.parametrize(
    "text",
    ["title: !!python/object:os.system x\n", "a: &x 1\nb: *x\n", "- a\n", "a: 1\n---\nb: 2\n",
     "a: 1\na: 2\n", "a: [\n", ""],
)  # fmt: skip
def test_a_text_that_is_no_plain_mapping_is_refused(text):
    with pytest.raises(ScenarioErrors):
        edit(text, [{"op": "set", "path": "name", "value": "x"}])


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS = st.text(string.ascii_lowercase + "_-1", min_size=1, max_size=6)
VALUES = st.recursive(
    SCALARS, lambda v: st.lists(v, max_size=3) | st.dictionaries(KEYS, v, max_size=3), max_leaves=6
)


def places(values, place=()):
    yield place
    keys = (
        values
        if isinstance(values, dict)
        else range(len(values))
        if isinstance(values, list)
        else ()
    )
    for step, inner in [(key, values[key]) for key in keys]:
        yield from places(inner, (*place, step))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_value_anywhere_in_any_style_is_put_as_said(data):
    text = STYLES[data.draw(st.sampled_from(sorted(STYLES)))]
    place = data.draw(st.sampled_from([p for p in places(read_values(text)) if p]))
    value = data.draw(VALUES)
    wanted = read_values(text)
    holder = wanted
    for step in place[:-1]:
        holder = holder[step]
    old = holder[place[-1]]
    if data.draw(st.booleans()):
        holder[place[-1]] = value
        change = {"op": "set", "path": list(place), "value": value}
    else:
        del holder[place[-1]]
        change = {"op": "remove", "path": list(place)}
    made = edit(text, [change])
    assert repr(parse(made, "").values) == repr(wanted)
    if (
        not isinstance(old, dict | list)
        and not isinstance(value, dict | list)
        and change["op"] == "set"
    ):
        pairs = list(zip(text.splitlines(), made.splitlines(), strict=True))
        assert sum(before != after for before, after in pairs) <= 1


def test_the_file_itself_can_be_edited_over_and_over():
    text = TUTORIAL
    for step in range(20):
        text = edit(text, [{"op": "set", "path": "radars[cape].site.lat", "value": -29.0 - step}])
    assert (
        edit(text, [{"op": "set", "path": "radars[cape].site.lat", "value": -29.9531}]) == TUTORIAL
    )
