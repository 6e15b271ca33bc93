"""The polygon kernels on outlines small enough to reason about."""

import numpy as np
import pytest

from mantlet.kernels import polygons
from mantlet.world.cells import index_rings

SQUARE = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])


def index_of(*rings, owners=None, cell_deg=0.1):
    owners = np.arange(len(rings)) if owners is None else np.asarray(owners)
    return index_rings(list(rings), owners, int(owners.max()) + 1, cell_deg)


def test_half_of_a_shifted_square_is_found_by_counting():
    x, y = (a.ravel() for a in np.meshgrid(np.linspace(-0.495, 1.495, 200), np.full(1, 0.5)))
    found = polygons.locate(x, y, *index_of(SQUARE).arrays)
    assert (found == 0).sum() == 100


def test_edges_and_corners_belong_to_the_side_right_and_above():
    x = np.array([0.0, 1.0, 0.5, 0.5, 0.0, 1.0])
    y = np.array([0.5, 0.5, 0.0, 1.0, 0.0, 1.0])
    assert polygons.locate(x, y, *index_of(SQUARE).arrays).tolist() == [0, -1, 0, -1, 0, -1]


def test_a_ring_inside_another_of_the_same_polygon_is_a_hole():
    hole = 0.25 + SQUARE / 2
    index = index_of(SQUARE, hole, owners=[0, 0])
    x, y = np.array([0.1, 0.5]), np.array([0.1, 0.5])
    assert polygons.locate(x, y, *index.arrays).tolist() == [0, -1]


@pytest.mark.parametrize("cell_deg", [0.03, 0.1, 0.7, 5.0])
def test_the_size_of_the_cells_changes_nothing(cell_deg):
    rng = np.random.default_rng(11)
    angle = np.sort(rng.uniform(0, 2 * np.pi, 40))
    radius = rng.uniform(0.2, 1.0, 40)
    ring = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    ring = np.vstack([ring, ring[:1]])
    x, y = rng.uniform(-1.1, 1.1, (2, 4000))
    crossing = (ring[:-1, None, 1] <= y) != (ring[1:, None, 1] <= y)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (ring[1:, 0] - ring[:-1, 0]) / (ring[1:, 1] - ring[:-1, 1])
        at = ring[:-1, None, 0] + (y - ring[:-1, None, 1]) * slope[:, None]
    inside = (crossing & (at > x)).sum(axis=0) % 2 == 1  # the textbook ray, all edges
    found = polygons.locate(x, y, *index_of(ring, cell_deg=cell_deg).arrays)
    assert np.array_equal(found == 0, inside)


def test_degrees_per_metre_match_the_published_lengths_at_45_degrees():
    """111,131.745 m and 78,846.806 m to a degree (WGS-84, the usual table of degree lengths)."""
    to_lat, to_lon = polygons.degrees_per_metre(45.0)
    assert 1.0 / to_lat == pytest.approx(111_131.745, rel=2e-5)
    assert 1.0 / to_lon == pytest.approx(78_846.806, rel=2e-5)
