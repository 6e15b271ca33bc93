"""The layouts of all categories as the kernels that find records take them."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.asterix_records import COMPOUND, FIXED
from mantlet.sensing.asterix.layout import EDITIONS, layout

Ints = NDArray[np.int64]
Sums = NDArray[np.int16]

IN_USE = (1, 2, 3, 4, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 30, 31, 32, 33, 62,
          63, 65, 150, 152, 153, 204, 205, 240, 247, 252)  # fmt: skip
"""Categories met in recordings. It weighs only whether a block may follow a doubtful one."""


@cache
def walk_tables() -> tuple[Ints, Ints, Sums]:
    """`ours`, `slots` and `sums` of `kernels.asterix_blocks.survey`, for `EDITIONS`."""
    ours = np.zeros((256, 5), dtype=np.int64)
    ours[list(IN_USE), 2] = 1
    slots, sums = np.empty((0, 4), np.int64), np.empty((0, 128), np.int16)
    for category in EDITIONS:
        shape = layout(category)
        own = shape.slots
        ours[category] = len(slots), shape.count, 1, len(sums), 0
        sums = np.concatenate([sums, octet_sums(own[: shape.count])])
        for slot in np.nonzero(own[:, 0] == COMPOUND)[0]:
            first, count = own[slot, 2:]
            own[slot, 1:3] = len(sums), len(slots) + first
            sums = np.concatenate([sums, octet_sums(own[first : first + count])])
        slots = np.concatenate([slots, own])
    return ours, slots, sums


def needed_bits(needed: Mapping[int, Sequence[str]]) -> Ints:
    """Presence bits of the items needed by category, as `ours` has them in its last column.

    Only items among the first 21 of a category can be asked for.
    """
    bits = np.zeros(256, dtype=np.int64)
    for category, items in needed.items():
        for item in items:
            octet, bit = divmod(layout(category).items.index(item), 7)
            bits[category] |= 128 >> bit << 8 * (2 - octet)
    return bits


def octet_sums(items: Ints) -> Sums:
    """Octets of the items present (rows, 128), by octet of presence bits and its seven bits.

    -1 where one of them is of no fixed size, or there is none of that number.
    """
    rows = (len(items) + 6) // 7
    sizes = np.full(7 * rows, -1)
    fixed = items[:, 0] == FIXED
    sizes[: len(items)][fixed] = items[fixed, 1]
    present = (np.arange(128)[:, None] >> np.arange(6, -1, -1)) & 1
    of_row = sizes.reshape(rows, 1, 7)
    total = (present * of_row).sum(axis=2)
    varies = (present.astype(bool) & (of_row < 0)).any(axis=2)
    return np.where(varies, -1, total).astype(np.int16)
