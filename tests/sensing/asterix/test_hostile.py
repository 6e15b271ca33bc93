"""Recordings that lie: nothing crashes, hangs or reads past the end, and losses are counted."""

import numpy as np
import pytest

from mantlet.sensing.asterix import contents, encode, recording
from mantlet.sensing.asterix.contents import chunks
from mantlet.sensing.asterix.layout import layout

TIMES = np.arange(20.0)
COLUMNS = {
    "010/SAC": 0.0,
    "010/SIC": 1.0,
    "140": TIMES,
    "020/TYP": 1.0,
    "040/RHO": 10.0,
    "040/THETA": 20.0,
    "110/3DH": np.where(TIMES % 3 == 0, np.nan, 5000.0),
}


def block(first=0, count=5):
    columns = {k: v[first : first + count] if np.ndim(v) else v for k, v in COLUMNS.items()}
    return encode(48, columns, count).blocks().octets.tobytes()


def read(octets):
    return contents(recording(np.frombuffer(octets, np.uint8).copy()))


def times(found):
    return found.records[48].column("140").tolist()


def lied(octets, length):
    return octets[:1] + length.to_bytes(2, "big") + octets[3:]


def test_another_category_is_skipped_by_length_and_counted():
    stranger = bytes([200, 0, 9, 1, 2, 3, 4, 5, 6])
    found = read(block() + stranger + stranger + bytes([21, 0, 4, 48]) + block(5))
    assert found.skipped == {21: 1, 200: 2}
    assert times(found) == list(range(10))
    assert found.losses == ()


@pytest.mark.parametrize("excess", [1, 2, 3, 7, 30, 60])
def test_after_a_block_that_claims_too_much_the_next_is_read(excess):
    first, second, third = block(0), block(5), block(10)
    found = read(lied(first, len(first) + excess) + second + third)
    assert times(found) == list(range(15))
    assert found.losses[0].offset == len(first)


@pytest.mark.parametrize("missing", [1, 2, 10, 40])
def test_after_a_block_that_claims_too_little_the_next_is_read(missing):
    first = block(0)
    found = read(lied(first, len(first) - missing) + block(5))
    assert times(found)[-5:] == [5, 6, 7, 8, 9]
    assert sum(found.counts.values()) >= 1
    assert found.octets_lost > 0


@pytest.mark.parametrize("length", [0, 1, 2])
def test_a_length_below_three_costs_its_block_alone(length):
    found = read(lied(block(0), length) + block(5))
    assert times(found) == [5, 6, 7, 8, 9]
    assert found.losses[0].kind == "block length below 3"
    assert found.losses[0].offset == 0


def test_of_a_block_cut_off_the_whole_records_are_read():
    found = read(block()[:-4])
    assert times(found) == [0, 1, 2, 3]
    assert found.losses[0].kind == "block runs past the end of the data"
    assert str(found.losses[0]).startswith("block runs past the end of the data at offset ")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (bytes([0xFF] * 8), "field specification without end"),
        (bytes([0]), "record of nothing"),
        (bytes([0x40, 1, 2, 3]), "record without a source"),
        (bytes([0x81, 0x01, 0x01, 0x02, 1, 2]), "item that the category does not have"),
        (bytes([0xC0, 1, 2, 3]), "record runs past the end of its block"),
        (bytes([0x81, 0x20, 1, 2, 255, 0]), "record runs past the end of its block"),
        (bytes([0x81, 0x10, 1, 2, 0]), "record runs past the end of its block"),
        (bytes([0xA0, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]), "field specification without end"),
    ],
)
def test_a_bad_record_is_named_and_the_next_block_is_read(body, kind):
    bad = bytes([48]) + (3 + len(body)).to_bytes(2, "big") + body
    if kind == "item that the category does not have":
        bad = bytes([62, 0, 11, 0xC0, 0, 0, 0, 0, 0, 0, 0])
    found = read(bad + block())
    assert times(found) == [0, 1, 2, 3, 4]
    assert found.counts == {kind: 1}


@pytest.mark.parametrize(
    "octets", [b"\x30", b"\x30\x00\x30\x00", bytes(6), b"\x15\x00\x06\x01\x02"]
)
def test_scraps_are_counted_not_raised(octets):
    found = read(octets)
    assert not any(len(records) for records in found.records.values())
    assert found.octets_lost == len(octets)


def mutated(octets, rng):
    out = bytearray(octets)
    for _ in range(rng.integers(1, 6)):
        at = int(rng.integers(len(out)))
        what = rng.integers(4)
        if what == 0:
            out[at] = rng.integers(256)
        elif what == 1:
            out[at] ^= 1 << rng.integers(8)
        elif what == 2:
            del out[at : at + rng.integers(1, 9)]
        else:
            out[at:at] = rng.bytes(rng.integers(1, 9))
        out = out or bytearray(1)
    return bytes(out)


def test_a_good_block_behind_a_mutated_one_is_read_or_its_loss_counted():
    rng = np.random.default_rng(6)
    saved = 0
    for _ in range(2_000):
        found = read(mutated(block(0), rng) + block(10))
        there = times(found)[-5:] == [10, 11, 12, 13, 14]
        saved += there
        assert there or found.octets_lost > 0 or found.skipped
    assert saved > 1_900


def test_noise_is_given_up_as_one_loss_and_what_came_before_is_kept():
    noise = (bytes([48, 0, 6, 0x80, 1, 2]) + b"\0") * 9_000
    found = read(block(0) + noise)
    assert times(found)[:5] == [0, 1, 2, 3, 4]
    kinds = found.counts
    assert kinds.pop("noise: more faults than a payload may have, its rest given up") == 1
    assert sum(kinds.values()) <= 16 + (len(noise) + 200) // 512
    assert found.octets_lost > len(noise) * 0.9


def test_damage_now_and_then_is_no_noise_however_long_the_recording():
    # A broken block in ten, over a megabyte: every good block but the one the damage hits.
    broken = bytes([48, 0, 9, 0x40, 1, 2, 3, 4, 5])
    found = read((block(0) * 9 + broken) * 1_500)
    assert len(times(found)) == 1_500 * 9 * 5
    assert found.counts == {"record without a source": 1_500}


def test_a_recording_read_in_pieces_is_the_same():
    unit = block(0) + bytes([21, 0, 4, 1]) + block(5) + b"\x30\0\0"
    octets = np.frombuffer(unit * 20, np.uint8).copy()
    parts = list(chunks(recording(octets), 7))
    whole = contents(recording(octets))
    assert len(parts) > 15 and max(len(part.records[48]) for part in parts) == 7
    starts = np.concatenate([part.records[48].starts for part in parts])
    assert (starts == whole.records[48].starts).all()
    assert sum(part.octets_lost for part in parts) == whole.octets_lost
    assert sum(part.skipped.get(21, 0) for part in parts) == whole.skipped[21]


def test_no_item_is_longer_than_its_description():
    assert max(size for _, size, _, _ in layout(62).rows) <= 15
