"""Which track took which plot, read off the tracker's state after a scan."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.kernels.track_models import likeliest, rocket_equivalent
from mantlet.kernels.track_motion import LN_BETA
from mantlet.tables import Plots
from mantlet.tracking.state import TrackerState
from mantlet.world.air import STANDARD_AIR

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def takers(state: TrackerState, plots: Plots) -> tuple[Ints, Floats]:
    """The confirmed track that took each plot of the scan just stepped, and its state now.

    Returns
    -------
    (n,) int
        track_id, -1 where no confirmed track took the plot.
    (n, 7)
        State of that track's likeliest model [ECEF m, m/s, ln(kg/m2) by the rocket's drag
        curve], NaN where there is none.
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
    for row, column in zip(rows, columns, strict=True):
        model = likeliest(state.tracks.weight[row])
        mean = state.tracks.mean[row, model]
        states[column] = mean
        states[column, LN_BETA] = rocket_equivalent(mean, model, STANDARD_AIR.packed)
    return track_id, states
