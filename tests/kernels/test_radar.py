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


@pytest.mark.parametrize(
    ("snr_db", "pfa", "pd"),
    [
        # Single-look Swerling 1 at 1e-6: the textbooks' 21 dB for 0.9 and 13 dB for 0.5
        # (Skolnik 2001, ch. 2: 13.2 dB for a steady object and 8 dB of fluctuation loss at 0.9).
        (21.1, 1e-6, 0.90),
        (12.8, 1e-6, 0.50),
    ],
)
def test_swerling_1_detection_matches_published_pairs(snr_db, pfa, pd):
    # Curves are read to about 0.1 dB, which is 0.002 in probability at 0.9 and 0.006 at 0.5.
    assert radar.detection_probability(10 ** (snr_db / 10), pfa) == pytest.approx(pd, abs=0.006)


def test_without_an_echo_the_detection_probability_is_that_of_a_false_alarm():
    assert radar.detection_probability(0.0, 1e-6) == pytest.approx(1e-6)


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
