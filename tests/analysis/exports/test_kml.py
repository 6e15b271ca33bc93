"""KML as fastkml reads it back, held against the tables."""

import numpy as np
import pytest
import shapely

from mantlet.analysis.exports.kml import write_kml
from mantlet.tables import Alerts, Impacts, Shots, Tracks, Zones
from mantlet.world.earth import degrees_from_ecef

fastkml = pytest.importorskip("fastkml")


@pytest.fixture(scope="module")
def folders(tutorial, tmp_path_factory):
    out = tmp_path_factory.mktemp("kml") / "run.kml"
    counts = write_kml(tutorial, out, lambda *_: None)
    (document,) = fastkml.KML.parse(out, strict=True).features
    assert document.name.startswith("EXERCISE, SIMULATED")
    held = {folder.name: folder.features for folder in document.features}
    assert {name: len(marks) for name, marks in held.items()} == counts
    return held


def seconds(run, moment):
    return (moment.dt - run.epoch).total_seconds()


def test_zones_are_those_of_the_table(folders, tutorial):
    zones = tutorial.table(Zones)
    for mark, polygon, name in zip(folders["Zones"], zones.polygon, zones.name, strict=True):
        assert mark.name == name
        found = shapely.geometry.shape(mark.geometry)
        assert shapely.force_2d(found).equals(shapely.from_wkb(polygon))


def test_alerts_last_from_their_first_message_to_their_last(folders, tutorial):
    alerts = tutorial.table(Alerts)  # with messages that come after the last interval
    assert len(folders["EXERCISE alerts"]) == (alerts.kind == "alert").sum() > 0
    for mark in folders["EXERCISE alerts"]:
        number = int(mark.name.split(":")[0].removeprefix("EXERCISE alert "))
        mine = alerts.take(alerts.alert_id == number)
        begin, end = seconds(tutorial, mark.times.begin), seconds(tutorial, mark.times.end)
        assert begin == pytest.approx(mine.time_s[0], abs=5e-4)
        over = mine.time_s[np.isin(mine.kind, ["cancel", "all-clear"])]
        wanted = over[0] if len(over) else tutorial.end_s
        assert end == pytest.approx(wanted, abs=5e-4)


def test_tracks_are_google_tracks_through_their_states(folders, tutorial):
    tracks = tutorial.table(Tracks)
    told = tracks.take(tracks.status != "tentative")
    assert len(folders["EXERCISE tracks"]) == len(np.unique(told.track_id)) > 0
    for mark in folders["EXERCISE tracks"]:
        rows = told.take(told.track_id == int(mark.name.removeprefix("EXERCISE track ")))
        track = mark.kml_geometry
        times = [seconds(tutorial, when) for when in track.whens]
        assert times == pytest.approx(rows.time_s, abs=5e-4)
        points = np.array(track.coords)
        lat, lon, height = degrees_from_ecef(rows.state[:, :3])
        assert points[:, :2] == pytest.approx(np.column_stack([lon, lat]), abs=1e-7)
        assert points[:, 2] == pytest.approx(height, abs=0.051)


def test_the_ellipse_of_a_prediction_is_drawn_round_it(folders, tutorial):
    impacts = tutorial.table(Impacts)
    landed = impacts.take(impacts.status == "landed")
    for mark in folders["EXERCISE predicted impacts"][:20]:
        number = int(mark.name.split("track ")[1].split(" ")[0])
        row = np.flatnonzero(landed.track_id == number)[-1]
        corners = np.array(shapely.geometry.shape(mark.geometry).exterior.coords)[:-1, :2]
        metres = (corners - [landed.lon_deg[row], landed.lat_deg[row]]) * 111_195.0
        metres[:, 0] *= np.cos(np.radians(landed.lat_deg[row]))
        ee, en, nn = landed.covariance_m2[row]
        inverse = np.linalg.inv([[ee, en], [en, nn]])
        away = np.einsum("ni,ij,nj->n", metres, inverse, metres)
        assert away == pytest.approx(5.9915, rel=0.02)  # 7 digits of a degree are 1 cm


def test_interceptors_take_their_time(folders, tutorial):
    shots = tutorial.table(Shots)
    assert len(folders["EXERCISE interceptors"]) == len(shots) > 0
    for k, mark in enumerate(folders["EXERCISE interceptors"]):
        start, end = (seconds(tutorial, when) for when in mark.kml_geometry.whens)
        assert start == pytest.approx(shots.launch_time_s[k], abs=5e-4)
        assert end == pytest.approx(shots.intercept_time_s[k], abs=5e-4)
        assert mark.kml_geometry.coords[-1][2] == pytest.approx(shots.aim_height_m[k], abs=0.051)


def test_names_with_marks_of_xml_and_control_characters_do_no_harm():
    from mantlet.analysis.exports.kml import _mark

    mark = fastkml.Placemark.from_string(
        _mark("a <b> & \x07c", "zone", "").replace(
            "<Placemark>", '<Placemark xmlns="http://www.opengis.net/kml/2.2">'
        )
    )
    assert mark.name == "a <b> & c"
