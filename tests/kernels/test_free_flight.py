"""Rows moved at once land where the flight kernel lets them."""

import numpy as np
import pytest

from mantlet.kernels.dynamics import ROCKET, SHELL
from mantlet.kernels.flight import fly_knots
from mantlet.kernels.free_flight import move_rows
from mantlet.kernels.trajectory import states_at
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site


def test_half_second_steps_agree_with_the_flight_kernel():
    site = Site(31.6, 34.6, 500.0)
    east, north, up = site.axes
    velocity = np.array([200.0 * east + 250.0 * up, -300.0 * north + 150.0 * up])
    states = np.column_stack([np.tile(site.ecef_m, (2, 1)), velocity, [8.5, 7.6]])
    family = np.array([ROCKET, SHELL])
    none = np.zeros(2)
    air = STANDARD_AIR.packed
    *_, offsets, knots = fly_knots(
        states[:, :6].copy(), none, np.exp(-states[:, 6]), family, none, none, air
    )
    moved = move_rows(states, family, 7.3, 0.5, air)
    expected = states_at(offsets, knots, np.arange(2), np.full(2, 7.3))
    assert moved[:, :3] == pytest.approx(expected[:, :3], abs=0.2)
    assert moved[:, 3:6] == pytest.approx(expected[:, 3:], abs=0.05)
    assert (moved[:, 6] == states[:, 6]).all()
    assert move_rows(states, family, 0.0, 0.5, air) == pytest.approx(states)
