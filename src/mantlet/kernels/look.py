"""How likely one look of a radar detects each object: the scan of a radar without its draws."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.detection import detection_probability
from mantlet.kernels.radar import PULSES, SWERLING, THRESHOLD, echo_of
from mantlet.kernels.sight import Mask

Floats = NDArray[np.float64]


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
        snr, _, _, _, _ = echo_of(radar, mask, position, velocity, rcs, i)
        if snr >= 0.0:
            chance[i] = detection_probability(
                int(radar[SWERLING]), snr, int(radar[PULSES]), radar[THRESHOLD]
            )
    return chance
