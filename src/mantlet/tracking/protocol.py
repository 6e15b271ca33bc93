"""What any tracker has to offer so that Mantlet can run, compare and judge it.

A maker takes what is known of the radars and of the air and gives a tracker; `Tracker` itself is
one. State goes in and comes out of every call and may be anything; the tracker object holds
settings only. docs/tracking.md has a whole tracker in some thirty lines.
"""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import Air


class AnyTracker(Protocol):
    """Plots in, tracks out."""

    def start(self) -> Any:
        """A state without tracks."""

    def step(self, state: Any, plots: Plots, radar: int, time_s: float, /) -> Any:
        """The state after one scan of radar number `radar`; a scan may be empty.

        The state handed in is spent: it may be changed and returned. Times never run backwards.
        """

    def report(self, state: Any, time_s: float, /) -> Tracks:
        """All tracks predicted to `time_s`, not before the last scan; the state is left alone.

        `state` columns as in `Tracks`: ECEF position and velocity (with `Air(flat=True)`: east,
        north, up) and ln(beta). Rows with status `confirmed` or `coasting` count; a track keeps
        its `track_id`, which no other ever gets. Unknown variances are large, not zero.
        """


@runtime_checkable
class PredictsImpacts(Protocol):
    """A tracker that also says where its tracks will land; otherwise Mantlet's predictor does.

    With `Air(flat=True)`, latitude and longitude are metres north and east over
    `kernels.impact.PLANE_DEGREE_M`.
    """

    def impacts(self, state: Any, tracks: Tracks, /) -> Impacts:
        """One row per track of the report just made from this state, in order.

        The state is left alone. A covariance that is not known is NaN.
        """


@runtime_checkable
class TakesLatePlots(Protocol):
    """A tracker that also takes plots of earlier scans; on others they are lost."""

    def late(self, state: Any, plots: Plots, radar: int, /) -> Any:
        """The state with late plots of one radar, each of the scan at its own `time_s`.

        The state handed in is spent, as by `step`.
        """


TrackerMaker = Callable[[tuple[RadarFigures, ...], Air], AnyTracker]
