"""How likely one look of a radar detects each object: the scan of a radar without its draws."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.detection import detection_probability
from mantlet.kernels.radar import (
    NOSE,
    PULSES,
    REFERENCE,
    SIDE,
    SWERLING,
    TAIL,
    THRESHOLD,
    apparent_here,
    covered,
    cross_section,
    direction_loss,
    local_position,
    signal_to_noise,
)

Floats = NDArray[np.float64]
Mask = NDArray[np.float32]


@kernel
def look_probabilities(
    radar: Floats, mask: Mask, position: Floats, velocity: Floats, rcs: Floats
) -> Floats:
    """Chance of detection (n,) of objects that share no resolution cell; 0 where hidden.

    `radar` and `mask` as `kernels.radar_scan.scan` takes them; `position` and `velocity` ECEF,
    (n, 3) [m, m/s]; `rcs` (n, 3) nose, side, tail [m2].
    """
    chance = np.zeros(position.shape[0])
    for i in range(position.shape[0]):
        vx, vy, vz = velocity[i, 0], velocity[i, 1], velocity[i, 2]
        distance, azimuth, elevation, rate = local_position(
            radar, position[i, 0], position[i, 1], position[i, 2], vx, vy, vz
        )
        shown = apparent_here(radar, elevation, distance)
        if not covered(radar, mask, distance, azimuth, shown):
            continue
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        seen_m2 = cross_section(rcs[i, NOSE], rcs[i, SIDE], rcs[i, TAIL], rate, speed)
        snr = signal_to_noise(radar[REFERENCE], seen_m2, distance)
        snr /= direction_loss(radar, azimuth, shown)
        chance[i] = detection_probability(
            int(radar[SWERLING]), snr, int(radar[PULSES]), radar[THRESHOLD]
        )
    return chance
