"""A broken run folder is refused in words that name the file."""

import json
import shutil

import pytest

from mantlet.live.folders import open_run
from mantlet.tables.errors import InputError


@pytest.fixture
def copy(tutorial_folder, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(tutorial_folder, folder)
    return folder


def opened(folder, tmp_path):
    spool = tmp_path / "spool"
    spool.mkdir()
    return open_run(folder, spool)


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match=r"not a run folder"):
        opened(tmp_path / "nothing", tmp_path)


def test_another_folder(tmp_path):
    (tmp_path / "manifest.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match=r"not a run folder"):
        opened(tmp_path, tmp_path)


def test_tables_of_another_age(copy, tmp_path):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps({**manifest, "schema": "9.0"}), encoding="utf-8")
    with pytest.raises(InputError, match=r"schema 9\.0"):
        opened(copy, tmp_path)


@pytest.mark.parametrize("name", ["tracks", "plots", "alerts", "intervals"])
def test_a_missing_table(copy, tmp_path, name):
    (copy / f"{name}.parquet").unlink()
    with pytest.raises(InputError, match=rf"{name}\.parquet: (.|\n)*fix: "):
        opened(copy, tmp_path)


@pytest.mark.parametrize("name", ["tracks", "decisions", "intervals"])
def test_a_cut_table(copy, tmp_path, name):
    path = copy / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match=rf"{name}\.parquet: (.|\n)*fix: "):
        opened(copy, tmp_path)


def test_a_table_in_place_of_another(copy, tmp_path):
    shutil.copy(copy / "shots.parquet", copy / "tracks.parquet")
    with pytest.raises(InputError, match=r"tracks\.parquet: (.|\n)*missing"):
        opened(copy, tmp_path)


def test_a_scenario_that_cannot_be_read(copy, tmp_path):
    (copy / "scenario.yaml").write_text("radars: [", encoding="utf-8")
    with pytest.raises(InputError, match=r"scenario\.yaml"):
        opened(copy, tmp_path)
