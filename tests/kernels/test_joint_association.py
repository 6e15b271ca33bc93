"""Joint association against brute force over every joint event."""

from itertools import product

import numpy as np
import pytest

from mantlet.kernels.association import Edges
from mantlet.kernels.joint_association import EXACT_ROWS, groups, joint_odds

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


def by_columns_taken(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    """The same sum, row by row over the sets of columns taken: for groups too large to list."""
    rows = len(edges.start) - 1

    def step(totals: dict[int, float], i: int, forced: int | None) -> dict[int, float]:
        after: dict[int, float] = {}
        for e in [-1, *range(edges.start[i], edges.start[i + 1])] if forced is None else [forced]:
            column = 0 if e < 0 else 1 << int(edges.column[e])
            weight = 1.0 if e < 0 else float(np.exp(-0.5 * edges.cost[e]))
            for taken, total in totals.items():
                if not taken & column:
                    after[taken | column] = after.get(taken | column, 0.0) + total * weight
        return after

    def whole(row: int = -1, forced: int = -1) -> float:
        totals = {0: 1.0}
        for i in range(rows):
            totals = step(totals, i, forced if i == row else None)
        return sum(totals.values())

    total = whole()
    missed = np.array([whole(i, -1) for i in range(rows)]) / total
    row_of = np.repeat(np.arange(rows), np.diff(edges.start))
    return np.array([whole(int(i), e) for e, i in enumerate(row_of)]) / total, missed


def test_the_two_references_agree():
    edges = a_problem(2, 5, 0.6)
    for one, other in zip(brute_force(edges), by_columns_taken(edges), strict=True):
        assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_a_large_group_gets_fair_shares_near_the_exact_ones(seed):
    edges = a_problem(seed, 14, 0.5)
    odds, missed = joint_odds(edges, COLUMNS)
    sums = np.bincount(np.repeat(np.arange(14), np.diff(edges.start)), odds, 14)
    assert ((odds >= 0.0) & (odds <= 1.0)).all()
    assert sums + missed == pytest.approx(np.ones(14), abs=1e-12)
    wanted, wanted_missed = by_columns_taken(edges)
    assert np.bincount(groups(edges, COLUMNS)).max() > EXACT_ROWS
    # Belief propagation: measured at most 0.029; Williams and Lau report up to a tenth.
    assert np.abs(odds - wanted).max() < 0.05
    assert np.abs(missed - wanted_missed).max() < 0.05


def test_a_row_that_nobody_competes_with_is_exact():
    alone = Edges(np.array([0, 2]), np.array([0, 1]), np.array([-3.0, 1.0]))
    odds, missed = joint_odds(alone, COLUMNS)
    wanted, wanted_missed = brute_force(alone)
    assert odds == pytest.approx(wanted)
    assert missed == pytest.approx(wanted_missed)


def test_no_edges_no_odds():
    odds, missed = joint_odds(Edges(np.zeros(3, np.int64), np.empty(0, np.int64), np.empty(0)), 4)
    assert len(odds) == 0
    assert missed.tolist() == [1.0, 1.0]
