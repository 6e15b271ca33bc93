"""The life of a track: looks, confirmation, coasting and the end.

A *look* is a scan of a radar that should have seen the track.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, ground_height, up_axis
from mantlet.kernels.filter import LEAST_LN_BETA
from mantlet.kernels.measurement import DETECTION, PERIOD, covered_by_any, covers
from mantlet.kernels.track_models import likeliest, spread_models
from mantlet.kernels.track_motion import LN_BETA
from mantlet.kernels.track_rows import (
    AT,
    BLIND,
    BORN,
    CLOSED,
    CONFIRMED,
    ENDED,
    HIT,
    ID,
    LOOKED,
    LOOKS,
    NEXT_ID,
    STATUS,
    TENTATIVE,
    TrackRows,
)
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]

_LOOKS_KEPT = (1 << 32) - 1
_SURE = 0.95  # chance that the second plot of a track is its own, if that is to confirm it
_KNOWN_SPEED_MPS = 100.0  # a velocity less sure than this says nothing of the next plot


@kernel
def hits_in(looks: int, window: int) -> int:
    """How many of the last `window` looks were hits."""
    count = 0
    for k in range(window):
        count += (looks >> k) & 1
    return count


@kernel
def plausible(mean: Floats, cov: Floats, tuning: Tuning) -> bool:
    """Whether a state could be ballistic: neither hovering nor faster than any class flies.

    Two standard deviations of doubt are granted to the fast. To the slow none: errors alone make
    a thing that hovers seem to move, by their variance on average.
    """
    speed2 = mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2
    doubt2 = cov[3, 3] + cov[4, 4] + cov[5, 5]
    most = tuning.speed_max_mps + 2.0 * math.sqrt(doubt2 / 3.0)
    return bool(tuning.speed_min_mps**2 <= speed2 - doubt2 and speed2 <= most**2)


@kernel
def surely_moves(mean: Floats, cov: Floats, tuning: Tuning) -> bool:
    """Whether a track's velocity is known well enough to say where its next plot will be.

    And whether it is one beyond doubt: what hovers seems to move from plot to plot.
    """
    sigma2 = (cov[3, 3] + cov[4, 4] + cov[5, 5]) / 3.0
    least = tuning.speed_min_mps + 2.0 * math.sqrt(sigma2)
    fast = mean[3] ** 2 + mean[4] ** 2 + mean[5] ** 2 > least**2
    return bool(fast and sigma2 < _KNOWN_SPEED_MPS**2)


@kernel
def book_hit(tracks: TrackRows, i: int, time_s: float) -> None:
    """Book a look with a plot."""
    tracks.clocks[i, HIT] = time_s
    tracks.clocks[i, LOOKED] = time_s
    tracks.marks[i, LOOKS] = ((tracks.marks[i, LOOKS] << 1) | 1) & _LOOKS_KEPT


@kernel
def after_hit(
    tracks: TrackRows, i: int, tuning: Tuning, air: Floats, time_s: float, surely: float
) -> None:
    """Book a look with a plot; a tentative track with enough of them gets its number.

    `surely` is the probability that the plot is this track's rather than another's.
    """
    book_hit(tracks, i, time_s)
    if tracks.marks[i, STATUS] != TENTATIVE:
        return
    if tuning.sequential:
        pair = hits_in(tracks.marks[i, LOOKS], 32) == 2
        enough = tracks.score[i] >= tuning.confirm_score
        enough &= not pair or (
            surely >= _SURE and surely_moves(tracks.mean[i, 0], tracks.cov[i, 0], tuning)
        )
    else:
        enough = hits_in(tracks.marks[i, LOOKS], tuning.confirm_window) >= tuning.confirm_hits
    if enough and plausible(tracks.mean[i, 0], tracks.cov[i, 0], tuning):
        confirm(tracks, i, tuning, air, time_s)


@kernel
def confirm(tracks: TrackRows, i: int, tuning: Tuning, air: Floats, time_s: float) -> None:
    """Give a tentative track its number and its bank of models."""
    marks, mean = tracks.marks[i], tracks.mean[i, 0]
    marks[STATUS] = CONFIRMED
    marks[ID] = tracks.counters[NEXT_ID]
    tracks.counters[NEXT_ID] += 1
    flat = air[0] != EARTH
    ux, uy, uz = up_axis(mean[0], mean[1], mean[2], flat)
    climb = mean[3] * ux + mean[4] * uy + mean[5] * uz
    height = ground_height(mean[0], mean[1], mean[2], flat)
    young = time_s - tracks.clocks[i, BORN] <= tuning.thrust_s
    pair = hits_in(marks[LOOKS], 32) == 2
    spread_models(
        tracks.mean[i],
        tracks.cov[i],
        tracks.weight[i],
        young,
        climb,
        height,
        time_s - tracks.clocks[i, BORN] if pair else 0.0,
        tuning.boost_mps2,
        air,
    )


@kernel
def after_miss(
    tracks: TrackRows,
    i: int,
    radars: Floats,
    index: int,
    tuning: Tuning,
    air: Floats,
    time_s: float,
) -> None:
    """Book a scan without plot, and what it says against the track."""
    if book_miss(tracks, i, radars, index, tuning, air, time_s):
        tracks.score[i] += math.log(1.0 - radars[index, DETECTION])


@kernel
def book_miss(
    tracks: TrackRows,
    i: int,
    radars: Floats,
    index: int,
    tuning: Tuning,
    air: Floats,
    time_s: float,
) -> bool:
    """Book a scan without plot; whether it is a look: the radar should have seen the track.

    Closes the track if that is its end.
    """
    mean = tracks.mean[i, likeliest(tracks.weight[i])]
    clocks, marks = tracks.clocks[i], tracks.marks[i]
    ahead = time_s - clocks[AT]  # a tentative track is not moved without need
    x, y, z = mean[0] + ahead * mean[3], mean[1] + ahead * mean[4], mean[2] + ahead * mean[5]
    look = covers(radars[index], x, y, z)
    if look:
        marks[LOOKS] = (marks[LOOKS] << 1) & _LOOKS_KEPT
        period = radars[index, PERIOD]
        if time_s - clocks[LOOKED] > 1.5 * period:  # nobody looked in between
            clocks[BLIND] = time_s - period
        clocks[LOOKED] = time_s
    elif not covered_by_any(radars, x, y, z):
        clocks[BLIND] = time_s
    if is_down(mean, x, y, z, tuning, air) or is_over(tracks, i, tuning, time_s):
        marks[STATUS] = CLOSED
        # A tentative track was never shown, so its end need not be either.
        clocks[ENDED] = time_s if marks[ID] >= 0 else -math.inf
    return bool(look)


@kernel
def is_down(mean: Floats, x: float, y: float, z: float, tuning: Tuning, air: Floats) -> bool:
    """Whether a track of this mean, now at x, y, z, has come down: under the ground and falling.

    One that climbs from under the ground has only just been launched, and is not well known.
    """
    flat = air[0] != EARTH
    if ground_height(x, y, z, flat) >= tuning.ground_m:
        return False
    ux, uy, uz = up_axis(x, y, z, flat)
    return bool(ux * mean[3] + uy * mean[4] + uz * mean[5] < 0.0)


@kernel
def is_over(tracks: TrackRows, i: int, tuning: Tuning, time_s: float) -> bool:
    """Whether a track that got no plot has gone without for too long, or is too vague to keep."""
    marks, clocks, best = tracks.marks[i], tracks.clocks[i], likeliest(tracks.weight[i])
    mean, cov = tracks.mean[i, best], tracks.cov[i, best]
    if marks[STATUS] == TENTATIVE:
        if tuning.sequential:
            hopeless = tracks.score[i] <= tuning.drop_score
        else:
            hopeless = (marks[LOOKS] & 3) == 0
        return bool(hopeless or time_s - clocks[HIT] > tuning.blind_tentative_s)
    if (marks[LOOKS] & 7) == 0 and hits_in(marks[LOOKS], 32) <= 2:
        return True  # two plots, then nothing for three looks: it was none
    if mean[LN_BETA] <= LEAST_LN_BETA or (
        tuning.sequential and tracks.score[i] <= tuning.drop_score
    ):
        return True  # pieced together from plots of several objects
    # Turned round so that a track which is no number any more is lost, too.
    lost = not cov[0, 0] + cov[1, 1] + cov[2, 2] <= tuning.lost_sigma_m**2
    return bool(lost or time_s - max(clocks[HIT], clocks[BLIND]) > tuning.coast_s)
