"""Batteries: where simulated interceptors start, how many there are and how far they go."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError
from mantlet.world.earth import Site

Floats = NDArray[np.float64]

UNLIMITED = -1
"""As a site's stock: reloads never run out."""


@dataclass(frozen=True)
class Envelope:
    """Where an interceptor can be, and when: all that is modelled of its flight.

    Slant ranges are from the battery, heights above the WGS-84 ellipsoid. `flyout_time_s[i]` is
    the time from launch to slant range `flyout_range_m[i]`; straight lines between.

    Every default is notional: a short delay, then a mean speed of about 600 m/s, out to 20 km.
    The published 4-70 km (S3) is the range of the *threats* this kind of system is said to
    meet, not the reach of an interceptor, for which no figure was found.

    Raises
    ------
    InputError
        If limits are out of order or the table is not increasing from zero range.
    """

    range_min_m: float = 1_500.0
    range_max_m: float = 20_000.0
    height_min_m: float = 500.0
    height_max_m: float = 10_000.0
    flyout_range_m: tuple[float, ...] = (0.0, 2_000.0, 6_000.0, 12_000.0, 20_000.0)
    flyout_time_s: tuple[float, ...] = (1.0, 5.5, 12.0, 22.0, 37.0)

    def __post_init__(self) -> None:
        if not 0.0 <= self.range_min_m < self.range_max_m:
            raise InputError("envelope: range_min_m must be at least 0 and below range_max_m")
        if not self.height_min_m < self.height_max_m:
            raise InputError("envelope: height_min_m must be below height_max_m")
        ranges, times = np.array(self.flyout_range_m), np.array(self.flyout_time_s)
        if len(ranges) != len(times) or len(ranges) < 2:
            raise InputError("envelope: the flyout table needs two or more ranges, a time for each")
        if (
            ranges[0] != 0.0
            or times[0] < 0.0
            or min(np.diff(ranges).min(), np.diff(times).min()) <= 0
        ):
            raise InputError("envelope: the flyout table must start at range 0 and rise throughout")
        if ranges[-1] < self.range_max_m:
            raise InputError("envelope: the flyout table must reach range_max_m")

    def flyout_s(self, range_m: Floats) -> Floats:
        """Seconds from launch to a slant range [m], any shape; constant beyond the table."""
        return np.interp(range_m, *self._flyout)

    def range_at_m(self, elapsed_s: Floats) -> Floats:
        """Slant range [m] this long after launch [s]: the inverse of `flyout_s`."""
        range_m, time_s = self._flyout
        return np.interp(elapsed_s, time_s, range_m)

    def speed_at_mps(self, elapsed_s: Floats) -> Floats:
        """Slope of `range_at_m` this long after launch [s]; 0 before it begins and at its end."""
        piece = np.searchsorted(self._flyout[1], elapsed_s, side="right")
        return np.asarray(self._slopes_mps[piece], np.float64)

    @cached_property
    def _flyout(self) -> tuple[Floats, Floats]:
        """The table as arrays, ranges and times: it is looked up at every scan."""
        return np.array(self.flyout_range_m), np.array(self.flyout_time_s)

    @cached_property
    def _slopes_mps(self) -> Floats:
        """Slope of each piece of the table, with a 0 before the first and after the last."""
        range_m, time_s = self._flyout
        return np.concatenate([[0.0], np.diff(range_m) / np.diff(time_s), [0.0]])

    def contains(self, range_m: Floats, height_m: Floats) -> NDArray[np.bool_]:
        """Whether points at these slant ranges and heights [m] can be reached; NaN cannot."""
        return (
            (range_m >= self.range_min_m)
            & (range_m <= self.range_max_m)
            & (height_m >= self.height_min_m)
            & (height_m <= self.height_max_m)
        )


@dataclass(frozen=True)
class Battery:
    """Launchers at one site.

    Published: three launchers of twenty interceptors (S9b). Notional: the envelope, and that an
    emptied launcher is ready again `reload_min` minutes after its last shot. `interceptors` is
    the load at the start, spread evenly over the launchers, and what a reload restores. `stock`
    is how many more the site holds for reloads (`UNLIMITED`: never counted).
    """

    id: str
    site: Site
    launchers: int = 3
    interceptors: int = 60
    reload_min: float = 60.0
    stock: int = UNLIMITED
    envelope: Envelope = field(default_factory=Envelope)

    def __post_init__(self) -> None:
        where = f"battery {self.id!r}"
        if self.launchers < 1:
            raise InputError(f"{where}: launchers must be 1 or more, not {self.launchers}")
        if self.interceptors < 0:
            raise InputError(f"{where}: interceptors must be 0 or more, not {self.interceptors}")
        if not self.reload_min >= 0.0:
            raise InputError(f"{where}: reload_min must be 0 or more, not {self.reload_min}")
        if self.stock < UNLIMITED:
            raise InputError(f"{where}: stock must be 0 or more (or -1 for no limit)")

    @cached_property
    def site_m(self) -> Floats:
        """ECEF position of the launchers, shape (3,) [m]."""
        return self.site.ecef_m
