import numpy as np
import pytest

from mantlet.kernels.flight import fly_knots
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site
from mantlet.world.trajectories import Trajectories

SITE = Site(31.5, 34.45)


def flights(starts, speed=300.0):
    """One flight for each start time; NaN starts do not fly."""
    n = len(starts)
    local = np.array([0.0, np.sqrt(0.5), np.sqrt(0.5)]) @ SITE.axes
    states = np.tile(np.concatenate([SITE.ecef_m, speed * local]), (n, 1))
    zero = np.zeros(n)
    *_, offsets, knots = fly_knots(
        states, np.array(starts), zero + 1e-4, np.ones(n, int), zero, zero, STANDARD_AIR.packed
    )
    return Trajectories(offsets, knots)


def test_start_and_end_are_those_of_the_flight():
    some = flights([10.0, np.nan, 20.0])
    assert some.start_time_s == pytest.approx([10.0, np.nan, 20.0], nan_ok=True)
    assert some.end_time_s[2] == pytest.approx(some.end_time_s[0] + 10.0)
    assert np.isnan(some.end_time_s[1])
    ends = some.states_at(np.array([0]), float(some.end_time_s[0]))
    assert np.isfinite(ends).all()
    assert np.isnan(some.states_at(np.array([0]), float(some.end_time_s[0]) + 1e-6)).all()


def test_appended_rows_follow_and_the_shorter_object_stays():
    first, more = flights([0.0, 1.0]), flights([2.0])
    both = first.append(more)
    assert (len(first), len(more), len(both)) == (2, 1, 3)
    assert np.array_equal(both.states_at(np.array([2]), 9.0), more.states_at(np.array([0]), 9.0))
    assert np.array_equal(both.states_at(np.array([1]), 9.0), first.states_at(np.array([1]), 9.0))
    assert len(first.end_time_s) == 2


def test_two_futures_of_one_past_do_not_disturb_each_other():
    past = flights([0.0])
    one = past.append(flights([1.0], speed=200.0))
    other = past.append(flights([2.0], speed=250.0))
    assert one.start_time_s.tolist() == [0.0, 1.0]
    assert other.start_time_s.tolist() == [0.0, 2.0]
    longer = one
    for k in range(40):
        longer = longer.append(flights([10.0 + k]))
    assert longer.start_time_s.tolist() == [0.0, 1.0, *(10.0 + k for k in range(40))]
    assert one.start_time_s.tolist() == [0.0, 1.0]


def test_nothing_can_be_appended_to_nothing():
    assert len(Trajectories.empty().append(Trajectories.empty())) == 0
    assert len(Trajectories.empty().append(flights([5.0]))) == 1


def test_knots_that_do_not_fit_their_offsets_are_refused():
    with pytest.raises(ValueError, match="knots"):
        Trajectories(np.array([0, 3]), np.zeros((2, 10)))
