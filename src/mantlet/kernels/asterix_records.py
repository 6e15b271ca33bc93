"""Kernels: the way through one record, item by item, trusting nothing it says about itself."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

FIXED, EXTENDED, REPEATED, CHAINED, EXPLICIT, COMPOUND, SPARE = 0, 1, 2, 3, 4, 5, 6
"""Kinds of item: so many octets; more while an octet ends in 1; counted repetitions; repetitions
while the last octet ends in 1; length first; presence bits and parts; none of that number."""

PAST_END = -1
ENDLESS = -2
UNDEFINED = -3
EMPTY = -4
SOURCELESS = -5


TRACED = 16
"""Octets that may decide the shape of a record for it to be recognised in the next one."""


@kernel
def new_trace() -> Ints:
    """What decided the shape of the last record walked; see `walk`.

    [octets that decided (0: not known), octets of the record, first slot of its category], then
    for each that decided: place in the record, mask, value.
    """
    return np.zeros(3 + 3 * TRACED, np.int64)


@kernel
def _decided(trace: Ints, place: int, mask: int, value: int) -> None:
    """Note that the octet at `place` decided the shape, by the bits of `mask`."""
    k = trace[0]
    if k < TRACED:
        trace[3 + 3 * k], trace[4 + 3 * k], trace[5 + 3 * k] = place, mask, value & mask
    trace[0] = k + 1


@kernel
def recognised(data: Bytes, at: int, end: int, first: int, trace: Ints) -> bool:
    """Whether the record at `at` has the shape of the one traced, and room for it before `end`.

    Kept apart from `walk` because so small a function is compiled into its caller: a call with
    this many arrays costs twenty times the comparison.
    """
    if trace[0] == 0 or trace[2] != first or at + trace[1] > end:
        return False
    for k in range(trace[0]):
        if data[at + trace[3 + 3 * k]] & trace[4 + 3 * k] != trace[5 + 3 * k]:
            return False
    return True


@kernel
def _simple_end(
    data: Bytes, at: int, here: int, end: int, kind: int, size: int, trace: Ints
) -> int:
    """Where an item at `here` that is not compound ends, or why it does not.

    Never past `end`. `at` is where its record begins.
    """
    stop = here + size
    if kind != FIXED:
        if kind == SPARE:
            return UNDEFINED
        if here >= end:
            return PAST_END
        if kind in (REPEATED, EXPLICIT):
            length = int(data[here])
            _decided(trace, here - at, 255, length)
            if length == 0 and kind == EXPLICIT:
                return EMPTY
            stop = here + (length if kind == EXPLICIT else 1 + length * size)
        else:
            step = size if kind == CHAINED else 1
            longest = end if kind == CHAINED else here + size
            stop = here + step
            while stop <= end:
                _decided(trace, stop - 1 - at, 1, data[stop - 1])
                if not data[stop - 1] & 1:
                    break
                if stop >= longest:
                    return ENDLESS if kind == EXTENDED else PAST_END
                stop += step
    return stop if stop <= end else PAST_END


@kernel
def _marks_end(data: Bytes, at: int, here: int, end: int, count: int, trace: Ints) -> int:
    """Where the presence bits at `here` for `count` items end, or why they do not."""
    last = here + (count + 6) // 7
    while here < end:
        _decided(trace, here - at, 255, data[here])
        here += 1
        if not data[here - 1] & 1:
            return here
        if here >= last:
            return ENDLESS
    return PAST_END


@kernel
def _compound_end(
    data: Bytes,
    at: int,
    marks: int,
    end: int,
    whole: int,
    slots: Ints,
    places: Ints,
    sizes: Ints,
    trace: Ints,
) -> int:
    """Where the compound item at `marks` ends, its parts noted, or why it does not."""
    first, count = slots[whole, 2], slots[whole, 3]
    here = _marks_end(data, at, marks, end, count, trace)
    if here < 0:
        return here
    for k in range(7 * (here - marks)):
        if not data[marks + k // 7] & (128 >> (k % 7)):
            continue
        if k >= count:
            return UNDEFINED
        slot = first + k
        stop = _simple_end(data, at, here, end, slots[slot, 0], slots[slot, 1], trace)
        if stop < 0:
            return stop
        places[slot], sizes[slot] = here - at, stop - here
        here = stop
    return here


@kernel
def walk(
    data: Bytes,
    at: int,
    end: int,
    first: int,
    count: int,
    slots: Ints,
    places: Ints,
    sizes: Ints,
    trace: Ints,
) -> int:
    """Where the record at `at` ends, or a negative fault. Reads nothing at or past `end`.

    `places` and `sizes` (slots,) receive where in the record each item begins and its octets, 0
    octets for those there are none of. `first` is the slot of the category's first item, `count`
    their number. The first item of all three categories names the source: a record without it is
    none. `trace` keeps the shape: the next record, if `recognised`, needs no walk: it has
    trace[1] octets, and `places` and `sizes` are its own too.
    """
    sizes[:] = 0
    trace[0] = 0
    stop = _walk_items(data, at, end, first, count, slots, places, sizes, trace)
    if stop < 0 or trace[0] > TRACED:
        trace[0] = 0
    trace[1], trace[2] = stop - at, first
    return stop


@kernel
def _walk_items(
    data: Bytes,
    at: int,
    end: int,
    first: int,
    count: int,
    slots: Ints,
    places: Ints,
    sizes: Ints,
    trace: Ints,
) -> int:
    here = _marks_end(data, at, at, end, count, trace)
    if here < 0:
        return here
    if not data[at] & 0x80:
        return EMPTY if here == at + 1 and data[at] == 0 else SOURCELESS
    for k in range(7 * (here - at)):
        if not data[at + k // 7] & (128 >> (k % 7)):
            continue
        if k >= count:
            return UNDEFINED
        slot = first + k
        if slots[slot, 0] == COMPOUND:
            stop = _compound_end(data, at, here, end, slot, slots, places, sizes, trace)
        else:
            stop = _simple_end(data, at, here, end, slots[slot, 0], slots[slot, 1], trace)
        if stop < 0:
            return stop
        places[slot], sizes[slot] = here - at, stop - here
        here = stop
    return here


@kernel
def bits(data: Bytes, at: int, bit: int, width: int) -> int:
    """The unsigned integer in `width` (at most 56) bits, `bit` bits after octet `at`."""
    first, last = at + (bit >> 3), at + ((bit + width - 1) >> 3)
    value = 0
    for i in range(first, last + 1):
        value = (value << 8) | int(data[i])
    return (value >> (8 * (last - first + 1) - (bit & 7) - width)) & ((1 << width) - 1)


@kernel
def gather(
    data: Bytes,
    starts: Ints,
    count: int,
    slots: Ints,
    fields: Ints,
    steps: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Values (fields, records) of elements; NaN where a record has none.

    `fields` (f, 4): slot, bit, width, signed. Records are known to be good.
    """
    out = np.full((fields.shape[0], starts.size), np.nan)
    places, sizes = np.zeros(slots.shape[0], np.int64), np.zeros(slots.shape[0], np.int64)
    trace = new_trace()
    for row in range(starts.size):
        at = starts[row]
        if not recognised(data, at, data.size, 0, trace):
            walk(data, at, data.size, 0, count, slots, places, sizes, trace)
        for f in range(fields.shape[0]):
            slot, bit, width = fields[f, 0], fields[f, 1], fields[f, 2]
            if bit + width > 8 * sizes[slot]:
                continue
            value = bits(data, at + places[slot], bit, width)
            if fields[f, 3] and value >> (width - 1):
                value -= 1 << width
            out[f, row] = value * steps[f]
    return out
