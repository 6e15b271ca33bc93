import math

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.kernels import geodesy

TO_ECEF = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)

LAT = st.floats(-math.pi / 2 + 1e-6, math.pi / 2 - 1e-6)
LON = st.floats(-math.pi, math.pi)
HEIGHT = st.floats(-500.0, 100_000.0)


@settings(max_examples=100, deadline=None)
@given(LAT, LON, HEIGHT)
def test_there_and_back_is_the_same_place(lat, lon, height):
    x, y, z = geodesy.ecef_from_geodetic(lat, lon, height)
    back = geodesy.geodetic_from_ecef(x, y, z)
    # Two Bowring steps: 1e-9 rad is 6 mm on the ground at 100 km height.
    assert back[0] == pytest.approx(lat, abs=1e-9)
    assert math.remainder(back[1] - lon, 2 * math.pi) == pytest.approx(0.0, abs=1e-9)
    assert back[2] == pytest.approx(height, abs=1e-5)
    assert geodesy.height_of(x, y, z) == back[2]


@settings(max_examples=50, deadline=None)
@given(LAT, LON, HEIGHT)
def test_ecef_agrees_with_proj(lat, lon, height):
    want = TO_ECEF.transform(math.degrees(lon), math.degrees(lat), height)
    assert geodesy.ecef_from_geodetic(lat, lon, height) == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize(
    ("lat", "lon", "point"),
    [
        (0.0, 0.0, (6378137.0, 0.0, 0.0)),
        (0.0, 90.0, (0.0, 6378137.0, 0.0)),
        (90.0, 0.0, (0.0, 0.0, 6356752.314245)),
        (-90.0, 0.0, (0.0, 0.0, -6356752.314245)),
    ],
)
def test_axes_of_the_ellipsoid(lat, lon, point):
    got = geodesy.ecef_from_geodetic(math.radians(lat), math.radians(lon), 0.0)
    assert got == pytest.approx(point, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(LAT, LON)
def test_local_axes_are_a_right_handed_frame(lat, lon):
    axes = np.array(geodesy.enu_axes(lat, lon)).reshape(3, 3)
    assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-14)
    assert np.cross(axes[0], axes[1]) == pytest.approx(axes[2], abs=1e-14)


def test_local_axes_point_where_their_names_say():
    lat, lon, step = 0.6, 0.5, 1e-6
    here = np.array(geodesy.ecef_from_geodetic(lat, lon, 0.0))
    axes = np.array(geodesy.enu_axes(lat, lon)).reshape(3, 3)
    moves = [
        np.subtract(geodesy.ecef_from_geodetic(lat, lon + step, 0.0), here),
        np.subtract(geodesy.ecef_from_geodetic(lat + step, lon, 0.0), here),
        np.subtract(geodesy.ecef_from_geodetic(lat, lon, 1.0), here),
    ]
    for axis, move in zip(axes, moves, strict=True):
        assert axis @ move / np.linalg.norm(move) == pytest.approx(1.0, abs=1e-6)
