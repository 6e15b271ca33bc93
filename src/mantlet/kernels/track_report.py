"""What a tracker shows at a decision time, without touching its state."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.compiled import kernel
from mantlet.kernels.track_models import MODELS, merge, predict_models
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_rows import AT, CLOSED, CONFIRMED, ENDED, ROWS, STATUS, TrackRows
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
def models_at(
    tracks: TrackRows, rows: Ints, tuning: Tuning, air: Floats, time_s: float
) -> tuple[Floats, Floats, Floats]:
    """Copies of the models of some rows (mean, covariance, weight), moved on to `time_s`."""
    n = rows.size
    mean, cov = np.empty((n, MODELS, STATES)), np.empty((n, MODELS, STATES, STATES))
    weight, work = np.empty((n, MODELS)), np.empty((16, 7))
    for k in range(n):
        i = rows[k]
        for m in range(MODELS):
            weight[k, m] = tracks.weight[i, m]
            if weight[k, m] > 0.0:
                ekf.copy_state(tracks.mean[i, m], tracks.cov[i, m], mean[k, m], cov[k, m])
        ahead = time_s - tracks.clocks[i, AT]
        predict_models(mean[k], cov[k], weight[k], ahead, tuning, air, work)
    return mean, cov, weight


@kernel
def report(
    tracks: TrackRows, tuning: Tuning, air: Floats, time_s: float
) -> tuple[Ints, Floats, Floats]:
    """Rows to show at `time_s`, with their states (n, 7) and packed covariances (n, 28) then."""
    rows = shown_rows(tracks, time_s - tuning.closed_shown_s)
    mean, cov, weight = models_at(tracks, rows, tuning, air, time_s)
    states, packed = np.empty((rows.size, STATES)), np.empty((rows.size, ekf.PACKED))
    spread = np.empty((STATES, STATES))
    for k in range(rows.size):
        merge(mean[k], cov[k], weight[k], air, states[k], spread)
        ekf.pack(spread, packed[k])
    return rows, states, packed
