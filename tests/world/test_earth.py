import numpy as np
import pyproj
import pytest

from mantlet.world.earth import (
    Site,
    degrees_from_ecef,
    ecef_from_degrees,
    ground_distance_m,
)

GEOD = pyproj.Geod(ellps="WGS84")


def test_degrees_survive_the_way_through_ecef():
    lat, lon, height = np.array([31.5, -42.0, 0.0]), np.array([34.4, 170.0, -180.0]), 120.0
    back = degrees_from_ecef(ecef_from_degrees(lat, lon, height))
    assert back[0] == pytest.approx(lat, abs=1e-10)
    assert np.cos(np.radians(back[1] - lon)) == pytest.approx(1.0)
    assert back[2] == pytest.approx(np.full(3, height), abs=1e-6)


def test_one_place_and_many_heights_go_together():
    points = ecef_from_degrees(31.5, 34.4, np.array([0.0, 1_000.0]))
    assert np.linalg.norm(points[1] - points[0]) == pytest.approx(1_000.0)


def test_a_site_knows_its_place_and_axes():
    site = Site(31.5, 34.4, 100.0)
    above = Site(31.5, 34.4, 101.0)
    assert above.ecef_m - site.ecef_m == pytest.approx(site.axes[2], abs=1e-6)


def test_no_points_give_no_points():
    assert ecef_from_degrees(np.empty(0), np.empty(0)).shape == (0, 3)
    assert [len(part) for part in degrees_from_ecef(np.empty((0, 3)))] == [0, 0, 0]


@pytest.mark.parametrize("to", [(31.6, 34.5), (32.1, 34.8), (31.8, 35.2), (30.0, 36.0)])
def test_ground_distance_is_within_half_a_percent_of_the_ellipsoid(to):
    _, _, exact = GEOD.inv(34.45, 31.5, to[1], to[0])
    assert ground_distance_m(31.5, 34.45, *to) == pytest.approx(exact, rel=5e-3)
