"""Drag curves: those of the generic families by name, or a table of one's own made smooth."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import dynamics
from mantlet.kernels.splines import spline_coefficients
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

FAMILIES = {
    "rocket": dynamics.ROCKET,
    "shell": dynamics.SHELL,
    "mortar": dynamics.MORTAR,
    "debris": dynamics.DEBRIS,
}
"""The generic curves, by name."""

_STEP = 0.02
_MACH_MOST = 20.0
"""Far beyond any flight here; a table in other units would make a grid of any size."""
_SHARPEST = 10.0
"""Greatest change of slope at a point of a table [1 per Mach]; a transonic rise has about 4."""


@dataclass(frozen=True)
class DragCurve:
    """Drag coefficient over Mach number, as a table.

    A smooth cubic is laid through it, since an integrator pays for a kink with rejected steps and
    a lost order; constant before the first and beyond the last Mach number.

    Parameters
    ----------
    mach : tuple of float
        Rising Mach numbers, up to 20.
    coefficient : tuple of float
        Drag coefficient at each, on the same reference area as the body's.

    Raises
    ------
    InputError
        Naming the field and the entry, if Mach numbers do not rise or pass 20, a number is not
        finite or below zero, or the table has a kink.
    """

    mach: tuple[float, ...]
    coefficient: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.mach) != len(self.coefficient) or len(self.mach) < 2:
            raise InputError(
                f"mach, coefficient: {len(self.mach)} and {len(self.coefficient)} entries\n"
                "    fix: give as many of each, two at least"
            )
        machs, values = np.array(self.mach, float), np.array(self.coefficient, float)
        for name, column in (("mach", machs), ("coefficient", values)):
            wrong = np.flatnonzero(~(np.isfinite(column) & (column >= 0.0)))
            if len(wrong):
                raise InputError(
                    f"{name}[{wrong[0]}] {column[wrong[0]]}: not a finite number above zero"
                )
        back = np.flatnonzero(np.diff(machs) <= 0.0)
        if len(back):
            raise InputError(
                f"mach[{back[0] + 1}] {machs[back[0] + 1]}: does not rise\n"
                "    fix: sort the table by Mach number and drop what stands twice"
            )
        if machs[-1] > _MACH_MOST:
            raise InputError(
                f"mach[{len(machs) - 1}] {machs[-1]}: beyond Mach {_MACH_MOST:g}\n"
                "    fix: give Mach numbers, not speeds; the last coefficient holds beyond"
            )
        _refuse_kinks(machs, values)

    @cached_property
    def packed(self) -> Floats:
        """What stands behind the wind in `air`, see `kernels.dynamics.given_drag_coefficient`."""
        from scipy.interpolate import PchipInterpolator

        cells = max(int(np.ceil(self.mach[-1] / _STEP)), 2)
        machs = np.clip(np.arange(cells + 1) * _STEP, self.mach[0], self.mach[-1])
        values = PchipInterpolator(self.mach, self.coefficient)(machs)
        return np.concatenate([[_STEP, cells], spline_coefficients(values.tolist()).ravel()])


def _refuse_kinks(machs: Floats, values: Floats) -> None:
    slopes = np.diff(values) / np.diff(machs)
    turns = np.abs(np.diff(slopes, prepend=0.0, append=0.0))  # level beyond both ends
    sharpest = int(turns.argmax())
    if turns[sharpest] > _SHARPEST:
        raise InputError(
            f"coefficient[{sharpest}]: a kink at Mach {machs[sharpest]:g}, where the slope changes "
            f"by {turns[sharpest]:.3g} per Mach\n"
            "    fix: round it off, over about 0.05 Mach, with more points"
        )
