import math

import numpy as np
import point_mass
import pytest

from mantlet.kernels import dynamics, geodesy
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import Site

WINDY = Air(-8.0, 0.98, ((0.0, 4.0, -3.0), (5_000.0, 15.0, 2.0), (12_000.0, 30.0, 10.0)))


def random_states(count, seed=3):
    """Positions up to 60 km above a town, velocities up to 2 km/s, all directions."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        site = Site(rng.uniform(-70, 70), rng.uniform(-180, 180), rng.uniform(0.0, 60e3))
        direction = rng.normal(size=3)
        velocity = direction / np.linalg.norm(direction) * rng.uniform(1.0, 2e3)
        yield site.ecef_m, velocity


@pytest.mark.parametrize("air", [STANDARD_AIR, WINDY, Air(flat=True)])
def test_kernel_and_numpy_twin_agree(air):
    for k, (position, velocity) in enumerate(random_states(200)):
        if air.flat:
            position = np.array([1.0, 2.0, 300.0 * k])
        got = dynamics.acceleration(*position, *velocity, 2e-4, k % 4, air.packed)
        want = point_mass.acceleration(position, velocity, 2e-4, k % 4, air)
        # The height, to 1 mm, is the only approximation: 1e-7 of the drag.
        assert got == pytest.approx(want, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(("lat", "published"), [(0.0, 9.7803253), (90.0, 9.8321849)])
def test_gravity_at_rest_is_the_normal_gravity_of_wgs84(lat, published):
    site = Site(lat, 0.0)
    still = dynamics.acceleration(*site.ecef_m, 0.0, 0.0, 0.0, 0.0, 0, STANDARD_AIR.packed)
    # The fourth zonal harmonic, left out, is worth 1.2e-5.
    assert -float(np.dot(still, site.axes[2])) == pytest.approx(published, rel=2e-5)


def test_coriolis_turns_to_the_right_in_the_north_and_to_the_left_in_the_south():
    for lat, sign in ((45.0, 1.0), (-45.0, -1.0)):
        site = Site(lat, 20.0)
        north = 100.0 * site.axes[1]
        moving = dynamics.acceleration(*site.ecef_m, *north, 0.0, 0, STANDARD_AIR.packed)
        rest = dynamics.acceleration(*site.ecef_m, 0.0, 0.0, 0.0, 0.0, 0, STANDARD_AIR.packed)
        eastward = float(np.dot(np.subtract(moving, rest), site.axes[0]))
        expected = 2.0 * dynamics.EARTH_RATE * math.sin(math.radians(lat)) * 100.0
        assert eastward == pytest.approx(expected, rel=1e-9)
        assert eastward * sign > 0.0


def test_drag_opposes_the_motion_with_the_textbook_size():
    speed, drag = 170.147, 3e-4  # Mach 0.5 at sea level
    a = dynamics.acceleration(0, 0, 0, speed, 0, 0, drag, dynamics.SHELL, Air(flat=True).packed)
    coefficient = dynamics.smooth_drag_coefficient(dynamics.SHELL, 0.5)
    assert a[0] == pytest.approx(-0.5 * 1.225 * speed**2 * drag * coefficient, rel=1e-6)
    assert a[1:] == (0.0, -9.80665)


def test_a_body_moving_with_the_wind_feels_no_drag():
    air = Air(wind=((0.0, 12.0, -5.0),), flat=True).packed
    a = dynamics.acceleration(0.0, 0.0, 500.0, 12.0, -5.0, 0.0, 1e-3, 0, air)
    assert a == pytest.approx((0.0, 0.0, -9.80665), abs=1e-12)


def test_wind_is_constant_outside_its_levels_and_smooth_between_them():
    air = Air(wind=((1_000.0, 10.0, 0.0), (2_000.0, 20.0, 4.0)), flat=True).packed
    at = [dynamics.wind_velocity(0.0, 0.0, h, h, air)[:2] for h in (0, 1_000, 1_500, 2_000, 9_000)]
    assert at == [(10.0, 0.0), (10.0, 0.0), (15.0, 2.0), (20.0, 4.0), (20.0, 4.0)]


def test_height_agrees_with_geodesy():
    for position, _ in random_states(300, seed=4):
        exact = geodesy.height_of(*position)
        assert dynamics.ground_height(*position, False) == pytest.approx(exact, abs=3e-3)


def test_up_is_the_ellipsoid_normal_on_the_ground():
    site = Site(31.5, 34.6)
    assert dynamics.up_axis(*site.ecef_m, False) == pytest.approx(site.axes[2], abs=1e-12)


@pytest.mark.parametrize("family", range(4))
def test_drag_table_follows_its_formula_without_kinks(family):
    machs = np.arange(0.0, 7.99, 0.0137)
    table = np.array([dynamics.drag_coefficient(family, m) for m in machs])
    formula = np.array([dynamics.smooth_drag_coefficient(family, m) for m in machs])
    # The steepest rise, Mach 0.9 to 1, is followed to half a percent.
    assert np.abs(table - formula).max() < 5e-3
    assert table.min() > 0.0


@pytest.mark.parametrize("family", [0, 1, 2])
def test_drag_peaks_just_above_the_speed_of_sound(family):
    machs = np.linspace(0.1, 4.0, 391)
    curve = [dynamics.drag_coefficient(family, m) for m in machs]
    assert 1.0 < machs[int(np.argmax(curve))] < 1.3


def test_drag_is_constant_beyond_the_table_and_none_for_nan():
    assert dynamics.drag_coefficient(0, 20.0) == dynamics.drag_coefficient(0, 8.0)
    assert dynamics.drag_coefficient(0, math.nan) == 0.0
