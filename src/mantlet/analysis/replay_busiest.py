"""Which minutes of a long run are worth watching first."""

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Intervals, Outcomes, Shots, Threats

SHOT_WEIGHT = 2.0
"""An interceptor in flight draws the eye as much as two threats: the window favours engagements."""

LEAD_IN_S = 2.0
LEAD_OUT_S = 15.0
"""A replay starts when something moves, and ends when the last flash has faded."""

Floats = NDArray[np.float64]


def live_seconds(start_s: Floats, end_s: Floats, from_s: float, count: int) -> Floats:
    """How many of the spans [start, end] cover each of `count` whole seconds after `from_s`."""
    first = np.clip(np.floor(start_s - from_s).astype(np.int64), 0, count)
    last = np.clip(np.floor(end_s - from_s).astype(np.int64) + 1, 0, count)
    steps = np.bincount(first, minlength=count + 1) - np.bincount(last, minlength=count + 1)
    return np.cumsum(steps)[:count].astype(np.float64)


def busiest_window(
    threats: Threats, shots: Shots, intervals: Intervals, duration_s: float
) -> tuple[float, float]:
    """Start and end [s] of the `duration_s` with most threats and interceptors in the air.

    Counts live objects second by second (an interceptor counts twice, debris not at all) and takes
    the earliest stretch with the largest sum. The whole run when it is shorter than `duration_s`.
    """
    begin, end = run_span(threats, intervals)
    seconds, width = int(np.ceil(end - begin)), int(np.ceil(duration_s))
    if seconds <= width:
        return begin, end
    flying = threats.kind != "debris"
    live = live_seconds(
        threats.launch_time_s[flying], threats.impact_time_s[flying], begin, seconds
    )
    live += SHOT_WEIGHT * live_seconds(shots.launch_time_s, shots.intercept_time_s, begin, seconds)
    total = np.concatenate([[0.0], np.cumsum(live)])
    start = begin + int(np.argmax(total[width:] - total[:-width]))
    return float(start), float(start + duration_s)


def run_span(threats: Threats, intervals: Intervals) -> tuple[float, float]:
    """First and last simulated second; from the threats alone where no intervals are given."""
    if len(intervals):
        return float(intervals.start_s.min()), float(intervals.end_s.max())
    if len(threats):
        return float(np.floor(threats.launch_time_s.min())), float(threats.impact_time_s.max())
    return 0.0, 60.0


def action_span(
    threats: Threats, outcomes: Outcomes, begin_s: float, end_s: float
) -> tuple[float, float]:
    """From just before the first launch to just after the last fate, inside a run's span [s].

    Debris may go on falling: minutes of it alone are not worth watching.
    """
    own = threats.take(threats.kind != "debris")
    if not len(own):
        return begin_s, end_s
    fates = outcomes.time_s[np.isin(outcomes.threat_id, own.threat_id)]
    last = fates.max() if len(fates) else own.impact_time_s.max()
    start = max(begin_s, float(np.floor(threats.launch_time_s.min())) - LEAD_IN_S)
    return start, max(min(end_s, float(np.ceil(last)) + LEAD_OUT_S), start + 1.0)
