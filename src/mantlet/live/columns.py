"""Columns that only ever grow: in memory while a run lasts, on disk (mapped) for a replay."""

import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FIRST_ROWS = 1024


class Words:
    """Texts that repeat, as small numbers: the n-th text met is n."""

    def __init__(self, known: tuple[str, ...] = ()) -> None:
        self._codes = {text: code for code, text in enumerate(known)}
        self.texts = list(known)

    def encode(self, texts: Array) -> Array:
        """The code of each text, int32; new ones are learnt."""
        return np.fromiter((self.code(text) for text in texts.tolist()), np.int32, len(texts))

    def code(self, text: str) -> int:
        """The code of one text."""
        found = self._codes.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found


class Columns:
    """Equal-length columns by name, appended to by one thread and read by others.

    A reader gets views of the rows that were complete when it asked. With a `folder` the rows go
    to files there, to be mapped once `close` is called: a page touched is memory, no other is.
    """

    def __init__(self, folder: Path | None = None, prefix: str = "") -> None:
        self._held: dict[str, Array] = {}
        self._files: dict[str, Any] = {}
        self._shapes: dict[str, tuple[np.dtype[Any], tuple[int, ...]]] = {}
        self._maps: list[mmap.mmap] = []
        self._folder = folder
        self._prefix = prefix
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def __getitem__(self, name: str) -> Array:
        return self._held[name][: self._rows]

    def append(self, rows: Mapping[str, Array]) -> None:
        """Add rows; the first call sets names, types and shapes."""
        count = len(next(iter(rows.values())))
        for name, values in rows.items():
            if self._folder is not None:
                self._spill(name, np.ascontiguousarray(values))
            else:
                self._room(name, values, count)[self._rows : self._rows + count] = values
        self._rows += count

    def close(self) -> None:
        """No more rows: map the files, if there are any."""
        for name, file in self._files.items():
            file.close()
            kind, shape = self._shapes[name]
            self._held[name] = self._mapped(Path(file.name), kind).reshape(self._rows, *shape)
        self._files = {}

    def _mapped(self, path: Path, kind: np.dtype[Any]) -> Array:
        if not path.stat().st_size:
            return np.empty(0, kind)
        with path.open("rb") as file:
            self._maps.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        return np.frombuffer(self._maps[-1], kind)

    def forget(self) -> None:
        """Let go of the pages touched so far; what is asked for again comes from the disk's cache.

        Views handed out stay good.
        """
        if hasattr(mmap, "MADV_DONTNEED"):
            for mapped in self._maps:
                mapped.madvise(mmap.MADV_DONTNEED)

    def _spill(self, name: str, values: Array) -> None:
        if name not in self._files:
            assert self._folder is not None
            self._files[name] = (self._folder / f"{self._prefix}{name}.bin").open("wb")
            self._shapes[name] = values.dtype, values.shape[1:]
        values.tofile(self._files[name])

    def _room(self, name: str, like: Array, count: int) -> Array:
        held = self._held.get(name)
        if held is None:
            held = np.empty((max(FIRST_ROWS, 2 * count), *like.shape[1:]), like.dtype)
        elif len(held) < self._rows + count:
            # Readers keep their views of the old memory.
            grown = np.empty((2 * (self._rows + count), *held.shape[1:]), held.dtype)
            grown[: self._rows] = held[: self._rows]
            held = grown
        self._held[name] = held
        return held
