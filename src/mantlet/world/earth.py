"""Points on the Earth: degrees at the edges, Earth-centred metres inside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import geodesy
from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6371008.8
"""Mean radius, for distances along the ground where 0.5 % does not matter."""


@dataclass(frozen=True)
class Site:
    """A fixed place: WGS-84 degrees and ellipsoid height in metres."""

    lat_deg: float
    lon_deg: float
    height_m: float = 0.0

    @property
    def ecef_m(self) -> Floats:
        """Earth-centred, Earth-fixed position, shape (3,) [m]."""
        points = ecef_from_degrees(self.lat_deg, self.lon_deg, self.height_m)
        return points.reshape(3)

    @property
    def axes(self) -> Floats:
        """Rows east, north, up in ECEF, shape (3, 3)."""
        flat = geodesy.enu_axes(np.radians(self.lat_deg), np.radians(self.lon_deg))
        return np.array(flat, dtype=np.float64).reshape(3, 3)


@dataclass(frozen=True)
class PlaneSite(Site):
    """A place on the plane of the flat mode (`Air(flat=True)`); all frames are east, north, up."""

    lat_deg: float = 0.0
    lon_deg: float = 0.0
    east_m: float = 0.0
    north_m: float = 0.0

    @property
    def ecef_m(self) -> Floats:
        """Position in the plane's own frame, shape (3,) [m]."""
        return np.array([self.east_m, self.north_m, self.height_m])

    @property
    def axes(self) -> Floats:
        """East, north, up as they are."""
        return np.eye(3)


@kernel
def _to_ecef(lat: Floats, lon: Floats, height: Floats) -> Floats:
    out = np.empty((lat.size, 3))
    for i in range(lat.size):
        out[i, 0], out[i, 1], out[i, 2] = geodesy.ecef_from_geodetic(lat[i], lon[i], height[i])
    return out


@kernel
def _from_ecef(points: Floats) -> Floats:
    out = np.empty((points.shape[0], 3))
    for i in range(points.shape[0]):
        out[i, 0], out[i, 1], out[i, 2] = geodesy.geodetic_from_ecef(
            points[i, 0], points[i, 1], points[i, 2]
        )
    return out


def ecef_from_degrees(
    lat_deg: float | Floats, lon_deg: float | Floats, height_m: float | Floats = 0.0
) -> Floats:
    """ECEF positions, shape (n, 3) [m], from degrees and ellipsoid heights [m]."""
    lat, lon, height = np.broadcast_arrays(
        np.atleast_1d(np.radians(lat_deg)), np.radians(lon_deg), np.asarray(height_m, dtype=float)
    )
    return _to_ecef(np.array(lat), np.array(lon), np.array(height))


def degrees_from_ecef(points_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Latitude, longitude [deg] and ellipsoid height [m] of ECEF points, shape (n, 3)."""
    geodetic = _from_ecef(np.ascontiguousarray(points_m, dtype=np.float64).reshape(-1, 3))
    return np.degrees(geodetic[:, 0]), np.degrees(geodetic[:, 1]), geodetic[:, 2]


def ground_distance_m(
    lat1_deg: float | Floats,
    lon1_deg: float | Floats,
    lat2_deg: float | Floats,
    lon2_deg: float | Floats,
) -> Floats:
    """Great-circle distance [m] on the mean sphere (within 0.5 % of the ellipsoid)."""
    lat1, lon1, lat2, lon2 = map(np.radians, (lat1_deg, lon1_deg, lat2_deg, lon2_deg))
    half = np.sin((lat2 - lat1) / 2) ** 2
    half = half + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half)))
