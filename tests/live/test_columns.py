"""Columns in memory and on disk hold the same rows."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.live.columns import Columns, Words


def _rows(first, count):
    return {
        "id": np.arange(first, first + count, dtype=np.int32),
        "place": np.arange(3 * count, dtype=np.float32).reshape(count, 3) + first,
    }


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 700), max_size=12))
def test_what_was_appended_is_there_in_order(tmp_path_factory, counts):
    folder = tmp_path_factory.mktemp("columns")
    held, spilled = Columns(), Columns(folder, "t.")
    first = 0
    for count in [0, *counts]:
        for columns in (held, spilled):
            columns.append(_rows(first, count))
        first += count
    spilled.close()
    assert len(held) == len(spilled) == first
    assert held["id"].tolist() == list(range(first))
    for name in ("id", "place"):
        assert held[name].dtype == spilled[name].dtype
        assert held[name].tobytes() == spilled[name].tobytes()


def test_a_reader_keeps_the_rows_it_asked_for_while_more_come():
    columns = Columns()
    columns.append(_rows(0, 10))
    seen = columns["id"]
    for first in range(10, 5000, 10):
        columns.append(_rows(first, 10))
    assert seen.tolist() == list(range(10))
    assert len(columns) == 5000


def test_rows_handed_out_and_asked_for_again_survive_forgetting(tmp_path):
    columns = Columns(tmp_path, "t.")
    columns.append(_rows(0, 5000))
    columns.close()
    seen = columns["id"]
    columns.forget()
    assert seen.tolist() == columns["id"].tolist() == list(range(5000))


@pytest.mark.skipif(not Path("/proc/self/smaps").exists(), reason="counts pages as Linux does")
def test_forgetting_gives_memory_back(tmp_path):
    columns = Columns(tmp_path, "t.")
    columns.append({"id": np.arange(1 << 19, dtype=np.int32)})
    columns.close()
    assert columns["id"].sum() > 0
    touched = _resident_kib(tmp_path / "t.id.bin")
    columns.forget()
    assert touched >= 2048
    assert _resident_kib(tmp_path / "t.id.bin") == 0


def _resident_kib(path):
    lines = Path("/proc/self/smaps").read_text(encoding="ascii").splitlines()
    at = next(k for k, line in enumerate(lines) if line.endswith(str(path)))
    return int(next(line for line in lines[at:] if line.startswith("Rss:")).split()[1])


def test_texts_keep_their_codes():
    words = Words(("a", "b"))
    assert words.encode(np.array(["b", "c", "a", "c"], object)).tolist() == [1, 2, 0, 2]
    assert words.texts == ["a", "b", "c"]
