"""GeoJSON as shapely reads it back, held against the tables."""

import json
from collections import Counter, defaultdict

import numpy as np
import pytest
import shapely

from mantlet.analysis.exports.geojson import _line, write_geojson
from mantlet.tables import Alerts, Impacts, Outcomes, Shots, Threats, Tracks, Zones
from mantlet.world.earth import degrees_from_ecef


@pytest.fixture(scope="module")
def features(tutorial, tmp_path_factory):
    out = tmp_path_factory.mktemp("geojson") / "run.geojson"
    counts = write_geojson(tutorial, out, lambda *_: None)
    text = out.read_text("utf-8")
    found = defaultdict(dict)
    shapes = shapely.get_parts(shapely.from_geojson(text))
    for shape, feature in zip(shapes, json.loads(text)["features"], strict=True):
        found[feature["properties"]["kind"]][feature["id"]] = (shape, feature["properties"])
        assert feature["properties"]["exercise"] is True
    assert {kind: len(held) for kind, held in found.items()} == counts
    return found


def test_zones_are_those_of_the_table_with_their_alerts(features, tutorial):
    zones, alerts = tutorial.table(Zones), tutorial.table(Alerts)
    opened = Counter(alerts.zone_id[alerts.kind == "alert"].tolist())
    assert sum(opened.values()) > 0
    for k in range(len(zones)):
        shape, values = features["zone"][f"zone-{zones.zone_id[k]}"]
        assert shape.equals(shapely.from_wkb(zones.polygon[k]))
        assert shape.exterior.is_ccw  # RFC 7946 asks for it
        assert values["name"] == zones.name[k]
        assert values["population"] == zones.population[k]
        assert values["exercise_alerts"] == opened[int(zones.zone_id[k])]


def test_tracks_are_lines_through_their_states(features, tutorial):
    tracks = tutorial.table(Tracks)
    told = tracks.take(tracks.status != "tentative")
    assert len(features["track"]) == len(np.unique(told.track_id))
    for shape, values in features["track"].values():
        rows = told.take(told.track_id == values["track_id"])
        lat, lon, height = degrees_from_ecef(rows.state[:, :3])
        points = shapely.get_coordinates(shape, include_z=True)
        assert points == pytest.approx(np.column_stack([lon, lat, height]), abs=0.051)
        assert points[:, :2] == pytest.approx(np.column_stack([lon, lat]), abs=1e-7)
        assert values["time_s"] == pytest.approx(rows.time_s, abs=5e-4)


def test_the_last_prediction_of_each_track_is_kept(features, tutorial):
    impacts = tutorial.table(Impacts)
    landed = impacts.take(impacts.status == "landed")
    for shape, values in features["predicted impact"].values():
        row = np.flatnonzero(landed.track_id == values["track_id"])[-1]
        assert (shape.x, shape.y) == pytest.approx(
            (landed.lon_deg[row], landed.lat_deg[row]), abs=1e-7
        )
        ee, en, nn = landed.covariance_m2[row]
        axes = np.sqrt(5.9915 * np.linalg.eigvalsh([[ee, en], [en, nn]]))  # chi-squared, 2, 95 %
        assert values["semi_minor_95_m"] == pytest.approx(axes[0], rel=1e-3, abs=0.06)
        assert values["semi_major_95_m"] == pytest.approx(axes[1], rel=1e-3, abs=0.06)


def test_every_flight_ends_where_the_tables_say(features, tutorial):
    outcomes, threats, shots = (tutorial.table(kind) for kind in (Outcomes, Threats, Shots))
    assert len(features["end of flight"]) == len(outcomes)
    for k in range(len(outcomes)):
        shape, values = features["end of flight"][f"end-of-flight-{outcomes.threat_id[k]}"]
        assert values["fate"] == outcomes.fate[k]
        if outcomes.shot_id[k] >= 0:
            row = np.flatnonzero(shots.shot_id == outcomes.shot_id[k])[0]
            wanted = (shots.aim_lon_deg[row], shots.aim_lat_deg[row])
        else:
            row = np.flatnonzero(threats.threat_id == outcomes.threat_id[k])[0]
            wanted = (threats.impact_lon_deg[row], threats.impact_lat_deg[row])
        assert (shape.x, shape.y) == pytest.approx(wanted, abs=1e-7)


def test_sites_are_those_of_the_scenario(features, tutorial):
    for kind, held in (
        ("radar", tutorial.scenario.radars),
        ("battery", tutorial.scenario.batteries),
    ):
        for one in held:
            shape, _ = features[kind][f"{kind}-{one.id}"]
            place = (one.site.lon_deg, one.site.lat_deg, one.site.height_m)
            assert (shape.x, shape.y, shape.z) == pytest.approx(place, abs=1e-6)


def test_a_line_is_cut_at_the_180th_meridian():
    points = np.array([[179.8, 1, 0], [179.9, 1, 0], [-179.9, 1, 0], [-179.8, 1, 0]])
    shape = shapely.from_geojson(json.dumps(_line(points)))
    assert [part.bounds[::2] for part in shape.geoms] == [(179.8, 180.0), (-180.0, -179.8)]
    assert shape.length == pytest.approx(0.4)
    assert shapely.from_geojson(json.dumps(_line(points[1:3][::-1]))).is_valid
