"""Assignment against SciPy, which solves the same problem with one spare column per row."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from mantlet.kernels.assignment import assign, assign_sparse

FORBIDDEN = 1e9  # SciPy has no infinity that leaves a solution; far above any sum of real costs


def scipy_total(cost: np.ndarray, miss_cost: float) -> float:
    """Least total with missed-detection columns: row i may take its own column m + i."""
    rows, _columns = cost.shape
    spare = np.full((rows, rows), FORBIDDEN)
    np.fill_diagonal(spare, miss_cost)
    full = np.hstack([np.where(np.isinf(cost), FORBIDDEN, cost), spare])
    row, column = linear_sum_assignment(full)
    return float(full[row, column].sum())


def total(cost: np.ndarray, chosen: np.ndarray, miss_cost: float) -> float:
    used = chosen[chosen >= 0]
    assert len(set(used.tolist())) == used.size  # no column twice
    return sum(miss_cost if j < 0 else cost[i, j] for i, j in enumerate(chosen))


@pytest.mark.parametrize("seed", range(60))
def test_total_equals_scipy_with_missed_detection_columns(seed):
    rng = np.random.default_rng(seed)
    rows, columns = rng.integers(1, 25, 2)
    cost = rng.normal(0.0, 10.0, (rows, columns))
    cost[rng.random(cost.shape) < rng.uniform(0.0, 0.9)] = np.inf
    miss_cost = float(rng.normal(0.0, 8.0))
    chosen = assign(cost, miss_cost)
    assert np.isfinite(total(cost, chosen, miss_cost))
    # Sums of at most 25 costs near 10 in another order: rounding only.
    assert total(cost, chosen, miss_cost) == pytest.approx(scipy_total(cost, miss_cost), abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(
            st.lists(st.integers(-3, 3), min_size=n, max_size=n), min_size=1, max_size=6
        )
    ),
    st.integers(-3, 3),
)
def test_ties_cost_no_optimality(rows, miss_cost):
    cost = np.array(rows, dtype=float)
    chosen = assign(cost, float(miss_cost))
    assert total(cost, chosen, miss_cost) == scipy_total(cost, float(miss_cost))


def test_a_row_is_left_alone_rather_than_paying_more_than_a_miss():
    assert assign(np.array([[5.0]]), 4.0).tolist() == [-1]
    assert assign(np.array([[5.0]]), 6.0).tolist() == [0]


def test_a_later_row_may_push_an_earlier_one_into_a_miss():
    cost = np.array([[1.0], [0.0]])
    assert assign(cost, 2.0).tolist() == [-1, 0]


def test_forbidden_pairs_are_never_used_however_dear_a_miss():
    cost = np.array([[np.inf, 1.0], [np.inf, 2.0]])
    assert assign(cost, 1e6).tolist() == [1, -1] or assign(cost, 1e6).tolist() == [-1, 1]
    assert 0 not in assign(cost, 1e6)


def test_nothing_to_assign_is_no_error():
    assert assign(np.empty((0, 4)), 1.0).size == 0
    assert assign(np.empty((3, 0)), 1.0).tolist() == [-1, -1, -1]


def test_dense_and_sparse_forms_choose_the_same():
    rng = np.random.default_rng(4)
    cost = rng.uniform(0.0, 10.0, (40, 60))
    cost[rng.random(cost.shape) < 0.8] = np.inf
    keep = np.isfinite(cost)
    start = np.concatenate([[0], np.cumsum(keep.sum(axis=1))])
    column = np.nonzero(keep)[1]
    sparse = assign_sparse(start, column, cost[keep], 60, 5.0)
    assert sparse.tolist() == assign(cost, 5.0).tolist()
