"""A replay over HTTP and WebSocket says what the tables of its run folder say."""

import itertools
import json

import numpy as np
import pyproj
import pytest

from mantlet.live.frames import AT_EDGE, JUMPED, PLAYING
from mantlet.live.frames import TRUTH as WITH_TRUTH
from mantlet.live.scores import DEFINITIONS
from mantlet.tables import Alerts, Decisions, Impacts, Plots, Shots, States, Tracks, Zones

TO_DEGREES = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)

DEGREES = 2e-5
"""A float32 of a longitude is good to 1e-5 degrees (a metre)."""


def places(position_m):
    return np.stack(TO_DEGREES.transform(*np.asarray(position_m).T), axis=1)


def same_places(block, position_m):
    wanted = places(position_m)
    return (
        np.allclose(block["lon"], wanted[:, 0], rtol=0, atol=DEGREES)
        and np.allclose(block["lat"], wanted[:, 1], rtol=0, atol=DEGREES)
        and np.allclose(block["height_m"], wanted[:, 2], rtol=0, atol=0.01)
    )


def test_the_session_lists_the_runs(replay):
    session = replay.http.get("/api/session").json()
    assert [run["id"] for run in session["runs"]] == ["tutorial", "again"]
    assert (session["mode"], session["login"], session["exercise"]) == ("replay", False, True)


def test_the_scene_is_an_exercise_with_every_interval(replay, tutorial_folder):
    scene = replay.http.get("/api/runs/tutorial/scene").json()
    assert scene["exercise"] is True
    assert scene["intervals"] == [[0.0, 315.0]]
    shots = Shots.read(tutorial_folder / "shots.parquet")
    assert sum(scene["density"]["shots"]) == len(shots)
    assert {radar["id"] for radar in scene["radars"]} == {"cape", "heath"}
    assert [d["name"] for d in scene["definitions"]] == list(DEFINITIONS)


def test_zones_come_in_the_order_of_their_table(replay, tutorial_folder):
    zones = Zones.read(tutorial_folder / "zones.parquet")
    found = replay.http.get("/api/runs/tutorial/zones").json()["features"]
    assert [zone["properties"]["zone_id"] for zone in found] == zones.zone_id.tolist()
    assert [zone["properties"]["row"] for zone in found] == list(range(len(zones)))


def test_what_is_known_already_is_not_sent_again(replay):
    first = replay.http.get("/api/runs/tutorial/zones")
    again = replay.http.get(
        "/api/runs/tutorial/zones", headers={"if-none-match": first.headers["etag"]}
    )
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_land_and_coverage_are_outlines(replay):
    land = replay.http.get("/api/runs/tutorial/land").json()
    coverage = replay.http.get("/api/runs/tutorial/coverage?height_m=1000").json()
    assert land["features"]
    assert {f["properties"]["radar"] for f in coverage["features"]} == {"cape", "heath"}


def test_a_run_that_is_not_served_is_not_found(replay):
    answer = replay.http.get("/api/runs/nothing/scene")
    assert answer.status_code == 404
    assert "nothing" in answer.json()["error"]


def test_the_api_describes_itself(replay):
    paths = replay.http.get("/api/openapi.json").json()["paths"]
    assert "/api/runs/{run}/explain" in paths


@pytest.mark.parametrize("time_s", [20.0, 52.0, 107.0, 158.0, 201.0, 240.0])
def test_a_frame_at_a_decision_equals_the_tables(replay, tutorial_folder, time_s):
    tracks = Tracks.read(tutorial_folder / "tracks.parquet")
    tracks = tracks.take(tracks.time_s == time_s)
    states = States.read(tutorial_folder / "states.parquet")
    states = states.take(states.time_s == time_s)
    impacts = Impacts.read(tutorial_folder / "impacts.parquet")
    impacts = impacts.take((impacts.time_s == time_s) & (impacts.status == "landed"))
    with replay.page("run=tutorial") as page:
        page.say("show", truth=True)
        page.say("seek", time_s=time_s)
        frame = page.frame_at(time_s)
    block = frame.blocks["tracks"]
    assert block["id"].tolist() == tracks.track_id.tolist()
    assert same_places(block, tracks.state[:, :3])
    speed = np.sqrt(sum(block[key].astype(float) ** 2 for key in ("ve", "vn", "vu")))
    assert np.allclose(speed, np.linalg.norm(tracks.state[:, 3:6], axis=1), rtol=1e-5)
    landing = np.isfinite(block["impact_time_s"])
    assert block["id"][landing].tolist() == impacts.track_id.tolist()
    left_s = impacts.impact_time_s - time_s
    assert np.allclose(block["impact_time_s"][landing], left_s, rtol=1e-5, atol=1e-4)
    truth = frame.blocks["truth"]
    assert truth["id"].tolist() == states.threat_id.tolist()
    assert same_places(truth, states.position_m)
    assert frame.flags & WITH_TRUTH


def test_between_two_decisions_a_track_is_carried_on_by_its_velocity(replay, tutorial_folder):
    tracks = Tracks.read(tutorial_folder / "tracks.parquet")
    tracks = tracks.take(tracks.time_s == 110.0)
    with replay.page("run=tutorial") as page:
        page.say("seek", time_s=110.5)
        block = page.frame_at(110.5).blocks["tracks"]
    # Straight on in space; the map's way is along the ground: half a metre apart in half a second.
    ahead = places(tracks.state[:, :3] + 0.5 * tracks.state[:, 3:6])
    assert np.allclose(block["lon"], ahead[:, 0], rtol=0, atol=DEGREES)
    assert np.allclose(block["lat"], ahead[:, 1], rtol=0, atol=DEGREES)
    assert np.allclose(block["height_m"], ahead[:, 2], rtol=0, atol=0.5)


def test_plots_shown_are_those_of_the_last_second(replay, tutorial_folder):
    plots = Plots.read(tutorial_folder / "plots.parquet")
    last = plots.take((plots.time_s > 100.0) & (plots.time_s <= 101.0))
    with replay.page("run=tutorial") as page:
        page.say("show", plots=True)
        page.say("seek", time_s=101.0)
        block = page.frame_at(101.0).blocks["plots"]
    assert sorted(block["plot_id"].tolist()) == sorted(last.plot_id.tolist())


def test_interceptors_are_shown_between_launch_and_intercept(replay, tutorial_folder):
    shots = Shots.read(tutorial_folder / "shots.parquet")
    time_s = float(shots.launch_time_s[3]) + 2.0
    up = (shots.launch_time_s <= time_s) & (shots.intercept_time_s > time_s)
    with replay.page("run=tutorial") as page:
        page.say("seek", time_s=time_s)
        block = page.frame_at(time_s).blocks["interceptors"]
    assert block["id"].tolist() == shots.shot_id[up].tolist()
    left_s = shots.intercept_time_s[up] - time_s
    assert np.allclose(block["seconds_left"], left_s, rtol=1e-5)


def test_batteries_hold_what_their_shots_have_left(replay, tutorial_folder):
    shots = Shots.read(tutorial_folder / "shots.parquet")
    with replay.page("run=tutorial") as page:
        page.say("seek", time_s=314.0)
        block = page.frame_at(314.0).blocks["batteries"]
    fired = [int((shots.battery_id == name).sum()) for name in ("north", "south")]
    assert block["left"].tolist() == [16 - count for count in fired]


def test_zones_under_alert_are_those_whose_alert_is_open(replay, tutorial_folder):
    alerts = Alerts.read(tutorial_folder / "alerts.parquet")
    time_s = 170.0
    state = {}
    for kind, zone, at in zip(alerts.kind, alerts.zone_id, alerts.time_s, strict=True):
        if at <= time_s:
            state[int(zone)] = kind in ("alert", "update")
    zones = Zones.read(tutorial_folder / "zones.parquet").zone_id
    with replay.page("run=tutorial") as page:
        page.say("seek", time_s=time_s)
        block = page.frame_at(time_s).blocks["zones"]
    assert {int(zones[row]) for row in block["row"]} == {
        z for z, is_open in state.items() if is_open
    }


def _over(clock):
    return clock["time_s"] >= clock["end_s"]


def test_every_alert_is_told_once_and_in_order_at_any_speed(replay, tutorial_folder):
    alerts = Alerts.read(tutorial_folder / "alerts.parquet")
    told = []
    with replay.page("run=tutorial") as page:
        page.message("events")
        page.say("speed", speed=300.0)
        page.say("play")
        while True:
            content = page.next()
            if isinstance(content, dict) and content["type"] == "events":
                assert not content["reset"]
                told += [e for e in content["events"] if "alert_id" in e]
            if isinstance(content, dict) and content["type"] == "clock" and _over(content):
                break
    shown = alerts.take(alerts.time_s <= 315.0)
    assert [event["message_id"] for event in told] == shown.message_id.tolist()
    assert all(event["exercise"] is True for event in told)


def test_after_a_seek_the_latest_events_are_told_again(replay):
    with replay.page("run=tutorial") as page:
        page.say("seek", time_s=200.0)
        events = page.message("events")
        while not events["events"]:
            events = page.message("events")
    times = [event["time_s"] for event in events["events"]]
    assert events["reset"]
    assert len(events["events"]) == 200
    assert times == sorted(times)
    assert times[-1] <= 200.0


def test_truth_is_told_only_to_those_who_ask(replay):
    with replay.page("run=tutorial&time_s=150") as page:
        hidden = page.message("events")["events"]
        page.say("show", truth=True)
        shown = page.message("events")["events"]
    assert not {"launch", "outcome"} & {event["kind"] for event in hidden}
    assert {"launch", "outcome"} <= {event["kind"] for event in shown}


def test_play_pause_step_and_speed(replay):
    with replay.page("run=tutorial&time_s=100") as page:
        page.frame()
        page.say("speed", speed=20.0)
        page.say("play")
        moving = page.frame_at_speed(20.0)
        assert moving.flags & PLAYING
        page.say("pause")
        paused = page.message("clock")
        while paused["playing"]:
            paused = page.message("clock")
        page.say("step", ticks=2)
        stepped = page.frame()
        while stepped.flags & PLAYING or stepped.time_s <= paused["time_s"]:
            stepped = page.frame()
    assert stepped.time_s == np.floor(paused["time_s"]) + 2.0
    assert not stepped.flags & AT_EDGE


def test_a_loop_goes_back_and_says_so(replay):
    with replay.page("run=tutorial") as page:
        page.say("loop", start_s=100.0, end_s=110.0)
        page.say("speed", speed=40.0)
        page.say("play")
        frames = [page.frame() for _ in range(12)]
    played = [frame for frame in frames if frame.time_s >= 100.0]
    backwards = [b for a, b in itertools.pairwise(played) if b.time_s < a.time_s]
    assert backwards
    assert all(frame.flags & JUMPED for frame in backwards)
    assert all(100.0 <= frame.time_s < 110.0 for frame in played)


def test_two_runs_are_shown_under_one_clock(replay):
    with replay.page("run=tutorial&run=again&time_s=120") as page:
        first, second = page.frame(), page.frame()
    assert (first.source, second.source) == (0, 1)
    assert first.time_s == second.time_s == 120.0
    assert first.blocks["tracks"]["id"].tolist() == second.blocks["tracks"]["id"].tolist()


def test_the_score_at_the_end_is_that_of_the_summary(replay, tutorial_folder):
    rates = json.loads((tutorial_folder / "summary.json").read_text(encoding="utf-8"))["rates"]
    for name in DEFINITIONS:
        score = replay.http.get("/api/runs/tutorial/score", params={"definition": name}).json()
        wanted = rates[name]
        assert (score["numerator"], score["denominator"]) == (
            wanted["numerator"],
            wanted["denominator"],
        )


def test_the_score_so_far_counts_only_what_has_happened(replay):
    scores = [
        replay.http.get("/api/runs/tutorial/score", params={"time_s": t}).json()
        for t in (0.0, 100.0, 200.0, 315.0)
    ]
    shots = [score["counts"]["shots"] for score in scores]
    assert shots == sorted(shots)
    assert (shots[0], scores[0]["rate"]) == (0, None)


def test_events_between_two_times_come_in_pages(replay, tutorial_folder):
    shots = Shots.read(tutorial_folder / "shots.parquet")
    found = replay.http.get(
        "/api/runs/tutorial/events", params={"kinds": "shot", "limit": 5}
    ).json()
    assert [event["shot_id"] for event in found["events"]] == shots.shot_id[:5].tolist()
    assert found["more"]


def test_jumps_lead_to_the_next_and_the_previous_event(replay, tutorial_folder):
    times = Shots.read(tutorial_folder / "shots.parquet").decision_time_s
    ask = {"time_s": 120.0, "kinds": "shot"}
    ahead = replay.http.get("/api/runs/tutorial/jump", params=ask).json()["event"]
    back = replay.http.get(
        "/api/runs/tutorial/jump", params={**ask, "direction": "previous"}
    ).json()["event"]
    assert ahead["time_s"] == times[times > 120.0].min()
    assert back["time_s"] == times[times < 120.0].max()


def test_why_a_track_was_engaged_is_what_its_decisions_say(replay, tutorial_folder):
    decisions = Decisions.read(tutorial_folder / "decisions.parquet")
    row = np.flatnonzero(decisions.verdict == "engage")[2]
    track, time_s = int(decisions.track_id[row]), float(decisions.time_s[row])
    why = replay.http.get(
        "/api/runs/tutorial/explain", params={"object": f"track:{track}", "time_s": time_s}
    ).json()
    said = " ".join(why["sentences"])
    assert f"Engaged by battery {decisions.battery_id[row]}" in said
    assert f"{100 * decisions.probability[row]:.0f} %" in said
    mine = (decisions.track_id == track) & (decisions.time_s <= time_s)
    assert [d["verdict"] for d in why["decisions"]] == decisions.verdict[mine].tolist()
    assert why["plots"]
    assert why["prediction"]["path"]
    assert sum(zone["probability"] for zone in why["zones"]) <= 2.0


@pytest.mark.parametrize(
    "name",
    ["interceptor:2", "zone:1", "battery:north", "radar:cape", "alert:0", "threat:0", "plot:3"],
)
def test_every_kind_of_object_can_be_asked_about(replay, name):
    why = replay.http.get(
        "/api/runs/tutorial/explain", params={"object": name, "time_s": 300.0}
    ).json()
    assert why["object"] == name
    assert why["sentences"]


@pytest.mark.parametrize(
    "name", ["track:99999", "track:x", "zone:-5", "ghost:1", "radar:../../etc", "plot:-1", ""]
)
def test_an_object_that_is_not_there_is_not_found(replay, name):
    answer = replay.http.get("/api/runs/tutorial/explain", params={"object": name, "time_s": 300.0})
    assert answer.status_code == 404
    assert answer.json()["error"]


def test_trails_are_where_the_tracks_of_a_moment_have_been(replay, tutorial_folder):
    tracks = Tracks.read(tutorial_folder / "tracks.parquet")
    ticks, counts = np.unique(tracks.time_s, return_counts=True)
    tick = float(ticks[counts.argmax()])
    found = replay.http.get("/api/runs/tutorial/trails", params={"time_s": tick}).json()["trails"]
    assert set(found) == {str(i) for i in tracks.track_id[tracks.time_s == tick]}
    for track, points in found.items():
        rows = (
            (tracks.track_id == int(track)) & (tracks.time_s > tick - 41) & (tracks.time_s <= tick)
        )
        rows &= (tick - tracks.time_s) % 2 == 0
        assert [point[0] for point in points] == tracks.time_s[rows].tolist()
        wanted = places(tracks.state[rows, :3])
        np.testing.assert_allclose(np.array(points)[:, 1:3], wanted[:, :2], rtol=0, atol=DEGREES)


def test_no_track_no_trail(replay):
    assert replay.http.get("/api/runs/tutorial/trails?time_s=0").json() == {"trails": {}}
