"""Whether the air is as told, by the verdict of all tracks together.

All objects fly through the same air. Every confirmed track weighs a rough model, vague about wind
and density, against the sure ones, but one flight takes half a minute to tell; many flights see it
sooner, and the next ones need not find out again. How likely the rough model is before a track's
own plots count is a mixing share, the likeliest given the Bayes factors of all tracks.

Reference: C. M. Bishop, Pattern Recognition and Machine Learning, Springer, 2006, sec. 9.3
(mixing coefficients by maximum a posteriori).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.track_models import MODELS, ROUGH, ROUGH_SHARE
from mantlet.kernels.track_rows import CLOSED, CONFIRMED, ENDED, ID, ROWS, STATUS, TrackRows

Floats = NDArray[np.float64]

# Entries of `verdict`: tracks that ended well explained and that did not, and when [s].
SMOOTH_ONES, ROUGH_ONES, COUNTED_S = range(3)

_ODDS = ROUGH_SHARE / (1.0 - ROUGH_SHARE)  # that the weights begin with
_LEAST, _MOST = 0.004, 0.98
_TOLD = 5.0  # tracks without a doubt that the word of the operator is worth (notional)
_ODD, _PLAIN = 10.0, 1.0  # Bayes factors above and below which a track has decided
_ODD_WORTH, _PLAIN_WORTH = 50.0, 0.5  # and what it then counts as
_MEMORY_S = 1_800.0  # wind changes
_HALVINGS = 12


@kernel
def bayes_factor(weight: Floats) -> float:
    """How much likelier a track's plots are by the rough model than by all others."""
    return float(weight[ROUGH] / max(1.0 - weight[ROUGH], 1e-3) / _ODDS)


@kernel
def slope(tracks: TrackRows, share: float) -> float:
    """Derivative of the log posterior of the mixing share; falls as `share` rises."""
    verdict = tracks.verdict
    total = -_TOLD / (1.0 - share)
    total += verdict[ROUGH_ONES] * (_ODD_WORTH - 1.0) / (1.0 + share * (_ODD_WORTH - 1.0))
    total += verdict[SMOOTH_ONES] * (_PLAIN_WORTH - 1.0) / (1.0 + share * (_PLAIN_WORTH - 1.0))
    for i in range(tracks.counters[ROWS]):
        if tracks.marks[i, STATUS] == CONFIRMED:
            more = bayes_factor(tracks.weight[i]) - 1.0
            total += more / (1.0 + share * more)
    return float(total)


@kernel
def untold_share(tracks: TrackRows) -> float:
    """Probability of the rough model before a track's own plots count."""
    low, high = _LEAST, _MOST
    if slope(tracks, low) <= 0.0:
        return low
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if slope(tracks, middle) > 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def reweigh(weight: Floats, share: float) -> None:
    """Weights of a track's models as all tracks see them, in place."""
    factor = share / (1.0 - share) / _ODDS
    total = 1.0 + (factor - 1.0) * weight[ROUGH]
    weight[ROUGH] *= factor
    for m in range(MODELS):
        weight[m] /= total


@kernel
def remember_closed(tracks: TrackRows, until_s: float) -> None:
    """Count the tracks that closed at `until_s` or before; what was counted fades."""
    verdict = tracks.verdict
    for i in range(tracks.counters[ROWS]):
        if (
            tracks.marks[i, STATUS] != CLOSED
            or tracks.marks[i, ID] < 0
            or tracks.clocks[i, ENDED] > until_s
        ):
            continue
        fade = math.exp(-max(until_s - verdict[COUNTED_S], 0.0) / _MEMORY_S)
        verdict[SMOOTH_ONES] *= fade
        verdict[ROUGH_ONES] *= fade
        verdict[COUNTED_S] = until_s
        factor = bayes_factor(tracks.weight[i])
        if factor > _ODD:
            verdict[ROUGH_ONES] += 1.0
        elif factor < _PLAIN:
            verdict[SMOOTH_ONES] += 1.0
