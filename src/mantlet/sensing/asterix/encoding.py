"""Columns of elements into records, records into data blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.asterix_encoding import frame, write_records
from mantlet.kernels.asterix_records import Bytes, Ints
from mantlet.sensing.asterix.layout import Element, Layout, layout

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Encoded:
    """Records end to end: record i is octets[offsets[i] : offsets[i + 1]]."""

    category: int
    octets: Bytes
    offsets: Ints

    def blocks(self, groups: Ints | None = None) -> "Blocks":
        """Data blocks of at most `BLOCK_LIMIT` octets, one group (n,) of records in each."""
        if groups is None:
            groups = np.zeros(self.offsets.size - 1, np.int64)
        return Blocks(*frame(self.octets, self.offsets, groups, self.category))


@dataclass(frozen=True)
class Blocks:
    """Data blocks end to end: block i is octets[offsets[i] : offsets[i + 1]].

    `firsts` (blocks,) is the first record in each.
    """

    octets: Bytes
    offsets: Ints
    firsts: Ints

    def __len__(self) -> int:
        return len(self.firsts)

    def split(self) -> list[bytes]:
        """Each block by itself."""
        whole = self.octets.tobytes()
        return [whole[a:b] for a, b in zip(self.offsets[:-1], self.offsets[1:], strict=True)]


def encode(category: int, columns: Mapping[str, Floats | float], rows: int) -> Encoded:
    """Records of a category from columns of elements ("040/RHO") in the specification's unit.

    Parameters
    ----------
    category : int
        34, 48 or 62 (`EDITIONS`).
    columns : mapping of element name to (rows,) array or one number for all
        NaN leaves an element out. An item is written where any of its elements is given; its
        other elements are then 0. Values are rounded to the nearest step.
    rows : int
        Number of records.

    Raises
    ------
    KeyError
        If the category has no such element.
    ValueError
        Naming element and row, if a value does not fit its bits: nothing is clipped.
    """
    shape = layout(category)
    picked = [shape.element(name) for name in columns]
    values = np.empty((len(picked), rows))
    for held, column in zip(values, columns.values(), strict=True):
        held[:] = column
    fields = np.array([[e.slot, e.bit, e.width, e.signed] for e in picked], dtype=np.int64)
    slots, parents = shape.slots, shape.parents
    out = np.empty(rows * _longest(picked, shape), dtype=np.uint8)
    scales = np.array([1.0 / e.step for e in picked])
    offsets, (f, row) = write_records(
        out, values, fields.reshape(-1, 4), scales, shape.count, slots, parents
    )
    if f >= 0:
        value, element = values[f, row], picked[f]
        raise ValueError(f"{element.name} of record {row}: {value} {element.unit} does not fit")
    return Encoded(category, out[: offsets[-1]], offsets)


def _longest(picked: Sequence[Element], shape: Layout) -> int:
    """Octets of the longest record that may come of these elements."""
    slots, parents = shape.slots, shape.parents
    used = {e.slot for e in picked}
    inside = {int(parents[slot]) for slot in used} - {-1}
    marks = (shape.count + 6) // 7 + sum((int(slots[slot, 3]) + 6) // 7 for slot in inside)
    return marks + sum(int(slots[slot, 1]) for slot in used)
