"""A radar's settings as the kernels take them, the radar equation, geometry, measurement error.

References: M. I. Skolnik, Introduction to Radar Systems, 3rd ed., McGraw-Hill, 2001, ch. 1-2
(radar equation); G. R. Curry, Radar Essentials, SciTech, 2012 (measurement errors).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.sight import Mask, apparent_elevation, hidden

Floats = NDArray[np.float64]

# Where each setting of a radar stands in its packed array.
SITE = 0  # ECEF, 3 values [m]
AXES = 3  # east, north, up in ECEF, 9 values
RANGE_MIN = 12
RANGE_MAX = 13
ELEVATION_MIN = 14
ELEVATION_MAX = 15
AZIMUTH_CENTRE = 16
AZIMUTH_HALF_WIDTH = 17
REFERENCE = 18  # SNR of 1 m2 times the fourth power of the range [m4]
THRESHOLD = 19  # detection threshold over mean noise power
RANGE_RESOLUTION = 20  # from here in the order of the measures below
AZIMUTH_BEAMWIDTH = 21
ELEVATION_BEAMWIDTH = 22
RANGE_RATE_RESOLUTION = 23  # 0: it does not tell objects apart
SIGMA_RANGE = 24  # from here in the order of the measures below
SIGMA_AZIMUTH = 25
SIGMA_ELEVATION = 26
SIGMA_RANGE_RATE = 27  # NaN: the radar measures none
SWERLING = 28
PULSES = 29
BEND = 30  # half the curvature of rays [rad/m]
BEND_LEFT = 31  # the same where plots show apparent elevations, 0 where they are corrected
HORIZON = 32  # its apparent elevation [rad]
HORIZON_RANGE = 33  # and its distance [m]: nearer, there is only ground below
MASK_STEP = 34  # distance from column to column of the terrain mask [m]
JAMMED_CENTRE = 35
JAMMED_HALF_WIDTH = 36
JAMMED_NOISE = 37  # noise in the sector over noise elsewhere; 1: no jamming
FIXED_ARRAY = 38  # 1: a plane array that looks one way, AZIMUTH_CENTRE; 0: it turns
ARRAY_ELEVATION = 39  # and how far it leans back [rad]
SETTINGS = 40

# Rows of what a scan finds.
RANGE, AZIMUTH, ELEVATION, RANGE_RATE, POWER = range(5)
MEASURES = 5

# Columns of an object's mean radar cross-section.
NOSE, SIDE, TAIL = range(3)

ANGLE_SLOPE = 1.6
"""Beamwidths per unit of normalised monopulse error (Curry 2012)."""

SCAN_LOSS_POWER = 2.5
"""Two-way gain of a plane array falls with this power of the cosine off its axis (Curry 2012)."""


@kernel
def signal_to_noise(reference: float, rcs: float, distance: float) -> float:
    """Mean SNR (power ratio) of `rcs` [m2] at `distance` [m]; `reference` = SNR x range^4 / rcs."""
    return reference * rcs / distance**4


@kernel
def measurement_sigma(resolution: float, slope: float, snr: float, floor: float) -> float:
    """Standard deviation: resolution / (slope sqrt(2 SNR)), and the fixed part, in quadrature."""
    return math.sqrt(floor**2 + resolution**2 / (2.0 * slope**2 * snr))


@kernel
def wrapped(angle: float) -> float:
    """The same angle [rad] between minus and plus half a turn."""
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@kernel
def local_position(
    radar: Floats, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float, float, float]:
    """Range [m], azimuth and elevation [rad], range rate [m/s] of an ECEF state, at the radar."""
    dx = x - radar[SITE]
    dy = y - radar[SITE + 1]
    dz = z - radar[SITE + 2]
    east = radar[AXES] * dx + radar[AXES + 1] * dy + radar[AXES + 2] * dz
    north = radar[AXES + 3] * dx + radar[AXES + 4] * dy + radar[AXES + 5] * dz
    up = radar[AXES + 6] * dx + radar[AXES + 7] * dy + radar[AXES + 8] * dz
    distance = math.sqrt(dx * dx + dy * dy + dz * dz)
    elevation = math.atan2(up, math.sqrt(east * east + north * north))
    rate = (dx * vx + dy * vy + dz * vz) / distance if distance > 0.0 else 0.0
    return distance, math.atan2(east, north), elevation, rate


@kernel
def off_axis(radar: Floats, azimuth: float, elevation: float) -> float:
    """Cosine of the angle between a direction and the axis of a fixed array; 1 if it turns."""
    if radar[FIXED_ARRAY] == 0.0:
        return 1.0
    lean, turn = radar[ARRAY_ELEVATION], azimuth - radar[AZIMUTH_CENTRE]
    level = math.cos(elevation) * math.cos(lean) * math.cos(turn)
    return level + math.sin(elevation) * math.sin(lean)


@kernel
def covered(radar: Floats, mask: Mask, distance: float, azimuth: float, apparent: float) -> bool:
    """Whether a direction and distance are in the field of regard and nothing is in the way."""
    if not radar[RANGE_MIN] <= distance <= radar[RANGE_MAX]:  # NaN is never covered
        return False
    if not radar[ELEVATION_MIN] <= apparent <= radar[ELEVATION_MAX]:
        return False
    if apparent < radar[HORIZON] and distance > radar[HORIZON_RANGE]:
        return False
    turn = wrapped(azimuth - radar[AZIMUTH_CENTRE])
    if abs(turn) > radar[AZIMUTH_HALF_WIDTH] or off_axis(radar, azimuth, apparent) <= 0.0:
        return False
    return not hidden(mask, radar[MASK_STEP], azimuth, distance, apparent)


@kernel
def cross_section(nose: float, side: float, tail: float, rate: float, speed: float) -> float:
    """Mean radar cross-section [m2] of a body that flies nose first, by its aspect.

    With the angle t between flight and line of sight: end cos2 t + side sin2 t, the end being nose
    or tail, whichever is shown. `rate` is the range rate; at rest, the side shows.
    """
    if speed <= 0.0:
        return side
    cosine = min(max(rate / speed, -1.0), 1.0)
    end = nose if cosine < 0.0 else tail
    return end * cosine * cosine + side * (1.0 - cosine * cosine)


@kernel
def direction_loss(radar: Floats, azimuth: float, elevation: float) -> float:
    """What SNR is divided by in a direction: jamming, and looking off a fixed array's axis."""
    loss: float = 1.0
    if abs(wrapped(azimuth - radar[JAMMED_CENTRE])) <= radar[JAMMED_HALF_WIDTH]:
        loss = radar[JAMMED_NOISE]
    if radar[FIXED_ARRAY] == 0.0:
        return loss
    return float(loss / off_axis(radar, azimuth, elevation) ** SCAN_LOSS_POWER)


@kernel
def echo_of(
    radar: Floats, mask: Mask, position: Floats, velocity: Floats, rcs: Floats, i: int
) -> tuple[float, float, float, float, float]:
    """Mean SNR of one pulse, range, azimuth, true elevation and range rate of row `i`.

    The SNR (power ratio) is -1 where the radar does not look or something is in the way.
    """
    vx, vy, vz = velocity[i, 0], velocity[i, 1], velocity[i, 2]
    distance, azimuth, elevation, rate = local_position(
        radar, position[i, 0], position[i, 1], position[i, 2], vx, vy, vz
    )
    apparent = apparent_elevation(elevation, distance, radar[BEND])
    if not covered(radar, mask, distance, azimuth, apparent):
        return -1.0, distance, azimuth, elevation, rate
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    seen_m2 = cross_section(rcs[i, NOSE], rcs[i, SIDE], rcs[i, TAIL], rate, speed)
    snr = signal_to_noise(radar[REFERENCE], seen_m2, distance)
    return snr / direction_loss(radar, azimuth, apparent), distance, azimuth, elevation, rate
