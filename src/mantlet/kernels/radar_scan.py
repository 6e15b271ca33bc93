"""One whole scan of a radar: echoes, detection, measurement, false plots.

Only what a plot shows: received power against a threshold, never a waveform.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import draws
from mantlet.kernels.borrowed import borrowed
from mantlet.kernels.compiled import kernel
from mantlet.kernels.detection import noise_power, received_power
from mantlet.kernels.radar import (
    ANGLE_SLOPE,
    AZIMUTH,
    BEND_LEFT,
    ELEVATION,
    MEASURES,
    POWER,
    PULSES,
    RANGE,
    RANGE_RATE,
    RANGE_RESOLUTION,
    SIGMA_RANGE,
    SWERLING,
    THRESHOLD,
    covered,
    echo_of,
    measurement_sigma,
    off_axis,
)
from mantlet.kernels.resolution_cells import absorb_cell, ascending
from mantlet.kernels.sight import Mask, apparent_elevation

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Columns of a region with false plots: their mean number, then lowest value and width by measure.
MEAN, LOWEST, WIDTH = 0, 1, 5
REGION = 9

REGION_BITS = 20
"""False plots of region k are drawn for the entities from k shifted by so many bits."""


@kernel
def _measure(radar: Floats, keys: Ints, entity: int, cell: Floats, out: Floats, k: int) -> None:
    """Add the measurement error of a cell, drawn for `entity`, and write it to column `k`."""
    snr = cell[POWER] - radar[PULSES]
    # The beam of a fixed array is as much wider off its axis as the array looks narrower.
    angle_slope = ANGLE_SLOPE * off_axis(radar, cell[AZIMUTH], cell[ELEVATION])
    for pair in range(2):  # one call in a loop: each copy of it costs compile time
        a, b = draws.normal_pair(keys[0], draws.MEASUREMENT, entity, keys[1], keys[2], pair)
        for m in range(2 * pair, 2 * pair + 2):
            slope = angle_slope if AZIMUTH <= m <= ELEVATION else 1.0
            sigma = measurement_sigma(
                radar[RANGE_RESOLUTION + m], slope, snr, radar[SIGMA_RANGE + m]
            )
            out[m, k] = cell[m] + (a if m == 2 * pair else b) * sigma
    out[POWER, k] = cell[POWER]


@kernel
def _false_plot(
    radar: Floats, regions: Floats, region: int, keys: Ints, entity: int, out: Floats, k: int
) -> None:
    """Noise over the threshold, anywhere in a region, every resolution cell as likely."""
    for draw in range(3):
        purpose, index = (draws.CLUTTER, draw) if draw < 2 else (draws.CLUTTER_SNR, 0)
        u, v = draws.uniform_pair(keys[0], purpose, entity, keys[1], keys[2], index)
        if draw == 2:
            out[POWER, k] = noise_power(int(radar[PULSES]), radar[THRESHOLD], u)
            return
        for m in range(2 * draw, 2 * draw + 2):
            share = u if m == 2 * draw else v
            out[m, k] = regions[region, LOWEST + m] + share * regions[region, WIDTH + m]


@kernel
def _count_false(regions: Floats, keys: Ints, counts: Ints) -> int:
    """Write how many false plots each region gives in this scan; their sum."""
    total = 0
    for region in range(regions.shape[0]):
        u, _ = draws.uniform_pair(keys[0], draws.CLUTTER_COUNT, region, keys[1], keys[2], 0)
        counts[region] = draws.poisson(regions[region, MEAN], u)
        total += counts[region]
    return total


@kernel
def _add_false(
    radar: Floats, regions: Floats, mask: Mask, keys: Ints, counts: Ints, out: Floats, k: int
) -> int:
    """Write false plots from column `k` on; those of clutter outside the coverage are not seen."""
    for region in range(regions.shape[0]):
        for ordinal in range(counts[region]):
            entity = (region << REGION_BITS) + ordinal
            _false_plot(radar, regions, region, keys, entity, out, k)
            if region == 0 or covered(
                radar, mask, out[RANGE, k], out[AZIMUTH, k], out[ELEVATION, k]
            ):
                k += 1
    return k


@kernel
def _add_true(
    radar: Floats, keys: Ints, echo: Floats, row: Ints, draw_key: Ints, object_id: Ints,
    out: Floats, origins: Ints,
) -> int:  # fmt: skip
    """Write a plot for every cell with echoes, the strongest first; how many there are.

    `echo` (measures, n) in ascending range, of the objects `row`.
    """
    cell = np.empty(MEASURES)
    order = ascending(echo[POWER], row.size)
    count = 0
    for i in range(row.size - 1, -1, -1):
        lead = order[i]
        if echo[POWER, lead] == 0.0:
            continue
        second = absorb_cell(radar, echo, lead, cell)
        _measure(radar, keys, draw_key[row[lead]], cell, out, count)
        origins[count, 0] = object_id[row[lead]]
        origins[count, 1] = object_id[row[second]] if second >= 0 else -1
        count += 1
    return count


@kernel
def _echoes(
    radar: Floats, mask: Mask, keys: Ints, draw_key: Ints, position: Floats, velocity: Floats,
    rcs: Floats,
) -> tuple[Floats, Ints]:  # fmt: skip
    """What is detected, (measures, n) in ascending range, and the row of each object."""
    unsorted = np.empty((MEASURES, draw_key.size))
    detected = np.empty(draw_key.size, np.int64)
    n = 0
    for i in range(draw_key.size):
        snr, distance, azimuth, elevation, rate = echo_of(radar, mask, position, velocity, rcs, i)
        if snr < 0.0:
            continue
        power = received_power(
            int(radar[SWERLING]), snr, int(radar[PULSES]), keys[0], draw_key[i], keys[1], keys[2]
        )
        if power > radar[THRESHOLD]:
            unsorted[RANGE, n] = distance
            unsorted[AZIMUTH, n] = azimuth
            unsorted[ELEVATION, n] = apparent_elevation(elevation, distance, radar[BEND_LEFT])
            unsorted[RANGE_RATE, n] = rate
            unsorted[POWER, n] = power
            detected[n] = i
            n += 1
    order = ascending(unsorted[RANGE], n)
    echo, row = np.empty((MEASURES, n)), np.empty(n, np.int64)
    for k in range(n):
        row[k] = detected[order[k]]
        for m in range(MEASURES):
            echo[m, k] = unsorted[m, order[k]]
    return echo, row


@kernel
def scan(
    radar: Floats, regions: Floats, mask: Mask, keys: Ints, object_id: Ints, draw_key: Ints,
    position: Floats, velocity: Floats, rcs: Floats,
) -> tuple[Floats, Ints]:  # fmt: skip
    """One scan: detections, merged where they share a resolution cell, then false plots.

    `radar` is packed as in `kernels.radar`; `regions` (k, REGION) give false plots, the first of
    them everywhere; `mask` is as in `kernels.sight`; `keys` = (seed, stream of the radar, scan
    number). `object_id` (n) is only handed through; `draw_key` (n) says whose draws are taken.
    `position` and `velocity` are ECEF, (n, 3) [m, m/s]; `rcs` (n, 3) nose, side, tail [m2].
    Returns the measures, (5, k) in order of azimuth: range, azimuth (0 to a full turn),
    elevation, range rate, summed power over noise; and the ids of the one or two strongest
    objects in each, (k, 2), -1 where there is none.
    """
    echo, row = _echoes(radar, mask, keys, draw_key, position, velocity, rcs)
    false_plots = np.empty(regions.shape[0], np.int64)
    room = row.size + _count_false(regions, keys, false_plots)
    found, whose = np.empty((MEASURES, room)), np.empty((room, 2), np.int64)
    true_plots = _add_true(radar, keys, echo, row, draw_key, object_id, found, whose)
    count = _add_false(radar, regions, mask, keys, false_plots, found, true_plots)
    for i in range(count):
        turn = found[AZIMUTH, i] / (2.0 * math.pi)
        angle = found[AZIMUTH, i] - 2.0 * math.pi * math.floor(turn)
        # A hair below north rounds up to a full turn.
        found[AZIMUTH, i] = angle if angle < 2.0 * math.pi else 0.0
    order = ascending(found[AZIMUTH], count)
    plots, origins = np.empty((MEASURES, count)), np.empty((count, 2), np.int64)
    for k in range(count):
        for m in range(2):
            origins[k, m] = whose[order[k], m] if order[k] < true_plots else -1
        for m in range(MEASURES):
            plots[m, k] = found[m, order[k]]
    return plots, origins


@kernel
def scans(
    radar: Floats, jammed: Ints, regions: Floats, mask: Mask, keys: Ints, number: Ints,
    begin: Ints, object_id: Ints, draw_key: Ints, position: Floats, velocity: Floats, rcs: Floats,
) -> tuple[Floats, Ints, Ints]:  # fmt: skip
    """Many scans of one radar, as `scan` makes each; look j sees the rows begin[j]:begin[j + 1].

    `radar` (2, settings): undisturbed, and jammed, as the looks marked in `jammed` (m) are;
    `keys` = (seed, stream of the radar), `number` (m) of the scans. Returns the measures and
    origins of `scan`, look after look, and where each begins in them, (m + 1).
    """
    radar, regions, object_id = borrowed(radar), borrowed(regions), borrowed(object_id)
    draw_key, rcs = borrowed(draw_key), borrowed(rcs)
    position, velocity = borrowed(position), borrowed(velocity)
    whose, counts = np.empty(3, np.int64), np.empty(regions.shape[0], np.int64)
    whose[:2] = keys
    room = object_id.size
    for j in range(number.size):
        whose[2] = number[j]
        room += _count_false(regions, whose, counts)
    plots, origins = np.empty((MEASURES, room)), np.empty((room, 2), np.int64)
    ends = np.zeros(number.size + 1, np.int64)
    for j in range(number.size):
        low, high, first = begin[j], begin[j + 1], ends[j]
        whose[2] = number[j]
        found, of = scan(
            radar[jammed[j]], regions, mask, whose, object_id[low:high], draw_key[low:high],
            position[low:high], velocity[low:high], rcs[low:high],
        )  # fmt: skip
        ends[j + 1] = first + of.shape[0]
        plots[:, first : ends[j + 1]] = found
        origins[first : ends[j + 1]] = of
    return plots[:, : ends[-1]].copy(), origins[: ends[-1]].copy(), ends
