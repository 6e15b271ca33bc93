import numpy as np
import pytest

from mantlet.ports.draws import Draws
from mantlet.tables.errors import InputError
from mantlet.threats.ground import Ground
from mantlet.threats.raids import Area

SQUARE = np.array([[31.0, 34.0], [31.0, 34.2], [31.2, 34.2], [31.2, 34.0]])
HOLE = np.array([[31.05, 34.05], [31.05, 34.15], [31.15, 34.15], [31.15, 34.05]])
UNIFORMS = Draws(1).uniform(1, 1, count=6_000).reshape(-1, 3)


def test_points_fill_the_area_evenly():
    points = Ground((Area("a", (SQUARE,)),)).points(UNIFORMS)
    quadrant = (points[:, 0] > 31.1).astype(int) + 2 * (points[:, 1] > 34.1).astype(int)
    # 2,000 points: 500 per quadrant, standard deviation 19.
    assert np.abs(np.bincount(quadrant, minlength=4) - 500).max() < 80
    assert points.min(axis=0) == pytest.approx([31.0, 34.0], abs=0.01)
    assert points.max(axis=0) == pytest.approx([31.2, 34.2], abs=0.01)


def test_no_point_falls_in_a_hole():
    ground = Ground((Area("a", (HOLE, SQUARE)),))
    points = ground.points(UNIFORMS)
    inside = (np.abs(points - [31.1, 34.1]) < 0.05 - 1e-9).all(axis=1)
    assert not inside.any()
    assert ground.holds(np.array([31.1, 31.01]), np.array([34.1, 34.01])).tolist() == [False, True]


def test_areas_that_overlap_count_once():
    twice = Ground((Area("a", (SQUARE,)), Area("b", (SQUARE,))))
    assert np.array_equal(twice.points(UNIFORMS), Ground((Area("a", (SQUARE,)),)).points(UNIFORMS))


@pytest.mark.parametrize(
    "ring",
    [SQUARE[:3] * [0.0, 1.0], SQUARE[[0, 2, 1, 3]], np.repeat(SQUARE[:1], 4, axis=0)],
    ids=["a line", "crossed", "a point"],
)
def test_outlines_that_enclose_no_ground_are_refused_by_name(ring):
    with pytest.raises(InputError, match="area bad"):
        Ground((Area("bad", (ring,)),)).points(UNIFORMS)
