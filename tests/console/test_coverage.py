"""`mantlet coverage` from the command line's side."""

import json

import numpy as np
import pytest

from mantlet.console.coverage import coverage
from mantlet.tables.errors import InputError


def work(out, **changed):
    given = {
        "scenario": "tutorial", "height_m": 1_000.0, "class_id": "rocket-20", "radars": [],
        "seconds": 10.0, "out": out, "settings": [],
    }  # fmt: skip
    coverage(**(given | changed))


def test_a_folder_gets_everything_and_the_screen_the_main_figures(tmp_path, capsys):
    work(tmp_path / "out")
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"coverage.geojson", "coverage.npz", "coverage.svg", "warning-time.svg"}
    told = capsys.readouterr().out
    assert "towns in reach" in told and "people" in told
    collection = json.loads((tmp_path / "out" / "coverage.geojson").read_text(encoding="utf-8"))
    towns = [f for f in collection["features"] if f["properties"]["layer"] == "town"]
    assert f"{len(towns)} towns in reach" in told
    with np.load(tmp_path / "out" / "coverage.npz") as arrays:
        assert int((arrays["flights"] > 0).sum()) == len(towns)


def test_a_file_gets_what_its_name_says(tmp_path):
    work(tmp_path / "one.geojson", radars=["cape"])
    assert [path.name for path in tmp_path.iterdir()] == ["one.geojson"]
    collection = json.loads((tmp_path / "one.geojson").read_text(encoding="utf-8"))
    assert {f["properties"].get("radar") for f in collection["features"]} == {None, "cape"}
    work(tmp_path / "map.png")
    assert {path.name for path in tmp_path.glob("*.png")} == {"map.png", "map-warning-time.png"}


def test_a_place_that_cannot_be_written_is_refused_before_any_work(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.svg").mkdir()
    for out, problem in [
        (tmp_path / "a.txt", "no format"),
        (tmp_path / "file", "is a file"),
        (tmp_path / "folder.svg", "is a folder"),
    ]:
        with pytest.raises(InputError, match=problem):
            work(out, scenario="no such scenario")
