"""The ballistic filter against closed forms, sampled flights and a slow NumPy filter."""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.linalg import expm

from mantlet.kernels import filter as ekf
from mantlet.kernels.dynamics import ROCKET, acceleration
from mantlet.kernels.geodesy import ecef_from_geodetic, enu_axes
from mantlet.world.air import Air

EARTH = Air().packed
FLAT = Air(flat=True).packed
VACUUM = Air(flat=True, pressure_factor=0.0).packed


def a_state(climb_mps: float = 300.0, speed_mps: float = 500.0, height_m: float = 4_000.0):
    """A rocket-like state near 32 N 35 E, flying south, and a covariance with correlations."""
    lat, lon = math.radians(32.0), math.radians(35.0)
    axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
    velocity = climb_mps * axes[2] - speed_mps * axes[1]
    mean = np.array([*ecef_from_geodetic(lat, lon, height_m), *velocity, 8.3])
    rng = np.random.default_rng(5)
    mixing = rng.normal(size=(7, 7)) * np.array([40, 40, 40, 15, 15, 15, 0.4])[:, None]
    return mean, mixing @ mixing.T / 7


def jacobian_by_differences(mean: np.ndarray, air: np.ndarray) -> np.ndarray:
    def a(state: np.ndarray) -> np.ndarray:
        return np.array(acceleration(*state[:6], math.exp(-state[6]), ROCKET, air))

    out = np.empty((3, 7))
    for j, step in enumerate([5.0] * 3 + [0.5] * 3 + [1e-3]):
        move = np.zeros(7)
        move[j] = step
        out[:, j] = (a(mean + move) - a(mean - move)) / (2 * step)
    return out


def predicted(mean, cov, seconds, *, noise=0.0, walk=0.0, air=EARTH, leg=1.0, unscented=False):
    mean, cov = mean.copy(), cov.copy()
    law = ekf.Law(leg, noise, 0.0, 0.0, walk, 0.0, unscented)
    ekf.predict(mean, cov, seconds, 0.0, ROCKET, law, air, np.empty((16, 7)))
    return mean, cov


def test_without_air_the_prediction_is_the_parabola_and_its_spread():
    mean = np.array([0.0, 0.0, 1_000.0, 100.0, 20.0, 300.0, 8.0])
    cov = np.diag([1.0, 4.0, 9.0, 0.1, 0.2, 0.3, 0.5])
    q, t = 0.25, 7.0
    moved, spread = predicted(mean, cov, t, noise=q, walk=0.01, air=VACUUM)
    gravity = np.array([0.0, 0.0, -9.80665])
    assert moved[:3] == pytest.approx(mean[:3] + mean[3:6] * t + gravity * t * t / 2, abs=1e-8)
    assert moved[3:6] == pytest.approx(mean[3:6] + gravity * t, abs=1e-9)
    # Bar-Shalom, Li, Kirubarajan (2001), eq. 6.2.2-12: white-noise acceleration.
    p, v = np.diag(cov)[:3], np.diag(cov)[3:6]
    assert np.diag(spread)[:3] == pytest.approx(p + v * t * t + q * t**3 / 3)
    assert np.diag(spread)[3:6] == pytest.approx(v + q * t)
    assert spread[range(3), range(3, 6)] == pytest.approx(v * t + q * t * t / 2)
    assert spread[6, 6] == pytest.approx(0.5 + 0.01 * t)


def test_prediction_in_many_calls_equals_one_call():
    mean, cov = a_state()
    once = predicted(mean, cov, 4.0, noise=0.02, walk=0.004)
    twice = predicted(
        *predicted(mean, cov, 2.0, noise=0.02, walk=0.004), 2.0, noise=0.02, walk=0.004
    )
    assert twice[0] == pytest.approx(once[0], rel=1e-15)
    assert twice[1] == pytest.approx(once[1], rel=1e-9)


def test_spread_follows_the_sampled_flights():
    mean, _ = a_state()
    cov = np.diag([30.0, 30.0, 30.0, 3.0, 3.0, 3.0, 0.1]) ** 2
    _, spread = predicted(mean, cov, 10.0)
    rng = np.random.default_rng(2)
    samples = rng.multivariate_normal(mean, cov, 1_000)
    flown = np.array([predicted(s, cov, 10.0)[0] for s in samples])
    sigma = flown.std(axis=0)
    # 1,000 samples know a standard deviation to 2.2 %; three of that.
    assert np.sqrt(np.diag(spread)) == pytest.approx(sigma, rel=0.07)


def slow_update(mean, cov, plot, noise):
    """The textbook update, in matrices."""
    h = np.eye(3, 7)
    s = h @ cov @ h.T + noise
    gain = cov @ h.T @ np.linalg.inv(s)
    rest = np.eye(7) - gain @ h
    residual = plot - h @ mean
    d2 = residual @ np.linalg.solve(s, residual)
    joseph = rest @ cov @ rest.T + gain @ noise @ gain.T
    return mean + gain @ residual, joseph, d2, np.linalg.slogdet(s)[1]


def a_plot(mean, seed):
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    noise = turn @ np.diag([10.0, 120.0, 90.0]) ** 2 @ turn.T
    return mean[:3] + rng.normal(size=3) * 80.0, noise


@pytest.mark.parametrize("seed", range(5))
def test_update_equals_the_slow_numpy_filter(seed):
    mean, cov = a_state()
    plot, noise = a_plot(mean, seed)
    wanted_mean, wanted_cov, wanted_d2, wanted_ln_det = slow_update(mean, cov, plot, noise)
    spread, inverse = noise[np.triu_indices(3)], np.empty(6)
    d2, ln_det = ekf.innovation(mean, cov, plot, spread, 0.0, inverse)
    ekf.update(mean, cov, plot, spread, inverse, np.empty((16, 7)))
    assert d2 == pytest.approx(wanted_d2, rel=1e-10)
    assert ln_det == pytest.approx(wanted_ln_det, rel=1e-12)
    assert mean == pytest.approx(wanted_mean, rel=1e-13)
    assert cov == pytest.approx(wanted_cov, rel=1e-8, abs=1e-9)


def test_prediction_equals_the_slow_numpy_filter():
    mean, cov = a_state()
    seconds, noise, walk = 1.0, 0.02, 0.004
    half = predicted(mean, cov, 0.5)[0]
    system = np.zeros((7, 7))
    system[:3, 3:6] = np.eye(3)
    system[3:6] = jacobian_by_differences(half, EARTH)
    phi = expm(system * seconds)
    q = np.zeros((7, 7))
    q[:3, :3] = np.eye(3) * noise / 3
    q[:3, 3:6] = q[3:6, :3] = np.eye(3) * noise / 2
    q[3:6, 3:6] = np.eye(3) * noise
    q[6, 6] = walk
    wanted = phi @ cov @ phi.T + q
    spread = predicted(mean, cov, seconds, noise=noise, walk=walk)[1]
    size = np.sqrt(np.outer(np.diag(wanted), np.diag(wanted)))
    # Differentiated at the mean of both ends, cut at third order: a few 1e-4 of the sigmas.
    assert np.abs((spread - wanted) / size).max() < 6e-4


def test_covariance_stays_symmetric_and_positive_through_a_long_track():
    mean, _ = a_state()
    cov = np.diag([1e3, 1e3, 1e3, 400.0, 400.0, 400.0, 1.0]) ** 2
    spread, inverse, work = np.empty(6), np.empty(6), np.empty((16, 7))
    for k in range(200):
        # As sharp as 1 cm: far beyond any radar, to provoke a loss of positivity.
        spread[:] = [1e-4, 0.0, 0.0, 1e-4, 0.0, 1e-4]
        plot = mean[:3].copy()
        ekf.innovation(mean, cov, plot, spread, 0.0, inverse)
        ekf.update(mean, cov, plot, spread, inverse, work)
        assert (cov == cov.T).all()
        assert np.linalg.eigvalsh(cov)[0] > 0.0
        law = ekf.Law(1.0, 0.02, 0.0, 0.0, 0.004, 0.0, False)
        ekf.predict(mean, cov, 0.05 if k % 2 else 0.5, 0.0, ROCKET, law, EARTH, work)


def test_a_packed_covariance_is_its_upper_triangle_and_nan_is_noticed():
    mean, cov = a_state()
    packed = np.empty(28)
    ekf.pack(cov, packed)
    assert packed.tolist() == cov[np.triu_indices(7)].tolist()
    assert ekf.is_number(mean, cov)
    cov[6, 6] = np.nan
    assert not ekf.is_number(mean, cov)


def slow_cubature(mean, cov, seconds):
    """Cubature prediction with NumPy's Cholesky, flown by SciPy."""

    def flown(state):
        def rates(_, y):
            return [*y[3:], *acceleration(*y, math.exp(-state[6]), ROCKET, EARTH)]

        end = solve_ivp(rates, (0.0, seconds), state[:6], rtol=1e-10, atol=1e-6).y[:, -1]
        return np.append(end, state[6])

    low = np.linalg.cholesky(cov) * math.sqrt(7)
    points = np.array([flown(mean + side * low[:, k]) for side in (1, -1) for k in range(7)])
    middle = points.mean(axis=0)
    return middle, (points - middle).T @ (points - middle) / 14


def test_cubature_prediction_equals_the_slow_one():
    mean, cov = a_state()
    wanted_mean, wanted_cov = slow_cubature(mean, cov, 1.0)
    got_mean, got_cov = predicted(mean, cov, 1.0, unscented=True)
    # One Runge-Kutta step of a second; the points reach drag e^0.6 times the mean's.
    assert got_mean == pytest.approx(wanted_mean, abs=0.02)
    size = np.sqrt(np.outer(np.diag(wanted_cov), np.diag(wanted_cov)))
    assert np.abs((got_cov - wanted_cov) / size).max() < 1e-3


def test_both_filters_agree_where_the_spread_is_small():
    mean, cov = a_state()
    small = cov * 1e-4
    straight, bent = predicted(mean, small, 5.0), predicted(mean, small, 5.0, unscented=True)
    assert bent[0] == pytest.approx(straight[0], abs=0.01)
    size = np.sqrt(np.outer(np.diag(straight[1]), np.diag(straight[1])))
    # Differences: the Jacobian is taken once a leg, and the curvature left in the small spread.
    assert np.abs((bent[1] - straight[1]) / size).max() < 5e-3


def test_unknown_wind_widens_in_proportion_to_drag_over_speed():
    mean, cov = a_state()
    law = ekf.Law(1.0, 0.0, 2.0 * 10.0 * 5.0**2, 5.0, 0.0, 0.0, False)
    spreads = []
    for dense in (EARTH, Air(pressure_factor=0.5).packed):
        wide, calm = cov.copy(), cov.copy()
        ekf.predict(mean.copy(), wide, 1.0, 0.0, ROCKET, law, dense, np.empty((16, 7)))
        quiet = law._replace(wind_s=0.0)
        ekf.predict(mean.copy(), calm, 1.0, 0.0, ROCKET, quiet, dense, np.empty((16, 7)))
        spreads.append(wide[3, 3] - calm[3, 3])
    drag = np.array(acceleration(*mean[:6], math.exp(-mean[6]), ROCKET, EARTH))
    drag -= np.array(acceleration(*mean[:6], 0.0, ROCKET, EARTH))
    speed = np.linalg.norm(mean[3:6])
    expected = 2.0 * 10.0 * (5.0 * np.linalg.norm(drag) / speed) ** 2
    # The rate is taken in the middle of the leg, 300 m higher.
    assert spreads[0] == pytest.approx(expected, rel=0.1)
    assert spreads[1] == pytest.approx(spreads[0] / 4.0, rel=0.02)


def test_thrust_speeds_up_along_the_velocity_and_its_doubt_lies_there_too():
    mean = np.array([0.0, 0.0, 1_000.0, 300.0, 0.0, 400.0, 8.0])
    cov = np.diag([1.0, 1.0, 1.0, 0.1, 0.1, 0.1, 0.5])
    law, moved, spread = ekf.Law(1.0, 0.0, 0.0, 0.0, 0.0, 2e4, False), mean.copy(), cov.copy()
    ekf.predict(moved, spread, 1.0, 150.0, ROCKET, law, VACUUM, np.empty((16, 7)))
    assert moved[3:6] - mean[3:6] == pytest.approx([90.0, 0.0, 120.0 - 9.8], abs=1.5)
    along, across = np.array([0.6, 0.0, 0.8]), np.array([0.0, 1.0, 0.0])
    assert along @ spread[3:6, 3:6] @ along == pytest.approx(2e4, rel=0.01)
    assert across @ spread[3:6, 3:6] @ across < 1.0


@pytest.mark.parametrize("ln_beta", [4.0, 8.3])
@pytest.mark.parametrize("unscented", [False, True])
def test_a_flight_foretold_over_any_time_stays_a_number(ln_beta, unscented):
    mean, cov = a_state()
    mean[6] = ln_beta
    for seconds in (300.0, 1e5, 1e9):
        moved, spread = predicted(mean, cov, seconds, noise=1e-4, walk=1e-6, unscented=unscented)
        assert np.isfinite(moved).all()
        assert np.isfinite(spread).all()
