"""What the models of a track believe when its velocity is from two plots, a second apart."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mantlet.kernels.dynamics import ROCKET, drag_coefficient
from mantlet.kernels.track_models import BOOST, COAST, DEBRIS, MODELS, MORTAR, spread_models
from mantlet.world.air import Air

AIR = Air(flat=True).packed
THRUST = 150.0
ALONG = np.array([0.6, 0.0, 0.8])
DENSITY, SOUND = 1.1117, 336.43  # of the standard atmosphere at 1 km


def bank(speed_mps, pair_s):
    mean, cov = np.zeros((MODELS, 7)), np.zeros((MODELS, 7, 7))
    mean[0] = 0.0, 0.0, 1_000.0, *(speed_mps * ALONG), 8.3
    cov[0] = np.diag([30.0**2] * 3 + [40.0**2] * 3 + [1.0])
    weight = np.zeros(MODELS)
    spread_models(mean, cov, weight, True, 0.8 * speed_mps, 1_000.0, pair_s, THRUST, AIR)
    return mean, cov, weight


def speed_after(mean_speed_mps, ln_beta, thrust_mps2=0.0):
    """Speed after a second in which it was so much on average: bisection over a plain flight."""

    def push(_, state):
        c = drag_coefficient(ROCKET, state[1] / SOUND)
        return state[1], thrust_mps2 - 0.5 * DENSITY * state[1] ** 2 * c / np.exp(ln_beta)

    low, high = 0.0, 2.0 * mean_speed_mps
    for _ in range(60):
        first = 0.5 * (low + high)
        way, last = solve_ivp(push, (0.0, 1.0), [0.0, first], rtol=1e-9).y[:, -1]
        low, high = (first, high) if way < mean_speed_mps else (low, first)
    return last


def test_drag_between_two_plots_has_slowed_the_last_one():
    mean, cov, _ = bank(400.0, 1.0)
    # Straight on and without gravity, which the filter has; a motor that ended adds 0.8 m/s here.
    due = speed_after(400.0, 8.5)
    assert np.linalg.norm(mean[COAST, 3:6]) == pytest.approx(due, abs=1.5)
    assert np.linalg.norm(mean[COAST, 3:6]) < 395.0
    assert ALONG @ cov[COAST, 3:6, 6] > 0.0  # the heavier, the less it was slowed
    assert np.linalg.norm(mean[DEBRIS, 3:6]) < np.linalg.norm(mean[COAST, 3:6]) - 50.0


def test_thrust_between_two_plots_has_sped_up_the_last_one():
    mean, cov, _ = bank(650.0, 1.0)
    due = speed_after(650.0, 8.5, THRUST)
    assert np.linalg.norm(mean[BOOST, 3:6]) == pytest.approx(due, abs=3.0)
    sigma = np.sqrt(ALONG @ cov[BOOST, 3:6, 3:6] @ ALONG)
    # Motors of 100 to 300 m/s2 within two of them.
    assert abs(speed_after(650.0, 8.5, 300.0) - due) < 2.0 * sigma
    across = np.array([0.0, 1.0, 0.0])
    assert np.sqrt(across @ cov[BOOST, 3:6, 3:6] @ across) == pytest.approx(40.0)


def test_of_two_plots_the_fast_are_likelier_to_burn_and_the_slow_to_be_bombs():
    fast, slow, settled = bank(650.0, 1.0)[2], bank(350.0, 1.0)[2], bank(650.0, 0.0)[2]
    assert fast[BOOST] > settled[BOOST] > slow[BOOST] > 0.0
    assert slow[MORTAR] > 0.2 > 0.05 > fast[MORTAR]
    assert sum(fast) == pytest.approx(1.0)


def test_three_plots_or_more_leave_the_motion_as_it_is():
    mean, cov, weight = bank(650.0, 0.0)
    for m in np.flatnonzero(weight):
        assert np.array_equal(mean[m, :6], mean[0, :6])
        assert np.array_equal(cov[m, :6, :6], cov[0, :6, :6])
