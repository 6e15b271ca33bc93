"""The Cramer-Rao bound against closed forms, a Kalman filter, and an efficient estimator."""

import numpy as np
import pytest

from mantlet.analysis.measures.bound import (
    cramer_rao,
    from_start,
    impact_gradient,
    of_impact,
    over_sequences,
    plot_information,
    transitions_of,
)
from mantlet.world import exponential_air as air

WIDE = (1e6, 1e6, 1e6, 1e4, 1e4, 1e4, 30.0)
SITE, AXES = np.zeros(3), np.eye(3)


def constant_velocity(scans: int, period_s: float = 1.0) -> np.ndarray:
    step = np.eye(7)
    step[:3, 3:6] = period_s * np.eye(3)
    steps = np.tile(step, (1, scans, 1, 1))
    steps[:, 0] = np.eye(7)  # the prior holds at the first scan
    return steps


def test_constant_velocity_without_noise_is_a_straight_line_fit():
    # Position and slope of a line through N points with error s: Bar-Shalom et al. (2001), 2.9.
    sigma, scans = 25.0, 12
    information = np.tile(np.eye(3) / sigma**2, (1, scans, 1, 1))
    found = cramer_rao(constant_velocity(scans), information, np.ones((1, scans)), prior_sigma=WIDE)
    for n in range(2, scans + 1):
        position = sigma**2 * 2 * (2 * n - 1) / (n * (n + 1))
        speed = sigma**2 * 12 / (n * (n**2 - 1))
        for axis in range(3):
            assert found[0, n - 1, axis, axis] == pytest.approx(position, rel=1e-5)
            assert found[0, n - 1, 3 + axis, 3 + axis] == pytest.approx(speed, rel=1e-4)


def test_with_process_noise_it_is_the_covariance_of_a_kalman_filter():
    scans, sigma, q = 30, 10.0, 2.0
    noise = np.zeros((7, 7))
    noise[:3, :3], noise[3:6, 3:6] = np.eye(3) * q / 3, np.eye(3) * q
    noise[:3, 3:6] = noise[3:6, :3] = np.eye(3) * q / 2
    steps = constant_velocity(scans)
    detected = (np.arange(scans) % 4 != 2).astype(float)[None]
    information = np.tile(np.eye(3) / sigma**2, (1, scans, 1, 1))
    found = cramer_rao(steps, information, detected, process_noise=noise)
    cov = np.diag(np.array([1e5, 1e5, 1e5, 500, 500, 500, 1.0]) ** 2)
    H = np.eye(3, 7)
    for k in range(scans):
        cov = steps[0, k] @ cov @ steps[0, k].T + noise
        if detected[0, k]:
            gain = cov @ H.T @ np.linalg.inv(H @ cov @ H.T + sigma**2 * np.eye(3))
            left = np.eye(7) - gain @ H
            cov = left @ cov @ left.T + sigma**2 * gain @ gain.T
        assert np.sqrt(np.diag(found[0, k])) == pytest.approx(np.sqrt(np.diag(cov)), rel=1e-5)


def test_information_of_a_plot_is_that_of_its_gradients():
    rng = np.random.default_rng(1)
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    site, point = rng.normal(size=3) * 1e3, rng.normal(size=3) * 1e4
    sigmas = (10.0, 0.002, 0.003)

    def plot(x: np.ndarray) -> np.ndarray:
        e, n, u = axes @ (x - site)
        return np.array(
            [np.hypot(np.hypot(e, n), u), np.arctan2(e, n), np.arctan2(u, np.hypot(e, n))]
        )

    gradient = np.array([(plot(point + d) - plot(point - d)) / 2 for d in np.eye(3)]).T
    expected = gradient.T @ np.diag(1 / np.array(sigmas) ** 2) @ gradient
    found = plot_information(point[None], site, axes, *sigmas)[0]
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6 * expected.max())


START = np.array([[1e3, 20e3, 400.0, 40.0, -330.0, 330.0, np.log(8e-5)]])
SCANS = 25


def trajectory(starts: np.ndarray) -> np.ndarray:
    """States (n, SCANS, 7), one second apart, from the first scan on."""
    states = [starts]
    for _ in range(SCANS - 1):
        states.append(air.advance(states[-1], 1.0))
    return np.stack(states, axis=1)


def sensitivities(starts: np.ndarray) -> np.ndarray:
    flat = transitions_of(lambda x: trajectory(x).reshape(len(x), -1), starts)
    return flat.reshape(len(starts), SCANS, 7, 7)


def test_steps_and_whole_flights_give_the_same_transitions():
    truth = trajectory(START)[0]
    steps = transitions_of(lambda x: air.advance(x, 1.0), truth[:-1])
    assert from_start(sensitivities(START))[0, 1:] == pytest.approx(steps, rel=1e-3, abs=1e-3)


def measured(states: np.ndarray) -> np.ndarray:
    """Range, azimuth, elevation over their sigmas, (n, SCANS, 3)."""
    x, y, z = np.moveaxis(states[:, :, :3], 2, 0)
    level = np.hypot(x, y)
    plots = np.stack([np.hypot(level, z), np.arctan2(x, y), np.arctan2(z, level)], axis=2)
    return plots / np.array([10.0, 0.002, 0.002])


@pytest.mark.parametrize("missed", [(), (3, 4, 11)])
def test_least_squares_reaches_the_bound_over_repeated_noise(missed):
    runs, seen = 400, np.setdiff1d(np.arange(SCANS), missed)
    rng = np.random.default_rng(8)
    plots = measured(trajectory(START)) + rng.normal(size=(runs, SCANS, 3))
    guess = np.repeat(START, runs, axis=0)
    for _ in range(5):
        slope = transitions_of(lambda x: measured(trajectory(x)).reshape(len(x), -1), guess)
        slope = slope.reshape(runs, SCANS, 3, 7)[:, seen].reshape(runs, -1, 7)
        left = (plots - measured(trajectory(guess)))[:, seen].reshape(runs, -1)
        scale = np.array([10, 10, 10, 1, 1, 1, 0.1])
        normal = np.einsum("nri,nrj->nij", slope * scale, slope * scale)
        step = np.linalg.solve(normal, np.einsum("nri,nr->ni", slope * scale, left)[:, :, None])
        guess += step[:, :, 0] * scale
    error = (trajectory(guess) - trajectory(START))[:, -1]
    truth = trajectory(START)[0]
    information = plot_information(truth[:, :3], SITE, AXES, 10.0, 0.002, 0.002)[None]
    detected = np.isin(np.arange(SCANS), seen).astype(float)[None]
    bound = cramer_rao(from_start(sensitivities(START)), information, detected, prior_sigma=WIDE)
    # One direction dominates: 400 squares, so the root is known to 3.5 %; three sigmas.
    for axes in (slice(0, 3), slice(3, 6), slice(6, 7)):
        expected = np.sqrt(np.trace(bound[0, -1, axes, axes]))
        assert np.sqrt((error[:, axes] ** 2).sum(axis=1).mean()) == pytest.approx(
            expected, rel=0.105
        )
    landed, _ = air.fall(trajectory(guess)[:, -1])
    fallen, seconds = air.fall(truth[-1:])
    to_ground = transitions_of(lambda x: air.advance(x, np.repeat(seconds, len(x))), truth[-1:])
    gradient = impact_gradient(to_ground, fallen[:, 3:6], np.eye(3)[None])
    expected = np.sqrt(np.trace(of_impact(bound[:, -1], gradient)[0]))
    miss = landed[:, :2] - fallen[:, :2]
    assert np.sqrt((miss**2).sum(axis=1).mean()) == pytest.approx(expected, rel=0.105)


def test_averaging_over_sequences_lies_above_thinned_information():
    # Hernandez, Ristic, Farina (2004): thinning gives the more optimistic of the two bounds.
    truth = trajectory(START)[0]
    information = plot_information(truth[:, :3], SITE, AXES, 10.0, 0.002, 0.002)[None]
    steps = from_start(sensitivities(START))
    thinned = cramer_rao(steps, information, np.full((1, SCANS), 0.6))
    averaged = over_sequences(steps, information, 0.6, sequences=60, seed=2)
    certain = cramer_rao(steps, information, np.ones((1, SCANS)))
    for k in range(8, SCANS):
        traces = [np.trace(cov[0, k, :3, :3]) for cov in (certain, thinned, averaged)]
        assert traces[0] < traces[1] < traces[2]
    # By the end both have seen enough for the difference to be small.
    assert np.trace(averaged[0, -1, :3, :3]) < 1.3 * np.trace(thinned[0, -1, :3, :3])


def test_a_scan_that_is_not_known_stands_still():
    steps = from_start(np.stack([np.full((7, 7), np.nan), np.eye(7), 2 * np.eye(7)])[None])
    assert (steps[0, 0] == np.eye(7)).all()
    assert steps[0, 2] == pytest.approx(2 * np.eye(7))
