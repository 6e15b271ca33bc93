import math

import pytest

from mantlet.kernels.dynamics import EARTH, FLAT
from mantlet.tables.errors import InputError
from mantlet.world.air import STANDARD_AIR, Air


def test_standard_air_is_still_and_over_the_turning_earth():
    assert STANDARD_AIR.packed.tolist() == [EARTH, 0.0, 1.0, 0.0]


def test_packed_air_holds_the_levels_in_order():
    air = Air(5.0, 0.98, ((0.0, 1.0, 2.0), (1_000.0, 3.0, 4.0)), flat=True)
    head, levels = air.packed[:4].tolist(), air.packed[4:].tolist()
    assert head == [FLAT, 5.0, 0.98, 2.0]
    assert levels == [0.0, 1.0, 2.0, 1_000.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("temperature_offset_k", {"temperature_offset_k": math.nan}),
        ("temperature_offset_k", {"temperature_offset_k": 300.0}),
        ("pressure_factor", {"pressure_factor": -0.1}),
        ("pressure_factor", {"pressure_factor": math.inf}),
        ("wind", {"wind": ((0.0, math.nan, 0.0),)}),
        ("wind: 900 m/s", {"wind": ((3.0, 900.0, 1.0),)}),
        ("wind: a level", {"wind": ((0.0, 1.0),)}),
        ("wind: a level", {"wind": ((0.0, 1.0, 1.0), (1_000.0, 1.0))}),
        ("wind: a level", {"wind": (0.0, 1.0, 1.0)}),
        ("wind: a level", {"wind": ((0.0, "west", 1.0),)}),
        ("wind", {"wind": ((1_000.0, 1.0, 1.0), (1_000.0, 2.0, 2.0))}),
        ("wind", {"wind": ((1_000.0, 1.0, 1.0), (0.0, 2.0, 2.0))}),
    ],
)
def test_impossible_air_is_refused_by_the_name_of_its_field(field, values):
    with pytest.raises(InputError, match=field):
        Air(**values)
