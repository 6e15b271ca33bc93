import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.sensing.asterix import contents, encode, recording
from mantlet.sensing.asterix.layout import EDITIONS, layout


def read(octets):
    return contents(recording(np.frombuffer(bytes(octets), np.uint8).copy()))


@st.composite
def some_record(draw):
    """Elements of a record with any values that fit, not only whole steps."""
    category = draw(st.sampled_from(list(EDITIONS)))
    elements = layout(category).elements
    names = draw(st.sets(st.sampled_from(sorted(elements)), max_size=12)) | {"010/SAC"}
    values = {}
    for name in sorted(names):
        e = elements[name]
        low = -(2 ** (e.width - 1)) if e.signed else 0
        steps = draw(st.floats(low, low + 2**e.width - 1))
        values[name] = steps * e.step
    return category, values


@settings(max_examples=150, deadline=None)
@given(some_record())
def test_every_element_comes_back_within_half_a_step(record):
    category, values = record
    block = encode(category, values, 1).blocks().octets
    found = read(block)
    assert found.losses == ()
    for name, value in values.items():
        step = layout(category).element(name).step
        [got] = found.records[category].column(name)
        assert abs(got - value) <= step / 2 * (1 + 1e-9) + abs(value) * 1e-12


def test_a_value_that_does_not_fit_is_refused_by_name_not_clipped():
    with pytest.raises(ValueError, match=r"040/RHO of record 1: 256\.0 NM does not fit"):
        encode(48, {"010/SAC": 0.0, "040/RHO": np.array([1.0, 256.0])}, 2)
    with pytest.raises(ValueError, match="does not fit"):
        encode(48, {"040/RHO": np.inf}, 1)


def test_an_element_the_category_lacks_is_refused_by_name():
    with pytest.raises(KeyError, match="CAT048 has no element '040/ROH'"):
        encode(48, {"040/ROH": 1.0}, 1)


def test_blocks_are_short_enough_for_a_frame_and_hold_one_group_each():
    groups = np.repeat(np.arange(3), [400, 1, 99])
    encoded = encode(48, {"010/SAC": 0.0, "010/SIC": groups * 1.0, "140": np.arange(500.0)}, 500)
    blocks = encoded.blocks(groups)
    assert np.diff(blocks.offsets).max() <= 1400
    for block, first in zip(blocks.split(), blocks.firsts, strict=True):
        assert set(read(block).records[48].column("010/SIC")) == {groups[first]}
    assert (read(blocks.octets).records[48].column("140") == np.arange(500.0)).all()


def test_no_records_are_no_blocks():
    assert encode(48, {"010/SAC": 0.0}, 0).blocks().octets.size == 0
