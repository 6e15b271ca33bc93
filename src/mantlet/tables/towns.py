"""Place by place: what came down, who was told of it, and how early."""

from dataclasses import dataclass

import numpy as np

from mantlet.tables.base import Array, Table, column


@dataclass(frozen=True)
class Towns(Table):
    """One populated zone a row, those with the most threats first; a CSV file, empty for NaN.

    Warning is from hearing an alert to the fall it was for, had nothing been intercepted. The
    interval of the median is 95 % by order statistics, of this one run.
    """

    zone_id: Array = column("zone, as in zones", dtype=np.int64)
    name: Array = column("name to show", dtype=str)
    lat_deg: Array = column("latitude of the centre", "deg")
    lon_deg: Array = column("longitude of the centre", "deg")
    population: Array = column("residents", "persons")
    shelter_time_s: Array = column("seconds needed to reach shelter", "s")
    headed: Array = column("threats whose undisturbed flight ends in it", dtype=np.int64)
    landed: Array = column("those that came down", dtype=np.int64)
    unwarned: Array = column("those that came down without an open alert", dtype=np.int64)
    debris: Array = column("pieces of debris that came down in it", dtype=np.int64)
    alerts: Array = column("alerts", dtype=np.int64)
    needless: Array = column("alerts that nothing in or near it made needed", dtype=np.int64)
    timed: Array = column("alerts for a threat then in the air", dtype=np.int64)
    in_time: Array = column("those heard early enough to reach shelter", dtype=np.int64)
    warning_median_s: Array = column("median warning of timed alerts", "s")
    warning_low_s: Array = column("lower end of its interval; NaN below six alerts", "s")
    warning_high_s: Array = column("upper end of its interval; NaN below six alerts", "s")
    warning_p10_s: Array = column("nine in ten timed alerts give more warning", "s")
