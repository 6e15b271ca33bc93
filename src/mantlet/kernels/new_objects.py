"""What a plot that is no track's may be: a false one, or the first of a new object.

Two things tell. Noise seldom rises far above the threshold: its excess is exponential, while that
of an object of unknown cross-section that fluctuates (Swerling 1) has a long tail. And objects
come up from the ground, so the first plot lies low, while false plots lie anywhere. Where plots
carry no signal-to-noise ratio, or the radar's threshold is not told, only the place counts.

References: D. Lerro, Y. Bar-Shalom, "Interacting multiple model tracking with target amplitude
feature", IEEE Trans. AES 29 (2), 1993 (likelihood ratio of amplitudes); S. Blackman, R. Popoli,
Design and Analysis of Modern Tracking Systems, Artech, 1999, sec. 6.3 (sequential ratio).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.measurement import (
    AXES,
    NEW_SHARE,
    RANGE_MAX,
    SIN_ELEVATION_MAX,
    SIN_ELEVATION_MIN,
    SITE,
    THRESHOLD_SNR,
    slant_range,
)

Floats = NDArray[np.float64]

_USUAL_EXCESS = 30.0  # median excess over the threshold, in units of the noise (notional)
_LOUD_FALSE = 0.01  # of false plots, those that are no noise: birds, and what else is as loud
_EDGE_M = 1_000.0  # new objects show up so near to the edge of coverage (a scan or two of flight)
_ELSEWHERE = 0.1  # share of new objects that first show up anywhere, going anywhere
_MEAN_SPEED_MPS, _SLOW_MPS = 500.0, 50.0  # of new objects (notional)


@kernel
def noise_ratio(radar: Floats, snr_db: float) -> float:
    """Likelihood of a plot's strength for a false plot over that for an object.

    With the mean power of objects unknown (its inverse exponentially distributed), the excess u of
    theirs has the density m / (m + u)^2.
    """
    if not math.isfinite(radar[THRESHOLD_SNR] + snr_db):
        return 1.0
    excess = max(10.0 ** (0.1 * snr_db) - radar[THRESHOLD_SNR], 0.0)
    object_density = _USUAL_EXCESS / (_USUAL_EXCESS + excess) ** 2
    return float(_LOUD_FALSE + (1.0 - _LOUD_FALSE) * math.exp(-excess) / object_density)


@kernel
def new_density(radar: Floats, slant: float, elevation: float) -> float:
    """Density of first plots of new objects, over what it were if they were spread evenly."""
    low, high = math.asin(radar[SIN_ELEVATION_MIN]), math.asin(radar[SIN_ELEVATION_MAX])
    if slant * (math.sin(elevation) - radar[SIN_ELEVATION_MIN]) < _EDGE_M:
        part = min(_EDGE_M / max(slant, _EDGE_M), high - low) / (high - low)
        return float((1.0 - _ELSEWHERE) / part + _ELSEWHERE)
    return 1.0 if slant > radar[RANGE_MAX] - _EDGE_M else _ELSEWHERE


@kernel
def judge_plot(radar: Floats, slant: float, elevation: float, snr_db: float) -> tuple[float, float]:
    """What sets a plot off from the mean one.

    Returns
    -------
    tuple of float
        Log of the density of false and new plots like it, over the mean one there; log odds that
        it is of a new object if it is no track's.
    """
    false = (1.0 - radar[NEW_SHARE]) * noise_ratio(radar, snr_db)
    new = radar[NEW_SHARE] * new_density(radar, slant, elevation)
    return math.log(false + new), math.log(new / max(false, 1e-9))


@kernel
def climb_odds(
    radar: Floats, mean: Floats, plot: Floats, gap_s: float, sigma_m: float, speed_sigma: float
) -> float:
    """Density of the velocity that a second plot gives a track, over that of the wide prior.

    What shows up near the lower edge of coverage climbs: any direction with a sine of the climb
    above some 0.2, speeds exponential with mean 500 m/s. `mean` is the track's state at the time
    of the plot, `gap_s` seconds after its first and only one, `sigma_m` a plot's error. The wide
    prior has `speed_sigma` in each component.
    """
    slant = slant_range(radar, plot[0], plot[1], plot[2])
    lift, climb, speed2 = -slant * radar[SIN_ELEVATION_MIN], 0.0, 0.0
    for a in range(3):
        v = mean[3 + a] + (plot[a] - mean[a]) / gap_s
        speed2 += v * v
        climb += v * radar[AXES + 6 + a]
        lift += (plot[a] - radar[SITE + a]) * radar[AXES + 6 + a]
    if lift > 2.0 * _EDGE_M:
        return 1.0
    doubt = 1.5 * sigma_m / gap_s
    level2 = max(speed2 - climb * climb, 0.0)
    climb += doubt
    steep = climb / math.sqrt(climb * climb + level2 + 1.0)
    share = min(max((steep - 0.1) / 0.2, 0.0), 1.0)
    around = speed2 + doubt * doubt + _SLOW_MPS**2
    upward = share * math.exp(-math.sqrt(speed2) / _MEAN_SPEED_MPS)
    upward /= _MEAN_SPEED_MPS * 2.0 * math.pi * 0.8 * around
    wide2 = speed_sigma**2 + doubt * doubt
    even = math.exp(-0.5 * speed2 / wide2) / (2.0 * math.pi * wide2) ** 1.5
    # Far outside any gate both densities are nothing.
    return float((1.0 - _ELSEWHERE) * upward / max(even, 1e-30) + _ELSEWHERE)
