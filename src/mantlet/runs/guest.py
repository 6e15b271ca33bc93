"""Anybody's tracker in place of Mantlet's own: on recorded plots, with no more than it offers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from traceback import extract_tb
from typing import Any

from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.health import TrackerHealth
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.protocol import AnyTracker, PredictsImpacts, TrackerMaker
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
    impacts of its tracks unless it does so itself. Whatever it raises becomes an InputError that
    names it, the call and the line.
    """

    tracker: AnyTracker
    radars: tuple[RadarFigures, ...]
    air: Air
    name: str = "tracker"

    @classmethod
    def made(
        cls, maker: TrackerMaker, radars: tuple[RadarFigures, ...], air: Air, name: str
    ) -> "Guest":
        """One by its maker."""
        with _blamed(name, "making it"):
            return cls(maker(radars, air), radars, air, name)

    def start(self) -> GuestState:
        """A new one without tracks."""
        with _blamed(self.name, "start"):
            return GuestState(self.tracker.start())

    def rest(self, state: GuestState, until_s: float) -> GuestState:
        """Tracks are its own to drop."""
        return state

    def step(self, state: GuestState, plots: Plots, radar: int, time_s: float) -> GuestState:
        """One scan."""
        with _blamed(self.name, f"step at {time_s:.3f} s"):
            return replace(state, inner=self.tracker.step(state.inner, plots, radar, time_s))

    def late(self, state: GuestState, plots: Plots, radar: int) -> GuestState:
        """Count plots that came after their scan."""
        return replace(state, too_late=state.too_late + len(plots))

    def report(self, state: GuestState, time_s: float) -> Tracks:
        """Its tracks."""
        with _blamed(self.name, f"report at {time_s:.3f} s"):
            found = self.tracker.report(state.inner, time_s)
            if not isinstance(found, Tracks):
                raise TypeError(f"returned {type(found).__name__}, not mantlet.tables.Tracks")
            return found

    def impacts(self, state: GuestState, tracks: Tracks) -> Impacts:
        """Its own predictions, or Mantlet's."""
        if not isinstance(self.tracker, PredictsImpacts):
            return predict_impacts(tracks, self.air)
        with _blamed(self.name, "impacts"):
            return self.tracker.impacts(state.inner, tracks)


@contextmanager
def _blamed(name: str, call: str) -> Iterator[None]:
    """What fails inside is somebody else's program: say so, and where."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        at = extract_tb(error.__traceback__)[-1]
        raise InputError(
            f"tracker {name}: {call}: {type(error).__name__}: {error} "
            f"({Path(at.filename).name}, line {at.lineno})\n"
            "    fix: see docs/tracking.md; mantlet.tracking.conformance.check_tracker tries it"
        ) from error
