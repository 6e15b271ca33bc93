import numpy as np
import pytest

from mantlet.kernels import trajectory
from mantlet.kernels.flight import fly_knots
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

SITE = Site(31.5, 34.45)


def flights(rtol):
    """Three flights, the middle one of them bad: shell, nothing, boosted rocket."""
    climb = np.radians([45.0, 45.0, 50.0])
    local = np.stack([0 * climb, np.cos(climb), np.sin(climb)], axis=1)
    speed = np.array([600.0, np.nan, 40.0])
    states = np.hstack([np.tile(SITE.ecef_m, (3, 1)), speed[:, None] * (local @ SITE.axes)])
    drag, family = np.full(3, 2e-4), np.array([1, 0, 0])
    boost, boost_s = np.array([0.0, 0.0, 350.0]), np.array([0.0, 0.0, 2.0])
    start = np.array([100.0, 100.0, 103.0])
    return fly_knots(states, start, drag, family, boost, boost_s, STANDARD_AIR.packed, 600.0, rtol)[
        4:
    ]


OFFSETS, KNOTS = flights(4e-11)
ROWS = np.array([0, 1, 2])


def states_at(offsets, knots, rows, time_s):
    """All rows at one time."""
    return trajectory.states_at(offsets, knots, rows, np.full(rows.size, time_s))


def test_at_a_knot_the_state_is_the_knot():
    for row in (0, 2):
        for knot in KNOTS[OFFSETS[row] : OFFSETS[row + 1]]:
            got = states_at(OFFSETS, KNOTS, np.array([row]), knot[0])[0]
            assert got == pytest.approx(knot[1:7], rel=1e-14, abs=1e-9)


def test_between_knots_the_state_is_that_of_a_finer_integration():
    # Two orders tighter tolerance: knots elsewhere, closer together.
    fine = flights(4e-13)
    for time_s in np.linspace(103.0, 140.0, 371):
        got = states_at(OFFSETS, KNOTS, ROWS, time_s)
        want = states_at(*fine, ROWS, time_s)
        for row in (0, 2):
            assert got[row, :3] == pytest.approx(want[row, :3], abs=0.1)
            assert got[row, 3:] == pytest.approx(want[row, 3:], abs=0.1)


def test_rows_not_in_the_air_hold_nan():
    before = states_at(OFFSETS, KNOTS, ROWS, 99.9)
    between = states_at(OFFSETS, KNOTS, ROWS, 102.0)
    after = states_at(OFFSETS, KNOTS, ROWS, 10_000.0)
    assert np.isnan(before).all()
    assert np.isnan(after).all()
    assert np.isnan(between).all(axis=1).tolist() == [False, True, True]


def test_rows_come_in_the_order_asked_for():
    there = states_at(OFFSETS, KNOTS, np.array([2, 0, 2]), 110.0)
    assert np.array_equal(there[0], there[2])
    assert np.array_equal(there[1], states_at(OFFSETS, KNOTS, np.array([0]), 110.0)[0])
    assert states_at(OFFSETS, KNOTS, np.empty(0, np.int64), 110.0).shape == (0, 6)


def test_each_row_can_have_a_time_of_its_own():
    times_s = np.array([110.0, 104.5, 110.0])
    there = trajectory.states_at(OFFSETS, KNOTS, np.array([2, 0, 0]), times_s)
    for got, row, time_s in zip(there, (2, 0, 0), times_s, strict=True):
        assert np.array_equal(got, states_at(OFFSETS, KNOTS, np.array([row]), time_s)[0])


def test_speed_does_not_jump_at_burn_out():
    gap = 1e-7
    left, right = (states_at(OFFSETS, KNOTS, np.array([2]), 105.0 + s)[0] for s in (-gap, gap))
    assert np.linalg.norm(right - left) < 1e-3
