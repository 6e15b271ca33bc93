import math

import numpy as np
import pytest

from mantlet.kernels.sight import apparent_elevation, hidden
from mantlet.sensing.packing import EFFECTIVE_EARTH, bend_of
from mantlet.world.earth import EARTH_RADIUS_M

BEND = bend_of("corrected")


@pytest.mark.parametrize("height_m", [500.0, 3_000.0, 12_000.0, 30_000.0])
@pytest.mark.parametrize("distance_m", [31_000.0, 60_000.0, 100_000.0, 150_000.0])
def test_refraction_is_the_closed_form_of_the_effective_earth(height_m, distance_m):
    """The triangle of radar, object and centre has its angle at the radar on either Earth."""

    def elevation(radius_m):
        over_m, radar_m = radius_m + height_m, radius_m + 60.0
        sine = (over_m**2 - distance_m**2 - radar_m**2) / (2 * distance_m * radar_m)
        return math.asin(sine)

    straight, expected = elevation(EARTH_RADIUS_M), elevation(EFFECTIVE_EARTH * EARTH_RADIUS_M)
    # A fiftieth of the default error of elevation.
    assert apparent_elevation(straight, distance_m, BEND) == pytest.approx(expected, abs=2e-5)


def test_straight_rays_are_not_bent():
    assert apparent_elevation(0.1, 1e5, bend_of("none")) == 0.1


def test_a_mask_is_read_between_its_directions_and_up_to_the_distance():
    mask = np.full((4, 3), -1.0, np.float32)
    mask[1, 1:], mask[2, 1:] = 0.1, 0.2  # due east, due south, from one step on
    east, south = math.pi / 2, math.pi
    assert not hidden(mask, 1_000.0, east, 999.0, 0.05)
    assert hidden(mask, 1_000.0, east, 1_001.0, 0.05)
    assert not hidden(mask, 1_000.0, east, 1_001.0, 0.11)
    assert hidden(mask, 1_000.0, 0.5 * (east + south), 1_001.0, 0.149)
    assert not hidden(mask, 1_000.0, 0.5 * (east + south), 1_001.0, 0.151)
    assert hidden(mask, 1_000.0, south - 2 * math.pi, 9_000.0, 0.19)  # beyond: the last column
    assert not hidden(mask, 1_000.0, -1e-20, 9_000.0, -0.5)


def test_no_mask_hides_nothing():
    assert not hidden(np.empty((0, 0), np.float32), 1_000.0, 0.0, 5e4, -1.5)
