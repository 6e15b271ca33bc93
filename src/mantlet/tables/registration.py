"""Whether radars are set up right, as estimated from the tracks of ordinary flights."""

from dataclasses import dataclass

from mantlet.tables.base import Array, Table, column


@dataclass(frozen=True)
class Registrations(Table):
    """What a radar's plots show too much: alone, or more than another radar's.

    An estimate once a minute of plots and one at the end, each from the minutes before it, of the
    plots as they came.
    """

    time_s: Array = column("when estimated", "s")
    radar_id: Array = column("whose plots", dtype=str)
    against: Array = column(
        "held against this radar; empty: against the law of motion and all radars", dtype=str
    )
    range_m: Array = column("too much slant range", "m")
    azimuth_rad: Array = column("turned too far clockwise", "rad")
    elevation_rad: Array = column("too high", "rad")
    delay_s: Array = column("stamped so much later than measured", "s")
    range_sigma_m: Array = column("standard deviation of range_m", "m")
    azimuth_sigma_rad: Array = column("standard deviation of azimuth_rad", "rad")
    elevation_sigma_rad: Array = column("standard deviation of elevation_rad", "rad")
    delay_sigma_s: Array = column("standard deviation of delay_s", "s")
    alarm: Array = column(
        "what is both certain and harmful: of range, azimuth, elevation, time; commas between",
        dtype=str,
    )
