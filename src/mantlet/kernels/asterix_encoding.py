"""Kernels: columns of elements into ASTERIX records, records into data blocks."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.asterix_records import COMPOUND, EXTENDED, Bytes, Ints
from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]

BLOCK_LIMIT = 1400
"""Octets of the longest block written: with its headers it passes an Ethernet frame whole."""

_HEADER = 3


@kernel
def _write_bits(out: Bytes, at: int, bit: int, width: int, value: int) -> None:
    """Put the low `width` bits of `value` `bit` bits after octet `at`; those places hold 0."""
    first, last = at + (bit >> 3), at + ((bit + width - 1) >> 3)
    shifted = (value & ((1 << width) - 1)) << (8 * (last - first + 1) - (bit & 7) - width)
    for i in range(last, first - 1, -1):
        out[i] |= shifted & 255
        shifted >>= 8


@kernel
def _write_marks(out: Bytes, at: int, first: int, count: int, sizes: Ints) -> int:
    """Write the presence bits of `count` items from slot `first` on; where they end."""
    here = at
    out[here] = 0
    for k in range(count):
        if sizes[first + k] > 0:
            octet = at + k // 7
            while here < octet:
                out[here] |= 1
                here += 1
                out[here] = 0
            out[octet] |= 128 >> (k % 7)
    end: int = here + 1
    return end


@kernel
def _clear(out: Bytes, at: int, slot: int, slots: Ints, sizes: Ints, places: Ints) -> int:
    """Give a simple item its octets, 0 but for the marks of those that go on; where it ends."""
    places[slot] = at
    stop: int = at + sizes[slot]
    for i in range(at, stop):
        out[i] = 1 if slots[slot, 0] == EXTENDED and i + 1 < stop else 0
    return stop


@kernel
def _lay_out(out: Bytes, count: int, slots: Ints, sizes: Ints, places: Ints) -> int:
    """A record with presence bits and its items' octets, all without values; its length."""
    here = _write_marks(out, 0, 0, count, sizes)
    for slot in range(count):
        if sizes[slot] == 0:
            continue
        if slots[slot, 0] != COMPOUND:
            here = _clear(out, here, slot, slots, sizes, places)
            continue
        first = slots[slot, 2]
        here = _write_marks(out, here, first, slots[slot, 3], sizes)
        for child in range(first, first + slots[slot, 3]):
            if sizes[child] > 0:
                here = _clear(out, here, child, slots, sizes, places)
    return here


@kernel
def _measure(
    values: Floats, row: int, fields: Ints, slots: Ints, parents: Ints, sizes: Ints
) -> None:
    """Octets of each item of a record: those of its elements that are not NaN."""
    sizes[:] = 0
    for f in range(fields.shape[0]):
        if np.isnan(values[f, row]):
            continue
        slot = fields[f, 0]
        if slots[slot, 0] == EXTENDED:
            sizes[slot] = max(sizes[slot], (fields[f, 1] + fields[f, 2] - 1) // 8 + 1)
        else:
            sizes[slot] = slots[slot, 1]
        if parents[slot] >= 0:
            sizes[parents[slot]] = 1


@kernel
def _changed(values: Floats, row: int, given: NDArray[np.bool_]) -> bool:
    """Whether other elements are given than in the record before; `given` (fields,) is renewed."""
    changed = False
    for f in range(given.size):
        there = not np.isnan(values[f, row])
        changed |= there != given[f]
        given[f] = there
    return changed


@kernel
def write_records(
    out: Bytes,
    values: Floats,
    fields: Ints,
    scales: Floats,
    count: int,
    slots: Ints,
    parents: Ints,
) -> tuple[Ints, Ints]:
    """Write a record per column of `values` (fields, n): (n + 1,) offsets, and what misfits."""
    n, m = values.shape[1], fields.shape[0]
    offsets = np.zeros(n + 1, np.int64)
    misfit = np.full(2, -1, np.int64)
    sizes, places = np.zeros(slots.shape[0], np.int64), np.zeros(slots.shape[0], np.int64)
    given, length = np.zeros(m, np.bool_), 0
    empty = np.zeros(out.size // max(n, 1), np.uint8)
    for row in range(n):
        if _changed(values, row, given) or row == 0:
            _measure(values, row, fields, slots, parents, sizes)
            length = _lay_out(empty, count, slots, sizes, places)
        at = offsets[row]
        offsets[row + 1] = at + length
        for i in range(length):
            out[at + i] = empty[i]
        for f in range(m):
            if not given[f]:
                continue
            width = fields[f, 2]
            whole = np.floor(values[f, row] * scales[f] + 0.5)
            low = -(2.0 ** (width - 1)) if fields[f, 3] else 0.0
            if not low <= whole < low + 2.0**width:
                misfit[0], misfit[1] = f, row
                return offsets, misfit
            _write_bits(out, at + places[fields[f, 0]], fields[f, 1], width, int(whole))
    return offsets, misfit


@kernel
def frame(octets: Bytes, offsets: Ints, groups: Ints, category: int) -> tuple[Bytes, Ints, Ints]:
    """Records into blocks of equal group: octets, (blocks + 1,) offsets, first record of each."""
    n = offsets.size - 1
    out = np.empty(octets.size + _HEADER * n, np.uint8)
    ends, firsts, blocks = np.zeros(n + 1, np.int64), np.zeros(n, np.int64), 0
    row = 0
    while row < n:
        begin, first = ends[blocks], row
        here = begin + _HEADER
        while row < n and groups[row] == groups[first]:
            size = offsets[row + 1] - offsets[row]
            if row > first and here + size - begin > BLOCK_LIMIT:
                break
            for i in range(size):
                out[here + i] = octets[offsets[row] + i]
            here += size
            row += 1
        length = here - begin
        out[begin], out[begin + 1], out[begin + 2] = category, length >> 8, length & 255
        firsts[blocks] = first
        blocks += 1
        ends[blocks] = here
    return out[: ends[blocks]].copy(), ends[: blocks + 1].copy(), firsts[:blocks].copy()
