"""Motion of a track and its derivatives against differences and the matrix exponential."""

import math

import numpy as np
import pytest
from scipy.linalg import expm

from mantlet.kernels import track_motion
from mantlet.kernels.dynamics import ROCKET, acceleration
from mantlet.kernels.geodesy import ecef_from_geodetic, enu_axes
from mantlet.world.air import Air

EARTH = Air().packed
FLAT = Air(flat=True).packed


def a_state(climb_mps: float = 300.0, speed_mps: float = 500.0, height_m: float = 4_000.0):
    """A rocket-like state near 32 N 35 E, flying south."""
    lat, lon = math.radians(32.0), math.radians(35.0)
    axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
    velocity = climb_mps * axes[2] - speed_mps * axes[1]
    return np.array([*ecef_from_geodetic(lat, lon, height_m), *velocity, 8.3])


def jacobian_by_differences(mean: np.ndarray, air: np.ndarray) -> np.ndarray:
    def a(state: np.ndarray) -> np.ndarray:
        return np.array(acceleration(*state[:6], math.exp(-state[6]), ROCKET, air))

    out = np.empty((3, 7))
    for j, step in enumerate([5.0] * 3 + [0.5] * 3 + [1e-3]):
        move = np.zeros(7)
        move[j] = step
        out[:, j] = (a(mean + move) - a(mean - move)) / (2 * step)
    return out


@pytest.mark.parametrize("climb_mps", [300.0, -20.0, -300.0])
@pytest.mark.parametrize("air", [EARTH, FLAT])
def test_jacobian_matches_central_differences(climb_mps, air):
    mean = a_state(climb_mps)
    if air is FLAT:
        mean[:3] = [1_000.0, 2_000.0, 4_000.0]
        mean[3:6] = [100.0, -480.0, climb_mps]
    jac = np.empty((3, 7))
    track_motion.acceleration_jacobian(mean, 0.0, ROCKET, air, jac)
    expected = jacobian_by_differences(mean, air)
    # One-sided differences in height and speed: half a per cent of the largest term of a block.
    for block in (slice(0, 3), slice(3, 6), slice(6, 7)):
        scale = np.abs(expected[:, block]).max()
        assert jac[:, block] == pytest.approx(expected[:, block], abs=0.008 * scale)


def test_transition_is_the_matrix_exponential_to_third_order():
    mean = a_state()
    errors = []
    for h in (1.0, 0.5):
        jac, phi = np.empty((3, 7)), np.empty((6, 7))
        track_motion.acceleration_jacobian(mean, 0.0, ROCKET, EARTH, jac)
        system = np.zeros((7, 7))
        system[:3, 3:6] = np.eye(3)
        system[3:6] = jac
        track_motion.transition(jac, h, phi)
        errors.append(np.abs(phi - expm(system * h)[:6]).max())
    # The first term left out is of fourth order: halving the step cuts it sixteenfold.
    assert errors[0] / errors[1] == pytest.approx(16.0, rel=0.15)
