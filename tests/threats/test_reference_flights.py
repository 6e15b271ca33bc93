"""Flights of every class against an independent integration of the same equation."""

import numpy as np
import point_mass
import pytest

from mantlet.kernels.flight import LANDED, fly
from mantlet.threats._bank import bank
from mantlet.threats.catalogue import CLASSES
from mantlet.world.air import Air
from mantlet.world.earth import Site

AIR = Air(5.0, 1.01, ((0.0, 5.0, 2.0), (8_000.0, 20.0, -4.0)))
PLACE = Site(31.5, 34.45)


def columns(class_id, count, seed):
    """What `fly` takes: flights of a class spread over its ranges and all headings."""
    kind, rng = CLASSES[class_id], np.random.default_rng(seed)
    drag, family = np.full(count, kind.drag_m2kg), np.full(count, kind.family)
    if class_id == "debris":  # pieces of what broke up in flight
        velocity = rng.normal(0.0, 300.0, (count, 3)) @ PLACE.axes
        origin = PLACE.ecef_m + rng.uniform(1_000.0, 10_000.0, (count, 1)) * PLACE.axes[2]
        return np.hstack([origin, velocity]), np.zeros(count), drag, family, *np.zeros((2, count))
    every = bank(class_id)
    starts = every.starts.take(np.linspace(0, len(every.range_m) - 1, count).astype(int))
    origin, axes = np.tile(PLACE.ecef_m, (count, 1)), np.tile(PLACE.axes, (count, 1, 1))
    states = starts.states(origin, axes, rng.uniform(0.0, 2.0 * np.pi, count))
    return states, np.zeros(count), drag, family, starts.boost_mps2, starts.boost_s


def worst_m(class_id, count, seed):
    """The greatest distance [m] between the kernel's impact points and DOP853's at 1e-12."""
    flights = columns(class_id, count, seed)
    status, time_s, impact, _ = fly(*flights, AIR.packed)
    assert (status == LANDED).all()
    worst = 0.0
    for i, (state, _, drag, family, boost, boost_s) in enumerate(zip(*flights, strict=True)):
        want_time, want = point_mass.fly(state, drag, int(family), boost, boost_s, AIR)
        assert time_s[i] == pytest.approx(want_time, abs=1e-3)
        worst = max(worst, float(np.linalg.norm(impact[i, :3] - want[:3])))
    return worst


@pytest.mark.slow
@pytest.mark.parametrize("class_id", CLASSES)
def test_a_thousand_impacts_over_all_classes_agree_with_dop853_to_a_tenth_of_a_metre(class_id):
    assert worst_m(class_id, 91, seed=2) < 0.1  # 11 classes of 91
