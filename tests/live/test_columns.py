"""Columns in memory and on disk hold the same rows."""

import numpy as np
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


def test_texts_keep_their_codes():
    words = Words(("a", "b"))
    assert words.encode(np.array(["b", "c", "a", "c"], object)).tolist() == [1, 2, 0, 2]
    assert words.texts == ["a", "b", "c"]
