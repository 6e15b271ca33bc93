"""Wreckage gets the drag that its fall shows; nothing else is touched."""

import math

import numpy as np
import pytest

from mantlet.kernels.dynamics import ROCKET, acceleration
from mantlet.kernels.geodesy import ecef_from_geodetic, enu_axes
from mantlet.kernels.terminal_fall import settle_drag
from mantlet.world.air import STANDARD_AIR

AIR = STANDARD_AIR.packed


def settled(climb_mps: float, level_mps: float, ln_beta: float = 8.3, sigma_mps: float = 5.0):
    lat, lon = math.radians(32.0), math.radians(35.0)
    axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
    velocity = climb_mps * axes[2] + level_mps * axes[0]
    mean = np.array([*ecef_from_geodetic(lat, lon, 2_000.0), *velocity, ln_beta])
    cov = np.diag([20.0, 20.0, 20.0, sigma_mps, sigma_mps, sigma_mps, 1.0]) ** 2
    cov[3, 6] = cov[6, 3] = 0.3
    settle_drag(mean, cov, AIR)
    return mean, cov


def test_a_slow_steep_fall_is_balanced_by_its_drag():
    mean, cov = settled(-60.0, 5.0)
    falling = acceleration(*mean[:6], math.exp(-mean[6]), ROCKET, AIR)
    # What is left is the level part of the drag: 5/60 of the weight.
    assert np.linalg.norm(falling) < 0.1 * 9.8
    assert cov[6, 6] == pytest.approx(0.25)
    assert np.linalg.eigvalsh(cov)[0] > 0.0


@pytest.mark.parametrize(
    ("climb_mps", "level_mps", "ln_beta", "sigma_mps"),
    [
        (-300.0, 5.0, 8.3, 5.0),  # fast
        (-60.0, 150.0, 8.3, 5.0),  # a bomb past its top
        (60.0, 5.0, 8.3, 5.0),  # climbing
        (-60.0, 5.0, 4.5, 5.0),  # as draggy as it should be
        (-60.0, 5.0, 8.3, 100.0),  # velocity unknown
    ],
)
def test_other_states_are_left_alone(climb_mps, level_mps, ln_beta, sigma_mps):
    mean, cov = settled(climb_mps, level_mps, ln_beta, sigma_mps)
    assert mean[6] == ln_beta
    assert cov[3, 6] == 0.3


def test_without_air_there_is_nothing_to_balance():
    mean = np.array([0.0, 0.0, 2_000.0, 0.0, 0.0, -60.0, 8.3])
    cov = np.eye(7)
    settle_drag(mean, cov, np.array([1.0, 0.0, 0.0, 0.0]))
    assert mean[6] == 8.3
