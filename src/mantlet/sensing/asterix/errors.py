"""What rounding adds to a measurement: to be added, in squares, when tracking from ASTERIX."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.clock import STEP_S

Floats = NDArray[np.float64]

NAUTICAL_MILE_M = 1852.0
FOOT_M = 0.3048

RANGE_STEP_M = NAUTICAL_MILE_M / 256
AZIMUTH_STEP_RAD = 2 * math.pi / 65536
HEIGHT_STEP_M = 25 * FOOT_M

_UNIFORM = 1 / math.sqrt(12)  # standard deviation of an even spread over one step


@dataclass(frozen=True)
class PlotErrors:
    """Standard deviations (n,) that CAT048's steps add to range, azimuth, elevation and time."""

    range_m: Floats
    azimuth_rad: Floats
    elevation_rad: Floats
    time_s: Floats


def plot_errors(range_m: Floats, elevation_rad: Floats) -> PlotErrors:
    """Errors of the format for plots at these ranges [m] and elevations [rad], each (n,).

    2.1 m, 0.028 mrad and 2.3 ms everywhere. Elevation comes back from height and range, so both
    their steps count, over the ground range: 0.22 mrad at 10 km and low, more near and high, at
    most half a right angle (at the zenith it is unknown). What it shares with the error of range
    is not told.
    """
    sigma_range = np.full(np.shape(range_m), RANGE_STEP_M * _UNIFORM)
    across = np.hypot(HEIGHT_STEP_M * _UNIFORM, np.sin(elevation_rad) * sigma_range)
    ground = np.maximum(np.asarray(range_m) * np.cos(elevation_rad), 1e-9)
    return PlotErrors(
        sigma_range,
        np.full(np.shape(range_m), AZIMUTH_STEP_RAD * _UNIFORM),
        np.minimum(across / ground, math.pi / 4),
        np.full(np.shape(range_m), STEP_S * _UNIFORM),
    )
