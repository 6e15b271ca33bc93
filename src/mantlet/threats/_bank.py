"""The private bank of notional flights: what a flight of a class may look like, by range.

For each class a few hundred starts are flown in still air; those that land within the class's
range band are kept, sorted by where they came down. A flight is then picked by its range rounded
to the kilometre, at even odds. Nothing is solved for, no function outside this package sees a
start, and no table or report holds one.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.flight import LANDED, fly
from mantlet.threats.catalogue import CLASSES, ThreatClass
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPEEDS, _CLIMBS = 48, 12
_FIRST_MPS = 30.0
"""Notional speed at which a rocket is taken to be flying free."""
_CLIMB_DEG = {"rocket": (35.0, 55.0), "mortar": (48.0, 75.0), "shell": (32.0, 58.0)}
_PLACE = Site(30.0, 0.0)
_PUSH = (0.15, 0.5)
"""How much of the motor's time or the charge's speed is left in a misfire, notional."""
_LONGEST_SHARE = 0.95
_SLACK = (500.0, 0.05)
"""How far beyond the range band a flight may land: metres or share of the range, what is less."""


@dataclass(frozen=True, eq=False)
class Starts:
    """Starts of m flights: the climb angle [rad], the first speed [m/s] and the boost."""

    climb_rad: Floats
    speed_mps: Floats
    boost_mps2: Floats
    boost_s: Floats

    @classmethod
    def joined(cls, parts: "list[Starts]") -> "Starts":
        """The starts of all parts, in order."""
        columns = ("climb_rad", "speed_mps", "boost_mps2", "boost_s")
        none = [np.empty(0)]  # so that no parts give no starts
        return cls(
            *(np.concatenate(none + [getattr(part, name) for part in parts]) for name in columns)
        )

    def take(self, rows: Ints) -> "Starts":
        """The starts picked by an index array."""
        return Starts(
            self.climb_rad[rows], self.speed_mps[rows], self.boost_mps2[rows], self.boost_s[rows]
        )

    def altered(self, factor: Floats) -> "Starts":
        """The same with boost (or first speed, where there is none) multiplied."""
        boosted = self.boost_s > 0.0
        return Starts(
            self.climb_rad,
            np.where(boosted, self.speed_mps, self.speed_mps * factor),
            self.boost_mps2 * factor,
            self.boost_s,
        )

    def misfired(
        self, rows: NDArray[np.bool_], extent: Floats, cut: Floats | float = 1.0
    ) -> "Starts":
        """The same, where some rows lose most of their boost.

        `extent` (0 to 1) says how much of the boost that a misfire may keep is left, `cut` (0 to
        1) takes a share of that.
        """
        left = np.where(rows, cut * (_PUSH[0] + (_PUSH[1] - _PUSH[0]) * extent), 1.0)
        boosted = self.boost_s > 0.0
        return Starts(
            self.climb_rad,
            np.where(boosted, self.speed_mps, self.speed_mps * left),
            self.boost_mps2,
            self.boost_s * left,
        )

    def states(self, origin_m: Floats, axes: Floats, heading_rad: Floats) -> Floats:
        """ECEF states (m, 6): origins (m, 3) [m], local axes (m, 3, 3), heading from north."""
        level = np.cos(self.climb_rad)
        local = np.stack(
            [level * np.sin(heading_rad), level * np.cos(heading_rad), np.sin(self.climb_rad)],
            axis=1,
        )
        direction = np.einsum("ij,ijk->ik", local, axes)
        return np.hstack([origin_m, self.speed_mps[:, None] * direction])


@dataclass(frozen=True, eq=False)
class Bank:
    """One class's flights, sorted by range [m]."""

    starts: Starts
    range_m: Floats

    def pick(self, range_km: Floats, uniform: Floats) -> Starts:
        """One start for each range, rounded to the kilometre; the nearest where none is there."""
        whole_m = 1000.0 * np.round(range_km)
        low = np.searchsorted(self.range_m, whole_m - 500.0)
        high = np.searchsorted(self.range_m, whole_m + 500.0)
        nearest = np.clip(low, 0, len(self.range_m) - 1)
        among = low + np.floor(uniform * (high - low)).astype(np.int64)
        return self.starts.take(np.where(high > low, among, nearest))


def _candidates(kind: ThreatClass) -> Starts:
    """An even grid of climbs and speeds around what a vacuum would need for the class's range."""
    low, high = np.radians(_CLIMB_DEG[kind.kind])
    slowest, fastest = np.sqrt(9.8e3 * np.array([kind.range_min_km, kind.range_max_km]))
    climbs, speeds = np.meshgrid(
        np.linspace(low, high, _CLIMBS),
        np.geomspace(slowest, 2.4 * fastest, _SPEEDS),
        indexing="ij",
    )
    climb, speed = climbs.ravel(), speeds.ravel()
    if kind.boost_s == 0.0:
        return Starts(climb, speed, np.zeros_like(speed), np.zeros_like(speed))
    boost = np.maximum(speed - _FIRST_MPS, 1.0) / kind.boost_s
    first, time = np.full_like(speed, _FIRST_MPS), np.full_like(speed, kind.boost_s)
    return Starts(climb, first, boost, time)


def _band_m(kind: ThreatClass) -> tuple[float, float]:
    """The least and greatest range [m] that is kept: a little beyond the class's own."""
    low, high = 1000.0 * kind.range_min_km, 1000.0 * kind.range_max_km
    slack_m, share = _SLACK
    return low - min(slack_m, share * low), high + min(slack_m, share * high)


@cache
def bank(class_id: str) -> Bank:
    """The flights of a class, the same in every process."""
    kind = CLASSES[class_id]
    starts = _candidates(kind)
    n = len(starts.climb_rad)
    origin, axes = np.tile(_PLACE.ecef_m, (n, 1)), np.tile(_PLACE.axes, (n, 1, 1))
    status, _, impact, _ = fly(
        starts.states(origin, axes, np.zeros(n)),
        np.zeros(n),
        np.full(n, kind.drag_m2kg),
        np.full(n, kind.family),
        starts.boost_mps2,
        starts.boost_s,
        STANDARD_AIR.packed,
        max_flight_s=_LONGEST_SHARE * kind.max_flight_s,
    )
    range_m = np.linalg.norm(impact[:, :3] - origin, axis=1)
    low, high = _band_m(kind)
    kept = np.flatnonzero((status == LANDED) & (range_m >= low) & (range_m <= high))
    kept = kept[np.argsort(range_m[kept], kind="stable")]
    return Bank(starts.take(kept), range_m[kept])
