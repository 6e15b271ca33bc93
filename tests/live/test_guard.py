"""Strangers are kept out, and told why; those inside notice nothing."""

import asyncio
import http.client
import json
import socket
from contextlib import closing

import httpx
import pytest
from live_server import finished
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from mantlet.live.app import Service
from mantlet.live.folders import open_run
from mantlet.live.guard import MOST_BODY_BYTES
from mantlet.live.server import bind
from mantlet.live.workshop import Workshop
from mantlet.tables.errors import InputError

SECRET = "a secret of the test's own"


@pytest.fixture(scope="module")
def guarded(running, tutorial_folder, tmp_path_factory):
    """A server that asks for a token and has an editor."""
    service = Service(token=SECRET, workshop=Workshop(tmp_path_factory.mktemp("work")))
    service.shows.add("tutorial", open_run(tutorial_folder, tmp_path_factory.mktemp("spool")))
    with running(service) as server:
        yield server


@pytest.fixture
def stranger(guarded):
    """A client without the token."""
    with httpx.Client(base_url=guarded.address) as http:
        yield http


def refused(answer, status, *words):
    assert answer.status_code == status
    assert all(word in answer.json()["error"] for word in words)


@pytest.mark.parametrize("path", ["/api/runs", "/api/runs/tutorial/scene", "/api/openapi.json"])
def test_without_the_token_nothing_of_a_run_is_told(stranger, path):
    refused(stranger.get(path), 401, "token")


@pytest.mark.parametrize(
    "header",
    [{"authorization": "Bearer wrong"}, {"authorization": f"Basic {SECRET}"},
     {"cookie": "mantlet-token=wrong"}, {"cookie": "mantlet-token"}],
)  # fmt: skip
def test_a_wrong_token_is_refused(stranger, header):
    refused(stranger.get("/api/runs", headers=header), 401, "token")


def test_the_session_tells_a_stranger_only_to_log_in(stranger):
    session = stranger.get("/api/session").json()
    assert set(session) == {"version", "login"}
    assert session["login"] is True


def test_a_login_gives_a_cookie_that_scripts_cannot_read(stranger):
    refused(stranger.post("/api/login", json={"token": "wrong"}), 401, "--token")
    answer = stranger.post("/api/login", json={"token": SECRET})
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 204
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/api/runs").status_code == 200


def test_a_token_in_the_address_does_not_stay_there(stranger):
    answer = stranger.get("/", params={"token": SECRET})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    refused(stranger.get("/", params={"token": "wrong"}), 401, "token")


def test_a_socket_without_the_token_is_refused(guarded):
    url = guarded.address.replace("http", "ws", 1) + "/api/stream?run=tutorial"
    with pytest.raises(InvalidStatus) as refusal, connect(url):
        pass
    assert refusal.value.response.status_code == 401


def test_a_socket_with_the_token_is_served(guarded):
    with guarded.page("run=tutorial", authorization=f"Bearer {SECRET}") as page:
        assert page.message("hello")["runs"] == ["tutorial"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1.evil.example"])
def test_another_host_name_is_refused(replay, host):
    refused(replay.http.get("/api/runs", headers={"host": host}), 421, "Host")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8707", "LOCALHOST"])
def test_names_of_this_machine_are_taken(replay, host):
    assert replay.http.get("/api/runs", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_another_origin_is_refused(replay, origin):
    refused(replay.http.get("/api/runs", headers={"origin": origin}), 403, "Origin")
    url = replay.address.replace("http", "ws", 1) + "/api/stream?run=tutorial"
    with pytest.raises(InvalidStatus) as refusal, connect(url, origin=origin):
        pass
    assert refusal.value.response.status_code == 403


def test_the_page_itself_is_a_known_origin(replay):
    with replay.page("run=tutorial", origin=replay.address) as page:
        assert page.message("hello")["exercise"] is True


def test_a_form_of_another_site_cannot_post(replay):
    answer = replay.http.post("/api/login", data={"token": "x"})
    refused(answer, 415, "application/json")


def test_every_answer_forbids_foreign_and_inline_scripts(replay):
    for path in ("/", "/api/runs", "/nothing", "/api/runs/nothing/scene"):
        policy = replay.http.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert replay.http.get(path).headers["x-content-type-options"] == "nosniff"


def test_an_oversized_body_is_refused_whether_or_not_it_says_so(guarded):
    big = json.dumps({"text": "x" * (MOST_BODY_BYTES + 1)}).encode()
    headers = {"content-type": "application/json"}
    refused(guarded.http.post("/api/check", content=big, headers=headers), 413, "MiB")

    def chunks():
        for start in range(0, len(big), 1 << 16):
            yield big[start : start + (1 << 16)]

    refused(guarded.http.post("/api/check", content=chunks(), headers=headers), 413, "MiB")
    assert guarded.http.get("/api/runs").status_code == 200


def test_an_oversized_message_ends_that_socket_only(replay):
    with replay.page("run=tutorial") as page, replay.page("run=tutorial") as other:
        page.socket.send('{"do":"' + "x" * 10_000 + '"}')
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                page.next()
        assert closed.value.rcvd.code == 1009
        other.say("seek", time_s=42.0)
        assert other.frame_at(42.0)


@pytest.mark.parametrize(
    "text",
    ["", "nonsense", "[]", "null", '{"do":7}', '{"do":"fly"}', '{"do":"speed"}', "[" * 3000,
     '{"do":"speed","speed":0}', '{"do":"speed","speed":"fast"}', '{"do":"seek","time_s":null}',
     '{"do":"seek","time_s":NaN}', '{"do":"loop","start_s":5}', '{"do":"rate","hz":1e9}',
     '{"do":"loop","start_s":9,"end_s":3}', '{"do":"show","truth":1}', '{"do":"live"}',
     '{"do":"score","definition":["x"]}', '{"do":"score","definition":"x"}'],
)  # fmt: skip
def test_a_senseless_message_is_answered_in_words(replay, text):
    with replay.page("run=tutorial") as page:
        page.socket.send(text)
        assert page.message("error")["error"]
        page.say("seek", time_s=42.0)
        assert page.frame_at(42.0)


def test_a_binary_message_is_answered_in_words(replay):
    with replay.page("run=tutorial") as page:
        page.socket.send(b"\x00\x01")
        assert "JSON" in page.message("error")["error"]


@pytest.mark.parametrize("run", ["nothing", "../tutorial", "%2e%2e%2f", "tutorial&run=nothing"])
def test_a_socket_to_no_run_is_closed_with_a_reason(replay, run):
    with replay.page(f"run={run}") as page:
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                page.next()
        assert closed.value.rcvd.code == 4404


@pytest.mark.parametrize(
    "path",
    ["/../pyproject.toml", "/..%2f..%2fapp.py", "/%2e%2e/app.py", "//etc/passwd", "/page/../app.py",
     "/C:/x", "/index.html/..", "/__init__.py", "/app.py", "/.."],
)  # fmt: skip
def test_no_path_leads_out_of_the_page(replay, path):
    asking = http.client.HTTPConnection(replay.address.removeprefix("http://"), timeout=20)
    with closing(asking):
        asking.request("GET", path)  # as it stands: httpx would make it tidy
        answer = asking.getresponse()
        assert (answer.status, b"import" in answer.read()) == (404, False)


def test_the_page_cannot_be_written(replay):
    answer = replay.http.put("/index.html", json={})
    assert answer.status_code in (404, 405)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_an_address_that_others_reach_needs_a_token(host):
    with pytest.raises(InputError, match=r"--token"):
        bind(host, 0, None)


def test_a_busy_port_is_named():
    with bind("127.0.0.1", 0, None) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=rf"127\.0\.0\.1:{port}: address already in use"):
            bind("127.0.0.1", port, None)


def test_what_is_sent_leaves_at_once():
    """Without TCP_NODELAY small messages wait for the other side: 40 ms on each seek."""

    async def accepted(listening):
        came = asyncio.get_running_loop().create_future()
        server = await asyncio.start_server(
            lambda _, writer: came.set_result(writer), sock=listening
        )
        _, mine = await asyncio.open_connection(*listening.getsockname())
        theirs = await came
        held = theirs.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        mine.close()
        theirs.close()
        server.close()
        return held

    with bind("127.0.0.1", 0, None) as listening:
        assert finished(accepted(listening)) != 0
