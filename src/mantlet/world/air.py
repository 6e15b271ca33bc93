"""The air a scenario assumes: the standard atmosphere, its deviations and the wind."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.dynamics import EARTH, FLAT
from mantlet.tables.errors import InputError

_FASTEST_WIND_MPS = 500.0
"""Several times any wind there is: a height in the wrong place, or other units."""


@dataclass(frozen=True)
class Air:
    """Deviations from the still ISO standard atmosphere.

    Parameters
    ----------
    temperature_offset_k : float
        Added to the standard temperature at every height [K].
    pressure_factor : float
        Multiplies the standard pressure at every height [1].
    wind : tuple of (height_m, east_mps, north_mps)
        Velocity *towards* east and north [m/s], of at most 500 m/s each, at rising heights [m];
        smooth between levels, constant below the first and above the last.
    flat : bool
        Uniform gravity over a plane that does not turn: for closed forms, not for scenarios.
    wind_sigma_mps, density_sigma : float
        How far whoever assumes this air may be wrong: standard deviations of each component of
        the wind [m/s], and of the density as a share. The flights themselves know no doubt.

    Raises
    ------
    InputError
        Naming the field, if a number is not finite or out of range, or heights do not rise.
    """

    temperature_offset_k: float = 0.0
    pressure_factor: float = 1.0
    wind: tuple[tuple[float, float, float], ...] = ()
    flat: bool = False
    wind_sigma_mps: float = 0.0
    density_sigma: float = 0.0

    def __post_init__(self) -> None:
        if not -80.0 <= self.temperature_offset_k <= 80.0:
            raise InputError(f"temperature_offset_k {self.temperature_offset_k}: not in -80..80")
        if not 0.0 <= self.pressure_factor <= 2.0:
            raise InputError(f"pressure_factor {self.pressure_factor}: not in 0..2")
        if not 0.0 <= self.wind_sigma_mps <= 100.0:
            raise InputError(f"wind_sigma_mps {self.wind_sigma_mps}: not in 0..100")
        if not 0.0 <= self.density_sigma <= 1.0:
            raise InputError(f"density_sigma {self.density_sigma}: not in 0..1")
        _check_levels(self.wind)
        if any(upper[0] <= lower[0] for lower, upper in pairwise(self.wind)):
            raise InputError("wind: heights must rise from level to level")

    @cached_property
    def packed(self) -> NDArray[np.float64]:
        """The `air` argument of the kernels, shape (4 + 3 levels,)."""
        head = (
            FLAT if self.flat else EARTH,
            self.temperature_offset_k,
            self.pressure_factor,
            float(len(self.wind)),
        )
        return np.array([*head, *(value for level in self.wind for value in level)])


def _check_levels(wind: tuple[tuple[float, float, float], ...]) -> None:
    try:
        levels = np.array([[float(number) for number in level] for level in wind])
    except (TypeError, ValueError):
        levels = np.empty(0)
    if wind and levels.shape != (len(wind), 3):
        raise InputError(
            "wind: a level is not three numbers\n    fix: give (height_m, east_mps, north_mps)"
        )
    if not np.isfinite(levels).all():
        raise InputError("wind: every number must be finite")
    if wind and np.abs(levels[:, 1:]).max() > _FASTEST_WIND_MPS:
        raise InputError(
            f"wind: {np.abs(levels[:, 1:]).max():g} m/s, more than {_FASTEST_WIND_MPS:g}\n"
            "    fix: give metres per second, height first"
        )


STANDARD_AIR = Air()
"""Still standard air over the rotating Earth."""

UNTOLD_AIR = Air(wind_sigma_mps=8.0, density_sigma=0.05)
"""The same for who was told nothing: a day's wind and density, notional."""
