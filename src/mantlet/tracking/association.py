"""Which track took which plot, read off the tracker's state after a scan."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.tables import Plots
from mantlet.tracking.state import TrackerState

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def takers(state: TrackerState, plots: Plots) -> tuple[Ints, Floats]:
    """The confirmed track that took each plot of the scan just stepped, and its state now.

    Returns
    -------
    (n,) int
        track_id, -1 where no confirmed track took the plot.
    (n, 7)
        State of that track [ECEF m, m/s, ln(kg/m2)], NaN where there is none.
    """
    track_id, states = np.full(len(plots), -1), np.full((len(plots), 7), np.nan)
    marks = state.tracks.marks[: len(state)]
    confirmed = np.nonzero(marks[:, track_rows.STATUS] == track_rows.CONFIRMED)[0]
    last = marks[confirmed, track_rows.LAST_PLOT]
    order = np.argsort(plots.plot_id, kind="stable")
    at = np.searchsorted(plots.plot_id[order], last)
    found = at < len(plots)
    found[found] = plots.plot_id[order][at[found]] == last[found]
    rows, columns = confirmed[found], order[at[found]]
    track_id[columns] = marks[rows, track_rows.ID]
    states[columns] = state.tracks.mean[rows]
    return track_id, states
