"""The flat map under a replay: metres east and north of its centre, and ellipses on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.world.earth import Site, degrees_from_ecef

SEMI_MAJOR_M = 6378137.0
ECCENTRICITY_SQUARED = 6.69437999014e-3  # WGS-84, NIMA TR8350.2

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Frame:
    """Local equirectangular map about a centre: north up, heights above the ellipsoid.

    Scale is exact at the centre; lengths along the east are wrong by 1 % where the latitude
    differs by 1 degree (at 32 degrees north). It is a drawing, nothing is computed from it.
    """

    lat_deg: float
    lon_deg: float

    def metres_per_degree(self) -> tuple[float, float]:
        """Length of one degree of longitude and of latitude at the centre [m]."""
        sine = np.sin(np.radians(self.lat_deg))
        flattening = 1.0 - ECCENTRICITY_SQUARED * sine**2
        normal = SEMI_MAJOR_M / np.sqrt(flattening)
        meridian = normal * (1.0 - ECCENTRICITY_SQUARED) / flattening
        degree = np.pi / 180.0
        return float(normal * np.cos(np.radians(self.lat_deg)) * degree), float(meridian * degree)

    def place(self, lat_deg: Floats, lon_deg: Floats) -> tuple[Floats, Floats]:
        """East and north [m] of points in degrees."""
        east, north = self.metres_per_degree()
        turned = (np.asarray(lon_deg) - self.lon_deg + 180.0) % 360.0 - 180.0
        return turned * east, (np.asarray(lat_deg) - self.lat_deg) * north

    def place_ecef(self, points_m: Floats) -> tuple[Floats, Floats, Floats]:
        """East, north and height [m] of ECEF points, shape (n, 3)."""
        lat, lon, height = degrees_from_ecef(points_m)
        return *self.place(lat, lon), height

    def turn_covariance(self, covariance_m2: Floats) -> Floats:
        """ECEF covariances, shape (n, 3, 3) [m2], in the centre's east, north, up."""
        axes = Site(self.lat_deg, self.lon_deg).axes
        turned: Floats = np.einsum("ij,njk,lk->nil", axes, covariance_m2, axes)
        return turned


def ellipse(ee: Floats, en: Floats, nn: Floats) -> tuple[Floats, Floats, Floats]:
    """One-sigma semi-axes [m] and the direction of the longer one [rad, from east to north].

    From the covariance of a point on the map [m2]: the closed-form eigenvalues of a symmetric
    2 x 2 matrix.
    """
    middle, half = (ee + nn) / 2, np.hypot((ee - nn) / 2, en)
    major = np.sqrt(np.maximum(middle + half, 0.0))
    minor = np.sqrt(np.maximum(middle - half, 0.0))
    return major, minor, np.mod(0.5 * np.arctan2(2 * en, ee - nn), np.pi)


def plot_positions(
    site: Site, range_m: Floats, azimuth_rad: Floats, elevation_rad: Floats
) -> Floats:
    """ECEF positions, shape (n, 3) [m], of plots measured from `site`.

    Azimuth clockwise from true north, elevation above the local horizontal.
    """
    level = range_m * np.cos(elevation_rad)
    local = np.stack(
        [
            level * np.sin(azimuth_rad),
            level * np.cos(azimuth_rad),
            range_m * np.sin(elevation_rad),
        ],
        axis=-1,
    )
    points: Floats = site.ecef_m + np.einsum("ni,ij->nj", local, site.axes)
    return points
