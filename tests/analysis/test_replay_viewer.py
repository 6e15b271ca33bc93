"""The viewer's modules under node, and that they read what the packer wrote."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mantlet.analysis.replay_pack import LOG_RATIO, codes, lengths, pack, whole

VIEWER_TESTS = Path(__file__).parents[1] / "viewer"


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if not found:
        remedy = "no node; install it: sudo apt-get install nodejs"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(remedy)
    return str(found)


def test_the_viewers_pure_functions_pass_their_own_tests(node):
    tests = sorted(map(str, VIEWER_TESTS.glob("*.test.mjs")))
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"# pass (\d+)", done.stdout)[1]) > 30


def test_the_viewer_reads_what_was_packed(node, tmp_path):
    rng = np.random.default_rng(5)
    east = rng.uniform(-60e3, 60e3, 500)
    sigma = 10 ** rng.uniform(0, 4, 500)
    columns = {
        "samples.x": whole(east, 4.0, np.int16),
        "samples.impact.time": whole(east, 0.25, np.int32),
        "samples.major": lengths(sigma),
        "samples.status": codes(np.arange(500) % 4),
        "tracks.id": codes(rng.integers(-5, 2**31 - 1, 500), np.int32),
        "empty.time": whole(np.empty(0), 1.0, np.uint16),
    }
    header, text = pack(columns)
    file = tmp_path / "columns.json"
    file.write_text(json.dumps({"header": header, "text": text}))
    done = subprocess.run(
        [node, str(VIEWER_TESTS / "read_columns.mjs"), str(file)],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    read = json.loads(done.stdout)
    # Rounding to whole steps moves a value by half a step at most; the viewer holds 32-bit floats.
    assert np.array(read["samples"]["x"]) == pytest.approx(east, abs=2.0 + 0.01)
    assert np.array(read["samples"]["impactTime"]) == pytest.approx(east, abs=0.125 + 0.01)
    assert np.array(read["samples"]["major"]) == pytest.approx(sigma, rel=np.sqrt(LOG_RATIO) - 1)
    assert read["samples"]["status"] == list(np.arange(500) % 4)
    assert read["tracks"]["id"] == columns["tracks.id"].numbers.tolist()
    assert read["empty"]["time"] == []
