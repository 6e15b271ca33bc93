"""The bank of models of a track against Bayes' rule and the moments of mixtures in NumPy."""

import math

import numpy as np
import pytest

from mantlet.kernels import track_models as bank
from mantlet.kernels.dynamics import MORTAR, ROCKET, drag_coefficient
from mantlet.kernels.track_models import BOOST, COAST, DEBRIS, MODELS, ROUGH, SHELL
from mantlet.kernels.track_motion import LN_BETA
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

SITE = Site(31.6, 34.6, 3_000.0)


def models(seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Six different states near one another, with covariances of full rank."""
    rng = np.random.default_rng(seed)
    mean, cov = np.empty((MODELS, 7)), np.empty((MODELS, 7, 7))
    for m in range(MODELS):
        mean[m, :3] = SITE.ecef_m + rng.normal(0.0, 30.0, 3)
        mean[m, 3:6] = np.array([20.0, -350.0, 60.0]) @ SITE.axes + rng.normal(0.0, 3.0, 3)
        mean[m, LN_BETA] = rng.uniform(6.5, 8.5)
        root = rng.normal(size=(7, 7))
        cov[m] = root @ root.T + np.eye(7)
    return mean, cov


def mixture(mean: np.ndarray, cov: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    middle = share @ mean
    apart = mean - middle
    spread = np.einsum("m,mij->ij", share, cov) + np.einsum("m,mi,mj->ij", share, apart, apart)
    return middle, spread


def test_two_models_join_with_the_moments_of_their_mixture():
    mean, cov = models()
    wanted = mixture(mean[:2], cov[:2], np.array([0.3, 0.7]))
    bank.join(mean[0], cov[0], 0.3, mean[1], cov[1])
    np.testing.assert_allclose(mean[0], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(cov[0], wanted[1], rtol=1e-9)


def test_what_is_shown_is_the_mixture_with_drag_by_the_rockets_curve():
    mean, cov = models()
    weight = np.array([0.5, 0.2, 0.1, 0.0, 0.0, 0.2])
    merged, spread = np.empty(7), np.empty((7, 7))
    bank.merge(mean, cov, weight, STANDARD_AIR.packed, merged, spread)
    as_rocket = mean.copy()
    for m in range(MODELS):
        as_rocket[m, LN_BETA] = bank.rocket_equivalent(mean[m], m, STANDARD_AIR.packed)
    wanted = mixture(as_rocket, cov, weight)
    np.testing.assert_allclose(merged, wanted[0], rtol=1e-12)
    np.testing.assert_allclose(spread, wanted[1], rtol=1e-9)


def test_rare_models_do_not_widen_what_is_shown():
    mean, cov = models()
    mean[SHELL, :3] += 5_000.0
    weight = np.zeros(MODELS)
    weight[COAST], weight[SHELL] = 1.0 - 0.9 * bank.RARE, 0.9 * bank.RARE
    merged, spread = np.empty(7), np.empty((7, 7))
    bank.merge(mean, cov, weight, STANDARD_AIR.packed, merged, spread)
    np.testing.assert_allclose(merged, mean[COAST])
    np.testing.assert_allclose(spread, cov[COAST])


def test_the_rockets_equivalent_drags_alike_now():
    mean, _ = models()
    ln_beta = bank.rocket_equivalent(mean[MORTAR], MORTAR, STANDARD_AIR.packed)
    speed = float(np.linalg.norm(mean[MORTAR, 3:6]))
    sound = math.sqrt(1.4 * 287.053 * 268.66)  # at 3 km, ISO 2533
    own = drag_coefficient(MORTAR, speed / sound) / math.exp(mean[MORTAR, LN_BETA])
    # 30 m of height more or less are a ten-thousandth of the speed of sound.
    found = drag_coefficient(ROCKET, speed / sound) / math.exp(ln_beta)
    assert found == pytest.approx(own, rel=1e-3)
    assert bank.rocket_equivalent(mean[COAST], COAST, STANDARD_AIR.packed) == mean[COAST, LN_BETA]


def test_weights_follow_bayes_rule_and_the_rough_model_never_goes():
    weight = np.array([0.5, 0.2, 0.0, 0.1, 0.1, 0.1])
    ln = np.array([-3.0, -1.0, 50.0, -2.0, -4.0, -40.0])
    wanted = weight * np.exp(ln)
    wanted[ROUGH] = 0.01 * wanted.sum()  # its floor; what it was by Bayes is nothing beside that
    bank.weigh(weight, ln)
    np.testing.assert_allclose(weight, wanted / wanted.sum(), rtol=1e-9)
    assert weight[2] == 0.0  # what is gone does not come back


def test_models_hundreds_of_times_less_likely_go():
    weight = np.array([1.0, 1.9e-3, 2.2e-3, 0.0, 0.0, 0.02])
    bank.prune(weight)
    assert weight[SHELL] == 0.0
    assert weight[2] > 0.0
    assert weight.sum() == pytest.approx(1.0)


def test_a_motor_ends_at_random_and_its_share_joins_what_coasts():
    mean, cov = models()
    weight = np.array([0.6, 0.0, 0.0, 0.0, 0.4, 0.0])
    gone = 0.4 * (1.0 - math.exp(-1.0 / 1.5))
    share = np.zeros(MODELS)
    share[COAST], share[BOOST] = np.array([0.6, gone]) / (0.6 + gone)
    wanted, boost = mixture(mean, cov, share), mean[BOOST].copy()
    bank.end_boost(mean, cov, weight, 1.0, 1.5)
    assert weight.tolist() == pytest.approx([0.6 + gone, 0.0, 0.0, 0.0, 0.4 - gone, 0.0])
    np.testing.assert_allclose(mean[COAST], wanted[0], rtol=1e-12)
    np.testing.assert_allclose(cov[COAST], wanted[1], rtol=1e-9)
    assert (mean[BOOST] == boost).all()


@pytest.mark.parametrize(
    ("young", "climb", "height", "burns"),
    [(True, 100.0, 1_000.0, True), (False, 100.0, 1_000.0, False), (True, -5.0, 1_000.0, False),
     (True, 100.0, 9_000.0, False)],
)  # fmt: skip
def test_only_what_is_young_low_and_climbing_may_burn(young, climb, height, burns):
    mean, cov = models()
    weight = np.zeros(MODELS)
    bank.spread_models(mean, cov, weight, young, climb, height, 0.0, 150.0, STANDARD_AIR.packed)
    assert (weight[BOOST] > 0.0) == burns
    assert weight.sum() == pytest.approx(1.0)
    assert (mean[:, :6] == mean[0, :6]).all()
    # Drag is each model's own, and hangs on nothing that the vague filter believed.
    assert (cov[:, LN_BETA, :LN_BETA] == 0.0).all()
    assert len({*mean[[COAST, SHELL, MORTAR, DEBRIS], LN_BETA].tolist()}) == 4
