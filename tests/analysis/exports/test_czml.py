"""CZML as czml3 reads it back, held against the tables."""

import json
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from czml3 import Document

from mantlet.analysis.exports.czml import ALERTED, write_czml
from mantlet.tables import Alerts, Impacts, Shots, Tracks, Zones
from mantlet.world.earth import degrees_from_ecef

pytestmark = pytest.mark.filterwarnings("default")  # of the reader's own


def silent(*_):
    pass


@pytest.fixture(scope="module")
def packets(tutorial, tmp_path_factory):
    out = tmp_path_factory.mktemp("czml") / "run.czml"
    counts = write_czml(tutorial, out, silent)
    document = Document.model_validate({"packets": json.loads(out.read_text("utf-8"))})
    held = {packet.id: packet for packet in document.packets}
    assert len(held) == 1 + sum(counts.values())
    return held


def table(values, width):
    return np.array(values).reshape(-1, width)


def seconds(run, text):
    return (datetime.fromisoformat(text) - run.epoch) / timedelta(seconds=1)


def test_the_document_is_an_exercise_with_the_run_s_clock(packets, tutorial):
    document = packets["document"]
    assert document.name.startswith("EXERCISE, SIMULATED")
    interval = document.clock.interval
    assert seconds(tutorial, interval.start) == pytest.approx(tutorial.start_s)
    assert seconds(tutorial, interval.end) == pytest.approx(tutorial.end_s)


def test_every_track_that_was_ever_confirmed_is_there_with_its_states(packets, tutorial):
    tracks = tutorial.table(Tracks)
    told = tracks.take(tracks.status != "tentative")
    expected = {f"track-{number}" for number in np.unique(told.track_id)}
    assert {key for key in packets if key.startswith("track-")} == expected
    for key in expected:
        rows = told.take(told.track_id == int(key.split("-")[1]))
        samples = table(packets[key].position.cartesian.values, 4)
        assert samples[:, 0] == pytest.approx(rows.time_s, abs=5e-4)
        assert samples[:, 1:] == pytest.approx(rows.state[:, :3], abs=0.051)  # 0.1 m is written
        span = packets[key].availability
        assert seconds(tutorial, span.start) == pytest.approx(rows.time_s[0], abs=5e-4)
        assert packets[key].name.startswith("EXERCISE")


def test_an_impact_ellipse_holds_95_percent_of_the_covariance_s_draws(packets, tutorial):
    impacts = tutorial.table(Impacts)
    landed = impacts.take(impacts.status == "landed")
    number = int(landed.track_id[len(landed) // 2])
    rows = landed.take(landed.track_id == number)
    ellipse = packets[f"impact-{number}"].ellipse
    major = table(ellipse.semiMajorAxis.number, 2)
    minor = table(ellipse.semiMinorAxis.number, 2)
    turn = table(ellipse.rotation.number, 2)
    where = table(packets[f"impact-{number}"].position.cartographicDegrees.values, 4)
    assert where[:, 1] == pytest.approx(rows.lon_deg, abs=1e-6)
    assert where[:, 2] == pytest.approx(rows.lat_deg, abs=1e-6)
    assert np.abs(np.diff(turn[:, 1])).max(initial=0.0) <= np.pi / 2  # the way round is short
    random = np.random.default_rng(5)
    for k in (0, len(rows) // 2, len(rows) - 1):
        ee, en, nn = rows.covariance_m2[k]
        drawn = random.multivariate_normal([0, 0], [[ee, en], [en, nn]], 20_000)
        along = drawn @ [np.cos(turn[k, 1]), np.sin(turn[k, 1])]
        across = drawn @ [-np.sin(turn[k, 1]), np.cos(turn[k, 1])]
        inside = (along / major[k, 1]) ** 2 + (across / minor[k, 1]) ** 2 <= 1.0
        assert inside.mean() == pytest.approx(0.95, abs=0.01)  # 6 standard errors of 20,000 draws
        assert major[k, 1] >= minor[k, 1]


def test_interceptors_fly_from_their_battery_to_their_point(packets, tutorial):
    shots = tutorial.table(Shots)
    sites = {b.id: b.site for b in tutorial.scenario.batteries}
    assert len([key for key in packets if key.startswith("interceptor-")]) == len(shots) > 0
    for k in range(len(shots)):
        samples = table(
            packets[f"interceptor-{shots.shot_id[k]}"].position.cartographicDegrees.values, 4
        )
        site = sites[shots.battery_id[k]]
        assert samples[0] == pytest.approx(
            [shots.launch_time_s[k], site.lon_deg, site.lat_deg, site.height_m], abs=5e-4
        )
        aim = [
            shots.intercept_time_s[k],
            shots.aim_lon_deg[k],
            shots.aim_lat_deg[k],
            shots.aim_height_m[k],
        ]
        assert samples[1] == pytest.approx(aim, abs=5e-4)


def test_a_zone_is_red_exactly_while_it_is_alerted(packets, tutorial):
    alerts, zones = tutorial.table(Alerts), tutorial.table(Zones)
    opened = 0
    for k in range(len(zones)):
        spans = packets[f"zone-{zones.zone_id[k]}"].polygon.material.solidColor.color.values
        edges = [(seconds(tutorial, s.start), seconds(tutorial, s.end)) for s in spans]
        assert edges[0][0] == tutorial.start_s
        assert edges[-1][1] == tutorial.end_s
        assert all(a[1] == b[0] for a, b in pairwise(edges))
        mine = alerts.take(alerts.zone_id == zones.zone_id[k])
        open_at = {round(float(t), 3) for t in mine.time_s[mine.kind == "alert"]}
        red = [at for at, span in zip(edges, spans, strict=True) if span.value == {"rgba": ALERTED}]
        assert {round(start, 3) for start, _ in red} <= open_at
        assert bool(red) == bool(open_at)
        opened += len(red)
    assert opened > 0


def test_a_window_holds_what_lies_in_it(tutorial_folder, tmp_path):
    from mantlet.analysis.exports.saved import open_run

    run = open_run(tutorial_folder, 60.0, 90.0)
    counts = write_czml(run, tmp_path / "part.czml", silent)
    document = Document.model_validate(
        {"packets": json.loads((tmp_path / "part.czml").read_text())}
    )
    for packet in document.packets:
        if packet.id.startswith("track-"):
            times = table(packet.position.cartesian.values, 4)[:, 0]
            assert times.min() >= 60.0
            assert times.max() <= 90.0
    assert (
        0
        < counts["tracks"]
        < write_czml(open_run(tutorial_folder), tmp_path / "all.czml", silent)["tracks"]
    )


def test_nothing_is_left_when_writing_fails(tutorial, tmp_path):
    def full(done, total, words):
        raise OSError(28, "No space left on device")

    (tmp_path / "run.czml").write_text("old")
    with pytest.raises(OSError, match="No space"):
        write_czml(tutorial, tmp_path / "run.czml", full)
    assert [path.name for path in tmp_path.iterdir()] == ["run.czml"]
    assert (tmp_path / "run.czml").read_text() == "old"


def test_positions_are_where_the_degrees_of_the_other_formats_say(packets, tutorial):
    samples = table(packets["track-1"].position.cartesian.values, 4)
    lat, lon, _ = degrees_from_ecef(samples[:, 1:])
    assert np.all(np.abs(lat + 30.0) < 0.5)
    assert np.all(np.abs(lon + 120.0) < 0.5)
