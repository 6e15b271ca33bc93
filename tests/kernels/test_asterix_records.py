"""The way through a record, also as plain Python, where a read past the end is an IndexError."""

import numpy as np
import pytest

from mantlet.kernels import asterix_blocks, asterix_records
from mantlet.kernels.asterix_records import COMPOUND, EXTENDED, FIXED, REPEATED

SLOTS = np.array(
    [
        [FIXED, 2, 0, 0],
        [EXTENDED, 2, 0, 0],
        [REPEATED, 3, 0, 0],
        [COMPOUND, 0, 4, 2],
        [FIXED, 1, 0, 0],
        [EXTENDED, 1, 0, 0],
    ],
    dtype=np.int64,
)
COUNT = 4
RECORD = bytes([0xF0, 1, 2, 3, 4, 2, 1, 1, 1, 2, 2, 2, 0xC0, 9, 8])


def walked(octets, end=None):
    data = np.frombuffer(octets, np.uint8).copy()
    places, sizes = np.zeros(len(SLOTS), np.int64), np.zeros(len(SLOTS), np.int64)
    trace = asterix_records.new_trace()
    stop = asterix_records.walk(
        data, 0, len(octets) if end is None else end, 0, COUNT, SLOTS, places, sizes, trace
    )
    return stop, places, sizes, trace, data


def test_items_are_found_where_they_stand():
    stop, places, sizes, _, _ = walked(RECORD)
    assert stop == len(RECORD)
    assert places.tolist() == [1, 3, 5, 12, 13, 14]
    assert sizes.tolist() == [2, 2, 7, 3, 1, 1]


@pytest.mark.parametrize("end", range(1, len(RECORD)))
def test_a_record_cut_anywhere_is_past_the_end(end):
    assert walked(RECORD[:end])[0] == asterix_records.PAST_END
    assert walked(RECORD, end)[0] == asterix_records.PAST_END


def test_a_record_is_recognised_by_what_decides_its_shape_alone():
    _, _, _, trace, _ = walked(RECORD)
    other = bytearray(RECORD)
    other[1], other[13] = 77, 78
    assert asterix_records.recognised(np.frombuffer(other, np.uint8), 0, 15, 0, trace)
    assert not asterix_records.recognised(np.frombuffer(other, np.uint8), 0, 14, 0, trace)
    for place in (0, 3, 4, 5, 12, 14):
        changed = bytearray(RECORD)
        changed[place] ^= 1
        assert not asterix_records.recognised(np.frombuffer(changed, np.uint8), 0, 15, 0, trace)


def test_bits_are_taken_across_octets():
    data = np.array([0b10110011, 0b01010101, 0b11110000], np.uint8)
    assert asterix_records.bits(data, 0, 3, 14) == 0b10011010101011
    assert asterix_records.bits(data, 1, 0, 16) == 0b0101010111110000


def test_any_octets_are_surveyed_to_their_end_and_no_further():
    rng = np.random.default_rng(4)
    ours = np.zeros((256, 3), np.int64)
    ours[48] = 0, COUNT, 1
    ours[21, 2] = 1
    good = np.frombuffer(bytes([48, 0, 33]) + RECORD * 2 + bytes([21, 0, 4, 1]), np.uint8)
    for _ in range(1_500):
        data = np.concatenate([good, good])
        spots = rng.integers(0, data.size, rng.integers(0, 6))
        data[spots] = rng.choice(np.array([0, 1, 3, 48, 255], np.uint8), spots.size)
        data = data[: rng.integers(1, data.size + 1)].copy()
        bounds = np.array([0]), np.array([data.size])
        records, losses, _ = asterix_blocks.survey(data, *bounds, ours, SLOTS)
        assert (np.diff(records[:, 0]) > 0).all()
        assert (losses[:, 2] >= 0).all() and losses[:, 2].sum() <= data.size
