"""The textbook model against closed forms, SciPy and its own differences."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from mantlet.world import exponential_air as air

STATES = np.array(
    [
        [0.0, 20e3, 500.0, 50.0, -400.0, 350.0, np.log(6e-5)],
        [2e3, 15e3, 3_000.0, -80.0, -300.0, -200.0, np.log(1.2e-4)],
    ]
)


def test_without_drag_the_fall_is_a_parabola():
    state = np.array([[0.0, 0, 100.0, 50.0, 0, 80.0, -60.0]])
    landed, seconds = air.fall(state)
    expected = (80.0 + np.sqrt(80.0**2 + 2 * air.GRAVITY * 100.0)) / air.GRAVITY
    assert seconds[0] == pytest.approx(expected, rel=1e-12)
    assert landed[0, 0] == pytest.approx(50.0 * expected, rel=1e-12)


def test_one_second_steps_agree_with_scipy():
    def rate(_, y):
        return np.concatenate([y[3:6], air.acceleration(y[None])[0], [0.0]])

    for state in STATES:
        down = solve_ivp(
            rate, (0, 200), state, rtol=1e-11, atol=1e-8, method="DOP853",
            events=_ground,
        )  # fmt: skip
        landed, seconds = air.fall(state[None])
        assert seconds[0] == pytest.approx(down.t_events[0][0], abs=2e-3)
        assert landed[0, :2] == pytest.approx(down.y_events[0][0][:2], abs=0.5)


def _ground(_, y):
    return y[2] if y[5] < 0 else 1.0


_ground.terminal = True


def test_the_jacobian_is_that_of_differences():
    step = np.array([1.0, 1.0, 10.0, 0.1, 0.1, 0.1, 1e-4])
    jac = air.acceleration_jacobian(STATES)
    for j in range(7):
        up, down = STATES.copy(), STATES.copy()
        up[:, j] += step[j]
        down[:, j] -= step[j]
        difference = (air.acceleration(up) - air.acceleration(down)) / (2 * step[j])
        assert jac[:, :, j] == pytest.approx(difference, rel=1e-5, abs=1e-9)


def test_what_never_comes_down_is_no_number():
    state = np.array([[0.0, 0, 100.0, 0.0, 0, 9_000.0, -60.0]])
    assert np.isnan(air.fall(state)[1]).all()


def test_drag_and_ballistic_coefficient_turn_into_each_other():
    assert np.exp(air.ln_beta(air.ln_k_of_beta(np.array([8_000.0])))) == pytest.approx(8_000.0)
