"""Many targets, several radars, one scan at a time: plots in, tracks out."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import track_rows
from mantlet.kernels.track_report import report, to_predict
from mantlet.kernels.tracking_scan import scan
from mantlet.kernels.tuning import TuningRow
from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking.doubts import doubtful
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.health import book
from mantlet.tracking.impact import impacts_of
from mantlet.tracking.intake import Scan, scan_of
from mantlet.tracking.lateness import checkpoint, keep, keep_numbers, place, scan_times
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.tracking.state import Taken, TrackerState
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.terrain import Terrain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_NO_POINTS = np.empty((0, 3))
_NO_IMPACTS = Impacts.empty()
_COASTING_PERIODS = 1.5
_STATUS = np.array(["confirmed", "coasting", "closed"], dtype=object)
"""By what `kernels.track_report.report` says of a track."""
_NO_TRACKS = Tracks.empty()


@dataclass(frozen=True)
class Tracker:
    """A ballistic multi-target tracker: banks of Kalman filters and global nearest neighbour.

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
    terrain : Terrain, optional
        Relief that impacts are predicted on; ellipsoid height 0 without.

    References
    ----------
    S. Blackman, R. Popoli, Design and Analysis of Modern Tracking Systems, Artech House, 1999.
    """

    radars: tuple[RadarFigures, ...]
    air: Air = STANDARD_AIR
    settings: TrackerSettings = DEFAULT_SETTINGS
    terrain: Terrain | None = None

    def start(self) -> TrackerState:
        """No tracks yet."""
        return TrackerState.fresh()

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
            Index into `radars`; an unknown one is refused and counted.
        time_s : float
            When the scan was taken [s]. One that is earlier than the last scan goes to its place
            if that is within the late window, and is refused and counted if not. So is one far
            after all others of whose plots none can be used: its time is not theirs.
        own_m : (m, 3)
            Expected ECEF positions of own interceptors [m]. Plots near them that fit no
            confirmed track start none.

        Returns
        -------
        TrackerState
            `health` counts what was refused; nothing that is no number gets into the tracks.
        """
        scan = self._scan_of(state, plots, radar, float(time_s), own_m)
        if scan is None:
            return state
        if scan.time_s < state.newest_s or state.has_scan(radar, scan.time_s):
            return self._replayed(state, [scan])
        return self._step(state, scan)

    def late(self, state: TrackerState, plots: Plots, radar: int) -> TrackerState:
        """Take in plots of scans already taken in, each in the scan of its own time.

        The tracks are then what they would have been with these plots in time, but for numbers:
        a track that was already shown keeps its number. Plots older than the last scan by more
        than `settings.late_window_s` are dropped and counted, as are those so far after it that
        no late plot can be.

        Parameters
        ----------
        state : TrackerState
            Spent by the call; copy it first to fork.
        plots : Plots
            Of one radar; of any scans, in any order.
        radar : int
            Index into `radars`.
        """
        scans = []
        plots = self._datable(state, plots)
        times = plots.time_s
        if 0 <= radar < len(self.radars):
            oldest_s = state.newest_s - self.settings.late_window_s
            period_s = self.radars[radar].period_s
            times = scan_times(state.taken, times, radar, period_s, oldest_s)
        order = np.argsort(times, kind="stable")
        distinct, firsts = np.unique(times[order], return_index=True)
        for time_s, rows in zip(distinct.tolist(), np.split(order, firsts[1:]), strict=False):
            if scan := self._scan_of(state, plots.take(rows), radar, time_s, _NO_POINTS):
                book(state.counts, "late", len(scan))
                scans.append(scan)
        return self._replayed(state, scans)

    def _datable(self, state: TrackerState, plots: Plots) -> Plots:
        """The late plots whose own time can be that of a scan not long ago; others are counted."""
        time_s, window_s = plots.time_s, self.settings.late_window_s
        number = np.isfinite(time_s)
        old = number & (time_s < state.newest_s - window_s)
        ahead_s = window_s + max(radar.period_s for radar in self.radars)
        ahead = number & (time_s > state.newest_s + ahead_s) & bool(state.taken)
        for kind, those in (("not_a_number", ~number), ("too_late", old), ("misdated", ahead)):
            book(state.counts, kind, int(those.sum()))
        return plots.take(number & ~old & ~ahead)

    def _scan_of(
        self, state: TrackerState, plots: Plots, radar: int, time_s: float, own_m: Floats
    ) -> Scan | None:
        """The usable plots of a scan; None, and a count, if the scan itself is not usable."""
        if not 0 <= radar < len(self.radars):
            book(state.counts, "unknown_radar", len(plots))
            return None
        window_s = self.settings.late_window_s
        if not math.isfinite(time_s) or time_s < state.newest_s - window_s:
            book(state.counts, "scan_out_of_time", 1)
            return None
        most = self.settings.scan_plots_max
        found = scan_of(plots, radar, time_s, own_m, most, window_s, state.counts)
        ahead = state.taken and time_s > state.newest_s + window_s
        if ahead and len(plots) and not len(found):
            # Taken at its word it would end all tracks and refuse every scan that follows.
            book(state.counts, "scan_out_of_time", 1)
            return None
        return found

    def _step(self, state: TrackerState, new: Scan) -> TrackerState:
        """Take in a scan that is not before any other."""
        keep(state.taken, new, state.tracks, self.settings.late_window_s)
        tracks = state.tracks.with_room(len(new))
        scan(
            tracks.rows,
            self._radars,
            new.radar,
            self._tuning_row,
            self._air,
            new.time_s,
            new.plot_id,
            new.columns,
            new.own_m,
            self._joint,
            self._labelled,
        )
        return state.with_tracks(tracks)

    def _replayed(self, state: TrackerState, scans: list[Scan]) -> TrackerState:
        """Put late scans in their places, roll back before the first and go on from there."""
        taken, first = state.taken, len(state.taken)
        if not taken and scans:
            taken.append(Taken(_nothing(scans[0]), state.tracks.copy(), scans[0].time_s))
        for new in scans:
            k, same = place(taken, new, self.radars[new.radar].period_s)
            if same:
                most = self.settings.scan_plots_max
                merged = taken[k].scan.with_plots(new, most, state.counts)
                if len(merged) == len(taken[k].scan):
                    continue
                taken[k] = Taken(merged, taken[k].before, taken[k].copied_s)
            elif k < len(taken):
                # The copy of the tracks before the next scan no longer is what it says, but what
                # stands before the new one.
                taken.insert(k, Taken(new, taken[k].before, taken[k].copied_s))
                taken[k + 1] = Taken(taken[k + 1].scan, None, taken[k].copied_s)
            else:
                taken.append(Taken(new, None, taken[-1].copied_s))
            first = min(first, k)
        if first >= len(taken):
            return state
        return self._from(state, checkpoint(taken, first))

    def _from(self, state: TrackerState, start: int) -> TrackerState:
        """The state with all kept scans from `start` on taken in again."""
        again = [kept.scan for kept in state.taken[start:]]
        before = state.taken[start].before
        del state.taken[start:]
        shown, back = (
            state.tracks,
            state.with_tracks(before.copy() if before is not None else state.tracks),
        )
        for scan_again in again:
            back = self._step(back, scan_again)
        keep_numbers(back.tracks, shown)
        return back

    def report(self, state: TrackerState, time_s: float) -> Tracks:
        """Confirmed tracks, and those that closed within the last decision period, at `time_s`.

        Status is `coasting` when a confirmed track had no plot for one and a half periods of
        the slowest radar. The state is left as it is.
        """
        tracks, time_s = state.tracks, float(time_s)
        rows, shown, states, packed = report(
            tracks.rows, self._radars, self._tuning_row, self._air, time_s, self._coasting_s
        )
        if not rows.size:
            return _NO_TRACKS
        marks, times = tracks.marks[rows], np.empty(rows.size)
        times.fill(time_s)
        return Tracks.trusted(
            track_id=marks[:, track_rows.ID],
            time_s=times,
            status=_STATUS[shown],
            state=states,
            covariance=packed,
            last_plot_id=marks[:, track_rows.LAST_PLOT],
            log_likelihood=tracks.score[rows],
        )

    def impacts(self, state: TrackerState, tracks: Tracks) -> Impacts:
        """Where and when the tracks of a report will reach the ground, and how surely.

        Each live model of a track is flown to the ground with its covariance, process noise and
        all; the answer is the mean and covariance of the mixture.

        Parameters
        ----------
        state : TrackerState
            That the report was made from; left as it is.
        tracks : Tracks
            From `report`, whole.

        Returns
        -------
        Impacts, a row for each track
            See `tracking.impact.predict_impacts` for status and accuracy.

        Raises
        ------
        ValueError
            If the tracks are not those of this state.
        """
        if not len(tracks):
            return _NO_IMPACTS
        time_s = float(tracks.time_s[0])
        held = state.tracks
        since_s = time_s - self.settings.closed_shown_s
        rows, track_id, at_s, untold = to_predict(held.rows, since_s)
        if track_id.tolist() != tracks.track_id.tolist():
            raise ValueError("tracks: not the report of this state")
        bank = (held.mean, held.covariance, held.weight, at_s)
        return impacts_of(
            tracks,
            bank,
            rows,
            self._tuning_row,
            self.air,
            self.terrain,
            self._radars,
            untold,
        )

    def rest(self, state: TrackerState, until_s: float) -> TrackerState:
        """Nothing is looked at until `until_s`: drop all tracks if that is longer than a coast."""
        tracks = state.tracks
        newest = tracks.clocks[: len(tracks), track_rows.AT].max(initial=-np.inf)
        if until_s - newest > self.settings.coast_s:
            tracks.counters[track_rows.ROWS] = 0
            state.taken.clear()
        return state

    @cached_property
    def _coasting_s(self) -> float:
        return _COASTING_PERIODS * max(radar.period_s for radar in self.radars)

    @cached_property
    def _radars(self) -> Floats:
        """Packed figures. Where several see a track, what each is off by scatters its plots too."""
        alone = len(self.radars) == 1
        return np.array([(r if alone else r.with_scattered_bias()).packed for r in self.radars])

    @cached_property
    def _tuning_row(self) -> TuningRow:
        return doubtful(self.settings, self.air, self.radars).tuning_row

    @cached_property
    def _joint(self) -> bool | None:
        return True if self.settings.association == "jpda" else None

    @cached_property
    def _labelled(self) -> bool | None:
        return True if self.settings.initiation == "labelled" else None

    @cached_property
    def _air(self) -> Floats:
        return self.air.packed


def _nothing(scan: Scan) -> Scan:
    """An empty scan at the time of another."""
    return scan.take(slice(0))
