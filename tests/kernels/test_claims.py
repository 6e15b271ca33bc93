"""Belief propagation against the sum over all ways to give plots to tracks."""

from itertools import product

import numpy as np
import pytest

from mantlet.kernels.claims import Claims, settle


def dense(weight: np.ndarray, absent: np.ndarray) -> Claims:
    tracks, plots = weight.shape
    return Claims(
        np.arange(tracks) * plots,
        np.full(tracks, plots),
        np.tile(np.arange(plots), tracks),
        weight.ravel(),
        absent,
    )


def exact(weight: np.ndarray, absent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Marginals by listing every way; -1 means no plot."""
    tracks, plots = weight.shape
    share, free, total = np.zeros(weight.shape), np.zeros(plots), 0.0
    for way in product(range(-1, plots), repeat=tracks):
        used = [j for j in way if j >= 0]
        if len(set(used)) < len(used):
            continue
        p = np.prod([absent[k] if j < 0 else weight[k, j] for k, j in enumerate(way)])
        total += p
        for k, j in enumerate(way):
            if j >= 0:
                share[k, j] += p
        free[[j for j in range(plots) if j not in used]] += p
    return share / total, free / total


def test_a_single_track_is_bayes_rule():
    weight, absent = np.array([[3.0, 1.0]]), np.array([0.5])
    share = np.empty(2)
    free = settle(dense(weight, absent), 2, share)
    assert share == pytest.approx([3.0 / 4.5, 1.0 / 4.5])
    assert free == pytest.approx([1.5 / 4.5, 3.5 / 4.5])


def test_claims_without_loops_are_exact():
    weight = np.array([[4.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
    absent = np.array([0.2, 0.3])
    share = np.empty(6)
    free = settle(dense(weight, absent), 3, share)
    wanted, nobody = exact(weight, absent)
    np.testing.assert_allclose(share, wanted.ravel(), atol=1e-6)
    np.testing.assert_allclose(free, nobody, atol=1e-6)


@pytest.mark.parametrize("seed", range(10))
def test_crowds_are_close_to_exact(seed):
    """Williams and Lau report errors up to a tenth where claims overlap."""
    rng = np.random.default_rng(seed)
    weight = np.exp(rng.normal(0.0, 1.0, (4, 4)))
    absent = rng.uniform(0.1, 0.5, 4)
    share = np.empty(16)
    free = settle(dense(weight, absent), 4, share)
    wanted, nobody = exact(weight, absent)
    assert np.abs(share - wanted.ravel()).max() < 0.1
    assert np.abs(free - nobody).max() < 0.1


def test_no_track_and_no_plot_claims_more_than_everything():
    rng = np.random.default_rng(3)
    for _ in range(50):
        weight = np.exp(rng.normal(0.0, 6.0, (6, 5)))
        share = np.empty(30)
        free = settle(dense(weight, np.full(6, 0.1)), 5, share)
        assert (share.reshape(6, 5).sum(axis=1) <= 1.0 + 1e-9).all()
        assert ((free > 0.0) & (free <= 1.0)).all()


def test_nothing_claims_nothing():
    nobody, nothing = np.zeros(0, np.int64), np.empty(0)
    none = Claims(nobody, nobody, nobody, nothing, nothing)
    assert settle(none, 2, np.empty(0)).tolist() == [1.0, 1.0]
