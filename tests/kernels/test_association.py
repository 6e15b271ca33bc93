"""Gating against brute force with SciPy's multivariate normal."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from mantlet.kernels import association
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

RADAR = RadarFigures("r1", Site(31.6, 34.6, 60.0))
GATE = 16.3


def a_scene(seed: int, plots: int = 60):
    """One track among plots scattered a few sigmas about it, sorted by range."""
    rng = np.random.default_rng(seed)
    site, axes = RADAR.site.ecef_m, RADAR.site.axes
    mean = np.zeros(7)
    mean[:3] = site + 15_000.0 * axes[1] + 6_000.0 * axes[2]
    mixing = rng.normal(size=(7, 7)) * np.array([60, 60, 60, 20, 20, 20, 0.5])[:, None]
    cov = mixing @ mixing.T / 7
    points = mean[:3] + rng.normal(size=(plots, 3)) * 250.0
    slant = np.linalg.norm(points - site, axis=1)
    order = np.argsort(slant)
    noise = np.array([np.diag([10.0, 30.0, 40.0]) ** 2] * plots)
    return mean, cov, points[order], noise, slant[order]


@pytest.mark.parametrize("seed", range(8))
def test_edges_are_those_of_brute_force_with_likelihood_costs(seed):
    mean, cov, points, noise, ranges = a_scene(seed)
    ln_clutter = math.log(1e-10)
    column, cost = np.empty(100, np.int64), np.empty(100)
    count = association.edges_of(
        mean,
        cov,
        float(np.linalg.norm(mean[:3] - RADAR.site.ecef_m)),
        RADAR.packed,
        ranges,
        points,
        np.array([n[np.triu_indices(3)] for n in noise]),
        np.full(len(points), ln_clutter),
        np.zeros(len(points), np.bool_),
        0.0,
        GATE,
        np.empty(6),
        column,
        cost,
        0,
    )
    expected = {}
    for j, (point, r) in enumerate(zip(points, noise, strict=True)):
        s = cov[:3, :3] + r
        residual = point - mean[:3]
        if residual @ np.linalg.solve(s, residual) <= GATE:
            likelihood = multivariate_normal(mean[:3], s).logpdf(point)
            # Pd 0.9: hit against "missed and false".
            value = -2.0 * (math.log(0.9) + likelihood - math.log(0.1) - ln_clutter)
            if value < 0.0:
                expected[j] = value
    assert expected  # the scene puts plots inside the gate
    assert dict(zip(column[:count].tolist(), cost[:count].tolist(), strict=True)) == pytest.approx(
        expected, rel=1e-9
    )


def test_reach_is_never_shorter_than_the_gate():
    rng = np.random.default_rng(1)
    for _ in range(200):
        mixing = rng.normal(size=(7, 7)) * np.array([60, 60, 60, 20, 20, 20, 0.5])[:, None]
        cov = mixing @ mixing.T
        ahead = float(rng.uniform(0.0, 3.0))
        step = np.eye(3, 7)
        step[:, 3:6] = np.eye(3) * ahead
        largest = np.linalg.eigvalsh(step @ cov @ step.T + np.eye(3) * 25.0**2)[-1]
        gate_m = math.sqrt(GATE * largest)
        assert association.reach(cov, ahead, 0.0, 25.0, GATE) >= gate_m


def test_a_taken_plot_is_nobodys():
    mean, _cov, points, _noise, ranges = a_scene(0)
    assert not association.any_within(
        *mean[:3], 16_000.0, 1e5, ranges, points, np.ones(len(points), np.bool_)
    )
    assert association.any_within(
        *mean[:3], 16_000.0, 1e5, ranges, points, np.zeros(len(points), np.bool_)
    )


def test_score_and_cost_tell_the_same_story():
    # cost = -2 x (hit - miss), with the miss worth ln(1 - Pd).
    cost = association.pair_cost(3.0, 20.0, -25.0, 0.8)
    score = association.hit_score(3.0, 20.0, -25.0, 0.8)
    assert cost == pytest.approx(-2.0 * (score - math.log(1.0 - 0.8)))
