"""How far off predicted impacts were, by the seconds left, and whether their regions held.

A region at probability q is the set of points whose squared Mahalanobis distance from the
predicted one is below the chi-square quantile with two degrees of freedom, -2 ln(1 - q).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.geodesy import SEMI_MAJOR_M, SEMI_MINOR_M
from mantlet.tables import Impacts

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.9, 0.99)
"""Regions that are checked."""


@dataclass(frozen=True)
class ImpactMisses:
    """One row per prediction that landed, beside the true fall.

    `seconds_left` until the true impact; `miss_m` (n, 2) predicted minus true, east and north;
    `covariance_m2` (n, 2, 2); `time_error_s` predicted minus true.
    """

    seconds_left: Floats
    miss_m: Floats
    covariance_m2: Floats
    time_error_s: Floats

    @property
    def distance_m(self) -> Floats:
        """Length of the miss, (n,) [m]."""
        return np.asarray(np.sqrt((self.miss_m**2).sum(axis=1)))

    @property
    def squares(self) -> Floats:
        """Squared Mahalanobis distance of each miss, (n,): chi-square with 2 degrees if honest."""
        from mantlet.analysis.measures.errors import normalised_squares

        return normalised_squares(self.miss_m, self.covariance_m2)

    def at(self, seconds_left: float, within_s: float = 0.5) -> "ImpactMisses":
        """The predictions made so long before impact, give or take `within_s`."""
        return self.take(np.abs(self.seconds_left - seconds_left) <= within_s)

    def take(self, rows: NDArray[np.bool_]) -> "ImpactMisses":
        """Some of the rows."""
        return ImpactMisses(
            self.seconds_left[rows],
            self.miss_m[rows],
            self.covariance_m2[rows],
            self.time_error_s[rows],
        )

    def coverage(self, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
        """Share of the true impacts inside the region of each probability; NaN of nothing."""
        squares = self.squares
        if not len(squares):
            return tuple(float("nan") for _ in levels)
        limits = [-2.0 * np.log1p(-level) for level in levels]
        return tuple(float((squares <= limit).mean()) for limit in limits)


def impact_misses(
    impacts: Impacts, true_lat_deg: Floats, true_lon_deg: Floats, true_time_s: Floats
) -> ImpactMisses:
    """Predictions beside the true impact of each (n,); those that did not land are left out.

    Distances along the ellipsoid's two radii of curvature: within 1e-5 of the geodesic up to
    10 km, at latitudes below 75 degrees.
    """
    rows = np.asarray(impacts.status == "landed") & np.isfinite(true_lat_deg)
    lat, lon = np.radians(true_lat_deg[rows]), np.radians(true_lon_deg[rows])
    north, east = _radii_m(0.5 * (lat + np.radians(impacts.lat_deg[rows])))
    turn = np.radians(impacts.lon_deg[rows]) - lon
    turn -= 2.0 * np.pi * np.rint(turn / (2.0 * np.pi))
    miss_m = np.column_stack([east * turn, north * (np.radians(impacts.lat_deg[rows]) - lat)])
    ee, en, nn = impacts.covariance_m2[rows].T
    return ImpactMisses(
        seconds_left=true_time_s[rows] - impacts.time_s[rows],
        miss_m=miss_m,
        covariance_m2=np.stack([np.column_stack([ee, en]), np.column_stack([en, nn])], axis=1),
        time_error_s=impacts.impact_time_s[rows] - true_time_s[rows],
    )


def _radii_m(lat: Floats) -> tuple[Floats, Floats]:
    """Metres per radian of latitude and of longitude on WGS-84."""
    ratio = (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2
    w2 = 1.0 - (1.0 - ratio) * np.sin(lat) ** 2
    across = SEMI_MAJOR_M / np.sqrt(w2)
    return across * ratio / w2, across * np.cos(lat)
