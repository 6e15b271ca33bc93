"""Track a live ASTERIX source: payloads in, tracks and impacts out, an account at the end."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.registration import alarms_of
from mantlet.pipeline.live_tracking import LiveTracking
from mantlet.pipeline.tracking import Tracked
from mantlet.pipeline.witness import Witness
from mantlet.ports.clock import Clock
from mantlet.ports.listening import Listener
from mantlet.runs.plot_sources import LATE_S, RecordedPlots, plot_spans, with_format_errors
from mantlet.runs.tracker_choice import tracker_for
from mantlet.runs.tracking import TrackRun, gathered, smoothed
from mantlet.sensing.asterix import PlotStream
from mantlet.tables import Impacts, Plots, Recorder, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import TrackerMaker
from mantlet.tracking.registration import Registrar
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.world.air import UNTOLD_AIR

WAIT_S = 0.1
"""Longest wait for a payload: so late a tick may be."""

Shown = Callable[[float, int, Tracks, tuple[str, ...]], None]
"""Called at each tick with seconds since the start, plots so far, tracks and alarms of the radars'
registration."""


def track_live(
    listener: Listener,
    radars: Sequence[RadarFigures],
    clock: Clock,
    epoch: datetime,
    *,
    tracker: TrackerMaker | str | None = None,
    settings: TrackerSettings = DEFAULT_SETTINGS,
    smooth: bool = False,
    seconds: float = np.inf,
    shown: Shown | None = None,
) -> TrackRun:
    """Track what a source sends until it ends, `seconds` have passed or Ctrl-C.

    Parameters
    ----------
    listener : Listener
        Of `ports.listening.listen`.
    radars : sequence of RadarFigures
        Of `load_radars`; the format's steps are added to their errors, at middle ranges.
    clock : Clock
        Seconds since `epoch`.
    epoch : datetime
        00:00 UTC of the day: times of the plots count from it.
    tracker, settings, smooth
        As `runs.tracking.track` takes them.
    seconds : float
        How long to listen.
    shown : callable, optional
        Told of every tick.

    Raises
    ------
    InputError
        If not one usable plot came, or the tracker asked for cannot be had or fails.
    """
    stream = PlotStream(radars, epoch)
    known = with_format_errors(radars)
    used = tracker_for(tracker, settings, known, UNTOLD_AIR)
    witness = Witness(used, Registrar(known))
    live = LiveTracking(witness)
    plots, tracks, impacts = Recorder(Plots), Recorder(Tracks), Recorder(Impacts)
    ahead_s: list[float] = []
    start_s = clock.now_s()
    try:
        while not listener.ended and clock.now_s() - start_s < seconds:
            payload = listener.receive(WAIT_S)
            now_s = clock.now_s()
            for some, _ in stream.feed(payload, now_s) if payload else ():
                live.take(some)
                plots.add(some)
                ahead_s.extend((some.time_s - now_s).tolist())
            for reported, landing in live.advance(now_s):
                tracks.add(reported)
                impacts.add(landing)
                if shown is not None:
                    alarms = alarms_of(live.state.estimates[-1:])
                    shown(now_s - start_s, stream.plots, reported, alarms)
    except KeyboardInterrupt:
        pass  # how a listener without end is ended: what it heard is kept
    for reported, landing in live.advance(clock.now_s() + live.lag_s):
        tracks.add(reported)
        impacts.add(landing)
    lost = dict(stream.lost)
    if listener.dropped:
        lost["payload dropped for want of room"] = listener.dropped
    heard = plots.build()
    if not len(heard):
        reasons = "".join(f"\n    {count} times: {reason}" for reason, count in lost.items())
        raise InputError(f"not one usable plot came{reasons}")
    lost |= _off_the_clock(np.array(ahead_s))
    held = RecordedPlots(heard, plot_spans(heard), epoch, (), tuple(lost.items()), coarse=True)
    found = Tracked(tracks.build(), impacts.build(), live.health, live.state)
    estimates = list(live.state.estimates)
    if (last := witness.estimate(live.state)) is not None:
        estimates.append((live.state.registrar.time_s, last))
    run = gathered(held, found, estimates)
    return smoothed(run, found, known, UNTOLD_AIR) if smooth else run


def _off_the_clock(ahead_s: NDArray[np.float64]) -> dict[str, int]:
    """Plots whose times were too far from this machine's clock to be tracked, if most were."""
    middle_s, off = float(np.median(ahead_s)), int((np.abs(ahead_s) > LATE_S).sum())
    if abs(middle_s) <= LATE_S:
        return {}
    side = "ahead of" if middle_s > 0.0 else "behind"
    return {
        f"plot {abs(middle_s):,.0f} s {side} this machine's clock (median): set one of them": off
    }


def midnight_before(now: datetime) -> datetime:
    """00:00 UTC of a moment's day."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
