"""When records were made: their times of day put on one clock, in the order of the file."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix import clock
from mantlet.sensing.asterix.contents import Records
from mantlet.sensing.asterix.recording import Recording

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIME_OF_DAY = {34: "030", 48: "140", 62: "070"}
"""The element that tells it."""


def epoch_of(held: Recording, records: Records, day: date | None) -> datetime | None:
    """00:00 UTC of the day given, else of that of the first of the records received, or None."""
    if day is not None:
        return clock.midnight(day)
    received_s = held.time_s[records.payloads]
    known = received_s[np.isfinite(received_s)]
    if not known.size:
        return None
    return clock.midnight(datetime.fromtimestamp(float(known[0]), UTC).date())


def times(
    held: Recording, epoch: datetime | None, *picked: tuple[Records, Ints]
) -> Iterator[Floats]:
    """Seconds since the epoch of some rows of each category's records, all with a time of day.

    Without an epoch they count from the midnight before the first of them.
    """
    starts = np.concatenate([records.starts[rows] for records, rows in picked])
    payloads = np.concatenate([records.payloads[rows] for records, rows in picked])
    of_day = np.concatenate([r.column(TIME_OF_DAY[r.category])[rows] for r, rows in picked])
    order = np.argsort(starts, kind="stable")
    received_s = held.time_s[payloads] - (epoch.timestamp() if epoch else np.nan)
    known = bool(np.isfinite(received_s).all())
    time_s = np.empty(order.size)
    time_s[order] = clock.since_midnight(of_day[order], received_s[order] if known else None)
    return iter(np.split(time_s, np.cumsum([rows.size for _, rows in picked])[:-1]))
