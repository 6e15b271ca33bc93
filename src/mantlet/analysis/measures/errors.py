"""Errors of position and velocity, and whether the covariances that came with them hold.

Reference: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley, 2001, sec. 5.4.2 (NEES, NIS and their chi-square bands).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.pairing import Pairs
from mantlet.analysis.measures.points import live_rows
from mantlet.tables import Tracks

Floats = NDArray[np.float64]

_UPPER = np.triu_indices(7)


@dataclass(frozen=True)
class Errors:
    """Root mean square and median, over pairs. NaN where there is no pair or no velocity."""

    position_rms_m: float
    position_median_m: float
    velocity_rms_mps: float
    velocity_median_mps: float


def errors(pairs: Pairs) -> Errors:
    """Errors of paired tracks."""
    position = error_vectors(pairs)
    speed = np.sqrt((position[:, 3:] ** 2).sum(axis=1))
    return Errors(rms(pairs.distance_m), _median(pairs.distance_m), rms(speed), _median(speed))


def error_vectors(pairs: Pairs) -> Floats:
    """Estimated minus true position [m] and velocity [m/s], (k, 6); NaN without velocities."""
    found = np.full((len(pairs), 6), np.nan)
    found[:, :3] = (
        pairs.tracks.position_m[pairs.track_row] - pairs.truth.position_m[pairs.truth_row]
    )
    mine, theirs = pairs.tracks.velocity_mps, pairs.truth.velocity_mps
    if mine is not None and theirs is not None:
        found[:, 3:] = mine[pairs.track_row] - theirs[pairs.truth_row]
    return found


def rms(values: Floats) -> float:
    """Root mean square; NaN of nothing."""
    return float(np.sqrt((values**2).mean())) if len(values) else float("nan")


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else float("nan")


def covariances(tracks: Tracks) -> Floats:
    """Full covariances (n, 7, 7) of the rows of a table that count (confirmed and coasting).

    Row i belongs to point i of `track_points(tracks)`.
    """
    packed = tracks.covariance[live_rows(tracks)]
    full = np.zeros((len(packed), 7, 7))
    full[:, _UPPER[0], _UPPER[1]] = packed
    full[:, _UPPER[1], _UPPER[0]] = packed
    return full


def normalised_squares(error: Floats, covariance: Floats) -> Floats:
    """Squared error over its covariance, (n,), of (n, d) and (n, d, d).

    With state errors this is NEES, with innovations and their covariances NIS: chi-square with d
    degrees of freedom if the covariance is right. NaN for a covariance that is singular or not
    positive definite.
    """
    found = np.full(len(error), np.nan)
    if not len(error):
        return found
    # Metres stand beside metres per second: scaled, the determinant says something.
    scale = np.sqrt(np.maximum(np.einsum("nii->ni", covariance), 0.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = covariance / (scale[:, :, None] * scale[:, None, :])
        z = error / scale
    good = np.isfinite(share).all(axis=(1, 2)) & np.isfinite(z).all(axis=1)
    share[~good] = np.eye(error.shape[1])
    least = np.linalg.eigvalsh(share)[:, 0]
    good &= least > 1e-12
    share[~good] = np.eye(error.shape[1])
    whitened = np.linalg.solve(np.linalg.cholesky(share), z[:, :, None])[:, :, 0]
    found[good] = (whitened[good] ** 2).sum(axis=1)
    return found


def nees(pairs: Pairs, covariance: Floats) -> Floats:
    """NEES of position and velocity (6 degrees of freedom) of each pair, (k,).

    `covariance` (n, 7, 7) or (n, 6, 6) of the tracks' points, as `covariances` gives them.
    """
    return normalised_squares(error_vectors(pairs), covariance[pairs.track_row, :6, :6])


def chi_square_band(degrees: int, count: int, share: float = 0.95) -> tuple[float, float]:
    """Where the mean of `count` independent chi-squares lies with this probability, centred."""
    from scipy.stats import chi2

    tail = 0.5 * (1.0 - share)
    freedom = degrees * count
    return float(chi2.ppf(tail, freedom)) / count, float(chi2.ppf(1.0 - tail, freedom)) / count


@dataclass(frozen=True)
class Consistency:
    """Mean normalised squares by age, and the band they should be in.

    One row per age that has any: `age` as given, `count`, `mean`, `low` and `high` (95 % band of
    the mean if the values of one age are independent, as over independent runs).
    """

    age: Floats
    count: Floats
    mean: Floats
    low: Floats
    high: Floats

    @property
    def inside(self) -> float:
        """Share of the ages whose mean lies in its band; 0.95 is expected of an honest filter."""
        within = (self.low <= self.mean) & (self.mean <= self.high)
        return float(within.mean()) if len(self.mean) else float("nan")


def consistency(squares: Floats, age: Floats, degrees: int) -> Consistency:
    """Average NEES or NIS at each age (or scan), with its 95 % chi-square band.

    NaN squares are left out.
    """
    known = np.isfinite(squares)
    ages, at = np.unique(age[known], return_inverse=True)
    count = np.bincount(at, minlength=len(ages)).astype(np.float64)
    mean = np.bincount(at, squares[known], minlength=len(ages)) / np.maximum(count, 1.0)
    bands = np.array([chi_square_band(degrees, int(n)) for n in count]).reshape(-1, 2)
    return Consistency(ages.astype(np.float64), count, mean, bands[:, 0], bands[:, 1])
