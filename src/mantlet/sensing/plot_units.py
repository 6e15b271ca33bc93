"""Whether numbers can be in the units their columns promise: degrees, kilometres, milliseconds."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]

SHARE = 0.1
"""More rows than this beyond a column's bounds is another unit; fewer are bad rows."""

NEAR_M = 300.0
"""No radar's farthest plot is nearer than this; in kilometres hardly any is farther."""


def check_units(path: Path, columns: Mapping[str, Floats]) -> None:
    """Refuse columns whose numbers are plainly in another unit.

    A tenth of the azimuths beyond a turn or of the elevations beyond the vertical: degrees.
    No range beyond 300: kilometres. Single rows beyond the bounds are the reader's to leave out.

    Raises
    ------
    InputError
        Naming file, row, column and fix.
    """
    for name, bound in (("azimuth_rad", 2 * np.pi), ("elevation_rad", np.pi / 2)):
        beyond = np.abs(columns[name]) > bound + 1e-6  # NaN is not
        if beyond.mean() > SHARE if beyond.size else False:
            raise _wrong(path, name, int(beyond.argmax()), columns, "degrees", "pi / 180")
    range_m = columns["range_m"]
    sound = np.isfinite(range_m) & (range_m > 0.0)
    if sound.any() and range_m[sound].max() < NEAR_M:
        farthest = int(np.where(sound, range_m, -np.inf).argmax())
        raise _wrong(path, "range_m", farthest, columns, "kilometres", "1000")


def _wrong(
    path: Path, name: str, row: int, columns: Mapping[str, Floats], unit: str, factor: str
) -> InputError:
    return InputError(
        f"{path}: row {row + 1}, {name} {columns[name][row]:g}: the column looks like {unit}\n"
        f"    fix: multiply it by {factor}"
    )
