"""The flights of a plan, one row each, before it is known where they go."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import FLIGHT
from mantlet.ports.draws import Draws
from mantlet.threats.catalogue import CLASSES, ThreatClass
from mantlet.threats.salvos import Salvo

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS: tuple[ThreatClass, ...] = tuple(CLASSES.values())
"""The catalogue by number: the columns below count its rows."""
_ROW = {name: row for row, name in enumerate(CLASSES)}


@dataclass(frozen=True, eq=False)
class Roster:
    """n flights by launch time: which salvo, its how-manieth, of which class, launched when."""

    salvos: Sequence[Salvo]
    salvo: Ints
    number: Ints
    kind: Ints
    launch_time_s: Floats

    def __len__(self) -> int:
        return len(self.salvo)

    def of_salvo(self, name: str) -> Floats:
        """A number of each flight's salvo, shape (n,); NaN for None."""
        values = [getattr(salvo, name) for salvo in self.salvos]
        return np.array(values, dtype=np.float64)[self.salvo]

    def of_kind(self, name: str) -> Floats:
        """A number of each flight's class, shape (n,), or a few, shape (n, k)."""
        return np.array([getattr(kind, name) for kind in KINDS], dtype=np.float64)[self.kind]

    def uniforms(self, purpose: int, rows: Ints, draws: Draws, count: int) -> Floats:
        """Uniforms of some flights, shape (len(rows), count); keyed by raid, salvo and number."""
        salvo = self.salvo[rows]
        return draws.uniform_rows(
            purpose,
            np.array([s.ordinal for s in self.salvos], dtype=np.int64)[salvo],
            stream=np.array([s.stream for s in self.salvos], dtype=np.int64)[salvo],
            scan=self.number[rows],
            count=count,
        )

    def alike(self) -> Iterator[tuple[Ints, Salvo]]:
        """Rows whose salvos share areas, way of heading and of misfiring, with one such salvo."""
        keys: dict[object, int] = {}
        heads = [(s.areas, s.towards, s.toward is None, s.short_at_home) for s in self.salvos]
        group = np.array([keys.setdefault(head, len(keys)) for head in heads], dtype=np.int64)
        for g in range(len(keys)):
            yield np.flatnonzero(group[self.salvo] == g), self.salvos[int(np.argmax(group == g))]


def call_up(salvos: Sequence[Salvo], draws: Draws) -> Roster:
    """Class and launch time of every flight of a plan, sorted by launch time."""
    counts = np.array([salvo.count for salvo in salvos], dtype=np.int64)
    salvo = np.repeat(np.arange(len(salvos)), counts)
    number = np.arange(len(salvo)) - np.repeat(np.cumsum(counts) - counts, counts)
    unsorted = Roster(salvos, salvo, number, np.zeros_like(salvo), np.zeros(len(salvo)))
    which, when = unsorted.uniforms(FLIGHT, np.arange(len(salvo)), draws, 2).T
    time_s = unsorted.of_salvo("start_s") + when * unsorted.of_salvo("duration_s")
    order = np.lexsort((number, salvo, time_s))
    kind = _drawn_kinds(salvos, salvo, which)
    return Roster(salvos, salvo[order], number[order], kind[order], time_s[order])


def _drawn_kinds(salvos: Sequence[Salvo], salvo: Ints, uniform: Floats) -> Ints:
    kinds = np.empty(len(salvo), dtype=np.int64)
    bounds = np.searchsorted(salvo, np.arange(len(salvos) + 1))
    for k, described in enumerate(salvos):
        rows = slice(bounds[k], bounds[k + 1])
        share = np.cumsum([weight for _, weight in described.mixture])
        of = np.array([_ROW[name] for name, _ in described.mixture])
        kinds[rows] = of[np.searchsorted(share, uniform[rows] * share[-1])]
    return kinds
