"""The way through a record, also as plain Python, where a read past the end is an IndexError."""

import numpy as np
import pytest

from mantlet.kernels import asterix_blocks, asterix_lengths, asterix_records
from mantlet.kernels.asterix_records import COMPOUND, EXTENDED, FIXED, REPEATED
from mantlet.sensing.asterix.walking import octet_sums

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


# The items of SLOTS one after the other, and those inside the compound one.
OURS = np.zeros((256, 5), np.int64)
OURS[48] = 0, COUNT, 1, 0, 0
OURS[21, 2] = 1
PLACED = SLOTS.copy()
PLACED[3, 1] = 1
SUMS = np.concatenate([octet_sums(SLOTS[:COUNT]), octet_sums(SLOTS[COUNT:])])


def test_sums_tell_the_octets_of_fixed_items_and_that_others_vary():
    assert SUMS.shape == (2, 128)
    assert SUMS[0, [0, 0x40, 0x20, 0x60, 0x04]].tolist() == [0, 2, -1, -1, -1]
    assert SUMS[1, [0, 0x40, 0x20, 0x10]].tolist() == [0, 1, -1, -1]


def some_octets(rng, good):
    """Whole or mutated copies of `good`, cut anywhere."""
    data = good.copy()
    spots = rng.integers(0, data.size, rng.integers(0, 6))
    data[spots] = rng.choice(np.array([0, 1, 3, 48, 128, 255], np.uint8), spots.size)
    return data[: rng.integers(1, data.size + 1)].copy()


def test_the_quick_way_to_the_end_of_a_record_says_what_the_long_way_says():
    rng = np.random.default_rng(3)
    good = np.frombuffer(RECORD * 2, np.uint8)
    places, sizes = np.zeros(len(SLOTS), np.int64), np.zeros(len(SLOTS), np.int64)
    trace = asterix_records.new_trace()
    ends = set()
    for _ in range(1_500):
        data = some_octets(rng, good)
        expected = asterix_records.walk(data, 0, data.size, 0, COUNT, SLOTS, places, sizes, trace)
        found = asterix_lengths.record_end(data, 0, data.size, 0, COUNT, 0, PLACED, SUMS)
        plain = asterix_lengths.plain_size(data, 0, data.size, 1, 0, SUMS)
        assert found == expected
        assert plain in (-1, expected)
        ends.add(expected)
    assert {-1, -3, -4, -5, len(RECORD)} < ends


def surveyed(data, rows):
    """All records and losses, with room for so many rows a call."""
    cursor = np.zeros(7, np.int64)
    cursor[asterix_blocks.PAYLOAD] = -1
    records, losses = np.empty((rows, 3), np.int64), np.empty((rows, 3), np.int64)
    skipped, bare, found, lost, done = (
        np.zeros(256, np.int64),
        np.zeros(256, np.int64),
        [],
        [],
        False,
    )
    bounds = np.array([0]), np.array([data.size])
    while not done:
        done = asterix_blocks.survey(
            data, *bounds, OURS, PLACED, SUMS, cursor, records, losses, skipped, bare
        )
        found += records[: cursor[asterix_blocks.FOUND]].tolist()
        lost += losses[: cursor[asterix_blocks.LOST]].tolist()
    return found, lost, skipped.tolist()


def test_any_octets_are_surveyed_to_their_end_and_no_further_in_pieces_of_any_size():
    rng = np.random.default_rng(4)
    good = np.frombuffer((bytes([48, 0, 33]) + RECORD * 2 + bytes([21, 0, 4, 1])) * 2, np.uint8)
    assert surveyed(good.copy(), 100)[1] == []
    for _ in range(1_000):
        data = some_octets(rng, good)
        found, lost, skipped = surveyed(data, 100)
        assert surveyed(data, 1) == (found, lost, skipped)
        starts = [start for start, _, _ in found]
        assert starts == sorted(set(starts))
        assert all(at >= 0 and at + octets <= data.size for _, at, octets in lost)
        # No octet is both read and lost.
        assert not any(at <= start < at + octets for start in starts for _, at, octets in lost)
        assert sum(octets for _, _, octets in lost) <= data.size
