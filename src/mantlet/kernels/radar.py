"""The radar equation, detection of a fluctuating object, measurement error, one whole scan.

Only what a plot shows: received power against a threshold, never a waveform. The propagation is
free space along straight lines; a radar's elevation limits stand for its horizon.

References: M. I. Skolnik, Introduction to Radar Systems, 3rd ed., McGraw-Hill, 2001, ch. 1-2
(radar equation); P. Swerling, "Probability of detection for fluctuating targets", RAND RM-1217,
1954 (case 1); G. R. Curry, Radar Essentials, SciTech, 2012 (measurement errors).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import draws
from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

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
RANGE_RESOLUTION = 20
AZIMUTH_BEAMWIDTH = 21
ELEVATION_BEAMWIDTH = 22
SIGMA_RANGE = 23
SIGMA_AZIMUTH = 24
SIGMA_ELEVATION = 25
SIGMA_RANGE_RATE = 26  # NaN: the radar measures none
FALSE_PLOTS = 27
SETTINGS = 28

# Rows of what a scan finds.
RANGE, AZIMUTH, ELEVATION, RANGE_RATE, POWER = range(5)
MEASURES = 5

ANGLE_SLOPE = 1.6
"""Beamwidths per unit of normalised monopulse error (Curry 2012)."""

FALSE_RANGE_RATE_MPS = 1_000.0
"""False plots of a radar with range rate are spread evenly over plus and minus this."""


@kernel
def signal_to_noise(reference: float, rcs: float, distance: float) -> float:
    """Mean SNR (power ratio) of `rcs` [m2] at `distance` [m]; `reference` = SNR x range^4 / rcs."""
    return reference * rcs / distance**4


@kernel
def detection_probability(snr: float, false_alarm: float) -> float:
    """Swerling case 1, one look: Pd = Pfa^(1 / (1 + SNR)), SNR the mean power ratio."""
    return math.exp(math.log(false_alarm) / (1.0 + snr))


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
def _covered(radar: Floats, distance: float, azimuth: float, elevation: float) -> bool:
    if not radar[RANGE_MIN] <= distance <= radar[RANGE_MAX]:  # NaN is never covered
        return False
    if not radar[ELEVATION_MIN] <= elevation <= radar[ELEVATION_MAX]:
        return False
    turn = wrapped(azimuth - radar[AZIMUTH_CENTRE])
    return bool(abs(turn) <= radar[AZIMUTH_HALF_WIDTH])


@kernel
def _detect(
    radar: Floats, keys: Ints, draw_key: Ints, position: Floats, velocity: Floats, rcs: Floats
) -> Floats:
    """What each object returns, one column each; POWER (over noise) is 0 where undetected."""
    echo = np.empty((MEASURES, draw_key.size))
    for i in range(draw_key.size):
        echo[POWER, i] = 0.0
        distance, azimuth, elevation, rate = local_position(
            radar, position[i, 0], position[i, 1], position[i, 2],
            velocity[i, 0], velocity[i, 1], velocity[i, 2],
        )  # fmt: skip
        if not _covered(radar, distance, azimuth, elevation):
            continue
        snr = signal_to_noise(radar[REFERENCE], rcs[i], distance)
        u, _ = draws.uniform_pair(keys[0], draws.DETECTION, draw_key[i], keys[1], keys[2], 0)
        # Signal plus noise of a case-1 object is exponential with mean 1 + SNR: the draw that
        # decides on detection is also the power seen, so weak plots are the uncertain ones.
        power = -(1.0 + snr) * math.log(u)
        if power > radar[THRESHOLD]:
            echo[RANGE, i] = distance
            echo[AZIMUTH, i] = azimuth
            echo[ELEVATION, i] = elevation
            echo[RANGE_RATE, i] = rate
            echo[POWER, i] = power
    return echo


@kernel
def _in_one_cell(radar: Floats, echo: Floats, i: int, j: int) -> bool:
    # Range first: it tells most pairs apart.
    if abs(echo[RANGE, i] - echo[RANGE, j]) >= radar[RANGE_RESOLUTION]:
        return False
    if abs(echo[ELEVATION, i] - echo[ELEVATION, j]) >= radar[ELEVATION_BEAMWIDTH]:
        return False
    turn = wrapped(echo[AZIMUTH, i] - echo[AZIMUTH, j])
    return bool(abs(turn) < radar[AZIMUTH_BEAMWIDTH])


@kernel
def _strongest(power: Floats) -> int:
    best = -1
    most = 0.0
    for i in range(power.size):
        if power[i] > most:
            most = power[i]
            best = i
    return best


@kernel
def _absorb_cell(radar: Floats, echo: Floats, lead: int) -> int:
    """Move `lead` to the power-weighted centre of its cell; the next strongest row in it, or -1."""
    second = -1
    loudest = 0.0
    total = echo[POWER, lead]
    shift_range, shift_azimuth, shift_elevation, shift_rate = 0.0, 0.0, 0.0, 0.0
    for j in range(echo.shape[1]):
        power = echo[POWER, j]
        if j == lead or power == 0.0 or not _in_one_cell(radar, echo, lead, j):
            continue
        shift_range += power * (echo[RANGE, j] - echo[RANGE, lead])
        shift_azimuth += power * wrapped(echo[AZIMUTH, j] - echo[AZIMUTH, lead])
        shift_elevation += power * (echo[ELEVATION, j] - echo[ELEVATION, lead])
        shift_rate += power * (echo[RANGE_RATE, j] - echo[RANGE_RATE, lead])
        total += power
        if power > loudest:
            loudest = power
            second = j
        echo[POWER, j] = 0.0
    echo[RANGE, lead] += shift_range / total
    echo[AZIMUTH, lead] += shift_azimuth / total
    echo[ELEVATION, lead] += shift_elevation / total
    echo[RANGE_RATE, lead] += shift_rate / total
    echo[POWER, lead] = total
    return second


@kernel
def _measure(radar: Floats, keys: Ints, entity: int, echo: Floats, i: int, out: Floats) -> None:
    """Add the measurement error of row `i`, drawn for `entity`, and write it to `out`."""
    snr = echo[POWER, i] - 1.0
    out[RANGE] = measurement_sigma(radar[RANGE_RESOLUTION], 1.0, snr, radar[SIGMA_RANGE])
    out[AZIMUTH] = measurement_sigma(
        radar[AZIMUTH_BEAMWIDTH], ANGLE_SLOPE, snr, radar[SIGMA_AZIMUTH]
    )
    out[ELEVATION] = measurement_sigma(
        radar[ELEVATION_BEAMWIDTH], ANGLE_SLOPE, snr, radar[SIGMA_ELEVATION]
    )
    out[RANGE_RATE] = radar[SIGMA_RANGE_RATE]
    for pair in range(2):  # one call, not two: each inlined copy costs compile time
        first, second = draws.normal_pair(
            keys[0], draws.MEASUREMENT, entity, keys[1], keys[2], pair
        )
        out[2 * pair] = echo[2 * pair, i] + first * out[2 * pair]
        out[2 * pair + 1] = echo[2 * pair + 1, i] + second * out[2 * pair + 1]
    out[POWER] = echo[POWER, i]


@kernel
def _false_plot(radar: Floats, keys: Ints, ordinal: int, out: Floats) -> None:
    """Noise over the threshold: every resolution cell is as likely as any other."""
    for pair in range(2):
        out[2 * pair], out[2 * pair + 1] = draws.uniform_pair(
            keys[0], draws.CLUTTER, ordinal, keys[1], keys[2], pair
        )
    u, _ = draws.uniform_pair(keys[0], draws.CLUTTER_SNR, ordinal, keys[1], keys[2], 0)
    low = radar[RANGE_MIN]
    out[RANGE] = low + out[RANGE] * (radar[RANGE_MAX] - low)
    turn = 2.0 * out[AZIMUTH] - 1.0
    out[AZIMUTH] = radar[AZIMUTH_CENTRE] + turn * radar[AZIMUTH_HALF_WIDTH]
    low = radar[ELEVATION_MIN]
    out[ELEVATION] = low + out[ELEVATION] * (radar[ELEVATION_MAX] - low)
    has_rate = not math.isnan(radar[SIGMA_RANGE_RATE])
    rate = (2.0 * out[RANGE_RATE] - 1.0) * FALSE_RANGE_RATE_MPS
    out[RANGE_RATE] = rate if has_rate else math.nan
    out[POWER] = radar[THRESHOLD] - math.log(u)


@kernel
def scan(
    radar: Floats,
    keys: Ints,
    object_id: Ints,
    draw_key: Ints,
    position: Floats,
    velocity: Floats,
    rcs: Floats,
) -> tuple[Floats, Ints]:
    """One scan: detections, merged where they share a resolution cell, then false plots.

    `radar` is packed as above; `keys` = (seed, stream of the radar, scan number). `object_id` (n)
    is only handed through; `draw_key` (n) says whose draws are taken. `position` and `velocity`
    are ECEF, (n, 3) [m, m/s]; `rcs` (n) [m2]. Returns the measures, (k, 5): range,
    azimuth (0 to a full turn), elevation, range rate, power over noise; and the ids of the one
    or two strongest objects in each, (k, 2), -1 where there is none. Rows are *not* in a
    truth-free order yet.

    A cell is opened by the strongest echo left and takes in all that stand within one resolution
    of it, so the outcome does not depend on the order of the objects.
    """
    u, _ = draws.uniform_pair(keys[0], draws.CLUTTER_COUNT, 0, keys[1], keys[2], 0)
    false_plots = draws.poisson(radar[FALSE_PLOTS], u)
    found = np.empty((object_id.size + false_plots, MEASURES))
    origins = np.empty((object_id.size + false_plots, 2), np.int64)
    echo = _detect(radar, keys, draw_key, position, velocity, rcs)
    count = 0
    lead = _strongest(echo[POWER])
    while lead >= 0:
        second = _absorb_cell(radar, echo, lead)
        _measure(radar, keys, draw_key[lead], echo, lead, found[count])
        origins[count, 0] = object_id[lead]
        origins[count, 1] = object_id[second] if second >= 0 else -1
        echo[POWER, lead] = 0.0
        count += 1
        lead = _strongest(echo[POWER])
    for ordinal in range(false_plots):
        _false_plot(radar, keys, ordinal, found[count])
        origins[count] = -1
        count += 1
    for i in range(count):
        found[i, AZIMUTH] -= 2.0 * math.pi * math.floor(found[i, AZIMUTH] / (2.0 * math.pi))
    return found[:count], origins[:count]
