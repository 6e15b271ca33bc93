"""WGS-84: geodetic, Earth-centred Earth-fixed (ECEF) and local east-north-up.

Reference: NGA.STND.0036 (WGS 84), 2014; H. Vermeille's closed form is not needed because two
Bowring steps reach 1e-9 rad for heights below 1,000 km.
"""

import math

from mantlet.kernels.compiled import kernel

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1.0 / 298.257223563
ECC2 = FLATTENING * (2.0 - FLATTENING)
SEMI_MINOR_M = SEMI_MAJOR_M * (1.0 - FLATTENING)
_EP2 = ECC2 / (1.0 - ECC2)


@kernel
def ecef_from_geodetic(lat: float, lon: float, height: float) -> tuple[float, float, float]:
    """ECEF metres from latitude and longitude [rad] and ellipsoid height [m]."""
    s = math.sin(lat)
    c = math.cos(lat)
    n = SEMI_MAJOR_M / math.sqrt(1.0 - ECC2 * s * s)
    return (
        (n + height) * c * math.cos(lon),
        (n + height) * c * math.sin(lon),
        (n * (1.0 - ECC2) + height) * s,
    )


@kernel
def geodetic_from_ecef(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Latitude, longitude [rad] and ellipsoid height [m] (Bowring, two steps)."""
    p = math.sqrt(x * x + y * y)
    lon = math.atan2(y, x)
    t = z * SEMI_MAJOR_M / (p * SEMI_MINOR_M)
    for _ in range(2):
        cb = 1.0 / math.sqrt(1.0 + t * t)
        sb = t * cb
        tan_lat = (z + _EP2 * SEMI_MINOR_M * sb**3) / (p - ECC2 * SEMI_MAJOR_M * cb**3)
        t = (1.0 - FLATTENING) * tan_lat
    lat = math.atan(tan_lat)
    s = math.sin(lat)
    c = math.cos(lat)
    # p cos + z sin - a sqrt(1 - e2 s2) keeps its digits at every latitude, the pole included.
    height = p * c + z * s - SEMI_MAJOR_M * math.sqrt(1.0 - ECC2 * s * s)
    return lat, lon, height


@kernel
def height_of(x: float, y: float, z: float) -> float:
    """Ellipsoid height [m] of an ECEF point."""
    return geodetic_from_ecef(x, y, z)[2]


@kernel
def enu_axes(
    lat: float, lon: float
) -> tuple[float, float, float, float, float, float, float, float, float]:
    """East, north and up unit vectors in ECEF, one after the other (rows of the rotation)."""
    sl = math.sin(lat)
    cl = math.cos(lat)
    so = math.sin(lon)
    co = math.cos(lon)
    return -so, co, 0.0, -sl * co, -sl * so, cl, cl * co, cl * so, sl
