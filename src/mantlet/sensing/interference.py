"""What disturbs a radar from outside: places full of clutter, and one fixed jamming fault."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class ClutterRegion:
    """A box in range, azimuth and elevation with more false plots: birds, weather, sea, traffic.

    Their number is Poisson with mean `false_plots_per_scan`, on top of the radar's own; those that
    fall outside the radar's coverage or behind a ridge are not seen. Every default is notional.

    Raises
    ------
    ValueError
        Naming the field, if a limit is not below the other or the mean is negative.
    """

    false_plots_per_scan: float
    range_min_m: float = 0.0
    range_max_m: float = 20_000.0
    azimuth_centre_deg: float = 0.0
    azimuth_width_deg: float = 360.0
    elevation_min_deg: float = 0.0
    elevation_max_deg: float = 5.0

    def __post_init__(self) -> None:
        for low, high in (
            ("range_min_m", "range_max_m"),
            ("elevation_min_deg", "elevation_max_deg"),
        ):
            if not getattr(self, low) < getattr(self, high):
                raise ValueError(
                    f"{low} {getattr(self, low):g} is not below {high} {getattr(self, high):g}"
                )
        if not 0.0 <= self.false_plots_per_scan < math.inf:
            raise ValueError(f"false_plots_per_scan {self.false_plots_per_scan}: negative")


@dataclass(frozen=True)
class Jamming:
    """Raised noise in a sector for a while: a fixed fault, the same in every run. Notional.

    The threshold follows the noise, so false alarms stay as many; echoes in the sector are weaker
    against it by `noise_db`: fewer are detected, and less exactly.
    """

    azimuth_centre_deg: float = 0.0
    azimuth_width_deg: float = 10.0
    from_s: float = 0.0
    until_s: float = math.inf
    noise_db: float = 20.0

    def __post_init__(self) -> None:
        if not self.from_s < self.until_s:
            raise ValueError(f"from_s {self.from_s:g} is not below until_s {self.until_s:g}")

    def at(self, time_s: float) -> bool:
        """Whether it is on."""
        return self.from_s <= time_s < self.until_s
