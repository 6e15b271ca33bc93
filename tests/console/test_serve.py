"""`mantlet serve` as a whole process: it starts, answers, ends quietly, and refuses in words."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

MANTLET = [sys.executable, "-m", "mantlet", "serve"]


@contextmanager
def served(*arguments: str, folder: Path) -> "Iterator[tuple[subprocess.Popen[str], str]]":
    process = subprocess.Popen(
        [*MANTLET, *arguments, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    try:
        line = next(line for line in process.stdout if line.startswith("http"))
        yield process, line.split()[0]
    finally:
        process.kill()
        process.communicate()


def refused(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [*MANTLET, *arguments], capture_output=True, text=True, cwd=folder, timeout=60
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_live_run_is_served_until_it_is_told_to_end(tmp_path: Path, end: signal.Signals) -> None:
    with served("tutorial", "--speed", "20", folder=tmp_path) as (process, address):
        runs = httpx.get(f"{address}api/runs").json()
        process.send_signal(end)
        out, err = process.communicate(timeout=20)
    assert [(run["id"], run["kind"]) for run in runs] == [("tutorial", "live")]
    assert "Traceback" not in err
    assert process.returncode in (0, -signal.SIGTERM)
    if end == signal.SIGINT:
        assert (process.returncode, out.strip(), err) == (0, "ended", "")


@pytest.mark.slow
def test_without_arguments_there_is_the_editor(tmp_path: Path) -> None:
    with served(folder=tmp_path) as (_, address):
        session = httpx.get(f"{address}api/session").json()
        scenarios = httpx.get(f"{address}api/scenarios").json()
    assert (session["mode"], session["editor"]) == ("editor", True)
    assert "tutorial" in [each["name"] for each in scenarios]


@pytest.mark.slow
def test_what_cannot_be_served_is_refused_in_words(tmp_path: Path) -> None:
    assert "not a run folder" in refused("--replay", ".", "--port", "0", folder=tmp_path)
    assert "--token" in refused("--host", "0.0.0.0", folder=tmp_path)
    assert "no bundled scenario" in refused("nothing", "--port", "0", folder=tmp_path)
    assert "give one of them" in refused("tutorial", "--replay", ".", folder=tmp_path)
    assert "not a PMTiles file" in refused("--tiles", os.devnull, "--port", "0", folder=tmp_path)
