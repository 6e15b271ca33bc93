"""Randomness: named, counter-based draws (see `kernels.draws`)."""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import draws as _kernel

Floats = NDArray[np.float64]


def stream_of(text: str) -> int:
    """A stable 32-bit number for an identifier such as a radar's id (CRC-32 of its UTF-8)."""
    return zlib.crc32(text.encode())


@dataclass(frozen=True)
class Draws:
    """Random numbers that depend on what they are for, never on when they are asked for.

    `purpose` is one of the constants of `kernels.draws`; `entity`, `stream` and `scan` say whose
    draw it is. All are taken modulo 2**32.
    """

    seed: int

    def uniform(
        self, purpose: int, entity: int, *, stream: int = 0, scan: int = 0, count: int = 1
    ) -> Floats:
        """`count` independent uniforms in (0, 1)."""
        pairs = [
            _kernel.uniform_pair(self.seed, purpose, entity, stream, scan, index)
            for index in range((count + 1) // 2)
        ]
        return np.array(pairs, dtype=np.float64).reshape(-1)[:count]

    def normal(
        self, purpose: int, entity: int, *, stream: int = 0, scan: int = 0, count: int = 1
    ) -> Floats:
        """`count` independent standard normals."""
        pairs = [
            _kernel.normal_pair(self.seed, purpose, entity, stream, scan, index)
            for index in range((count + 1) // 2)
        ]
        return np.array(pairs, dtype=np.float64).reshape(-1)[:count]

    def uniform_rows(
        self,
        purpose: int,
        entity: NDArray[np.int64],
        *,
        stream: NDArray[np.int64],
        scan: NDArray[np.int64],
        count: int,
    ) -> Floats:
        """`count` independent uniforms in (0, 1) for each row, shape (n, count), in one call."""
        who, which, when = (np.require(key, np.int64, ("C", "W")) for key in (entity, stream, scan))
        rows = _kernel.uniform_rows(self.seed, purpose, who, which, when, (count + 1) // 2)
        return rows[:, :count]
