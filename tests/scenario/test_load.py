"""Every kind of mistake is found, at its line, with its field and a fix; none hides another."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mantlet.scenario.errors import Mistake, ScenarioErrors
from mantlet.scenario.load import load_scenario
from mantlet.scenario.model import Scenario

BAD = Path(__file__).with_name("bad")
GOOD = BAD / "good.yaml"


def mistakes_of(path: Path, *overrides: str) -> tuple[Mistake, ...]:
    with pytest.raises(ScenarioErrors) as caught:
        load_scenario(path, overrides)
    return caught.value.mistakes


# file: line, field, in the problem, in the fix
ONE_MISTAKE = {
    "anchor": (6, "radars[0].site", "&here", "write the value out"),
    "boolean-number": (9, "batteries[0].launchers", "whole number", "bare number"),
    "corner-out-of-range": (13, "areas[0].polygon[1]", "not on the Earth", "[lat, lon]"),
    "deep": (1, "", "nested deeper", "no block needs that"),
    "duplicate-id": (7, "radars[1].id", "used twice (first on line 6)", "rename"),
    "duplicate-key": (20, "raids[0].count", "given twice (first on line 19)", "keep one"),
    "empty": (1, "", "no keys at the outermost level", "start with name"),
    "empty-raid": (19, "raids[0].count", "out of range", "at least 1"),
    "envelope-upside-down": (9, "batteries[0]", "height_min_m must be below", "change"),
    "epoch-without-zone": (3, "epoch", "needs its zone", "end it with Z"),
    "given-radar": (7, "radars[1].kind", "no echoes", "search-3d"),
    "identifier": (9, "batteries[0].id", "no identifier", "letters, digits"),
    "infinity": (18, "raids[0].duration_s", "inf", "finite"),
    "latin-1": (2, "", "not UTF-8 (byte 0xfc)", "save the file as UTF-8"),
    "latitude-out-of-range": (7, "radars[1].site.lat", "-130.1 is out of range", "at least -90"),
    "late-upside-down": (7, "radars[1]", "late_min_s 4 and late_max_s 3", "change"),
    "list": (1, "", "no keys at the outermost level", "start with name"),
    "min-above-max": (7, "radars[1]", "range_min_m 1000 is not below range_max_m 500", "change"),
    "missing-file": (4, "places.file", "zoness.geojson: no such file", "own folder"),
    "missing-key": (15, "raids[0].count", "missing", "add count"),
    "missing-terrain": (5, "terrain.file", "hills.tif: no such file", "own folder"),
    "nan": (9, "batteries[0].site.height_m", "nan", "finite"),
    "negative-magazine": (9, "batteries[0].interceptors", "-60", "at least 0"),
    "no-inside": (13, "areas[0].polygon", "no inside", "corners in order"),
    "no-radars": (5, "radars", "too few", "at least 1"),
    "no-terrain-file": (5, "terrain.file", "missing", "add file"),
    "no-raids": (14, "raids", "too few", "at least 1"),
    "outage-backwards": (7, "radars[1].faults.outages[0]", "no span of time", "[start, end]"),
    "quoted-number": (
        17,
        "raids[0].at_s",
        "expected a number, got '10'",
        "write 10 without quotes",
    ),
    "self-crossing": (13, "areas[0].polygon", "crosses itself near [-30, -119.85]", "in order"),
    "syntax": (11, "", "YAML syntax", "brackets"),
    "tag": (2, "title", "!!python/object:os.system", "plain value"),
    "terrain-not-a-geotiff": (5, "terrain.file", "not a GeoTIFF", "SRTM tile"),
    "two-places": (4, "places", "both of bundled and file", "either"),
    "undefined-area": (21, "raids[0].area", "'hils' is not defined", "did you mean hills?"),
    "undefined-class": (20, "raids[0].mixture.rocket-21", "not defined", "did you mean rocket-20?"),
    "undefined-territory": (13, "areas[0].territory", "'Atlantis' is not on the map", "land"),
    "unit-in-value": (9, "batteries[0].reload_min", "'60 min'", "write 60 without"),
    "unknown-key": (7, "radars[1].range_mx_m", "unknown key", "did you mean range_max_m?"),
    "unknown-places": (4, "places.bundled", "'lavent'", "levant"),
    "unknown-raid": (15, "raids[0]", "'volly' is not known", "volley"),
    "wrong-type": (19, "raids[0].count", "whole number, got 2.5", "whole number"),
    "wrong-unit-height": (6, "radars[0].site.height", "unknown key", "did you mean height_m?"),
    "wrong-unit-km": (7, "radars[1].range_max_km", "unknown key", "did you mean range_max_m?"),
    "zero-mixture": (20, "raids[0].mixture", "all weights are zero", "above 0"),
}


@pytest.mark.parametrize("name", ONE_MISTAKE)
def test_a_mistake_is_reported_once_with_line_field_and_fix(name):
    line, field, problem, fix = ONE_MISTAKE[name]
    path = BAD / f"{name}.yaml"
    (mistake,) = mistakes_of(path)
    assert (mistake.file, mistake.line, mistake.field) == (str(path), line, field)
    assert problem in mistake.problem
    assert fix in mistake.fix


def test_every_file_of_the_corpus_is_used():
    several = {"good", "bad-record", "bad-zones", "empty-record", "second-document"}
    assert {path.stem for path in BAD.glob("*.yaml")} == several | set(ONE_MISTAKE)


def test_mistakes_in_a_record_name_the_line_of_the_record():
    found = {(Path(m.file).name, m.line, m.field) for m in mistakes_of(BAD / "bad-record.yaml")}
    assert found == {
        ("record.csv", 3, "lat"),
        ("record.csv", 3, "fate"),
        ("record.csv", 3, "count"),
        ("record.csv", 4, "duration_s"),
        ("record.csv", 4, "class"),
        ("record.csv", 5, ""),
    }


def test_a_record_without_rows_is_an_empty_raid():
    (mistake,) = mistakes_of(BAD / "empty-record.yaml")
    assert (Path(mistake.file).name, mistake.problem) == ("empty.csv", "no rows")


def test_mistakes_in_a_zone_file_name_the_feature():
    found = {(Path(m.file).name, m.field) for m in mistakes_of(BAD / "bad-zones.yaml")}
    assert found == {
        ("bad-zones.geojson", "features[0].geometry"),
        ("bad-zones.geojson", "features[1].properties.population"),
    }


def test_a_second_document_is_not_read():
    problems = [m.problem for m in mistakes_of(BAD / "second-document.yaml")]
    assert problems == ["missing", "a second YAML document starts here"]


def test_all_mistakes_of_a_file_are_reported_at_once(tmp_path):
    singles = ("nan", "duplicate-id", "self-crossing", "negative-magazine", "missing-file", "tag")
    good = GOOD.read_text().splitlines()
    lines = list(good)
    for name in singles:
        changed = (BAD / f"{name}.yaml").read_text().splitlines()
        lines = [c if c != g else kept for c, g, kept in zip(changed, good, lines, strict=True)]
    # `nan` and `negative-magazine` change the same line
    lines = [line.replace("height_m: 40", "height_m: .nan") for line in lines]
    path = tmp_path / "many.yaml"
    path.write_text("\n".join(lines))
    assert [m.field for m in mistakes_of(path)] == [
        ONE_MISTAKE[name][1]
        for name in ("tag", "missing-file", "duplicate-id", "negative-magazine", "nan")
    ] + ["areas[0].polygon"]


def test_no_mistake_comes_without_a_fix():
    for path in BAD.glob("*.yaml"):
        if path != GOOD:
            assert all(mistake.fix for mistake in mistakes_of(path)), path.name


def test_a_message_holds_place_field_problem_and_fix():
    with pytest.raises(ScenarioErrors) as caught:
        load_scenario(BAD / "undefined-area.yaml")
    assert str(caught.value) == (
        f"{BAD}/undefined-area.yaml:21: raids[0].area: area 'hils' is not defined\n"
        "    fix: did you mean hills?"
    )


def test_an_unknown_name_suggests_the_bundled_one():
    (mistake,) = mistakes_of(Path("tutorail"))
    assert "did you mean tutorial?" in mistake.fix


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * (1 << 20))
    (mistake,) = mistakes_of(path)
    assert "larger than 1 MiB" in mistake.problem


def test_a_flood_of_aliases_is_refused_without_growing(tmp_path):
    path = tmp_path / "bomb.yaml"
    levels = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30))
    path.write_text(f"a0: &a0 x\n{levels}\n")
    assert all("is not allowed" in m.problem or m.fix for m in mistakes_of(path))


# -- text that YAML 1.1 would have bent ------------------------------------------------------


@pytest.mark.parametrize("title", ["no", "12:30:45", "1_000", "0o17", "2021-05-09"])
def test_plain_words_stay_text(tmp_path, title):
    assert (
        edited(tmp_path, "title: A small scenario that is right", f"title: {title}").title == title
    )


def test_an_exponent_without_a_point_is_a_number(tmp_path):
    scenario = edited(tmp_path, "range_max_m: 50000", "range_max_m: 5e4")
    assert scenario.radars[1].range_max_m == 50_000.0


def edited(folder: Path, old: str, new: str) -> Scenario:
    text = GOOD.read_text()
    assert text.count(old) == 1
    for name in ("zones.geojson", "record.csv", "empty.csv"):
        (folder / name).write_bytes((BAD / name).read_bytes())
    path = folder / "edited.yaml"
    path.write_text(text.replace(old, new))
    return load_scenario(path)


# -- overrides -------------------------------------------------------------------------------


def test_overrides_reach_members_by_id_and_by_index():
    scenario = load_scenario(
        GOOD, ["batteries.b1.interceptors=40", "radars.1.range_max_m=7e4", "warning.margin_m=50"]
    )
    assert scenario.batteries[0].interceptors == 40
    assert scenario.radars[1].range_max_m == 70_000.0
    assert scenario.policy.margin_m == 50.0


def test_an_override_may_begin_a_block_that_the_file_leaves_out():
    assert load_scenario(GOOD, ["lethality.kill_probability=0.5"]).lethality.kill_probability == 0.5


@pytest.mark.parametrize(
    ("override", "field", "problem", "fix"),
    [
        ("batteries.b2.interceptors=4", "b2", "no such member", "choose from: b1"),
        ("batteries.7.interceptors=4", "7", "no such member", "b1"),
        ("batteries.b1.interceptor=4", "batteries[0].interceptor", "unknown key", "interceptors"),
        ("batteries.b1.interceptors=-4", "batteries[0].interceptors", "-4", "at least 0"),
        ("batteries.b1.interceptors=four", "batteries[0].interceptors", "'four'", "bare number"),
        ("batteries.b1.interceptors", "", "no path=value", "--set batteries.b1.interceptors=40"),
        ("name.x.y=1", "x", "nothing below this", "shorten"),
        ("warning.policy=[1", "", "did not find", "quote"),
        ("raids.first.area=dunes", "raids[0].area", "'dunes' is not defined", "hills"),
    ],
)
def test_a_wrong_override_is_a_mistake_of_its_own(override, field, problem, fix):
    (mistake,) = mistakes_of(GOOD, override)
    assert (mistake.file, mistake.line, mistake.field) == (f"--set {override}", 0, field)
    assert problem in mistake.problem
    assert fix in mistake.fix


# -- what comes out --------------------------------------------------------------------------


def test_the_resolved_text_loads_again_to_the_same_text(tmp_path):
    scenario = load_scenario(GOOD, ["batteries.b1.interceptors=40"])
    (tmp_path / "scenario.yaml").write_text(scenario.resolved_yaml())
    for name, content in scenario.files.items():
        (tmp_path / name).write_bytes(content)
    again = load_scenario(tmp_path / "scenario.yaml")
    assert again.resolved_yaml() == scenario.resolved_yaml()
    assert again.files == scenario.files
    for part in ("radars", "figures", "batteries", "policy", "doctrine", "air", "raids", "epoch"):
        assert getattr(again, part) == getattr(scenario, part), part


def test_the_resolved_text_leaves_no_default_open():
    values = yaml.safe_load(load_scenario(GOOD).resolved_yaml())
    assert values["radars"][0]["period_s"] == 1.0
    assert values["batteries"][0]["envelope"]["range_max_m"] == 20_000.0
    assert values["warning"]["hold_s"] == 600.0
    assert values["engagement"]["shots_max"] >= 1


def test_the_tracker_is_told_the_data_sheet_and_nothing_else():
    scenario = load_scenario(GOOD)
    for radar, figures in zip(scenario.radars, scenario.figures, strict=True):
        sheet = radar.nominal()
        assert figures.sigma_range_m == sheet["sigma_range_m"]
        assert figures.site == radar.site
        assert 0 < figures.detection_probability < 1


# -- nothing the user writes ends in a traceback ---------------------------------------------

# The same examples every time; the folder is shared by all of them, each writes its file anew.
UNHURRIED = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["", "levant", "..", "/", "hills", "given", "zones.geojson", "record.csv"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=5,
)


def places_in(values: object, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [place] if place else []
    pairs = (
        values.items()
        if isinstance(values, dict)
        else enumerate(values)
        if isinstance(values, list)
        else ()
    )
    for key, value in pairs:
        found += places_in(value, (*place, key))
    return found


EVERYTHING = load_scenario(GOOD).resolved_yaml()
"""The good scenario with every key there is, but for its companion's name."""

PLACES = places_in(yaml.safe_load(EVERYTHING))


@settings(UNHURRIED, max_examples=80)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_whatever_the_values_there_is_a_scenario_or_a_list_of_mistakes(tmp_path, changes):
    values = yaml.safe_load(EVERYTHING.replace("input-zones", "zones"))
    for place, value in changes:
        target = values
        try:
            for part in place[:-1]:
                target = target[part]
            target[place[-1]] = value
        except (LookupError, TypeError):
            continue  # an earlier change has removed the place
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    for name in ("zones.geojson", "record.csv"):
        (tmp_path / name).write_bytes((BAD / name).read_bytes())
    try:
        load_scenario(path)
    except ScenarioErrors as errors:
        assert errors.mistakes


@settings(UNHURRIED, max_examples=200)
@given(content=st.one_of(st.binary(max_size=60), st.text("ab:- &*!{}[]'\"\n|>%@`,?#", max_size=60)))
def test_whatever_the_bytes_there_is_a_list_of_mistakes(tmp_path, content):
    path = tmp_path / "bytes.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert mistakes_of(path)
