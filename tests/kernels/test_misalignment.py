"""Standing errors of a radar against a path measured with them, point by point."""

import math

import numpy as np
import pytest

from mantlet.kernels.misalignment import add_misalignment, shifts_of
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

SITE = Site(31.6, 34.6, 60.0)
TOLERANCE = {
    "tolerance_range_m": 20.0,
    "tolerance_azimuth_rad": 1e-3,
    "tolerance_elevation_rad": 2e-3,
}


def figures(site=SITE, **more):
    return RadarFigures("r", site, **{**TOLERANCE, **more})


def state_at(local_m, local_mps, site=SITE):
    mean = np.zeros(7)
    mean[:3] = site.ecef_m + np.array(local_m) @ site.axes
    mean[3:6] = np.array(local_mps) @ site.axes
    return mean


def shown(local_m, bias):
    """Where a radar off by range, azimuth and elevation shows a point: by its angles."""
    r = math.dist(local_m, (0, 0, 0)) + bias[0]
    azimuth = math.atan2(local_m[0], local_m[1]) + bias[1]
    elevation = math.asin(local_m[2] / math.dist(local_m, (0, 0, 0))) + bias[2]
    level = r * math.cos(elevation)
    return np.array([level * math.sin(azimuth), level * math.cos(azimuth), r * math.sin(elevation)])


@pytest.mark.parametrize(
    ("local_m", "local_mps"),
    [((4e3, 18e3, 6e3), (20.0, -310.0, 120.0)), ((-9e3, -2e3, 3e3), (150.0, 80.0, -240.0))],
)
def test_shifts_are_those_of_a_path_measured_with_the_error(local_m, local_mps):
    shift = np.empty((3, 6))
    shifts_of(state_at(local_m, local_mps), figures().packed, shift)
    for which, size in enumerate((1.0, 1e-5, 1e-5)):
        bias = np.zeros(3)
        bias[which] = size

        def off(seconds, bias=bias):
            point = np.add(local_m, np.multiply(seconds, local_mps))
            return shown(point, bias) - shown(point, np.zeros(3))

        position = off(0.0) / size
        velocity = (off(0.05) - off(-0.05)) / 0.1 / size
        np.testing.assert_allclose(shift[which, :3] @ SITE.axes.T, position, rtol=1e-4, atol=0.2)
        np.testing.assert_allclose(shift[which, 3:] @ SITE.axes.T, velocity, rtol=1e-3, atol=0.02)


def test_a_radar_that_says_nothing_adds_nothing():
    plain = RadarFigures("r", SITE)
    mean, cov = state_at((0.0, 2e4, 5e3), (0.0, -300.0, 0.0)), np.eye(7)
    add_misalignment(mean, cov, np.array([plain.packed]))
    np.testing.assert_array_equal(cov, np.eye(7))


def test_the_covariance_grows_by_the_spread_of_the_shifts():
    mean = state_at((2e3, 2e4, 5e3), (30.0, -300.0, 40.0))
    cov, shift = np.eye(7), np.empty((3, 6))
    add_misalignment(mean, cov, np.array([figures().packed]))
    shifts_of(mean, figures().packed, shift)
    expected = np.eye(7)
    expected[:6, :6] += shift.T @ np.diag(np.square(list(TOLERANCE.values()))) @ shift
    np.testing.assert_allclose(cov, expected, rtol=1e-12, atol=1e-9)
    np.testing.assert_array_equal(cov, cov.T)


def test_two_radars_that_see_a_track_share_their_errors_and_the_better_one_counts_more():
    mean = state_at((2e3, 2e4, 5e3), (30.0, -300.0, 40.0))
    alone, both, aided = np.zeros((7, 7)), np.zeros((7, 7)), np.zeros((7, 7))
    exact = figures(sigma_range_m=1.0, sigma_azimuth_rad=1e-5, sigma_elevation_rad=1e-5)
    sure = RadarFigures("s", SITE, sigma_azimuth_rad=1e-5, sigma_elevation_rad=1e-5)
    add_misalignment(mean, alone, np.array([figures().packed]))
    add_misalignment(mean, both, np.array([figures().packed, figures().packed]))
    add_misalignment(mean, aided, np.array([figures().packed, sure.packed]))
    np.testing.assert_allclose(both, 0.5 * alone, rtol=1e-9, atol=1e-9)
    assert aided[0, 0] < 0.05 * alone[0, 0]
    add_misalignment(mean, ruled := np.zeros((7, 7)), np.array([exact.packed, figures().packed]))
    np.testing.assert_allclose(ruled, alone, rtol=0.05, atol=1.0)


def test_where_no_radar_sees_the_track_all_of_them_count():
    mean = state_at((2e5, 2e5, 5e3), (30.0, -300.0, 40.0))
    cov = np.zeros((7, 7))
    add_misalignment(mean, cov, np.array([figures().packed]))
    assert cov[0, 0] + cov[1, 1] + cov[2, 2] > (2.5e5 * 1e-3) ** 2
