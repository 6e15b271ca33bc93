"""What a recording holds: records by category, blocks skipped, and everything lost, by name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import asterix_blocks as blocks
from mantlet.kernels import asterix_records as walking
from mantlet.sensing.asterix.layout import EDITIONS, layout
from mantlet.sensing.asterix.loss import Loss
from mantlet.sensing.asterix.recording import Recording
from mantlet.sensing.asterix.walking import walk_tables

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
    blocks.NOISE: "noise: more faults than a payload may have, its rest given up",
}

NAMED = 100
"""Losses listed one by one; beyond that they are counted."""

CHUNK = 1 << 16
"""Records found in one go; memory beyond what is found is that of so many."""


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
    """Records by category; blocks skipped by category; losses counted by kind and octets.

    `bare` records were good but had not the items asked for (none, unless `chunks` was asked).
    """

    records: dict[int, Records]
    skipped: dict[int, int]
    losses: tuple[Loss, ...]
    counts: dict[str, int]
    octets_lost: int
    bare: int = 0


def contents(recording: Recording) -> Contents:
    """Find every record of CAT034, CAT048 and CAT062; skip other categories by block length.

    No length is believed: a block or record that does not fit is counted, and reading resumes
    at the next block whose records end exactly where it does. What that may cost is bounded by
    the size of the payload. A record needs its data source identifier (the mandatory first item),
    which also tells records from the headers of following blocks.
    """
    return _joined(recording, list(chunks(recording, CHUNK)))


def chunks(recording: Recording, size: int, needed: Ints | None = None) -> Iterator[Contents]:
    """The contents bit by bit, of at most `size` records each: in memory that is bounded.

    The losses of the container come with the first. Records without the items `needed`
    (`walking.needed_bits`) are counted only.
    """
    ours, slots, sums = walk_tables()
    if needed is not None:
        ours = np.column_stack([ours[:, :4], needed])
    cursor = np.zeros(7, dtype=np.int64)
    cursor[blocks.PAYLOAD] = -1
    found, lost = np.empty((size, 3), np.int64), np.empty((NAMED, 3), np.int64)
    container, done = recording.losses, False
    while not done:
        skipped, bare = np.zeros(256, np.int64), np.zeros(256, np.int64)
        done = blocks.survey(
            recording.data,
            recording.begins,
            recording.ends,
            ours,
            slots,
            sums,
            cursor,
            found,
            lost,
            skipped,
            bare,
        )
        records, losses = found[: cursor[blocks.FOUND]], lost[: cursor[blocks.LOST]]
        told = *container, *(Loss(FAULTS[fault], at, many) for fault, at, many in losses.tolist())
        yield Contents(
            records={c: _picked(recording, c, records) for c in EDITIONS},
            skipped={int(c): int(skipped[c]) for c in np.nonzero(skipped)[0]},
            losses=told,
            counts=dict(Counter(loss.kind for loss in told)),
            octets_lost=sum(loss.octets for loss in told),
            bare=int(bare.sum()),
        )
        container = ()


def _joined(recording: Recording, parts: Sequence[Contents]) -> Contents:
    if len(parts) == 1 and len(parts[0].losses) <= NAMED:
        return parts[0]
    skipped: Counter[int] = Counter()
    counts: Counter[str] = Counter()
    for part in parts:
        skipped.update(part.skipped)
        counts.update(part.counts)
    return Contents(
        records={
            c: Records(
                c,
                recording.data,
                np.concatenate([part.records[c].starts for part in parts]),
                np.concatenate([part.records[c].payloads for part in parts]),
            )
            for c in EDITIONS
        },
        skipped=dict(skipped),
        losses=tuple(loss for part in parts for loss in part.losses)[:NAMED],
        counts=dict(counts),
        octets_lost=sum(part.octets_lost for part in parts),
    )


def _picked(recording: Recording, category: int, found: Ints) -> Records:
    rows = np.nonzero(found[:, 2] == category)[0]
    return Records(category, recording.data, found[rows, 0], found[rows, 1])
