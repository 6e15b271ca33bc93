import math

import numpy as np
import pytest
from flight_states import SITE, flat_launch, flown, launch

from mantlet.kernels import geodesy, terrain
from mantlet.kernels.flight import BAD, LANDED
from mantlet.world.air import Air
from mantlet.world.earth import Site, degrees_from_ecef
from mantlet.world.terrain import Terrain

FLAT = Air(flat=True)
GRAVITY = 9.80665


def plane(slope_north, step=500.0, height=0.0):
    """Rising ground over a plane, 15 km north and 2 km either side."""
    north = np.arange(-1_000.0, 15_001.0, step)
    heights = np.repeat((height + slope_north * north)[:, None], 9, axis=1)
    return Terrain(-1_000.0, -2_000.0, step, heights, flat=True).packed


def level(height, site=SITE, size=81, step=0.01):
    grid = np.full((size, size), float(height))
    half = step * (size - 1) / 2
    return Terrain(site.lat_deg - half, site.lon_deg - half, step, grid).packed


@pytest.mark.parametrize("slope", [-0.05, 0.0, 0.1, 0.5])
def test_a_vacuum_flight_onto_a_slope_matches_the_closed_form(slope):
    state = flat_launch(300.0, 50.0)
    status, time_s, impact, _ = flown(state, air=FLAT, terrain=plane(slope))
    expected = 2.0 * (state[0, 5] - slope * state[0, 4]) / GRAVITY
    assert status[0] == LANDED
    assert time_s[0] == pytest.approx(expected, rel=1e-9)
    assert impact[0, 1] == pytest.approx(state[0, 4] * expected, rel=1e-9)
    assert impact[0, 2] == pytest.approx(slope * impact[0, 1], abs=1e-7)


def test_a_ridge_between_the_integrators_steps_is_met():
    # Steps are kilometres long; the ridge is one grid spacing of 100 m wide, the path 1 km high.
    north = np.arange(0.0, 20_001.0, 100.0)
    heights = np.zeros((len(north), 2))
    heights[50] = 1_500.0
    ridge = Terrain(0.0, -50.0, 100.0, heights, flat=True)
    state = flat_launch(500.0, 15.0)
    _, time_s, impact, apogee = flown(state, air=FLAT, terrain=ridge.packed)
    assert 4_900.0 < impact[0, 1] < 5_000.0
    t = time_s[0]
    assert impact[0, 2] == pytest.approx(state[0, 5] * t - 0.5 * GRAVITY * t * t, rel=1e-9)
    assert impact[0, 2] == pytest.approx((impact[0, 1] - 4_900.0) * 15.0, abs=1e-6)
    assert apogee[0] < 1_000.0


def test_a_valley_is_flown_into():
    deep = flown(flat_launch(300.0, 50.0), air=FLAT, terrain=plane(0.0, height=-400.0))
    none = flown(flat_launch(300.0, 50.0), air=FLAT)
    assert deep[1][0] > none[1][0]
    assert deep[2][0, 2] == pytest.approx(-400.0, abs=1e-7)


def test_level_ground_over_the_ellipsoid_is_met_at_its_height():
    states = launch([300.0, 500.0], 50.0, [20.0, 250.0], site=Site(31.5, 34.45, 600.0))
    status, _, impact, _ = flown(states, drag=2e-4, terrain=level(600.0))
    assert (status == LANDED).all()
    assert degrees_from_ecef(impact[:, :3])[2] == pytest.approx([600.0, 600.0], abs=1e-5)


def test_relief_of_no_height_changes_no_impact():
    states = launch([300.0, 500.0], 50.0, [20.0, 250.0])
    bare, grid = flown(states, drag=2e-4), flown(states, drag=2e-4, terrain=level(0.0))
    # The height without trigonometry is exact on the ground, the other one to 1e-9 rad.
    assert np.abs(bare[2][:, :3] - grid[2][:, :3]).max() < 1e-5
    assert np.array_equal(bare[3], grid[3])


def test_a_grid_across_the_180th_meridian_is_met_on_both_sides():
    site = Site(-20.0, 179.999, 300.0)
    states = launch([250.0, 250.0], 50.0, [90.0, 270.0], site=site)
    _, _, impact, _ = flown(states, drag=2e-4, terrain=level(300.0, site))
    _, lon, height = degrees_from_ecef(impact[:, :3])
    assert lon[0] < -179.0 and lon[1] > 179.0
    assert height == pytest.approx([300.0, 300.0], abs=1e-5)


def test_beyond_the_edge_the_height_of_the_edge_holds():
    packed = plane(0.1)
    assert terrain.terrain_height(50_000.0, 0.0, packed) == pytest.approx(1_500.0)
    assert terrain.terrain_height(0.0, 50_000.0, packed) == pytest.approx(0.0, abs=1e-9)


def test_between_grid_points_heights_are_bilinear():
    packed = Terrain(0.0, 0.0, 10.0, np.array([[0.0, 10.0], [20.0, 50.0]]), flat=True).packed
    assert terrain.terrain_height(5.0, 5.0, packed) == pytest.approx(20.0)
    assert terrain.terrain_height(2.5, 10.0, packed) == pytest.approx(20.0)


def test_a_start_inside_a_hill_is_refused_and_one_on_it_is_not():
    states = np.vstack([launch(300.0, 45.0), launch(300.0, 45.0, site=Site(31.5, 34.45, 600.0))])
    assert flown(states, terrain=level(600.0))[0].tolist() == [BAD, LANDED]


def test_a_start_into_rising_ground_lands_at_once():
    status, time_s, _, _ = flown(flat_launch(300.0, 20.0), air=FLAT, terrain=plane(0.5))
    assert status.tolist() == [LANDED]
    assert time_s[0] == pytest.approx(0.0, abs=1e-3)


def test_clearance_far_above_is_that_over_the_highest_point():
    x, y, z = geodesy.ecef_from_geodetic(math.radians(31.5), math.radians(34.45), 5_000.0)
    assert terrain.clearance(x, y, z, False, level(600.0)) == pytest.approx(4_400.0, abs=1e-2)
