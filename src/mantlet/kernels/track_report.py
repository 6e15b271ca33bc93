"""What a tracker shows at a decision time, without touching its state."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.borrowed import borrowed
from mantlet.kernels.compiled import kernel
from mantlet.kernels.misalignment import add_misalignment
from mantlet.kernels.track_models import MODELS, copy_models, merge, predict_models
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_rows import (
    AT,
    CLOSED,
    CONFIRMED,
    ENDED,
    HIT,
    ID,
    ROWS,
    STATUS,
    TrackRows,
    borrowed_rows,
)
from mantlet.kernels.tuning import TuningRow
from mantlet.kernels.untold import reweigh, untold_share

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HELD, COASTING, CLOSED_NOW = range(3)
"""How a shown track is."""


@kernel
def shown_rows(tracks: TrackRows, since_s: float) -> Ints:
    """Rows of confirmed tracks and of those closed after `since_s`, in order."""
    rows = np.empty(tracks.counters[ROWS], np.int64)
    n = 0
    for i in range(rows.size):
        status = tracks.marks[i, STATUS]
        if status == CONFIRMED or (status == CLOSED and tracks.clocks[i, ENDED] > since_s):
            rows[n] = i
            n += 1
    return rows[:n]


@kernel
def to_predict(tracks: TrackRows, since_s: float) -> tuple[Ints, Ints, Floats, float]:
    """The rows that a report shows, their numbers, the time of every row, the untold share."""
    tracks = borrowed_rows(tracks)
    rows = shown_rows(tracks, since_s)
    number, at_s = np.empty(rows.size, np.int64), np.empty(tracks.counters[ROWS])
    for i in range(at_s.size):
        at_s[i] = tracks.clocks[i, AT]
    for k in range(rows.size):
        number[k] = tracks.marks[rows[k], ID]
    return rows, number, at_s, untold_share(tracks)


@kernel
def report(
    tracks: TrackRows,
    radars: Floats,
    tuning_row: TuningRow,
    air: Floats,
    time_s: float,
    coasting_s: float,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Rows to show at `time_s`, how they are, their states (n, 7) and packed covariances (n, 28).

    A confirmed track is coasting when its last plot is older than `coasting_s`.
    """
    tracks, radars, air = borrowed_rows(tracks), borrowed(radars), borrowed(air)
    tuning = tuning_row[0]
    rows = shown_rows(tracks, time_s - tuning.closed_shown_s)
    shown, share = np.empty(rows.size, np.int64), untold_share(tracks)
    states, packed = np.empty((rows.size, STATES)), np.empty((rows.size, ekf.PACKED))
    mean, cov = np.empty((MODELS, STATES)), np.empty((MODELS, STATES, STATES))
    weight, spread, work = np.empty(MODELS), np.empty((STATES, STATES)), np.empty((16, 7))
    for k in range(rows.size):
        i = rows[k]
        shown[k] = CLOSED_NOW if tracks.marks[i, STATUS] == CLOSED else HELD
        if shown[k] == HELD and time_s - tracks.clocks[i, HIT] > coasting_s:
            shown[k] = COASTING
        copy_models(tracks.mean[i], tracks.cov[i], tracks.weight[i], mean, cov, weight)
        reweigh(weight, share)
        predict_models(mean, cov, weight, time_s - tracks.clocks[i, AT], tuning, air, work)
        merge(mean, cov, weight, air, states[k], spread)
        add_misalignment(states[k], spread, radars)
        ekf.pack(spread, packed[k])
    return rows, shown, states, packed
