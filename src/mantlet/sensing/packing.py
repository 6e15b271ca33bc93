"""A radar as the scan kernel takes it: packed settings, regions of false plots, terrain mask."""

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import radar as kernel
from mantlet.kernels import sight
from mantlet.kernels.terrain import SPACING
from mantlet.sensing.interference import ClutterRegion
from mantlet.tables.errors import InputError
from mantlet.world.earth import EARTH_RADIUS_M, Site
from mantlet.world.terrain import Terrain

if TYPE_CHECKING:
    from mantlet.sensing.radar import Radar

Floats = NDArray[np.float64]

EFFECTIVE_EARTH = 4.0 / 3.0
"""Rays of radars bend in the standard atmosphere as if the Earth were so much larger."""

MASK_ROWS, MASK_COLUMNS = 1_440, 1_000
"""Directions and distances of a terrain mask: a quarter of a degree, a thousandth of the range."""

SAMPLE_MIN_M = 30.0
"""Terrain is looked at every spacing of its grid, but not closer than this."""

FALSE_RANGE_RATE_MPS = 1_000.0
"""False plots of a radar with range rate are spread evenly over plus and minus this (notional)."""

_IN_PLACE = (
    ("RANGE_MIN", "range_min_m"),
    ("RANGE_MAX", "range_max_m"),
    ("REFERENCE", "reference"),
    ("THRESHOLD", "threshold"),
    ("RANGE_RESOLUTION", "range_resolution_m"),
    ("SIGMA_RANGE", "sigma_range_m"),
    ("SIGMA_AZIMUTH", "sigma_azimuth_rad"),
    ("SIGMA_ELEVATION", "sigma_elevation_rad"),
    ("SIGMA_RANGE_RATE", "sigma_range_rate_mps"),
    ("SWERLING", "swerling"),
    ("PULSES", "pulses"),
    ("HORIZON", "horizon_rad"),
    ("HORIZON_RANGE", "horizon_m"),
)
_IN_DEGREES = (
    ("ELEVATION_MIN", "elevation_min_deg"),
    ("ELEVATION_MAX", "elevation_max_deg"),
    ("AZIMUTH_CENTRE", "azimuth_centre_deg"),
    ("AZIMUTH_BEAMWIDTH", "azimuth_beamwidth_deg"),
    ("ELEVATION_BEAMWIDTH", "elevation_beamwidth_deg"),
)


def settings(radar: "Radar") -> Floats:
    """Everything in its place in `kernels.radar`, without jamming."""
    packed = np.zeros(kernel.SETTINGS)
    packed[kernel.SITE : kernel.SITE + 3] = radar.site.ecef_m
    packed[kernel.AXES : kernel.AXES + 9] = radar.site.axes.ravel()
    for place, name in _IN_PLACE:
        packed[getattr(kernel, place)] = getattr(radar, name)
    for place, name in _IN_DEGREES:
        packed[getattr(kernel, place)] = math.radians(getattr(radar, name))
    packed[kernel.AZIMUTH_HALF_WIDTH] = math.radians(radar.azimuth_width_deg) / 2.0
    if not math.isnan(radar.sigma_range_rate_mps):
        packed[kernel.RANGE_RATE_RESOLUTION] = radar.range_rate_resolution_mps
    packed[kernel.BEND] = bend_of(radar.refraction)
    packed[kernel.BEND_LEFT] = packed[kernel.BEND] if radar.refraction == "apparent" else 0.0
    packed[kernel.MASK_STEP] = radar.range_max_m / MASK_COLUMNS
    packed[kernel.JAMMED_HALF_WIDTH] = -1.0
    packed[kernel.FIXED_ARRAY] = radar.kind == "staring-3d"
    middle_deg = 0.5 * (radar.elevation_min_deg + radar.elevation_max_deg)
    packed[kernel.ARRAY_ELEVATION] = math.radians(middle_deg)
    return packed


def jammed(radar: "Radar") -> Floats:
    """The same with its jamming on."""
    packed = settings(radar)
    if (jamming := radar.jamming) is not None:
        packed[kernel.JAMMED_CENTRE] = math.radians(jamming.azimuth_centre_deg)
        packed[kernel.JAMMED_HALF_WIDTH] = math.radians(jamming.azimuth_width_deg) / 2.0
        packed[kernel.JAMMED_NOISE] = 10.0 ** (jamming.noise_db / 10.0)
    return packed


def regions(radar: "Radar") -> Floats:
    """Where false plots come from: first all of the coverage, above the horizon, then clutter."""
    everywhere = ClutterRegion(
        radar.mean_false_plots,
        radar.range_min_m,
        radar.range_max_m,
        radar.azimuth_centre_deg,
        radar.azimuth_width_deg,
        max(radar.elevation_min_deg, math.degrees(radar.horizon_rad)),
        radar.elevation_max_deg,
    )
    doppler = not math.isnan(radar.sigma_range_rate_mps)
    return np.array([_region(region, doppler) for region in (everywhere, *radar.clutter)])


def _region(region: ClutterRegion, doppler: bool) -> list[float]:
    """Mean number of false plots, then lowest value and width of each measure."""
    half_deg = region.azimuth_width_deg / 2.0
    centre_deg = region.azimuth_centre_deg
    rate_mps = FALSE_RANGE_RATE_MPS if doppler else math.nan
    limits = (
        (region.range_min_m, region.range_max_m),
        (math.radians(centre_deg - half_deg), math.radians(centre_deg + half_deg)),
        (math.radians(region.elevation_min_deg), math.radians(region.elevation_max_deg)),
        (-rate_mps, rate_mps),
    )
    lowest, width = [low for low, _ in limits], [high - low for low, high in limits]
    return [region.false_plots_per_scan, *lowest, *width]


def bend_of(refraction: str) -> float:
    """Half the curvature of rays [rad/m]."""
    if refraction == "none":
        return 0.0
    return (1.0 - 1.0 / EFFECTIVE_EARTH) / (2.0 * EARTH_RADIUS_M)


def mask(radar: "Radar") -> sight.Mask:
    """The radar's terrain mask, (0, 0) without terrain; see `kernels.sight.terrain_mask`."""
    if radar.terrain is None:
        return np.empty((0, 0), np.float32)
    return _mask(radar.site, radar.terrain, radar.range_max_m, bend_of(radar.refraction))


@lru_cache(maxsize=32)
def _mask(site: Site, terrain: Terrain, range_max_m: float, bend: float) -> sight.Mask:
    """Once for every site, however many radars, runs and replicates there are in the process."""
    sample_m = max(float(terrain.packed[SPACING]), SAMPLE_MIN_M)
    return sight.terrain_mask(
        site.ecef_m,
        site.axes.ravel(),
        terrain.packed,
        bend,
        MASK_ROWS,
        MASK_COLUMNS,
        range_max_m / MASK_COLUMNS,
        sample_m,
    )


def check_above(site: Site, terrain: Terrain) -> None:
    """Refuse a site below the ground, and ground of a flat world."""
    if terrain.flat:
        raise InputError("terrain: a flat grid; a radar needs one in degrees")
    ground_m = terrain.heights_m(np.array([site.lat_deg]), np.array([site.lon_deg]))[0]
    if site.height_m < ground_m:
        raise InputError(
            f"height_m {site.height_m:g}: under the terrain, {ground_m:.1f} m there\n"
            f"    fix: write a height above that"
        )
