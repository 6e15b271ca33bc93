"""Time of day, which is all that ASTERIX tells, and the date carried beside it."""

from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DAY_S = 86_400.0
STEP_S = 1.0 / 128.0
"""Step of every time of day [s]."""


def midnight(day: date) -> datetime:
    """00:00 UTC of a day."""
    return datetime.combine(day, time(), UTC)


def time_of_day(time_s: Floats, epoch: datetime) -> Floats:
    """Seconds since the last midnight UTC, in steps of 1/128 s, of times since `epoch` [s]."""
    begin_s = (epoch - midnight(epoch.astimezone(UTC).date())).total_seconds()
    steps = np.round((np.asarray(time_s, dtype=np.float64) + begin_s) / STEP_S)
    return np.asarray(np.mod(steps, DAY_S / STEP_S) * STEP_S)


def since_midnight(of_day_s: Floats, received_s: Floats | None = None) -> Floats:
    """Times since the midnight before the first of `of_day_s` (n,) [s], in order of arrival.

    A step back of more than half a day is midnight; a step on of more is a late message from
    before it. So a silence of over twelve hours is taken for too short a one. Where the time of
    reception is known, `received_s` (n,) since that midnight, its day counts: no silence is too
    long, as long as both clocks agree within half a day.
    """
    if received_s is not None:
        return of_day_s + DAY_S * np.round((received_s - of_day_s) / DAY_S)
    steps = np.diff(of_day_s, prepend=of_day_s[:1])
    days = np.cumsum((steps < -DAY_S / 2).astype(np.int64) - (steps > DAY_S / 2))
    return np.asarray(of_day_s + DAY_S * days)
