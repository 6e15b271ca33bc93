"""Which tracker gets the plots: Mantlet's own with settings of the user's, or anybody's."""

from mantlet.analysis.bench.trackers import tracker_named
from mantlet.pipeline.tracking import PlotTracker
from mantlet.runs.guest import Guest
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import TrackerMaker
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import Air


def tracker_for(
    choice: TrackerMaker | str | None,
    settings: TrackerSettings,
    radars: tuple[RadarFigures, ...],
    air: Air,
) -> PlotTracker:
    """Mantlet's tracker, or the chosen one behind the same calls.

    Raises
    ------
    InputError
        If the name names none, or settings are given to a tracker that is not Mantlet's.
    """
    maker = tracker_named(choice) if isinstance(choice, str) else choice
    if maker is None or maker is Tracker:
        return Tracker(radars, air, settings)
    if settings != DEFAULT_SETTINGS:
        raise InputError(
            "settings: only Mantlet's own tracker has them\n"
            "    fix: leave out --set (settings=), or the other tracker"
        )
    name = choice if isinstance(choice, str) else getattr(choice, "__name__", "tracker")
    guest = Guest.made(maker, radars, air, name)
    # Mantlet's own, tuned by somebody's maker, can do more than the protocol asks for.
    return guest.tracker if isinstance(guest.tracker, Tracker) else guest
