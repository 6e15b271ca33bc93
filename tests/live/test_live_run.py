"""A run that goes on while it is watched is the run that `mantlet run` makes."""

import time

import pytest

from mantlet.live.app import Service
from mantlet.live.engine import LiveRun
from mantlet.live.folders import open_run
from mantlet.live.frames import AT_EDGE, PLAYING
from mantlet.live.workshop import Workshop
from mantlet.scenario.load import load_scenario
from mantlet.tables.run import TABLES

PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def finished():
    """The tutorial, live, as fast as it goes, with a few pauses on the way."""
    run = LiveRun(load_scenario("tutorial"), 1, speed=3600.0).start()
    run.steer({"do": "pause"})
    run.steer({"do": "step", "ticks": 3})
    time.sleep(0.2)
    run.steer({"do": "speed", "speed": 500.0})
    run.steer({"do": "play"})
    run.wait(PATIENCE_S)
    assert run.state == "finished", run.error
    return run


def test_the_tables_are_those_of_the_batch_run_byte_for_byte(finished, tutorial_folder, tmp_path):
    finished.tables().write(tmp_path)
    for name in TABLES:
        live = (tmp_path / f"{name}.parquet").read_bytes()
        assert live == (tutorial_folder / f"{name}.parquet").read_bytes(), name


def test_what_was_watched_is_what_a_replay_shows(finished, tutorial_folder, tmp_path):
    replayed = open_run(tutorial_folder, tmp_path)
    for name in ("tracks", "impacts", "states", "plots", "shots", "decisions", "alerts"):
        assert len(finished.recording[name]) == len(replayed[name]), name
    for name, column in (("tracks", "place"), ("impacts", "place"), ("decisions", "verdict")):
        live, again = finished.recording[name][column], replayed[name][column]
        assert live.tobytes() == again.tobytes()
    fates = [sorted(zip(r["outcomes"]["threat_id"].tolist(), r["outcomes"]["fate"].tolist(),
                        strict=True)) for r in (finished.recording, replayed)]  # fmt: skip
    assert fates[0] == fates[1]


@pytest.fixture
def live(running, tmp_path):
    """A server of a live tutorial, and of an editor in an empty folder."""
    service = Service(workshop=Workshop(tmp_path))
    run = LiveRun(load_scenario("tutorial"), 1, speed=5.0)
    service.shows.add("tutorial", run.recording, run)
    run.start()
    with running(service) as server:
        yield server


def test_a_page_follows_the_edge_of_a_live_run(live):
    with live.page("run=tutorial") as page:
        assert page.message("clock")["live"]
        first, second = page.frame(), page.frame()
    assert second.time_s > first.time_s
    assert first.flags & AT_EDGE
    assert first.flags & PLAYING


def test_pause_step_and_speed_at_the_edge_are_seen_by_all(live):
    with live.page("run=tutorial") as page, live.page("run=tutorial") as other:
        page.say("pause")
        paused = other.message("clock")
        while paused["playing"]:
            paused = other.message("clock")
        page.say("step", ticks=2)
        stepped = other.message("clock")
        while stepped["end_s"] < paused["end_s"] + 2.0:
            stepped = other.message("clock")
        page.say("speed", speed=50.0)
        page.say("play")
        clock = other.message("clock")
        while clock["speed"] != 50.0 or not clock["playing"]:
            clock = other.message("clock")
    assert stepped["end_s"] == paused["end_s"] + 2.0
    assert stepped["state"] == "paused"


def test_a_page_can_go_back_and_return_to_the_edge(live):
    with live.page("run=tutorial") as page:
        page.say("speed", speed=60.0)
        while page.frame().time_s < 20.0:
            pass
        page.say("seek", time_s=3.0)
        back = page.frame_at(3.0) if not live.service.shows.get("tutorial") else page.frame()
        while back.time_s > 10.0:
            back = page.frame()
        assert not back.flags & AT_EDGE
        page.say("live")
        ahead = page.frame()
        while not ahead.flags & AT_EDGE:
            ahead = page.frame()
    assert ahead.time_s > 20.0


def test_nothing_of_the_future_is_told(live):
    with live.page("run=tutorial") as page:
        page.say("show", truth=True)
        page.say("seek", time_s=1e9)
        time_s = page.frame().time_s
        events = page.message("events")["events"]
    scene = live.http.get("/api/runs/tutorial/scene").json()
    edge_s = live.http.get("/api/runs/tutorial/scene").json()["end_s"]
    assert time_s < edge_s
    assert all(event["time_s"] <= time_s for event in events)
    assert sum(scene["density"]["launches"]) < 25


def test_a_page_finds_its_run_again_after_the_server_restarts(running):
    def service():
        run = LiveRun(load_scenario("tutorial"), 1, speed=5.0)
        made = Service()
        made.shows.add("tutorial", run.recording, run)
        run.start()
        return made

    with running(service()) as server, server.page("run=tutorial") as page:
        page.frame()
        port = int(server.address.rsplit(":", 1)[1])
    with running(service(), port) as server, server.page("run=tutorial") as page:
        assert page.frame().flags & AT_EDGE


def test_a_run_can_be_begun_watched_and_ended(live):
    begun = live.http.post("/api/runs", json={"scenario": "tutorial", "seed": 2, "speed": 20})
    assert begun.status_code == 201
    identity = begun.json()["id"]
    assert identity == "tutorial-2"
    with live.page(f"run={identity}") as page:
        assert page.frame().speed == 20.0
    assert live.http.delete(f"/api/runs/{identity}").status_code == 204
    assert live.http.get(f"/api/runs/{identity}/scene").status_code == 404


def test_more_runs_than_are_allowed_end_the_oldest(live):
    for seed in range(4):
        made = live.http.post("/api/runs", json={"scenario": "tutorial", "seed": seed})
        assert made.status_code == 201
    runs = [run["id"] for run in live.http.get("/api/runs").json()]
    assert runs == ["tutorial-2", "tutorial-3", "tutorial-4", "tutorial-5"]


@pytest.mark.parametrize(
    "body",
    [{}, {"scenario": "tutorial", "text": "x"}, {"scenario": "nothing"}, {"text": "a: ["},
     {"scenario": "tutorial", "seed": -1}, {"scenario": "tutorial", "speed": 0},
     {"scenario": "../tutorial"}, {"text": "name: x"}],
)  # fmt: skip
def test_a_run_that_cannot_be_begun_is_refused_in_words(live, body):
    answer = live.http.post("/api/runs", json=body)
    assert answer.status_code in (404, 422)
    assert answer.json()["error"]
    assert live.http.get("/api/session").json()["runs"][0]["state"] == "running"


def test_a_fault_of_a_run_does_not_end_the_service(live, monkeypatch):
    show = live.service.shows.get("tutorial")
    monkeypatch.setattr(show.recording, "add", lambda table: 1 / 0)
    with live.page("run=tutorial") as page:
        clock = page.message("clock")
        while clock["state"] != "failed":
            clock = page.message("clock")
    assert "ZeroDivisionError" in clock["error"]
    assert live.http.get("/api/runs").json()[0]["state"] == "failed"


def test_a_page_is_told_that_the_scene_has_more_to_show(live, monkeypatch):
    monkeypatch.setattr("mantlet.live.observer.SCENE_S", 0.2)
    with live.page("run=tutorial") as page:
        page.say("speed", speed=50.0)
        assert page.message("scene")["source"] == 0
