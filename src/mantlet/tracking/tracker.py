"""Many targets, several radars, one scan at a time: plots in, tracks out."""

from dataclasses import dataclass, fields
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_report import report
from mantlet.kernels.track_rows import TrackRows
from mantlet.kernels.tracking_scan import scan
from mantlet.kernels.tuning import Tuning
from mantlet.tables import Plots, Tracks, for_kernel
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.world.air import STANDARD_AIR, Air

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FIRST_ROWS = 64
_NO_POINTS = np.empty((0, 3))
_COASTING_PERIODS = 1.5
_STATUS = np.array(["confirmed", "coasting", "closed"], dtype=object)


@dataclass(frozen=True)
class TrackerState:
    """All tracks as plain arrays, oldest first, with spare rows at the end.

    `mean` (rows, 7) and `covariance` (rows, 7, 7) as in `Tracks.state`; `clocks` (rows, 5) [s]:
    time of the state, last hit, last moment out of every radar's sight, end, first plot; `marks`
    (rows, 4): track_id (-1 while tentative), status, looks as bits, last plot_id; `score` (rows)
    log likelihood ratio; `counters` (2): rows in use, next track_id.
    """

    mean: Floats
    covariance: Floats
    clocks: Floats
    marks: Ints
    score: Floats
    counters: Ints

    def __len__(self) -> int:
        """Tracks held, tentative ones and those just closed included."""
        return int(self.counters[track_rows.ROWS])

    @property
    def rows(self) -> TrackRows:
        """The same arrays, as the kernels take them."""
        return TrackRows(
            self.mean, self.covariance, self.clocks, self.marks, self.score, self.counters
        )

    def copy(self) -> "TrackerState":
        """An independent state."""
        return TrackerState(**{f.name: getattr(self, f.name).copy() for f in fields(self)})

    def with_room(self, more: int) -> "TrackerState":
        """The state with space for `more` new tracks; rows double as needed."""
        needed, rows = len(self) + more, len(self.score)
        if needed <= rows:
            return self
        while rows < needed:
            rows *= 2
        return TrackerState(
            mean=_lengthened(self.mean, rows),
            covariance=_lengthened(self.covariance, rows),
            clocks=_lengthened(self.clocks, rows),
            marks=_lengthened(self.marks, rows),
            score=_lengthened(self.score, rows),
            counters=self.counters,
        )


T = TypeVar("T", bound=np.generic)


def _lengthened(array: NDArray[T], rows: int) -> NDArray[T]:
    longer = np.zeros((rows, *array.shape[1:]), dtype=array.dtype)
    longer[: len(array)] = array
    return longer


@dataclass(frozen=True)
class Tracker:
    """A ballistic multi-target tracker: extended Kalman filters and global nearest neighbour.

    One tentative track begins at every plot that fits nothing. It is numbered, counting from 0
    without gaps, when it is confirmed. All plots of a scan are taken to hold at the scan's time.

    Parameters
    ----------
    radars : tuple of RadarFigures
        Whose plots it will get; `step` names them by index.
    air : Air
        The air it assumes.
    settings : TrackerSettings
        See there.

    References
    ----------
    S. Blackman, R. Popoli, Design and Analysis of Modern Tracking Systems, Artech House, 1999.
    """

    radars: tuple[RadarFigures, ...]
    air: Air = STANDARD_AIR
    settings: TrackerSettings = DEFAULT_SETTINGS

    def start(self) -> TrackerState:
        """No tracks yet."""
        return TrackerState(
            mean=np.zeros((_FIRST_ROWS, STATES)),
            covariance=np.zeros((_FIRST_ROWS, STATES, STATES)),
            clocks=np.zeros((_FIRST_ROWS, track_rows.CLOCKS)),
            marks=np.zeros((_FIRST_ROWS, track_rows.MARKS), dtype=np.int64),
            score=np.zeros(_FIRST_ROWS),
            counters=np.zeros(2, dtype=np.int64),
        )

    def step(
        self,
        state: TrackerState,
        plots: Plots,
        radar: int,
        time_s: float,
        own_m: Floats = _NO_POINTS,
    ) -> TrackerState:
        """Take in one scan of one radar; an empty scan counts as a look that saw nothing.

        Parameters
        ----------
        state : TrackerState
            Spent by the call; copy it first to fork.
        plots : Plots
            Of this scan, in any order.
        radar : int
            Index into `radars`.
        time_s : float
            When the scan was taken, not before the last one [s].
        own_m : (m, 3)
            Expected ECEF positions of own interceptors [m]. Plots near them that fit no
            confirmed track start none.

        Returns
        -------
        TrackerState
        """
        state = state.with_room(len(plots))
        order = np.argsort(plots.range_m, kind="stable")
        scan(
            state.rows,
            self._radars,
            radar,
            self._tuning,
            self._air,
            float(time_s),
            plots.plot_id[order],
            plots.range_m[order],
            plots.azimuth_rad[order],
            plots.elevation_rad[order],
            for_kernel(own_m),
        )
        return state

    def report(self, state: TrackerState, time_s: float) -> Tracks:
        """Confirmed tracks, and those that closed within the last decision period, at `time_s`.

        Status is `coasting` when a confirmed track had no plot for one and a half periods of
        the slowest radar. The state is left as it is.
        """
        rows, states, packed = report(state.rows, self._tuning, self._air, float(time_s))
        marks = state.marks[rows]
        code = (time_s - state.clocks[rows, track_rows.HIT] > self._coasting_s).astype(np.int64)
        code[marks[:, track_rows.STATUS] == track_rows.CLOSED] = 2
        return Tracks.trusted(
            track_id=marks[:, track_rows.ID],
            time_s=np.full(rows.size, float(time_s)),
            status=_STATUS[code],
            state=states,
            covariance=packed,
            last_plot_id=marks[:, track_rows.LAST_PLOT],
            log_likelihood=state.score[rows],
        )

    def rest(self, state: TrackerState, until_s: float) -> TrackerState:
        """Nothing is looked at until `until_s`: drop all tracks if that is longer than a coast."""
        rows = len(state)
        newest = state.clocks[:rows, track_rows.AT].max(initial=-np.inf)
        if until_s - newest > self.settings.coast_s:
            state.counters[track_rows.ROWS] = 0
        return state

    @cached_property
    def _coasting_s(self) -> float:
        return _COASTING_PERIODS * max(radar.period_s for radar in self.radars)

    @cached_property
    def _radars(self) -> Floats:
        return np.array([radar.packed for radar in self.radars])

    @cached_property
    def _tuning(self) -> Tuning:
        return self.settings.tuning

    @cached_property
    def _air(self) -> Floats:
        return self.air.packed
