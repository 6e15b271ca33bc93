"""The page's modules under node, and that they read what the server packs."""

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mantlet.live.frames import BLOCKS, Frame, pack

PAGE_TESTS = sorted(Path(__file__).with_name("page").glob("*.test.mjs"))


@pytest.fixture(scope="module")
def node() -> str:
    found = shutil.which("node")
    if not found:
        remedy = "no node; install it: sudo apt-get install nodejs"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(remedy)
    return str(found)


def run_tests(node, tests, **environment):
    done = subprocess.run(
        [node, "--test", *map(str, tests)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return int(re.search(r"# pass (\d+)", done.stdout)[1])


def test_the_pages_pure_functions_pass_their_own_tests(node):
    assert run_tests(node, PAGE_TESTS) > 20


def test_the_page_reads_what_the_server_packs(node, tmp_path):
    rng = np.random.default_rng(3)
    blocks = {
        name: {column: rng.integers(-999, 999, rows).astype(kind) for column, kind in columns}
        for rows, (name, columns) in enumerate(BLOCKS.items())
    }
    data = pack(Frame(1234.5, blocks, 17, 1, 9, 4.0, 0.0))
    expected = {
        "header": [1234.5, 17, 1, 9, 4],
        "blocks": {
            name: {column: values.tolist() for column, values in columns.items()}
            for name, columns in blocks.items()
        },
    }
    file = tmp_path / "frame.json"
    file.write_text(json.dumps({"frame": base64.b64encode(data).decode(), "expected": expected}))
    wire = [path for path in PAGE_TESTS if path.name == "wire.test.mjs"]
    assert run_tests(node, wire, MANTLET_FRAME=str(file)) == 3


def test_no_module_of_the_page_holds_inline_style_or_script():
    page = Path(__file__).parents[2] / "src/mantlet/live/page"
    html = (page / "index.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    for module in page.rglob("*.js"):
        if "vendor" not in module.parts:
            words = module.read_text()
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\(", words), module


def test_every_module_the_page_imports_is_there():
    page = Path(__file__).parents[2] / "src/mantlet/live/page"
    for module in page.rglob("*.js"):
        if "vendor" in module.parts:
            continue
        for name in re.findall(r'(?:from|import\() ?"(\./[^"]+|\.\./[^"]+)"', module.read_text()):
            assert (module.parent / name).is_file(), (module.name, name)
