"""Kernel: every data block of a recording, and what had to be passed over.

What a payload can cost is bounded by its size: every octet is walked at most twice (once to find
that a block fits, once to read it), looks that lead to nothing are paid from a budget, and a
payload with more faults than its size allows is noise, whose rest is given up as one loss.
"""

import numpy as np

from mantlet.kernels.asterix_lengths import Sums, plain_size, record_end
from mantlet.kernels.asterix_records import Bytes, Ints
from mantlet.kernels.compiled import kernel

HEADER = 3
"""Octets before a block's records: category, and its length with these three."""

LOOK = 16
"""What a look at one place costs of the budget of a search, as many octets walked."""

BUDGET = 4096
"""What a payload of any size may spend on looks; half its octets are added."""

FAULTS = 16
"""Faults that a payload of any size may have; one per `FAULT_OCTETS` is added."""

FAULT_OCTETS = 512

SHORT_BLOCK = -6
LONG_BLOCK = -7
STRAY_BLOCK = -8
NOISE = -9

PAYLOAD, AT, INSIDE, LEFT, FAULTS_LEFT, FOUND, LOST = range(7)
"""Places of a survey's cursor: payload, next block's octet, octet inside it to read on from (0: at
its header), budget and faults left in the payload, rows of records and losses filled."""


@kernel
def _block_end(data: Bytes, at: int, end: int) -> int:
    """Where the block at `at` says it ends, or a negative fault."""
    if at + HEADER > end:
        return LONG_BLOCK
    length = (int(data[at + 1]) << 8) | int(data[at + 2])
    if length < HEADER:
        return SHORT_BLOCK
    return at + length if at + length <= end else LONG_BLOCK


@kernel
def _tempts(data: Bytes, at: int, end: int, ours: Ints) -> bool:
    """Whether a look at `at` is worth its cost: a category we read, a first record with source."""
    return ours[data[at], 1] > 0 and at + HEADER < end and (data[at + HEADER] & 0x80) != 0


@kernel
def _fits(
    data: Bytes, at: int, end: int, ours: Ints, slots: Ints, sums: Sums, cursor: Ints
) -> bool:
    """Whether a block of a category we read begins at `at`, its records ending where it does.

    A look in vain is paid from the budget. One that fits is not: what it walked is read next.
    """
    if not _tempts(data, at, end, ours):
        return False
    stop = _block_end(data, at, end)
    if stop < 0:
        cursor[LEFT] -= 1
        return False
    first, count, group = ours[data[at], 0], ours[data[at], 1], ours[data[at], 3]
    octets = (count + 6) // 7
    here = at + HEADER
    while here < stop:
        size = plain_size(data, here, stop, octets, group, sums)
        after = here + size
        if size < 0:
            after = record_end(data, here, stop, first, count, group, slots, sums)
        if after < 0:
            cursor[LEFT] -= LOOK + here - at
            return False
        here = after
    return True


@kernel
def _believable(
    data: Bytes, at: int, end: int, ours: Ints, slots: Ints, sums: Sums, cursor: Ints
) -> bool:
    """Whether the doubtful block before may be believed to end at `at`."""
    if at == end:
        return True
    if ours[data[at], 1] > 0:
        return _fits(data, at, end, ours, slots, sums, cursor)
    return ours[data[at], 2] > 0 and _block_end(data, at, end) > 0


@kernel
def _leads_on(data: Bytes, at: int, stop: int, end: int, ours: Ints) -> bool:
    """Whether a skipped block's length leads to what may be a block, or to the end."""
    if stop == end:
        return True
    known = ours[data[stop], 1] > 0 or ours[data[stop], 2] > 0 or data[stop] == data[at]
    return known and stop + HEADER <= end and (data[stop + 1] > 0 or data[stop + 2] >= HEADER)


@kernel
def _resume(
    data: Bytes,
    lost: int,
    stop: int,
    end: int,
    ours: Ints,
    slots: Ints,
    sums: Sums,
    cursor: Ints,
) -> int:
    """Where reading goes on after a fault at `lost` in a block said to end at `stop`."""
    for at in range(lost, stop):
        if cursor[LEFT] <= 0:
            return end
        if _tempts(data, at, end, ours) and _fits(data, at, end, ours, slots, sums, cursor):
            return at
    if stop > lost and _believable(data, stop, end, ours, slots, sums, cursor):
        return stop
    for at in range(max(stop, lost), end):
        if cursor[LEFT] <= 0:
            return end
        if _tempts(data, at, end, ours) and _fits(data, at, end, ours, slots, sums, cursor):
            return at
    return end


@kernel
def _has(data: Bytes, at: int, needed: int) -> bool:
    """Whether the presence bits of the record at `at` hold the `needed` ones of three octets."""
    last = data[at]
    marks = np.int64(last) << 16
    if last & 1:
        last = data[at + 1]
        marks |= np.int64(last) << 8
        if last & 1:
            marks |= np.int64(data[at + 2])
    return bool((marks & needed) == needed)


@kernel
def _open(begin: int, end: int, cursor: Ints) -> None:
    """Come to a payload."""
    cursor[AT], cursor[INSIDE] = begin, 0
    cursor[LEFT] = BUDGET + (end - begin) // 2
    cursor[FAULTS_LEFT] = FAULTS + (end - begin) // FAULT_OCTETS


@kernel
def survey(
    data: Bytes,
    begins: Ints,
    ends: Ints,
    ours: Ints,
    slots: Ints,
    sums: Sums,
    cursor: Ints,
    records: Ints,
    losses: Ints,
    skipped: Ints,
    bare: Ints,
) -> bool:
    """Read on through payloads data[begins[p] : ends[p]]; whether that was all of them.

    `ours` (256, 5): first slot and number of items of the categories read (0 items for others);
    whether a category is one in use; first row of `sums`; presence bits, of the first three
    octets, that a record must have to be noted. Filled from the top
    on each call, and returned from when full: `records` (n, 3): start, payload, category; `losses`
    (m, 3): fault, offset, octets lost; cursor[FOUND] and cursor[LOST] tell how far. `skipped`
    (256,) counts on: blocks by category; `bare` (256,) records without the bits needed. A survey
    begins with a cursor of payload -1.
    """
    cursor[FOUND], cursor[LOST] = 0, 0
    if cursor[PAYLOAD] < 0:
        cursor[PAYLOAD] = 0
        if begins.size:
            _open(begins[0], ends[0], cursor)
    while cursor[PAYLOAD] < begins.size:
        p = cursor[PAYLOAD]
        at, end = cursor[AT], ends[p]
        if at >= end:
            cursor[PAYLOAD] = p + 1
            if p + 1 < begins.size:
                _open(begins[p + 1], ends[p + 1], cursor)
            continue
        n, m = cursor[FOUND], cursor[LOST]
        if m == losses.shape[0]:
            return False
        c = data[at]
        stop = _block_end(data, at, end)
        fault, lost = min(stop, 0), at
        if stop == LONG_BLOCK:
            stop = end
        if ours[c, 1] > 0 and stop > 0:
            lost = max(at + HEADER, cursor[INSIDE])
            first, count, group = ours[c, 0], ours[c, 1], ours[c, 3]
            octets, needed = (count + 6) // 7, ours[c, 4]
            while lost < stop:
                if n == records.shape[0]:
                    cursor[INSIDE], cursor[FOUND] = lost, n
                    return False
                size = plain_size(data, lost, stop, octets, group, sums)
                after = lost + size
                if size < 0:
                    after = record_end(data, lost, stop, first, count, group, slots, sums)
                if after < 0:
                    fault = fault if fault < 0 else after
                    break
                # Of records that lack something, most lack it in the first octet.
                if data[lost] & (needed >> 16) == needed >> 16 and (
                    needed == 0 or _has(data, lost, needed)
                ):
                    records[n, 0], records[n, 1], records[n, 2] = lost, p, c
                    n += 1
                else:
                    bare[c] += 1
                lost = after
            cursor[FOUND] = n
        elif fault == 0:
            if _leads_on(data, at, stop, end, ours):
                skipped[c] += 1
            else:
                fault = STRAY_BLOCK
        cursor[INSIDE] = 0
        if fault == 0:
            cursor[AT] = stop
            continue
        if lost == at + HEADER:  # not one record of it was read: the header is lost too
            lost = at
        cursor[FAULTS_LEFT] -= 1
        if cursor[FAULTS_LEFT] < 0:
            fault, after = NOISE, end
        else:
            seek = max(lost, at + 1)
            told = stop if fault > SHORT_BLOCK else seek
            after = _resume(data, seek, told, end, ours, slots, sums, cursor)
        losses[m, 0], losses[m, 1], losses[m, 2] = fault, lost, after - lost
        cursor[LOST], cursor[AT] = m + 1, after
    return True
