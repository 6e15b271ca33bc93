"""Frames say what was packed, and nothing else is taken for one."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.live.frames import BLOCKS, HEADER, Frame, pack, unpack

MOST_ROWS = 20


@st.composite
def frames(draw):
    blocks, bits = {}, np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    for name, columns in BLOCKS.items():
        rows = draw(st.integers(0, MOST_ROWS))
        blocks[name] = {
            column: np.frombuffer(bits.bytes(4 * rows), kind)  # any bits: NaN and infinity too
            for column, kind in columns
        }
    return Frame(
        draw(st.floats(allow_nan=False, allow_infinity=False)),
        blocks,
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(0, 1)),
        draw(st.integers(0, 31)),
        draw(st.sampled_from([0.5, 1.0, 60.0])),
        draw(st.floats(0.0, 4e9)),
    )


@settings(max_examples=60, deadline=None)
@given(frames())
def test_a_frame_comes_back_as_it_was_packed(frame):
    again = unpack(pack(frame))
    assert (again.time_s, again.sequence, again.source) == (
        frame.time_s,
        frame.sequence,
        frame.source,
    )
    assert (again.flags, again.speed) == (frame.flags, frame.speed)
    assert again.due_unix_s == frame.due_unix_s
    for name, columns in BLOCKS.items():
        for column, kind in columns:
            wanted = np.ascontiguousarray(frame.blocks[name][column], kind)
            assert again.blocks[name][column].tobytes() == wanted.tobytes()


@settings(max_examples=60, deadline=None)
@given(frames())
def test_every_column_is_aligned_for_typed_arrays(frame):
    data = pack(frame)
    assert HEADER.size % 8 == 0
    assert len(data) % 4 == 0


@settings(max_examples=100, deadline=None)
@given(frames(), st.integers(1, 200))
def test_a_cut_frame_is_refused(frame, cut):
    data = pack(frame)
    with pytest.raises(ValueError, match=r"frame"):
        unpack(data[: max(0, len(data) - cut)])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_other_bytes_are_refused(data):
    with pytest.raises(ValueError, match=r"frame"):
        unpack(data)


def test_the_header_lies_where_the_protocol_says():
    block = {column: np.array([7]) for column, _ in BLOCKS["zones"]}
    data = pack(Frame(12.5, {"zones": block}, 3, 1, 5, 2.0))
    assert data[:4] == b"MMF1"
    assert struct.unpack_from("<I", data, 4) == (3,)
    assert struct.unpack_from("<d", data, 8) == (12.5,)
    assert tuple(data[16:18]) == (1, 5)
    assert struct.unpack_from("<f", data, 20) == (2.0,)
    assert struct.unpack_from("<6I", data, 24) == (0, 0, 1, 0, 0, 0)
    assert struct.unpack_from("<i", data, 64) == (7,)


def test_columns_of_different_length_are_refused():
    block = {column: np.zeros(2) for column, _ in BLOCKS["zones"]} | {"row": np.zeros(3)}
    with pytest.raises(ValueError, match=r"zones\.alert_id"):
        pack(Frame(0.0, {"zones": block}))
