"""All tracks of a tracker as plain arrays, and how rows come and go."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.borrowed import borrowed
from mantlet.kernels.compiled import kernel
from mantlet.kernels.range_rate import update_rate
from mantlet.kernels.scan_plots import ScanPlots
from mantlet.kernels.track_models import MODELS, copy_models
from mantlet.kernels.track_motion import LN_BETA, STATES
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TENTATIVE, CONFIRMED, CLOSED = 0, 1, 2

# Columns of `clocks` [s]: time of the state, last hit, last moment that no radar could have seen,
# end, first plot, last look.
AT, HIT, BLIND, ENDED, BORN, LOOKED = range(6)
CLOCKS = 6
# Columns of `marks`: number once confirmed (-1 before), status, last looks as bits (newest
# lowest, one for a hit), last plot, first plot.
ID, STATUS, LOOKS, LAST_PLOT, FIRST_PLOT = range(5)
MARKS = 5
# Entries of `counters`.
ROWS, NEXT_ID = range(2)


class TrackRows(NamedTuple):
    """Row i of every array is track i, oldest first; rows from `counters[ROWS]` on are spare."""

    mean: Floats
    """(rows, models, 7); a tentative track has only the first, whatever it is"""
    cov: Floats
    """(rows, models, 7, 7)"""
    weight: Floats
    """(rows, models) probability of each model, 0 for those that are gone"""
    clocks: Floats
    """(rows, 6) [s]"""
    marks: Ints
    """(rows, 5)"""
    score: Floats
    """(rows) log likelihood ratio against clutter"""
    counters: Ints
    """(2) rows in use, next number"""
    verdict: Floats
    """(3) what tracks that ended had to say of the air; see `untold`"""


@kernel
def borrowed_rows(tracks: TrackRows) -> TrackRows:
    """The same without reference counts, for arguments of a kernel; see `borrowed`."""
    return TrackRows(
        borrowed(tracks.mean),
        borrowed(tracks.cov),
        borrowed(tracks.weight),
        borrowed(tracks.clocks),
        borrowed(tracks.marks),
        borrowed(tracks.score),
        borrowed(tracks.counters),
        borrowed(tracks.verdict),
    )


@kernel
def rows_with(tracks: TrackRows, status: int) -> Ints:
    """Rows of one status, in order."""
    rows = np.empty(tracks.counters[ROWS], np.int64)
    n = 0
    for i in range(rows.size):
        if tracks.marks[i, STATUS] == status:
            rows[n] = i
            n += 1
    return rows[:n]


@kernel
def begin_tracks(
    tracks: TrackRows,
    plots: ScanPlots,
    radar: Floats,
    tuning: Tuning,
    time_s: float,
    score: Floats,
) -> None:
    """Start a tentative track on every plot that is left: at the plot, speed across it unknown.

    `score` (plots) is what each begins with; minus infinity starts none.
    """
    slope, gain = np.empty(6), np.empty(STATES)
    for j in range(plots.plot_id.size):
        # A plot that is no number is far from every track, so it would always end here.
        sound = math.isfinite(plots.position[j, 0] + plots.spread[j, 0] + score[j])
        if not plots.taken[j] and sound:
            i = tracks.counters[ROWS]
            tracks.counters[ROWS] += 1
            _begin_state(
                tracks.mean[i, 0], tracks.cov[i, 0], plots.position[j], plots.spread[j], tuning
            )
            if math.isfinite(plots.rate[j]):
                update_rate(tracks.mean[i, 0], tracks.cov[i, 0], radar, plots.rate[j], slope, gain)
            for m in range(MODELS):
                tracks.weight[i, m] = 1.0 if m == 0 else 0.0
            clocks, marks = tracks.clocks[i], tracks.marks[i]
            clocks[AT], clocks[HIT], clocks[BORN] = time_s, time_s, time_s
            clocks[BLIND], clocks[ENDED], clocks[LOOKED] = -math.inf, math.inf, time_s
            marks[ID], marks[STATUS], marks[LOOKS] = -1, TENTATIVE, 1
            marks[LAST_PLOT], marks[FIRST_PLOT] = plots.plot_id[j], plots.plot_id[j]
            tracks.score[i] = score[j]


@kernel
def _begin_state(
    mean: Floats, cov: Floats, position: Floats, spread: Floats, tuning: Tuning
) -> None:
    for a in range(STATES):
        mean[a] = 0.0
        for b in range(STATES):
            cov[a, b] = 0.0
    k = 0
    for a in range(3):
        mean[a] = position[a]
        cov[3 + a, 3 + a] = tuning.speed_sigma_mps**2
        for b in range(a, 3):
            cov[a, b] = spread[k]
            cov[b, a] = spread[k]
            k += 1
    mean[LN_BETA] = tuning.ln_beta
    cov[LN_BETA, LN_BETA] = tuning.ln_beta_sigma**2


@kernel
def forget_closed(tracks: TrackRows, until_s: float) -> None:
    """Drop tracks that closed at `until_s` or before, keeping the order of the rest."""
    kept = 0
    for i in range(tracks.counters[ROWS]):
        if tracks.marks[i, STATUS] == CLOSED and tracks.clocks[i, ENDED] <= until_s:
            continue
        if kept < i:
            copy_models(
                tracks.mean[i],
                tracks.cov[i],
                tracks.weight[i],
                tracks.mean[kept],
                tracks.cov[kept],
                tracks.weight[kept],
            )
            for c in range(CLOCKS):
                tracks.clocks[kept, c] = tracks.clocks[i, c]
            for c in range(MARKS):
                tracks.marks[kept, c] = tracks.marks[i, c]
            tracks.score[kept] = tracks.score[i]
        kept += 1
    tracks.counters[ROWS] = kept
