"""Kernel: where a record ends, at a cost that its octets bound; nothing it says is trusted."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.asterix_records import (
    CHAINED,
    COMPOUND,
    EMPTY,
    ENDLESS,
    EXPLICIT,
    EXTENDED,
    FIXED,
    PAST_END,
    REPEATED,
    SOURCELESS,
    SPARE,
    UNDEFINED,
    Bytes,
    Ints,
)
from mantlet.kernels.compiled import kernel

Sums = NDArray[np.int16]
"""By octet of presence bits and its seven bits: octets of the items present, -1 if that varies."""


@kernel
def plain_size(data: Bytes, at: int, end: int, octets: int, group: int, sums: Sums) -> int:
    """Octets of the record at `at` if all its items are of fixed size and it ends by `end`, or -1.

    `octets` is the most its presence bits may take. Kept apart from `record_end`, which also says
    what is wrong, because so small a function is compiled into its caller: a call costs more than
    the look.
    """
    size = 0
    for j in range(min(octets, end - at)):
        marks = data[at + j]
        part = sums[group + j, marks >> 1]
        if part < 0:
            return -1
        size += part
        if not marks & 1:
            size += j + 1
            return size if data[at] & 0x80 and at + size <= end else -1
    return -1


@kernel
def _marks_end(data: Bytes, here: int, end: int, count: int) -> int:
    """Where the presence bits at `here` for `count` items end, or why they do not."""
    last = here + (count + 6) // 7
    while here < end:
        here += 1
        if not data[here - 1] & 1:
            return here
        if here >= last:
            return ENDLESS
    return PAST_END


@kernel
def _item_end(data: Bytes, here: int, end: int, kind: int, size: int) -> int:
    """Where an item that is not compound ends, or why it does not. Never past `end`."""
    stop = here + size
    if kind == FIXED:
        return stop if stop <= end else PAST_END
    if kind == SPARE:
        return UNDEFINED
    if here >= end:
        return PAST_END
    if kind in (REPEATED, EXPLICIT):
        length = int(data[here])
        if length == 0 and kind == EXPLICIT:
            return EMPTY
        stop = here + (length if kind == EXPLICIT else 1 + length * size)
        return stop if stop <= end else PAST_END
    step = size if kind == CHAINED else 1
    longest = end if kind == CHAINED else here + size
    stop = here + step
    while stop <= end:
        if not data[stop - 1] & 1:
            return stop
        if stop >= longest:
            return ENDLESS if kind == EXTENDED else PAST_END
        stop += step
    return PAST_END


@kernel
def _parts_end(data: Bytes, marks: int, end: int, whole: int, slots: Ints, sums: Sums) -> int:
    """Where the compound item at `marks` ends, or why it does not."""
    group, first, count = slots[whole, 1], slots[whole, 2], slots[whole, 3]
    stop = _marks_end(data, marks, end, count)
    if stop < 0:
        return stop
    for j in range(stop - marks):
        present = data[marks + j] >> 1
        size = sums[group + j, present]
        if size >= 0:
            stop += size
            if stop > end:
                return PAST_END
            continue
        for bit in range(7):
            if present & (64 >> bit):
                if 7 * j + bit >= count:
                    return UNDEFINED
                slot = first + 7 * j + bit
                stop = _item_end(data, stop, end, slots[slot, 0], slots[slot, 1])
                if stop < 0:
                    return stop
    return stop


@kernel
def record_end(
    data: Bytes, at: int, end: int, first: int, count: int, group: int, slots: Ints, sums: Sums
) -> int:
    """Where the record at `at` ends, or a negative fault. Reads nothing at or past `end`.

    As `asterix_records.walk`, without noting where items stand: presence bits whose items are all
    of fixed size cost one look into `sums`. `group` is the row there of the category's first
    octet of them; a compound slot has its own in place of its octets.
    """
    stop = _marks_end(data, at, end, count)
    if stop < 0:
        return stop
    octets = stop - at
    if not data[at] & 0x80:
        return EMPTY if octets == 1 and data[at] == 0 else SOURCELESS
    for j in range(octets):
        present = data[at + j] >> 1
        size = sums[group + j, present]
        if size >= 0:
            stop += size
            if stop > end:
                return PAST_END
            continue
        for bit in range(7):
            if present & (64 >> bit):
                if 7 * j + bit >= count:
                    return UNDEFINED
                slot = first + 7 * j + bit
                if slots[slot, 0] == COMPOUND:
                    stop = _parts_end(data, stop, end, slot, slots, sums)
                else:
                    stop = _item_end(data, stop, end, slots[slot, 0], slots[slot, 1])
                if stop < 0:
                    return stop
    return stop
