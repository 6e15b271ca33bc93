import numpy as np
import pytest

from mantlet.kernels.terrain import HEAD, SPACING, TOP
from mantlet.tables.errors import InputError
from mantlet.world.terrain import Terrain

GRID = np.arange(12.0).reshape(3, 4)
GOOD = {"south_deg": 31.0, "west_deg": 34.0, "step_deg": 0.01, "height_m": GRID}


def test_packed_terrain_is_the_head_and_the_heights():
    packed = Terrain(**GOOD).packed
    assert packed[TOP] == 11.0
    assert packed[SPACING] == pytest.approx(0.01 * 111_320 * np.cos(np.radians(31.02)), rel=1e-3)
    assert np.array_equal(packed[HEAD:], np.arange(12.0))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("height_m", np.zeros(5)),
        ("height_m", np.zeros((1, 5))),
        ("height_m", np.array([[0.0, np.nan], [0.0, 0.0]])),
        ("height_m", np.full((2, 2), 30_000.0)),
        ("step_deg", 0.0),
        ("step_deg", np.nan),
        ("step_deg", 40.0),
        ("south_deg", np.inf),
    ],
)
def test_impossible_terrain_is_refused_by_the_name_of_its_field(field, value):
    with pytest.raises(InputError, match=field):
        Terrain(**GOOD | {field: value})
