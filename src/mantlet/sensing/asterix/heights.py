"""Height instead of elevation: what CAT048 says of the third dimension, there and back."""

import numpy as np
from numpy.typing import NDArray

from mantlet.world.earth import Site, degrees_from_ecef

Floats = NDArray[np.float64]

SLACK_M = 15.0
"""Height above the radar may exceed the range by so much: rounding of both, near the zenith."""


def _directions(site: Site, azimuth_rad: Floats, elevation_rad: Floats) -> Floats:
    """Unit vectors in ECEF, (n, 3)."""
    level = np.cos(elevation_rad)
    parts = level * np.sin(azimuth_rad), level * np.cos(azimuth_rad), np.sin(elevation_rad)
    axes = site.axes
    return np.asarray(sum(part[:, None] * axis for part, axis in zip(parts, axes, strict=True)))


def heights(site: Site, range_m: Floats, azimuth_rad: Floats, elevation_rad: Floats) -> Floats:
    """Ellipsoid heights [m] of points (n,) by their measures at `site` (straight rays)."""
    line = _directions(site, azimuth_rad, elevation_rad)
    return degrees_from_ecef(site.ecef_m + range_m[:, None] * line)[2]


def elevations(site: Site, range_m: Floats, azimuth_rad: Floats, height_m: Floats) -> Floats:
    """Elevations [rad] of points (n,) by range, azimuth and ellipsoid height; NaN if impossible.

    From a spherical first guess, Newton's steps on the ellipsoid: within 1e-8 rad below 85 deg
    of elevation. At the zenith height says nothing of elevation, and the error of the format
    grows without bound (`errors.plot_errors`). A height above the radar of up to `SLACK_M` more
    than the range is the zenith; more is impossible.
    """
    centre_m = float(np.linalg.norm(site.ecef_m))
    # The comparisons are true of NaN too, which must not travel on.
    impossible = ~(np.abs(height_m - site.height_m) <= range_m + SLACK_M) | ~(range_m > 0.0)
    impossible |= np.isnan(azimuth_rad)
    range_m = np.where(impossible, 1_000.0, range_m)
    azimuth_rad = np.where(impossible, 0.0, azimuth_rad)
    up = np.where(impossible, 0.0, height_m - site.height_m)
    sine = (up * (2.0 * centre_m + up) - range_m**2) / (2.0 * range_m * centre_m)
    elevation = np.arcsin(np.clip(sine, -1.0, 1.0))
    for _ in range(4):
        missed = site.height_m + up - heights(site, range_m, azimuth_rad, elevation)
        # Seen from the point, the radar's vertical leans by the angle at the Earth's centre.
        lean = np.arctan2(range_m * np.cos(elevation), centre_m + range_m * np.sin(elevation))
        step = missed / (range_m * np.maximum(np.cos(elevation - lean), 1e-3))
        elevation = np.clip(elevation + np.clip(step, -0.1, 0.1), -np.pi / 2, np.pi / 2)
    return np.where(impossible, np.nan, elevation)
