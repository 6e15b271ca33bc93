"""Kernel: every data block of a recording, and what had to be passed over."""

import numpy as np

from mantlet.kernels.asterix_records import Bytes, Ints, new_trace, recognised, walk
from mantlet.kernels.compiled import kernel

HEADER = 3
"""Octets before a block's records: category, and its length with these three."""

LOOK = 16
"""What a look at one place costs of the budget of a search, as many octets walked."""

SHORT_BLOCK = -6
LONG_BLOCK = -7
STRAY_BLOCK = -8


@kernel
def _grown(array: Ints) -> Ints:
    out = np.empty((2 * array.shape[0], array.shape[1]), array.dtype)
    out[: array.shape[0]] = array
    return out


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
    data: Bytes,
    at: int,
    end: int,
    ours: Ints,
    slots: Ints,
    scratch: Ints,
    trace: Ints,
    budget: Ints,
) -> bool:
    """Whether a block of a category we read begins at `at`, its records ending where it does.

    Each look is paid from `budget`, so that no input makes the search cost more than its size.
    """
    c = data[at]
    if not _tempts(data, at, end, ours):
        return False
    budget[0] -= LOOK
    stop = _block_end(data, at, end)
    if stop < 0:
        return False
    here = at + HEADER
    while here < stop and budget[0] > 0:
        if recognised(data, here, stop, ours[c, 0], trace):
            after = here + trace[1]
        else:
            after = walk(
                data, here, stop, ours[c, 0], ours[c, 1], slots, scratch[0], scratch[1], trace
            )
        if after < 0:
            return False
        budget[0] -= after - here
        here = after
    return here == stop and budget[0] > 0


@kernel
def _believable(
    data: Bytes,
    at: int,
    end: int,
    ours: Ints,
    slots: Ints,
    scratch: Ints,
    trace: Ints,
    budget: Ints,
) -> bool:
    """Whether the doubtful block before may be believed to end at `at`."""
    if at == end:
        return True
    if ours[data[at], 1] > 0:
        return _fits(data, at, end, ours, slots, scratch, trace, budget)
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
    scratch: Ints,
    trace: Ints,
    budget: Ints,
) -> int:
    """Where reading goes on after a fault at `lost` in a block said to end at `stop`."""
    for at in range(lost, stop):
        if _tempts(data, at, end, ours) and _fits(
            data, at, end, ours, slots, scratch, trace, budget
        ):
            return at
    if stop > lost and _believable(data, stop, end, ours, slots, scratch, trace, budget):
        return stop
    for at in range(max(stop, lost), end):
        if _tempts(data, at, end, ours) and _fits(
            data, at, end, ours, slots, scratch, trace, budget
        ):
            return at
    return end


@kernel
def survey(
    data: Bytes, begins: Ints, ends: Ints, ours: Ints, slots: Ints
) -> tuple[Ints, Ints, Ints]:
    """Records, losses and skipped blocks of payloads data[begins[p] : ends[p]].

    `ours` (256, 3): first slot and number of items of the categories read (0, 0 for others),
    and whether a category is one in use. Returns records (n, 3): start, payload, category;
    losses (m, 3): fault, offset, octets lost; and blocks by category (256,), of those skipped.
    """
    # Room for records of ten octets on average; what is not used costs no memory.
    records, n = np.empty((64 + data.size // 10, 3), np.int64), 0
    losses, m = np.empty((16, 3), np.int64), 0
    skipped = np.zeros(256, np.int64)
    scratch = np.zeros((2, slots.shape[0]), np.int64)
    trace = new_trace()
    budget = np.zeros(1, np.int64)
    for p in range(begins.size):
        at, end = begins[p], ends[p]
        budget[0] = 2 * (end - at) + 8 * LOOK
        while at < end:
            c = data[at]
            stop = _block_end(data, at, end)
            fault, lost = min(stop, 0), at
            if stop == LONG_BLOCK:
                stop = end
            if ours[c, 1] > 0 and stop > 0:
                lost = at + HEADER
                while lost < stop:
                    if recognised(data, lost, stop, ours[c, 0], trace):
                        after = lost + trace[1]
                    else:
                        after = walk(
                            data,
                            lost,
                            stop,
                            ours[c, 0],
                            ours[c, 1],
                            slots,
                            scratch[0],
                            scratch[1],
                            trace,
                        )
                    if after < 0:
                        fault = fault if fault < 0 else after
                        break
                    if n == records.shape[0]:
                        records = _grown(records)
                    records[n, 0], records[n, 1], records[n, 2] = lost, p, c
                    n += 1
                    lost = after
            elif fault == 0:
                if _leads_on(data, at, stop, end, ours):
                    skipped[c] += 1
                else:
                    fault = STRAY_BLOCK
            if fault == 0:
                at = stop
                continue
            if lost == at + HEADER:  # not one record of it was read: the header is lost too
                lost = at
            seek = max(lost, at + 1)
            at = _resume(
                data,
                seek,
                stop if fault > SHORT_BLOCK else seek,
                end,
                ours,
                slots,
                scratch,
                trace,
                budget,
            )
            if m == losses.shape[0]:
                losses = _grown(losses)
            losses[m, 0], losses[m, 1], losses[m, 2] = fault, lost, at - lost
            m += 1
    return records[:n], losses[:m], skipped
