"""Arrays lent to kernels without reference counts."""

import sys

import numpy as np
import pytest

from mantlet.kernels.borrowed import borrowed, outlive
from mantlet.kernels.compiled import kernel


@kernel
def doubled_in_place(values: np.ndarray) -> None:
    view = borrowed(values)
    for row in range(view.shape[0]):
        part = view[row]
        for k in range(part.size):
            part[k] *= 2.0


@kernel
def sum_by_lent_scratch(count: int) -> float:
    scratch = np.empty(count)
    lent = borrowed(scratch)
    for k in range(count):
        lent[k] = float(k)
    # What is freed too early is given out again.
    other = np.full(count, -1.0)
    total = 0.0
    for k in range(count):
        total += lent[k] + other[k]
    outlive(scratch)
    return total


def test_it_is_the_same_memory():
    values = np.arange(6.0).reshape(2, 3)
    doubled_in_place(values)
    assert values.tolist() == [[0.0, 2.0, 4.0], [6.0, 8.0, 10.0]]


def test_the_owner_is_neither_freed_nor_kept():
    values = np.ones((2, 3))
    before = sys.getrefcount(values)
    for _ in range(100):
        doubled_in_place(values)
    assert sys.getrefcount(values) == before


@pytest.mark.parametrize("count", [1, 6, 1_000])
def test_scratch_lives_until_it_is_named(count):
    assert sum_by_lent_scratch(count) == count * (count - 1) / 2 - count
