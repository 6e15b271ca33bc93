import numpy as np
import pytest

from mantlet.analysis.replay_pack import codes, lengths, pack, whole


def test_the_same_columns_give_the_same_text():
    columns = {"a.b": whole(np.linspace(0, 1, 1000), 0.001, np.uint16)}
    assert pack(columns) == pack(columns)


def test_values_beyond_the_integers_are_clipped_not_wrapped():
    column = whole(np.array([-1e9, 0.0, 1e9]), 1.0, np.int16)
    assert column.numbers.tolist() == [-32768, 0, 32767]


def test_no_length_is_marked_by_zero_and_any_length_by_more():
    assert lengths(np.array([0.0, np.nan, 1e-6, 0.1, 1e9])).numbers.tolist() == [0, 0, 1, 1, 255]


def test_rows_that_follow_one_object_pack_to_a_few_bits_each():
    seconds = np.arange(20_000)
    _, text = pack({"x": whole(200.0 * seconds % 60_000, 4.0, np.int16)})
    assert len(text) < 0.05 * 2 * seconds.size


def test_a_header_entry_says_how_to_read_its_column():
    header, _ = pack({"a": codes(np.arange(3)), "b": lengths(np.ones(2))})
    assert [(entry["name"], entry["kind"], entry["count"]) for entry in header] == [
        ("a", "u8", 3),
        ("b", "u8", 2),
    ]
    assert header[0]["step"] == 1.0
    assert header[1]["log"] == pytest.approx([0.1, 1.06])
