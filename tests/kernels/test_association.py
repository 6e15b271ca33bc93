"""Gating against brute force with SciPy's multivariate normal."""

import math

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from mantlet.kernels import association
from mantlet.kernels.scan_plots import ScanPlots, any_within, first_at_least
from mantlet.kernels.track_models import MODELS
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

RADAR = RadarFigures("r1", Site(31.6, 34.6, 60.0))
GATE = 16.3
NOISE = np.diag([10.0, 30.0, 40.0]) ** 2


def a_scene(seed: int, count: int = 60) -> tuple[np.ndarray, np.ndarray, ScanPlots]:
    """One track among plots scattered a few sigmas about it."""
    rng = np.random.default_rng(seed)
    site, axes = RADAR.site.ecef_m, RADAR.site.axes
    mean = np.zeros(7)
    mean[:3] = site + 15_000.0 * axes[1] + 6_000.0 * axes[2]
    mixing = rng.normal(size=(7, 7)) * np.array([60, 60, 60, 20, 20, 20, 0.5])[:, None]
    points = mean[:3] + rng.normal(size=(count, 3)) * 250.0
    slant = np.linalg.norm(points - site, axis=1)
    order = np.argsort(slant)
    plots = ScanPlots(
        plot_id=np.arange(count),
        slant=slant[order],
        position=points[order],
        spread=np.tile(NOISE[np.triu_indices(3)], (count, 1)),
        ln_clutter=np.full(count, math.log(1e-10)),
        ln_new=np.zeros(count),
        rate=np.full(count, np.nan),
        taken=np.zeros(count, np.int64),
    )
    return mean, mixing @ mixing.T / 7, plots


def edges_found(mean: np.ndarray, cov: np.ndarray, plots: ScanPlots, thrust_m2: float = 0.0):
    return edges_of_bank([(mean, cov, 1.0)], plots, thrust_m2)


def edges_of_bank(bank: list, plots: ScanPlots, thrust_m2: float = 0.0):
    edges = association.room_for_edges(1, plots.slant.size)
    means, covs = np.zeros((MODELS, 7)), np.zeros((MODELS, 7, 7))
    weight = np.zeros(MODELS)
    means[: len(bank)], covs[: len(bank)] = [b[0] for b in bank], [b[1] for b in bank]
    weight[: len(bank)] = [b[2] for b in bank]
    count = association.edges_of(
        means,
        covs,
        weight,
        RADAR.packed,
        plots,
        thrust_m2,
        GATE,
        0.0,
        edges,
        0,
        np.empty((3, 7)),
        0.0,
        400.0,
    )
    return dict(zip(edges.column[:count].tolist(), edges.cost[:count].tolist(), strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_edges_are_those_of_brute_force_with_likelihood_costs(seed):
    mean, cov, plots = a_scene(seed)
    s = cov[:3, :3] + NOISE
    expected = {}
    for j, point in enumerate(plots.position):
        residual = point - mean[:3]
        if residual @ np.linalg.solve(s, residual) <= GATE:
            likelihood = multivariate_normal(mean[:3], s).logpdf(point)
            # Pd 0.9: hit against "missed and false".
            value = -2.0 * (math.log(0.9) + likelihood - math.log(0.1) - plots.ln_clutter[j])
            if value < 0.0:
                expected[j] = value
    assert expected  # the scene puts plots inside the gate
    assert edges_found(mean, cov, plots) == pytest.approx(expected, rel=1e-9)


def test_thrust_opens_the_gate_but_costs_where_it_is_not_needed():
    mean, cov, plots = a_scene(0)
    mean[3:6] = plots.position[-1] - mean[:3]  # thrust acts along the velocity
    calm, thrust = edges_found(mean, cov, plots), edges_found(mean, cov, plots, 500.0**2)
    assert len(thrust) > len(calm)
    nearest = min(calm, key=calm.__getitem__)
    assert thrust[nearest] == calm[nearest]  # calm motion stays the likelier one


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
    mean, cov, plots = a_scene(0)
    assert any_within(plots, *mean[:3], 16_000.0, 1e5)
    plots.taken[:] = 1
    assert not any_within(plots, *mean[:3], 16_000.0, 1e5)
    assert not edges_found(mean, cov, plots)


def test_plots_are_found_by_range_as_numpy_finds_them():
    _, _, plots = a_scene(2)
    for value in [*plots.slant, 0.0, 1e9]:
        expected = int(np.searchsorted(plots.slant, value))
        assert first_at_least(plots.slant, value) == expected


def test_score_and_cost_tell_the_same_story():
    # cost = -2 x (hit - miss), with the miss worth ln(1 - Pd).
    cost = association.pair_cost(23.0, -25.0, 0.8)
    score = association.hit_score(23.0, -25.0, 0.8)
    assert cost == pytest.approx(-2.0 * (score - math.log(1.0 - 0.8)))


@pytest.mark.parametrize("seed", range(4))
def test_edges_of_a_bank_are_those_of_the_mixture(seed):
    mean, cov, plots = a_scene(seed)
    other = mean.copy()
    other[:3] += np.random.default_rng(seed).normal(size=3) * 80.0
    bank = [(mean, cov, 0.7), (other, 3.0 * cov, 0.3)]
    expected = {}
    for j, point in enumerate(plots.position):
        density, nearest = 0.0, math.inf
        for middle, spread, share in bank:
            s = spread[:3, :3] + NOISE
            residual = point - middle[:3]
            nearest = min(nearest, residual @ np.linalg.solve(s, residual))
            density += share * multivariate_normal(middle[:3], s).pdf(point)
        value = -2.0 * math.log(0.9 * density / (0.1 * math.exp(plots.ln_clutter[j])))
        if nearest <= GATE and value < 0.0:
            expected[j] = value
    assert expected
    assert edges_of_bank(bank, plots) == pytest.approx(expected, rel=1e-9)
