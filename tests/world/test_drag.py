import numpy as np
import pytest

from mantlet.kernels.dynamics import SHELL, given_drag_coefficient, smooth_drag_coefficient
from mantlet.tables.errors import InputError
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.drag import DragCurve

MACHS = np.linspace(0.0, 3.0, 61)
FORMULA = [smooth_drag_coefficient(SHELL, float(m)) for m in MACHS]


def coefficient(curve, mach, air=STANDARD_AIR):
    return given_drag_coefficient(mach, np.concatenate([air.packed, curve.packed]))


def test_a_table_is_followed_within_the_step_of_its_rise():
    curve = DragCurve(tuple(MACHS), tuple(FORMULA))
    for mach in np.linspace(0.0, 3.0, 200):
        want = smooth_drag_coefficient(SHELL, float(mach))
        assert coefficient(curve, float(mach)) == pytest.approx(want, abs=0.01)


def test_beyond_its_ends_a_table_is_constant():
    curve = DragCurve((0.3, 0.6, 0.9), (0.40, 0.42, 0.45))
    assert coefficient(curve, 0.0) == pytest.approx(0.40, abs=1e-12)
    assert coefficient(curve, 5.0) == pytest.approx(0.45, abs=1e-12)
    assert coefficient(curve, np.nan) == 0.0


def test_the_curve_is_found_behind_the_wind():
    windy = Air(wind=((0.0, 5.0, 0.0), (9_000.0, 20.0, 0.0)))
    curve = DragCurve((0.0, 1.0), (0.3, 0.5))
    assert coefficient(curve, 0.5, windy) == pytest.approx(0.4, abs=1e-9)


@pytest.mark.parametrize(
    ("mach", "values", "told"),
    [
        ((0.0, 0.8, 0.5), (0.3, 0.4, 0.4), r"mach\[2\] 0.5: does not rise"),
        ((0.0, 0.5, 0.5), (0.3, 0.4, 0.4), r"mach\[2\]"),
        ((0.0, np.nan), (0.3, 0.4), r"mach\[1\]"),
        ((0.0, 1.0), (0.3, -0.4), r"coefficient\[1\]"),
        ((0.0, 0.99, 1.0, 2.0), (0.2, 0.2, 0.5, 0.4), r"kink at Mach 1\b"),
        ((0.0,), (0.3,), "two at least"),
        ((0.0, 1.0), (0.3,), "as many"),
        ((0.0, 340.0), (0.3, 0.3), r"mach\[1\] 340.0: beyond Mach 20"),
    ],
)
def test_tables_that_cannot_be_are_refused_with_field_and_fix(mach, values, told):
    with pytest.raises(InputError, match=told):
        DragCurve(mach, values)


def test_a_table_that_touches_zero_never_gives_thrust():
    curve = DragCurve((0.0, 0.5, 0.52, 1.0), (0.15, 0.15, 0.0, 0.0))
    assert min(coefficient(curve, float(m)) for m in np.linspace(0.5, 0.6, 401)) >= 0.0


def test_the_generic_curves_pass_for_smooth():
    for family in range(4):
        DragCurve(tuple(MACHS), tuple(smooth_drag_coefficient(family, float(m)) for m in MACHS))
