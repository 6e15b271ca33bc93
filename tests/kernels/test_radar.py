import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from mantlet.kernels import radar
from mantlet.world.earth import Site, ecef_from_degrees


def at_site(lat_deg: float, lon_deg: float, height_m: float) -> np.ndarray:
    site = Site(lat_deg, lon_deg, height_m)
    packed = np.zeros(radar.SETTINGS)
    packed[radar.SITE : radar.SITE + 3] = site.ecef_m
    packed[radar.AXES : radar.AXES + 9] = site.axes.ravel()
    return packed


def test_doubling_the_range_costs_twelve_decibels():
    near, far = (radar.signal_to_noise(1e20, 1.0, r) for r in (20_000.0, 40_000.0))
    assert 10 * math.log10(near / far) == pytest.approx(12.04, abs=0.01)


def test_measurement_error_falls_with_the_root_of_the_snr_down_to_its_floor():
    thermal = [radar.measurement_sigma(30.0, 1.0, snr, 0.0) for snr in (50.0, 200.0)]
    assert thermal[0] == pytest.approx(3.0)
    assert thermal[0] / thermal[1] == pytest.approx(2.0)
    assert radar.measurement_sigma(30.0, 1.0, 1e12, 10.0) == pytest.approx(10.0)


@given(angle=st.floats(-100, 100))
def test_wrapping_keeps_the_direction(angle):
    wrapped = radar.wrapped(angle)
    assert -math.pi <= wrapped <= math.pi
    # 100 rad carries 1.4e-14 of rounding
    assert math.sin(wrapped) == pytest.approx(math.sin(angle), abs=1e-12)
    assert math.cos(wrapped) == pytest.approx(math.cos(angle), abs=1e-12)


@pytest.mark.parametrize("azimuth_deg", [0.0, 37.0, 133.0, 250.0, 359.0])
def test_azimuth_agrees_with_the_geodesic_of_proj(azimuth_deg):
    lon, lat, _ = Geod(ellps="WGS84").fwd(34.6, 31.6, azimuth_deg, 30_000.0)
    x, y, z = ecef_from_degrees(lat, lon, 5_000.0)[0]
    packed = at_site(31.6, 34.6, 60.0)
    azimuth = radar.local_position(packed, x, y, z, 0.0, 0.0, 0.0)[1]
    # Geodesic and line of sight differ by the deflection of the normals, below 1e-5 rad here.
    assert radar.wrapped(azimuth - math.radians(azimuth_deg)) == pytest.approx(0.0, abs=1e-5)


def test_straight_above_is_at_right_angles_and_climbing_is_receding():
    x, y, z = ecef_from_degrees(31.6, 34.6, 10_060.0)[0]
    packed = at_site(31.6, 34.6, 60.0)
    up = packed[radar.AXES + 6 : radar.AXES + 9]
    distance, _, elevation, rate = radar.local_position(packed, x, y, z, *(300.0 * up))
    assert distance == pytest.approx(10_000.0, abs=1e-6)
    assert elevation == pytest.approx(math.pi / 2, abs=1e-6)
    assert rate == pytest.approx(300.0)


@pytest.mark.parametrize(("rate", "expected"), [(-300.0, 0.1), (0.0, 2.0), (300.0, 0.5)])
def test_nose_side_and_tail_show_their_own_cross_section(rate, expected):
    assert radar.cross_section(0.1, 2.0, 0.5, rate, 300.0) == pytest.approx(expected)


def test_a_body_that_looks_alike_from_everywhere_has_no_aspect():
    for rate in (-300.0, -120.0, 40.0, 299.0):
        assert radar.cross_section(0.3, 0.3, 0.3, rate, 300.0) == pytest.approx(0.3)
    assert radar.cross_section(0.1, 2.0, 0.5, 0.0, 0.0) == 2.0


def test_a_fixed_array_loses_gain_with_the_angle_off_its_axis():
    packed = at_site(31.6, 34.6, 60.0)
    packed[radar.JAMMED_HALF_WIDTH] = -1.0
    assert radar.direction_loss(packed, 2.0, 0.3) == 1.0
    packed[radar.FIXED_ARRAY] = 1.0
    packed[radar.AZIMUTH_CENTRE] = math.radians(350.0)
    packed[radar.ARRAY_ELEVATION] = math.radians(20.0)
    axis = math.radians(350.0), math.radians(20.0)
    assert radar.direction_loss(packed, *axis) == pytest.approx(1.0)
    # 60 degrees off in the plane of its elevation: cosine 1/2, so a loss of 2 ** 2.5
    assert radar.direction_loss(packed, axis[0], math.radians(80.0)) == pytest.approx(2**2.5)


def test_jamming_raises_the_noise_in_its_sector_only():
    packed = at_site(31.6, 34.6, 60.0)
    packed[radar.JAMMED_CENTRE] = math.radians(2.0)
    packed[radar.JAMMED_HALF_WIDTH] = math.radians(5.0)
    packed[radar.JAMMED_NOISE] = 100.0
    for azimuth_deg, loss in [(358.0, 100.0), (6.9, 100.0), (7.1, 1.0), (180.0, 1.0)]:
        assert radar.direction_loss(packed, math.radians(azimuth_deg), 0.2) == loss
