"""The real command line, from outside, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mantlet.tables.run import TABLES

MANTLET = [sys.executable, "-m", "mantlet"]
FILES = {"manifest.json", "scenario.yaml", "summary.json", "performance.json", "towns.csv"}
PAGES = {"report.html", "replay.html"}


def mantlet(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANTLET, *arguments], cwd=folder, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("place")
    return folder, mantlet(folder, "run", "tutorial", "--seed", "5", "--out", "out/here")


def test_a_run_leaves_a_whole_folder_and_a_summary_worth_reading(finished):
    folder, done = finished
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (folder / "out/here").iterdir()}
    assert FILES | PAGES | {f"{name}.parquet" for name in TABLES} <= names
    for words in (
        "of those destroyed in mid-air",
        "zone alerts",
        "out/here/report.html",
        "SIMULATED",
    ):
        assert words in done.stdout


def test_the_summary_holds_what_the_tables_hold(finished):
    from mantlet.tables.run import RunTables

    folder, _ = finished
    tables = RunTables.read(folder / "out/here")
    summary = json.loads((folder / "out/here/summary.json").read_text())
    own = tables.threats.parent_id < 0
    fate = dict(zip(tables.outcomes.threat_id, tables.outcomes.fate, strict=True))
    fates = [fate[threat] for threat in tables.threats.threat_id[own]]
    assert summary["threats"] == own.sum()
    assert summary["plots"] == len(tables.plots)
    assert summary["shots"] == len(tables.shots)
    assert summary["intercepted"] == fates.count("intercepted")
    assert summary["leakers"] == fates.count("hit zone")
    false = (tables.plot_origins.threat_ids < 0).all(axis=1).sum()
    assert summary["false_plots"] == false


def test_the_manifest_names_every_file_by_its_hash(finished):
    import hashlib

    folder, _ = finished
    manifest = json.loads((folder / "out/here/manifest.json").read_text())
    for name, digest in manifest["sha256"].items():
        held = (folder / "out/here" / name).read_bytes()
        assert hashlib.sha256(held).hexdigest() == digest
    assert manifest["seed"] == 5
    assert manifest["exercise"] is True


def test_a_run_can_be_run_again_from_its_own_scenario(finished):
    folder, _ = finished
    again = mantlet(folder, "run", "out/here/scenario.yaml", "--seed", "5", "--out", "again")
    assert again.returncode == 0, again.stderr
    for name in ("plots.parquet", "shots.parquet", "outcomes.parquet", "scenario.yaml"):
        first = (folder / "out/here" / name).read_bytes()
        assert (folder / "again" / name).read_bytes() == first


@pytest.mark.parametrize(
    ("place", "arguments"),
    [("mine", ["run", "tutorial", "--out", "mine"]), ("mine/tutorial", ["demo", "--out", "mine"])],
)
def test_a_folder_that_is_no_run_is_not_touched(tmp_path, place, arguments):
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "thesis.txt").write_text("ten years")
    done = mantlet(tmp_path, *arguments)
    assert done.returncode == 2
    assert place in done.stderr and "--out" in done.stderr
    assert [path.name for path in (tmp_path / place).iterdir()] == ["thesis.txt"]


def test_a_run_folder_is_replaced_but_never_with_something_of_the_users_in_it(finished):
    folder, _ = finished
    assert mantlet(folder, "run", "tutorial", "--out", "twice").returncode == 0
    assert mantlet(folder, "run", "tutorial", "--seed", "2", "--out", "twice").returncode == 0
    assert json.loads((folder / "twice/manifest.json").read_text())["seed"] == 2
    (folder / "twice" / "notes.txt").write_text("mine")
    done = mantlet(folder, "run", "tutorial", "--out", "twice")
    assert done.returncode == 2
    assert "twice" in done.stderr
    assert (folder / "twice" / "notes.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "tutorail"], "tutorial"),
        (["run", "nowhere.yaml"], "nowhere.yaml"),
        (["run", "tutorial", "--seed", "-1"], "seed"),
        (["run", "tutorial", "--set", "batteries.north.interceptors=-3"], "interceptors"),
        (["run", "tutorial", "--set", "batteries.west.interceptors=3"], "batteries"),
        (["run", "tutorial", "--set", "nonsense"], "nonsense"),
        (["run", "tutorial", "--out", "/dev/null/here"], "/dev/null"),
    ],
)
def test_what_cannot_be_run_is_refused_with_code_two_and_no_folder(tmp_path, arguments, told):
    done = mantlet(tmp_path, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kernels", ["compiled", "being compiled"])
def test_ctrl_c_leaves_no_half_folder(tmp_path, kernels):
    environment = dict(os.environ)
    if kernels == "being compiled":  # whose callbacks swallow an interrupt
        environment["XDG_CACHE_HOME"] = str(tmp_path / "cache")
        environment.pop("NUMBA_CACHE_DIR", None)
    (tmp_path / "here").mkdir()
    running = subprocess.Popen(
        [*MANTLET, "run", "may-2021", "--out", "big"],
        cwd=tmp_path / "here",
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # Started in the background, a test run ignores Ctrl-C, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        assert running.stderr is not None
        running.stderr.readline()  # the first progress line: the run has begun
        time.sleep(2.0)
        os.kill(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=120)
    finally:
        running.kill()
    assert running.returncode == 130, told
    assert "Traceback" not in told
    assert list((tmp_path / "here").iterdir()) == []
