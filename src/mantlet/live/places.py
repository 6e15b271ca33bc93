"""From Earth-centred metres to what a map draws: degrees, east-north-up, ellipses."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.replay_frame import ellipse
from mantlet.world.earth import degrees_from_ecef

Array = NDArray[Any]
Floats = NDArray[np.float64]


def placed(position_m: Floats) -> Floats:
    """Longitude, latitude [deg] and ellipsoid height [m], shape (n, 3), of ECEF positions."""
    lat, lon, height = degrees_from_ecef(position_m)
    return np.stack([lon, lat, height], axis=1)


def axes_at(place: Floats) -> Floats:
    """Rows east, north, up in ECEF at longitudes and latitudes [deg], shape (n, 3, 3)."""
    lon, lat = np.radians(place[:, 0]), np.radians(place[:, 1])
    sl, cl, sp, cp = np.sin(lon), np.cos(lon), np.sin(lat), np.cos(lat)
    zero = np.zeros_like(sl)
    east = np.stack([-sl, cl, zero], axis=1)
    north = np.stack([-sp * cl, -sp * sl, cp], axis=1)
    up = np.stack([cp * cl, cp * sl, sp], axis=1)
    return np.stack([east, north, up], axis=1)


def turned(axes: Floats, vectors: Floats) -> Floats:
    """ECEF vectors, shape (n, 3), in the local axes."""
    local: Floats = np.einsum("nij,nj->ni", axes, vectors)
    return local


def position_covariance(packed: Floats) -> Floats:
    """The position block, shape (n, 3, 3), of packed 7 x 7 upper triangles, shape (n, 28)."""
    return packed[:, [0, 1, 2, 1, 7, 8, 2, 8, 13]].reshape(-1, 3, 3)


def local_covariance(axes: Floats, covariance: Floats) -> Floats:
    """ECEF covariances, shape (n, 3, 3), in the local axes."""
    # Two plain sums: one product of three would go through BLAS, whose buffers outweigh a run.
    half = np.einsum("nij,njk->nik", axes, covariance)
    whole: Floats = np.einsum("nik,nlk->nil", half, axes)
    return whole


LARGEST = float(np.finfo(np.float32).max)


def single(values: Floats) -> Array:
    """As float32; what that cannot hold becomes the largest it can (doubt may be boundless)."""
    return np.clip(values, -LARGEST, LARGEST).astype(np.float32)


def ellipses(ee: Floats, en: Floats, nn: Floats) -> Array:
    """Semi-axes [m] and direction [rad, east to north] at one sigma, shape (n, 3), float32."""
    return single(np.stack(ellipse(ee, en, nn), axis=1))


def carried(place: Floats, velocity_mps: Floats, seconds: float) -> Floats:
    """Places (lon, lat [deg], height [m]) a short time on at their east-north-up velocities.

    On the local sphere: within a millimetre per second of flight at these speeds.
    """
    moved = place.astype(np.float64)
    moved[:, 0] += velocity_mps[:, 0] * seconds / (111_320.0 * np.cos(np.radians(moved[:, 1])))
    moved[:, 1] += velocity_mps[:, 1] * seconds / 111_132.0
    moved[:, 2] += velocity_mps[:, 2] * seconds
    return moved
