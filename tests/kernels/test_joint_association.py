"""Joint association against brute force over every joint event."""

from itertools import product

import numpy as np
import pytest

from mantlet.kernels.association import Edges
from mantlet.kernels.joint_association import groups, joint_odds

COLUMNS = 8


def a_problem(seed: int, rows: int, share: float) -> Edges:
    """Rows with random edges; costs from certain to hopeless."""
    rng = np.random.default_rng(seed)
    allowed = rng.random((rows, COLUMNS)) < share
    start = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))])
    return Edges(start, np.nonzero(allowed)[1], rng.normal(-4.0, 6.0, allowed.sum()))


def brute_force(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    """Every choice of at most one edge a row that uses no column twice, weighed."""
    rows = len(edges.start) - 1
    odds, missed, total = np.zeros(len(edges.cost)), np.zeros(rows), 0.0
    choices = [[-1, *range(edges.start[i], edges.start[i + 1])] for i in range(rows)]
    for event in product(*choices):
        taken = [e for e in event if e >= 0]
        if len({edges.column[e] for e in taken}) < len(taken):
            continue
        weight = np.exp(-0.5 * edges.cost[taken].sum())
        total += weight
        odds[taken] += weight
        missed[[i for i, e in enumerate(event) if e < 0]] += weight
    return odds / total, missed / total


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_odds_are_those_of_brute_force(seed, share):
    edges = a_problem(seed, 5, share)
    odds, missed = joint_odds(edges, COLUMNS)
    wanted, wanted_missed = brute_force(edges)
    assert odds == pytest.approx(wanted, rel=1e-9, abs=1e-15)
    assert missed == pytest.approx(wanted_missed, rel=1e-9, abs=1e-15)


def test_groups_are_the_connected_rows():
    edges = Edges(np.array([0, 1, 3, 4, 4, 5]), np.array([0, 1, 2, 2, 5]), np.zeros(5))
    assert groups(edges, COLUMNS).tolist() == [0, 1, 1, 3, 4]


def test_a_large_group_gets_fair_shares_near_the_exact_ones():
    edges = a_problem(3, 14, 0.5)
    odds, missed = joint_odds(edges, COLUMNS)
    sums = np.add.reduceat(odds, edges.start[:-1])
    assert ((odds >= 0.0) & (odds <= 1.0)).all()
    assert sums + missed == pytest.approx(np.ones(14), abs=1e-12)
    # One row that nobody competes with is exact in both ways.
    alone = Edges(np.array([0, 2]), np.array([0, 1]), np.array([-3.0, 1.0]))
    odds, missed = joint_odds(alone, COLUMNS)
    wanted, wanted_missed = brute_force(alone)
    assert odds == pytest.approx(wanted)
    assert missed == pytest.approx(wanted_missed)


def test_no_edges_no_odds():
    odds, missed = joint_odds(Edges(np.zeros(3, np.int64), np.empty(0, np.int64), np.empty(0)), 4)
    assert len(odds) == 0
    assert missed.tolist() == [1.0, 1.0]
