"""Columns of numbers as short text: quantised, differenced, deflated, base64.

A page that works from a single file carries its numbers as text. Each column is rounded to whole
steps of an 8-, 16- or 32-bit integer, replaced by the differences between neighbours (modulo the
width: rows that follow one object change slowly) and split into byte planes, which is what makes
the deflate stream short. `viewer/unpack.js` is the other half.
"""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

LOG_FLOOR_M = 0.1
LOG_RATIO = 1.06
"""Lengths on the logarithmic scale run from 0.1 m to 236 km in steps of 6 %: finer than a pixel."""


@dataclass(frozen=True)
class Column:
    """Whole numbers and what they mean: value = step * number, or a step of the log scale."""

    numbers: Array
    step: float = 1.0
    log: bool = False


def whole(values: Array, step: float, dtype: Any) -> Column:
    """`values` in whole steps of `step`, clipped to what `dtype` can hold.

    The error is at most half a step wherever nothing was clipped.
    """
    limits = np.iinfo(dtype)
    numbers = np.clip(np.rint(np.asarray(values, dtype=np.float64) / step), limits.min, limits.max)
    return Column(numbers.astype(dtype), step)


def codes(values: Array, dtype: Any = np.uint8) -> Column:
    """Small whole numbers as they are."""
    return whole(values, 1.0, dtype)


def lengths(values_m: Array) -> Column:
    """Lengths in metres on a logarithmic scale, within 3 %; 0 and NaN become 0, for none."""
    held = np.nan_to_num(np.asarray(values_m, dtype=np.float64), nan=0.0)
    steps = np.rint(np.log(np.maximum(held, LOG_FLOOR_M) / LOG_FLOOR_M) / np.log(LOG_RATIO))
    return Column(np.where(held > 0, np.clip(steps + 1, 1, 255), 0).astype(np.uint8), log=True)


def _planes(numbers: Array) -> bytes:
    unsigned = np.ascontiguousarray(numbers).view(f"u{numbers.dtype.itemsize}")
    steps = np.diff(unsigned, prepend=unsigned.dtype.type(0))
    little = steps.astype(steps.dtype.newbyteorder("<"))
    return little.view(np.uint8).reshape(-1, numbers.dtype.itemsize).T.tobytes()


def pack(columns: Mapping[str, Column]) -> tuple[list[dict[str, Any]], str]:
    """The header (one entry per column, in order) and the base64 text of all columns.

    The same columns give the same text, byte for byte: a zlib stream holds no time and no name.
    """
    header: list[dict[str, Any]] = []
    for name, column in columns.items():
        kind = column.numbers.dtype.kind + str(8 * column.numbers.dtype.itemsize)
        entry: dict[str, Any] = {"name": name, "kind": kind, "count": int(column.numbers.size)}
        if column.log:
            entry["log"] = [LOG_FLOOR_M, LOG_RATIO]
        else:
            entry["step"] = column.step
        header.append(entry)
    raw = b"".join(_planes(column.numbers) for column in columns.values())
    return header, base64.b64encode(zlib.compress(raw, 9)).decode("ascii")
