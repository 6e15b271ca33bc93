"""Which track took which plot, read off the tracker's state after a scan."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Taking:
    """Who took each plot of a scan: row k is plot k.

    `key` (n,) tells tracks apart from their first plot on, -1: nobody's; `track_id` (n,) is the
    number of a confirmed track, else -1; `state` (n, 7) that track's state now [ECEF m, m/s,
    ln(kg/m2) by the rocket's drag curve], NaN where there is none.
    """

    key: Ints
    track_id: Ints
    state: Floats

    @classmethod
    def nothing(cls, plots: Plots) -> "Taking":
        """Nobody took anything."""
        n = len(plots)
        return cls(np.full(n, -1), np.full(n, -1), np.full((n, 7), np.nan))


def taking(state: TrackerState, plots: Plots, *, states: bool = True) -> Taking:
    """Who took each plot of the scan just stepped; the key of a track is its first plot.

    Without `states`, which cost the most, these stay NaN.
    """
    found = Taking.nothing(plots)
    marks = state.tracks.marks[: len(state)]
    rows = np.nonzero(marks[:, track_rows.STATUS] != track_rows.CLOSED)[0]
    rows, columns = _matched(rows, marks[rows, track_rows.LAST_PLOT], plots)
    found.key[columns] = marks[rows, track_rows.FIRST_PLOT]
    confirmed = marks[rows, track_rows.STATUS] == track_rows.CONFIRMED
    rows, columns = rows[confirmed], columns[confirmed]
    found.track_id[columns] = marks[rows, track_rows.ID]
    for row, column in zip(rows, columns, strict=True) if states else ():
        model = likeliest(state.tracks.weight[row])
        mean = state.tracks.mean[row, model]
        found.state[column] = mean
        found.state[column, LN_BETA] = rocket_equivalent(mean, model, STANDARD_AIR.packed)
    return found


def takers(state: TrackerState, plots: Plots) -> tuple[Ints, Floats]:
    """`track_id` and `state` of `taking`."""
    found = taking(state, plots)
    return found.track_id, found.state


def _matched(rows: Ints, last: Ints, plots: Plots) -> tuple[Ints, Ints]:
    """The rows whose last plot is among these, and its place there."""
    order = np.argsort(plots.plot_id, kind="stable")
    at = np.searchsorted(plots.plot_id[order], last)
    found = at < len(plots)
    found[found] = plots.plot_id[order][at[found]] == last[found]
    return rows[found], order[at[found]]
