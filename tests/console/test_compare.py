"""`mantlet compare` as it is typed."""

import json
import subprocess
import sys

import pytest


@pytest.fixture
def folders(tmp_path):
    for name, seed, leakers in (("one", 1, 3), ("two", 2, 1)):
        (tmp_path / name).mkdir()
        manifest = {"schema": "1.1", "scenario": "town", "seed": seed, "mantlet": "0"}
        rate = {"numerator": 10 - leakers, "denominator": 10, "meaning": "destroyed"}
        summary = {"leakers": leakers, "threats": 12, "rates": {"true, of threatening": rate}}
        (tmp_path / name / "manifest.json").write_text(json.dumps(manifest))
        (tmp_path / name / "summary.json").write_text(json.dumps(summary))
        (tmp_path / name / "scenario.yaml").write_text(f"batteries: [{{id: b, stock: {seed}}}]\n")
    return tmp_path


def mantlet(*arguments, cwd):
    command = [sys.executable, "-m", "mantlet", "compare", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_two_runs_and_their_differences(folders):
    done = mantlet("one", "two", cwd=folders)
    assert done.returncode == 0, done.stderr
    rows = {
        line.split("  ")[0].strip(): line.split()[-3:] for line in done.stdout.splitlines() if line
    }
    assert rows["came down in their zone"] == ["3", "1", "−2"]
    assert rows["launched"] == ["12", "12", "="]
    assert "seed      differs" in done.stdout
    assert "batteries[b].stock: 1 -> 2" in done.stdout
    # Wilson's intervals by hand: 7/10 from 0.3968 to 0.8922, 9/10 from 0.5958 to 0.9821
    assert "+20.0 [-16.0 +51.4]" in done.stdout


def test_a_folder_that_is_no_run_ends_with_2(folders):
    done = mantlet("one", "nowhere", cwd=folders)
    assert done.returncode == 2
    assert "nowhere: not a run folder" in done.stderr
    assert done.stdout == ""


def test_the_same_run_twice_differs_in_nothing(folders):
    done = mantlet("one", "one", cwd=folders)
    assert "scenario  the same" in done.stdout
    assert "seed      the same" in done.stdout
    assert "−" not in done.stdout
