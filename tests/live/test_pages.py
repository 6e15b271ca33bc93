"""The page's files and the user's map tiles."""

import mantlet.live.pages as pages
from mantlet.live.app import Service


def test_files_of_the_page_are_served_with_their_types(running, monkeypatch, tmp_path):
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "view.mjs").write_text("export {}", encoding="utf-8")
    files = {"index.html": tmp_path / "index.html", "map/view.mjs": tmp_path / "map" / "view.mjs"}
    monkeypatch.setattr(pages, "_files", lambda: files)
    with running(Service()) as server:
        front, script = server.http.get("/"), server.http.get("/map/view.mjs")
        again = server.http.get("/map/view.mjs", headers={"if-none-match": script.headers["etag"]})
        assert server.http.get("/map").status_code == 404
        assert server.http.post("/index.html", json={}).status_code == 405
    assert front.headers["content-type"].startswith("text/html")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cache-control"] == "no-cache"
    assert again.status_code == 304


def test_tiles_come_in_the_ranges_asked_for(running, tmp_path):
    tiles = tmp_path / "map.pmtiles"
    tiles.write_bytes(b"PMTiles" + bytes(range(200)))
    with running(Service(tiles=tiles)) as server:
        whole = server.http.get("/api/tiles.pmtiles")
        part = server.http.get("/api/tiles.pmtiles", headers={"range": "bytes=0-6"})
        beyond = server.http.get("/api/tiles.pmtiles", headers={"range": "bytes=9999-"})
        assert server.http.get("/api/session").json()["tiles"]
    assert whole.content == tiles.read_bytes()
    assert (part.status_code, part.content) == (206, b"PMTiles")
    assert beyond.status_code == 416


def test_without_tiles_there_are_none(replay):
    assert replay.http.get("/api/tiles.pmtiles").status_code == 404


def test_what_only_the_tests_of_the_page_need_is_not_served(replay):
    assert replay.http.get("/main.js").status_code == 200
    assert replay.http.get("/package.json").status_code == 404
