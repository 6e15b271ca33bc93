"""What a recording holds: records by category, blocks skipped, and everything lost, by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import asterix_blocks as blocks
from mantlet.kernels import asterix_records as walking
from mantlet.sensing.asterix.layout import EDITIONS, layout
from mantlet.sensing.asterix.loss import Loss
from mantlet.sensing.asterix.recording import Recording

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FAULTS = {
    walking.PAST_END: "record runs past the end of its block",
    walking.ENDLESS: "field specification without end",
    walking.UNDEFINED: "item that the category does not have",
    walking.EMPTY: "record of nothing",
    walking.SOURCELESS: "record without a source",
    blocks.SHORT_BLOCK: "block length below 3",
    blocks.LONG_BLOCK: "block runs past the end of the data",
    blocks.STRAY_BLOCK: "block that leads to nothing",
}

IN_USE = (1, 2, 3, 4, 7, 8, 9, 10, 11, 15, 16, 17, 18, 19, 20, 21, 23, 24, 25, 30, 31, 32, 33, 62,
          63, 65, 150, 152, 153, 204, 205, 240, 247, 252)  # fmt: skip
"""Categories met in recordings. It weighs only whether a block may follow a doubtful one."""

NAMED = 100
"""Losses listed one by one; beyond that they are counted."""


@dataclass(frozen=True)
class Records:
    """All records of one category, in file order.

    `starts` (n,) are offsets into `data`; `payloads` (n,) which payload of the recording each
    came in.
    """

    category: int
    data: NDArray[np.uint8]
    starts: Ints
    payloads: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def columns(self, names: Sequence[str]) -> Floats:
        """Elements such as "040/RHO" (len(names), n), in the specification's unit; NaN if none.

        Within half a step of nothing: the values are those of the record. KeyError for a name
        that the category does not have.
        """
        shape = layout(self.category)
        picked = [shape.element(name) for name in names]
        fields = np.array([[e.slot, e.bit, e.width, e.signed] for e in picked], dtype=np.int64)
        steps = np.array([e.step for e in picked])
        values: Floats = walking.gather(
            self.data, self.starts, shape.count, shape.slots, fields.reshape(-1, 4), steps
        )
        return values

    def column(self, name: str) -> Floats:
        """One element, shape (n,)."""
        return np.asarray(self.columns([name])[0])


@dataclass(frozen=True)
class Contents:
    """Records by category; blocks skipped by category; losses counted by kind and octets."""

    records: dict[int, Records]
    skipped: dict[int, int]
    losses: tuple[Loss, ...]
    counts: dict[str, int]
    octets_lost: int


def contents(recording: Recording) -> Contents:
    """Find every record of CAT034, CAT048 and CAT062; skip other categories by block length.

    No length is believed: a block or record that does not fit is counted, and reading resumes
    at the next block whose records end exactly where it does. The search for it costs at most
    a few times the size of the payload. A record needs its data source identifier (the
    mandatory first item), which also tells records from the headers of following blocks.
    """
    ours, slots = _tables()
    found, lost, skipped = blocks.survey(
        recording.data, recording.begins, recording.ends, ours, slots
    )
    named = (Loss(FAULTS[fault], at, octets) for fault, at, octets in lost[:NAMED].tolist())
    counts = Counter({FAULTS[int(k)]: int((lost[:, 0] == k).sum()) for k in np.unique(lost[:, 0])})
    counts.update(loss.kind for loss in recording.losses)
    return Contents(
        records={c: _picked(recording, c, found) for c in EDITIONS},
        skipped={int(c): int(skipped[c]) for c in np.nonzero(skipped)[0]},
        losses=(*recording.losses, *named)[:NAMED],
        counts=dict(counts),
        octets_lost=int(lost[:, 2].sum()) + sum(loss.octets for loss in recording.losses),
    )


def _picked(recording: Recording, category: int, found: Ints) -> Records:
    rows = np.nonzero(found[:, 2] == category)[0]
    return Records(category, recording.data, found[rows, 0], found[rows, 1])


@cache
def _tables() -> tuple[Ints, Ints]:
    """The layouts of all categories in one table of slots, and where each begins."""
    ours = np.zeros((256, 3), dtype=np.int64)
    ours[list(IN_USE), 2] = 1
    parts, first = [], 0
    for category in EDITIONS:
        shape = layout(category)
        ours[category] = first, shape.count, 1
        part = shape.slots
        part[part[:, 2] > 0, 2] += first
        parts.append(part)
        first += len(part)
    return ours, np.concatenate(parts)
