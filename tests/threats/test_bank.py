import numpy as np
import pytest

from mantlet.kernels.flight import LANDED, fly
from mantlet.threats._bank import bank
from mantlet.threats.catalogue import CLASSES
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

FLYING = [name for name in CLASSES if name != "debris"]
PLACE = Site(30.0, 0.0)


def flown(starts, kind):
    n = len(starts.climb_rad)
    origin, axes = np.tile(PLACE.ecef_m, (n, 1)), np.tile(PLACE.axes, (n, 1, 1))
    status, time_s, impact, _ = fly(
        starts.states(origin, axes, np.zeros(n)), np.zeros(n), np.full(n, kind.drag_m2kg),
        np.full(n, kind.family), starts.boost_mps2, starts.boost_s, STANDARD_AIR.packed,
    )  # fmt: skip
    assert (status == LANDED).all()
    return time_s, np.linalg.norm(impact[:, :3] - origin, axis=1) / 1000.0


@pytest.mark.parametrize("name", FLYING)
def test_the_bank_covers_its_class_with_some_hundred_flights(name):
    kind, flights = CLASSES[name], bank(name)
    assert 100 <= len(flights.range_m) <= 600
    assert (np.diff(flights.range_m) >= 0.0).all()
    gaps = np.diff(flights.range_m[flights.range_m < 980.0 * kind.range_max_km])
    assert gaps.max() < max(1_000.0, 30.0 * kind.range_max_km)
    assert flights.range_m[0] < 1_000.0 * kind.range_min_km + 1_000.0
    assert flights.range_m[-1] > 950.0 * kind.range_max_km


@pytest.mark.parametrize("name", FLYING)
def test_flights_land_at_the_kilometre_asked_for_within_their_longest_time(name):
    kind = CLASSES[name]
    asked = np.linspace(kind.range_min_km, 0.97 * kind.range_max_km, 40)
    time_s, range_km = flown(bank(name).pick(asked, np.linspace(0.01, 0.99, 40)), kind)
    # Half a kilometre of rounding, half a kilometre of bin; up to 3 km where flights are sparse.
    slack = 1.1 if kind.range_max_km < 80.0 else 3.0
    assert np.abs(range_km - asked).max() < slack
    assert time_s.max() < kind.max_flight_s


@pytest.mark.parametrize("name", FLYING)
def test_flights_stay_within_a_twentieth_of_the_range_band(name):
    kind, range_m = CLASSES[name], bank(name).range_m
    assert range_m[0] >= 950.0 * kind.range_min_km
    assert range_m[-1] <= 1_050.0 * kind.range_max_km


@pytest.mark.parametrize("name", FLYING)
def test_misfires_fall_short(name):
    kind = CLASSES[name]
    asked = np.full(20, 0.8 * kind.range_max_km)
    starts = bank(name).pick(asked, np.linspace(0.01, 0.99, 20))
    failed = starts.misfired(np.full(20, True), np.linspace(0.0, 1.0, 20))
    _, whole_km = flown(starts, kind)
    _, short_km = flown(failed, kind)
    # Half the speed is a quarter of the range in a vacuum, up to six tenths where a supersonic
    # start loses most of its speed to drag.
    assert (short_km < 0.65 * whole_km).all()


def test_beyond_its_band_the_nearest_flight_is_taken():
    flights = bank("rocket-20")
    ends = flights.pick(np.array([0.0, 500.0]), np.array([0.5, 0.5]))
    _, range_km = flown(ends, CLASSES["rocket-20"])
    assert range_km == pytest.approx(flights.range_m[[0, -1]] / 1000.0, abs=1e-6)


def test_it_is_built_once_and_always_the_same():
    first = bank("mortar-81")
    assert bank("mortar-81") is first
    bank.cache_clear()
    assert np.array_equal(bank("mortar-81").range_m, first.range_m)
