"""A tracker looked at scan by scan: which plots its tracks took, and what that says of the radars.

Put around any tracker it changes nothing of what that does.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.pipeline.tracking import PlotTracker
from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking.association import Taking, taking
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.health import TrackerHealth
from mantlet.tracking.registration import Registrar, RegistrarState, Registration
from mantlet.tracking.state import TrackerState

Ints = NDArray[np.int64]

ESTIMATE_S = 60.0
"""So often a registration is noted: a tenth of the time in which its evidence fades."""


@dataclass
class WitnessState:
    """The tracker's own state and what was seen of it.

    `estimates` are registrations with their times; `taken` has a row (key, plot_id) for each plot
    that a track took, `keys` the key of each track: of Mantlet's own its first plot, so that plots
    from before its confirmation are among them, of others its number.
    """

    inner: Any
    registrar: RegistrarState
    estimates: list[tuple[float, Registration]] = field(default_factory=list)
    taken: list[Ints] = field(default_factory=list)
    keys: dict[int, int] = field(default_factory=dict)

    @property
    def health(self) -> TrackerHealth:
        """What the tracker refused or shed."""
        health: TrackerHealth = self.inner.health
        return health

    def plots_of_tracks(self) -> tuple[Ints, Ints]:
        """Numbers of tracks and the plots they took, a row for each plot taken."""
        rows = np.concatenate([np.empty((0, 2), np.int64), *self.taken])
        rows = rows[np.argsort(rows[:, 0], kind="stable")]
        names = np.array(list(self.keys), dtype=np.int64)
        keys = np.array(list(self.keys.values()), dtype=np.int64)
        first = np.searchsorted(rows[:, 0], keys, side="left")
        last = np.searchsorted(rows[:, 0], keys, side="right")
        spans = [rows[a:b, 1] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        return np.repeat(names, last - first), np.concatenate([np.empty(0, np.int64), *spans])


@dataclass(frozen=True)
class Witness:
    """A tracker, watched. `late` plots are taken in by it but not looked at."""

    tracker: PlotTracker
    registrar: Registrar

    @property
    def radars(self) -> tuple[RadarFigures, ...]:
        """The tracker's."""
        return self.tracker.radars

    def start(self) -> WitnessState:
        """Nothing seen yet."""
        return WitnessState(self.tracker.start(), self.registrar.start())

    def rest(self, state: WitnessState, until_s: float) -> WitnessState:
        """See `Tracker.rest`."""
        state.inner = self.tracker.rest(state.inner, until_s)
        return state

    def step(self, state: WitnessState, plots: Plots, radar: int, time_s: float) -> WitnessState:
        """One scan, and a note of who took what of it."""
        state.inner = self.tracker.step(state.inner, plots, radar, time_s)
        seen = self._taking(state.inner, plots, time_s)
        state.taken.append(np.column_stack([seen.key, plots.plot_id])[seen.key >= 0])
        confirmed = seen.track_id >= 0
        names = seen.track_id[confirmed].tolist()
        state.keys.update(zip(names, seen.key[confirmed].tolist(), strict=True))
        if len(self.radars) > 1:
            self._register(state, plots, radar, time_s, seen)
        return state

    def late(self, state: WitnessState, plots: Plots, radar: int) -> WitnessState:
        """See `Tracker.late`."""
        state.inner = self.tracker.late(state.inner, plots, radar)
        return state

    def report(self, state: WitnessState, time_s: float) -> Tracks:
        """The tracker's."""
        return self.tracker.report(state.inner, time_s)

    def impacts(self, state: WitnessState, tracks: Tracks) -> Impacts:
        """The tracker's."""
        return self.tracker.impacts(state.inner, tracks)

    def estimate(self, state: WitnessState) -> Registration | None:
        """The biases as of now; None where there is one radar or nothing was seen."""
        if not state.registrar.normal.any():
            return None
        return self.registrar.estimate(state.registrar)

    def _register(
        self, state: WitnessState, plots: Plots, radar: int, time_s: float, seen: Taking
    ) -> None:
        state.registrar = self.registrar.step(
            state.registrar, plots, radar, time_s, seen.track_id, seen.state
        )
        last_s = state.estimates[-1][0] if state.estimates else -np.inf
        if time_s >= last_s + ESTIMATE_S and (found := self.estimate(state)) is not None:
            state.estimates.append((time_s, found))

    def _taking(self, inner: Any, plots: Plots, time_s: float) -> Taking:
        if isinstance(inner, TrackerState):
            return taking(inner, plots, states=len(self.radars) > 1)
        return _reported(self.tracker.report(inner, time_s), plots)


def _reported(tracks: Tracks, plots: Plots) -> Taking:
    """What a report says of the plots of the scan just taken in."""
    live = tracks.take(tracks.status != "closed")
    found = Taking.nothing(plots)
    row = {int(plot): at for at, plot in enumerate(plots.plot_id)}
    for k, plot in enumerate(live.last_plot_id.tolist()):
        if plot in row:
            at = row[plot]
            found.track_id[at] = found.key[at] = live.track_id[k]
            found.state[at] = live.state[k]
    return found
