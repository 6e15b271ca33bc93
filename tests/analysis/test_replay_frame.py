import numpy as np
import pytest
from pyproj import Geod

from mantlet.analysis.replay_frame import Frame, ellipse, plot_positions
from mantlet.world.earth import Site, ecef_from_degrees

WGS84 = Geod(ellps="WGS84")


@pytest.mark.parametrize("lat", [-30.0, 0.0, 32.0])
def test_a_short_way_on_the_map_is_as_long_as_on_the_ellipsoid(lat):
    frame = Frame(lat, 35.0)
    lat2, lon2 = lat + 0.03, 35.04
    east, north = frame.place(np.array(lat2), np.array(lon2))
    true = WGS84.inv(35.0, lat, lon2, lat2)[2]
    # 5 km from the centre the change of scale with latitude is below 0.03 %.
    assert np.hypot(east, north) == pytest.approx(true, rel=3e-4)


def test_the_map_does_not_tear_at_the_date_line():
    east, _ = Frame(0.0, 179.99).place(np.array([0.0]), np.array([-179.99]))
    assert east == pytest.approx([0.02 * 111_319.5], rel=1e-4)


def test_ellipse_axes_are_those_of_the_covariance():
    angle, major, minor = 0.7, 300.0, 40.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    covariance = turn @ np.diag([major**2, minor**2]) @ turn.T
    found = ellipse(covariance[:1, 0], covariance[:1, 1], covariance[1:, 1])
    assert [float(value[0]) for value in found] == pytest.approx([major, minor, angle], rel=1e-9)


def test_turning_a_covariance_keeps_its_trace_and_finds_up():
    up = Site(10.0, 20.0).axes[2]
    turned = Frame(10.0, 20.0).turn_covariance(25.0 * np.outer(up, up)[None])[0]
    assert turned == pytest.approx(np.diag([0.0, 0.0, 25.0]), abs=1e-9)


def test_a_plot_measured_without_error_is_where_the_object_is():
    site = Site(31.0, 34.5, 50.0)
    point = ecef_from_degrees(31.2, 34.7, 4_000.0)
    east, north, up = (point - site.ecef_m)[0] @ site.axes.T
    level = np.hypot(east, north)
    found = plot_positions(
        site,
        np.array([np.hypot(level, up)]),
        np.array([np.arctan2(east, north)]),
        np.array([np.arctan2(up, level)]),
    )
    assert found == pytest.approx(point, abs=1e-6)
