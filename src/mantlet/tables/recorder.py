"""Growing tables: the small batches of a run, joined as it goes on."""

from typing import Generic, TypeVar

import numpy as np

from mantlet.tables.base import Array, Column, Table

T = TypeVar("T", bound=Table)

GROWTH = 4
"""An array that is full gives way to one so many times as long; it is copied, so not too often."""


class Recorder(Generic[T]):
    """Collects the small batches of one run; `compact` joins what has come since the last call.

    Columns stand in arrays with room to spare: nothing is held twice, and what is not yet written
    to costs no memory.
    """

    def __init__(self, table: type[T]) -> None:
        self._table = table
        self._fresh: list[T] = []
        self._columns: dict[str, Array] = {}
        self._rows = 0

    def add(self, batch: T) -> None:
        """Append a batch (empty ones cost nothing)."""
        if len(batch):
            self._fresh.append(batch)

    def compact(self) -> None:
        """Join the fresh batches: thousands of tiny arrays cost more than their data."""
        if not self._fresh:
            return
        end = self._rows + sum(map(len, self._fresh))
        for key, spec in self._table.columns().items():
            if not spec.optional or key in self._columns or any(b.holds(key) for b in self._fresh):
                parts = [getattr(batch, key) for batch in self._fresh]
                self._columns[key] = self._extended(self._columns.get(key), spec, parts, end)
        self._rows, self._fresh = end, []

    def build(self) -> T:
        """Everything added so far, as one table."""
        self.compact()
        if not self._rows:
            return self._table.empty()
        return self._table.trusted(
            **{key: array[: self._rows] for key, array in self._columns.items()}
        )

    def _extended(self, held: Array | None, spec: Column, parts: list[Array], end: int) -> Array:
        shape = spec.shape
        if -1 in shape:
            shape = tuple(max(sizes) for sizes in zip(*(p.shape[1:] for p in parts), strict=True))
        if held is None or end > len(held) or shape > held.shape[1:]:
            held = self._with_room(held, spec, shape, end)
        if -1 not in spec.shape:
            np.concatenate(parts, out=held[self._rows : end])
            return held
        begin = self._rows
        for part in parts:  # any width: the rest of a row stays -1
            held[begin : begin + len(part), : part.shape[1]] = part
            begin += len(part)
        return held

    def _with_room(
        self, held: Array | None, spec: Column, shape: tuple[int, ...], end: int
    ) -> Array:
        if held is None:
            larger = _blank((end, *shape), spec)
            larger[: self._rows] = np.nan if spec.optional else 0  # batches that left it out
            return larger
        widest = tuple(map(max, shape, held.shape[1:]))
        larger = _blank((max(end, GROWTH * len(held)), *widest), spec)
        larger[(slice(self._rows), *map(slice, held.shape[1:]))] = held[: self._rows]
        return larger


def _blank(shape: tuple[int, ...], spec: Column) -> Array:
    kind = object if spec.dtype in (str, bytes) else spec.dtype
    return np.full(shape, -1, kind) if -1 in spec.shape else np.empty(shape, kind)
