"""Anybody's tracker in place of Mantlet's own: on recorded plots, with no more than it offers."""

from dataclasses import dataclass, replace
from typing import Any

from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.health import TrackerHealth
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.protocol import AnyTracker, PredictsImpacts
from mantlet.world.air import Air


@dataclass
class GuestState:
    """The guest's own state, and the plots that came too late for it."""

    inner: Any
    too_late: int = 0

    @property
    def health(self) -> TrackerHealth:
        """Only late plots are counted: of others Mantlet is not told."""
        return TrackerHealth(too_late=self.too_late)


@dataclass(frozen=True)
class Guest:
    """A tracker of the protocol with what Mantlet's own has beyond it.

    It is never at rest, it takes no late plots (they are counted), and Mantlet predicts the
    impacts of its tracks unless it does so itself.
    """

    tracker: AnyTracker
    radars: tuple[RadarFigures, ...]
    air: Air

    def start(self) -> GuestState:
        """A new one without tracks."""
        return GuestState(self.tracker.start())

    def rest(self, state: GuestState, until_s: float) -> GuestState:
        """Tracks are its own to drop."""
        return state

    def step(self, state: GuestState, plots: Plots, radar: int, time_s: float) -> GuestState:
        """One scan."""
        return replace(state, inner=self.tracker.step(state.inner, plots, radar, time_s))

    def late(self, state: GuestState, plots: Plots, radar: int) -> GuestState:
        """Count plots that came after their scan."""
        return replace(state, too_late=state.too_late + len(plots))

    def report(self, state: GuestState, time_s: float) -> Tracks:
        """Its tracks."""
        return self.tracker.report(state.inner, time_s)

    def impacts(self, state: GuestState, tracks: Tracks) -> Impacts:
        """Its own predictions, or Mantlet's."""
        if isinstance(self.tracker, PredictsImpacts):
            return self.tracker.impacts(state.inner, tracks)
        return predict_impacts(tracks, self.air)
