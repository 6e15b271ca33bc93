import numpy as np
import pytest
from engagement_range import TOWN, covariance

from mantlet.engagement import precision
from mantlet.engagement.precision import prediction_sigma_m, reach_probability

SPEED_MPS, LOG_BETA = 500.0, np.log(4000.0)


def moving(log_beta: float = LOG_BETA) -> np.ndarray:
    """One track over the town at 3 km, flying west."""
    east, _, up = TOWN.axes
    position = TOWN.ecef_m + 3_000.0 * up
    return np.concatenate([position, -SPEED_MPS * east, [log_beta]])[None]


def sigma(packed: np.ndarray, ahead_s: float, log_beta: float = LOG_BETA) -> float:
    return float(prediction_sigma_m(moving(log_beta), packed, np.array([[ahead_s]]))[0, 0])


def flown_m(speed_mps: float, log_beta: float, time_s: float) -> float:
    """Way flown under quadratic drag, by many small steps instead of the closed form."""
    drag = precision._drag_per_m(moving(log_beta))[0]
    way, step_s = 0.0, time_s / 20_000
    for _ in range(20_000):
        middle = speed_mps - 0.5 * step_s * drag * speed_mps**2
        way += step_s * middle
        speed_mps -= step_s * drag * middle**2
    return way


def test_without_drag_errors_of_position_and_velocity_add_in_squares():
    packed = covariance(30.0, 4.0, 0.0, 1)
    assert sigma(packed, 0.0) == pytest.approx(30.0)
    assert sigma(packed, 10.0, log_beta=30.0) == pytest.approx(50.0, rel=1e-6)  # 3-4-5


def test_doubt_about_drag_moves_the_track_as_flying_it_does():
    packed = covariance(0.0, 0.0, 0.2, 1)
    up, down = (flown_m(SPEED_MPS, LOG_BETA + d, 20.0) for d in (0.01, -0.01))
    slope = (up - down) / 0.02
    # Along one axis only: a third of the trace is the figure squared.
    assert sigma(packed, 20.0) == pytest.approx(0.2 * slope / np.sqrt(3.0), rel=1e-3)


def test_doubt_about_speed_moves_the_track_as_flying_it_does():
    packed = np.zeros((1, 28))
    packed[:, [18, 22, 25]] = 5.0**2
    up, down = (flown_m(SPEED_MPS + d, LOG_BETA, 20.0) for d in (1.0, -1.0))
    assert sigma(packed, 20.0) == pytest.approx(5.0 * (up - down) / 2.0, rel=1e-3)


def test_reach_probability_is_the_share_of_normal_errors_inside():
    errors = np.random.default_rng(4).normal(size=(200_000, 3)) * 200.0
    share = (np.linalg.norm(errors, axis=1) <= 350.0).mean()
    # 200,000 draws: three standard deviations are 0.003.
    assert reach_probability(np.array([200.0]), 350.0)[0] == pytest.approx(share, abs=0.003)
    assert reach_probability(np.array([1e-3]), 350.0)[0] == 1.0
