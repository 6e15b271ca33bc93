"""The coverage of a scenario: bands that are valid, towns that say what a run would say."""

import json
from dataclasses import replace

import numpy as np
import pytest
import shapely

from mantlet.analysis.coverage import coverage, coverage_geojson, warning_times
from mantlet.analysis.coverage.bands import LEVELS, bands
from mantlet.analysis.coverage.figures import draw_coverage, draw_warning_times
from mantlet.analysis.coverage.product import usual_class
from mantlet.scenario.load import load_scenario
from mantlet.sensing.coverage import Grid
from mantlet.tables.errors import InputError
from mantlet.threats.raids import Toward, Volley


@pytest.fixture(scope="module")
def tutorial():
    return load_scenario("tutorial")


@pytest.fixture(scope="module")
def found(tutorial):
    return coverage(tutorial, 1_000.0, "rocket-20", seconds=5.0)


# -- bands ------------------------------------------------------------------------------------

CONE = Grid(np.linspace(31.0, 33.0, 201), np.linspace(34.0, 36.0, 201))


def cone():
    """1 in the middle, falling by 1 a degree."""
    lat, lon = np.meshgrid(CONE.lat_deg, CONE.lon_deg, indexing="ij")
    return np.clip(1.0 - np.hypot(lat - 32.0, lon - 35.0), 0.0, 1.0)


def test_bands_have_the_areas_of_their_rings():
    features = bands(CONE, cone(), {"layer": "x"})
    assert [f["properties"]["probability_min"] for f in features] == list(LEVELS)
    for feature in features:
        told = feature["properties"]
        outer, inner = 1.0 - told["probability_min"], 1.0 - told["probability_max"]
        area = np.pi * (outer**2 - inner**2)
        shape = shapely.geometry.shape(feature["geometry"])
        # Outlines are good to a seventh of the spacing of 0.01 degrees.
        assert shape.area == pytest.approx(area, abs=2 * np.pi * (outer + inner) * 0.0015)
        assert told["layer"] == "x"


def test_bands_do_not_overlap():
    shapes = [shapely.geometry.shape(f["geometry"]) for f in bands(CONE, cone(), {})]
    for k, one in enumerate(shapes):
        for two in shapes[k + 1 :]:
            assert one.intersection(two).area < 0.01 * one.area


def test_a_map_of_nothing_has_no_bands():
    assert bands(CONE, np.zeros((201, 201)), {}) == []


# -- the whole --------------------------------------------------------------------------------


def test_geojson_is_valid_and_says_for_every_feature_what_it_is(found):
    collection = json.loads(json.dumps(found.geojson(), allow_nan=False))
    assert collection["type"] == "FeatureCollection"
    layers = [feature["properties"]["layer"] for feature in collection["features"]]
    assert set(layers) == {"combined", "radar", "town"}
    for feature in collection["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid and not shape.is_empty, shapely.is_valid_reason(shape)
        if shape.geom_type == "MultiPolygon":
            assert all(part.exterior.is_ccw for part in shape.geoms)
    radars = {f["properties"].get("radar") for f in collection["features"]} - {None}
    assert radars == {radar.id for radar in found.scenario.radars}


def test_every_point_lies_in_the_band_of_its_probability(found):
    grid = found.map.grid
    shapes = [
        (f["properties"], shapely.geometry.shape(f["geometry"]))
        for f in found.geojson()["features"]
        if f["properties"]["layer"] == "combined"
    ]
    inside = found.combined[10:-10:20, 10:-10:20]
    lat, lon = np.meshgrid(grid.lat_deg[10:-10:20], grid.lon_deg[10:-10:20], indexing="ij")
    for told, shape in shapes:
        between = (inside >= told["probability_min"]) & (inside < told["probability_max"])
        near = shapely.contains_xy(shape.buffer(0.005), lon[between], lat[between])
        assert near.all()


def test_one_radar_alone_is_its_layer_of_the_whole(found):
    radar = found.scenario.radars[0]
    alone = coverage_geojson(found.scenario, radar.id, 1_000.0, "rocket-20")
    assert {f["properties"]["radar"] for f in alone["features"]} == {radar.id}
    assert coverage_geojson(found.scenario, radar, 1_000.0, "rocket-20") == alone
    moved = replace(radar, site=replace(radar.site, lat_deg=radar.site.lat_deg + 0.2))
    shapes = [
        shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in c["features"]])
        for c in (alone, coverage_geojson(found.scenario, moved, 1_000.0, "rocket-20"))
    ]
    assert shapes[1].centroid.y - shapes[0].centroid.y == pytest.approx(0.2, abs=0.01)


def test_the_usual_class_is_the_commonest_of_the_raids(tutorial):
    toward = Toward(0.0, 0.0)
    raids = (
        Volley("a", 0.0, 1.0, 5, {"rocket-20": 1.0}, "x", toward),
        Volley("b", 0.0, 1.0, 50, {"mortar-81": 3.0, "rocket-20": 2.0}, "x", toward),
    )
    assert usual_class(replace(tutorial, raids=raids)) == "rocket-20"
    assert usual_class(replace(tutorial, raids=raids[1:])) == "mortar-81"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"height_m": np.nan}, "height nan m"),
        ({"class_id": "rocket-21"}, "no class 'rocket-21'"),
        ({"class_id": "debris"}, "no class 'debris'"),
        ({"radars": ["nord"]}, "no radar 'nord'.*\n.*choose from: "),
        ({"seconds": 0.0}, "seconds 0"),
    ],
)
def test_what_cannot_be_mapped_is_refused_with_a_fix(tutorial, arguments, problem):
    with pytest.raises(InputError, match=problem) as caught:
        coverage(tutorial, **({"height_m": 1e3} | arguments))
    assert "fix: " in str(caught.value)


def test_arrays_hold_every_number_under_its_name(found):
    arrays = found.arrays()
    rows, columns = len(arrays["lat_deg"]), len(arrays["lon_deg"])
    assert arrays["probability_one_look"].shape == (len(found.map.radars), rows, columns)
    assert arrays["probability_combined"].shape == (rows, columns)
    assert len(arrays["warning_s"]) == len(arrays["zone_id"]) == len(found.scenario.zones)
    assert not any(array.dtype == object for array in arrays.values())


@pytest.mark.parametrize("draw", [draw_coverage, draw_warning_times])
def test_figures_are_the_same_bytes_for_the_same_coverage(found, draw):
    text = draw(found, "svg")
    assert text == draw(found, "svg")
    assert b"<svg" in text and b"Exercise" not in text
    assert draw(found, "png")[:4] == b"\x89PNG"


# -- warning times ----------------------------------------------------------------------------


def test_first_detection_comes_before_confirmation_and_that_before_the_impact(found):
    times = found.times
    rows = times.flights > 0
    assert rows.any()
    assert (times.first_detection_s[rows] < times.confirmed_s[rows]).all()
    assert (times.confirmed_s[rows] < times.time_of_flight_s[rows]).all()
    assert (times.warning_low_s[rows] <= times.warning_s[rows]).all()
    assert (times.confirmed[rows] <= times.detected[rows]).all()
    assert np.isnan(times.warning_s[~rows]).all()


def test_delivery_and_confirmation_come_off_second_by_second(tutorial, found):
    slower = replace(tutorial, policy=replace(tutorial.policy, delivery_s=13.0, confirm_s=7.0))
    off_s = 20.0 - tutorial.policy.delivery_s - tutorial.policy.confirm_s
    later = warning_times(slower, "rocket-20").warning_s
    assert later == pytest.approx(found.times.warning_s - off_s, nan_ok=True)


def test_a_radar_that_sees_nothing_leaves_no_warning(tutorial):
    blind = [replace(radar, reference_snr_db=-90.0) for radar in tutorial.radars]
    times = warning_times(tutorial, "rocket-20", radars=blind)
    rows = times.flights > 0
    assert (times.warning_s[rows] == -np.inf).all() and not times.enough.any()
    assert (times.confirmed[rows] < 1e-3).all()


def test_a_radar_that_sees_everything_confirms_at_its_third_look(tutorial):
    sharp = replace(
        tutorial.radars[0], reference_snr_db=200.0, range_max_m=400_000.0, range_min_m=0.0,
        elevation_min_deg=-90.0, elevation_max_deg=90.0, period_s=1.0, terrain=None,
        site=replace(tutorial.radars[0].site, height_m=9_000.0),
    )  # fmt: skip
    times = warning_times(tutorial, "rocket-20", radars=[sharp], flights=40)
    rows = times.flights >= 30
    assert rows.any()
    # Launched anywhere between two looks: half a second to the first on average, two more then.
    # Medians of 30 and more uniform delays are within 0.4 s of that (four standard errors).
    assert times.first_detection_s[rows] == pytest.approx(0.5, abs=0.4)
    assert times.confirmed_s[rows] == pytest.approx(2.5, abs=0.4)


def test_warning_times_are_those_of_simulated_alerts(tutorial):
    """The town that most flights reach: median lead of a run's alerts against the map."""
    from mantlet.runs.run import run

    times = warning_times(tutorial, "rocket-20", flights=60)
    row = int(np.argmax(times.flights))
    zones = tutorial.zones
    area = next(name for name in tutorial.areas)
    toward = Toward(float(zones.lat_deg[row]), float(zones.lon_deg[row]), 0.5)
    leads = []
    for seed in range(1, 17):
        volley = Volley("v", 60.0 * seed, 1.0, 1, {"rocket-20": 1.0}, area, toward, 0.0)
        finished = run(replace(tutorial, raids=(volley,), batteries=()), seed=seed)
        mine = (finished.alerts.kind == "alert") & (finished.alerts.zone_id == zones.zone_id[row])
        leads += finished.alerts.lead_s[mine].tolist()
    assert len(leads) >= 12
    # Leads of single flights spread by some 5.5 s: the median of 12 has a standard error of 2 s.
    # Four of them, and the second in which decisions are taken.
    assert np.median(leads) == pytest.approx(times.warning_s[row], abs=9.0)
