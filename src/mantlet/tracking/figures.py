"""What the tracker may know about a radar: its published figures, not its inner state."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import measurement
from mantlet.world.earth import Site

Floats = NDArray[np.float64]

NEW_OBJECTS_PER_SCAN = 1.0
"""Plots per scan and radar that begin something new (notional): they weigh like false ones."""


@dataclass(frozen=True)
class RadarFigures:
    """Place, period, accuracy and coverage of one radar.

    The sigmas are the standard deviations of a typical plot; `detection_probability` that of an
    object inside the coverage; `false_plots_per_scan` are spread evenly over range, azimuth and
    elevation. A radar that sees a sector of azimuths only gives its middle and width;
    `sigma_range_rate_mps` is NaN where plots carry no range rate.

    The sigmas are those at `typical_snr_db` where that is given: a plot that says its own
    signal-to-noise ratio is then worth accordingly more or less, down to the `floor_...`.
    Where `threshold_snr_db`, the least that a plot can have, is given too, a plot far above it is
    the less likely to be noise.

    `tolerance_...` say how well the radar is set up: standard deviations of the errors that all its
    plots share. They are in no scatter of plots, and a lone radar cannot find them; covariances
    and impact regions are as much wider as they ask for.

    Raises
    ------
    ValueError
        Naming the field, if a figure is out of range.
    """

    id: str
    site: Site
    period_s: float = 1.0
    offset_s: float = 0.0
    sigma_range_m: float = 10.0
    sigma_azimuth_rad: float = 0.002
    sigma_elevation_rad: float = 0.002
    detection_probability: float = 0.9
    false_plots_per_scan: float = 5.0
    range_min_m: float = 1_000.0
    range_max_m: float = 100_000.0
    elevation_min_deg: float = 0.5
    elevation_max_deg: float = 80.0
    azimuth_centre_deg: float = 0.0
    azimuth_width_deg: float = 360.0
    sigma_range_rate_mps: float = math.nan
    typical_snr_db: float = math.nan
    threshold_snr_db: float = math.nan
    floor_range_m: float = 0.0
    floor_azimuth_rad: float = 0.0
    floor_elevation_rad: float = 0.0
    tolerance_range_m: float = 0.0
    tolerance_azimuth_rad: float = 0.0
    tolerance_elevation_rad: float = 0.0

    def __post_init__(self) -> None:
        for name in ("period_s", "sigma_range_m", "sigma_azimuth_rad", "sigma_elevation_rad"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} {getattr(self, name)}: must be positive")
        if not 0.0 < self.detection_probability < 1.0:
            raise ValueError(f"detection_probability {self.detection_probability}: not in (0, 1)")
        if not 0.0 <= self.false_plots_per_scan < math.inf:
            raise ValueError(f"false_plots_per_scan {self.false_plots_per_scan}: negative")
        if not 0.0 <= self.range_min_m < self.range_max_m < math.inf:
            raise ValueError(f"range_min_m {self.range_min_m}: not below range_max_m")
        if not -90.0 <= self.elevation_min_deg < self.elevation_max_deg <= 90.0:
            raise ValueError(f"elevation_min_deg {self.elevation_min_deg}: not below the maximum")
        if not math.isfinite(self.azimuth_centre_deg):
            raise ValueError(f"azimuth_centre_deg {self.azimuth_centre_deg}: must be finite")
        if not 0.0 < self.azimuth_width_deg <= 360.0:
            raise ValueError(f"azimuth_width_deg {self.azimuth_width_deg}: not in (0, 360]")
        if self.sigma_range_rate_mps <= 0.0 or math.isinf(self.sigma_range_rate_mps):
            raise ValueError(f"sigma_range_rate_mps {self.sigma_range_rate_mps}: must be positive")

        for name in ("range_m", "azimuth_rad", "elevation_rad"):
            floor, sigma = getattr(self, f"floor_{name}"), getattr(self, f"sigma_{name}")
            if not 0.0 <= floor <= sigma:
                raise ValueError(f"floor_{name} {floor}: not between 0 and sigma_{name}")
            tolerance = getattr(self, f"tolerance_{name}")
            if not 0.0 <= tolerance < math.inf:
                raise ValueError(f"tolerance_{name} {tolerance}: must be 0 or more, and finite")
        for name in ("typical_snr_db", "threshold_snr_db"):
            if math.isinf(getattr(self, name)):
                raise ValueError(f"{name} {getattr(self, name)}: must be finite")

    def with_scattered_bias(self) -> "RadarFigures":
        """Plots as far off as noise and standing error together, for use among other radars."""
        if not self.tolerance_range_m + self.tolerance_azimuth_rad + self.tolerance_elevation_rad:
            return self
        wider: dict[str, Any] = {
            f"{kind}_{name}": math.hypot(
                getattr(self, f"{kind}_{name}"), getattr(self, f"tolerance_{name}")
            )
            for kind in ("sigma", "floor")
            for name in ("range_m", "azimuth_rad", "elevation_rad")
        }
        return replace(self, **wider)

    @property
    def packed(self) -> Floats:
        """As the kernels take it (`kernels.measurement` names the places)."""
        row = np.empty(measurement.FIGURES)
        low, high = math.radians(self.elevation_min_deg), math.radians(self.elevation_max_deg)
        row[measurement.SITE : measurement.SITE + 3] = self.site.ecef_m
        row[measurement.AXES : measurement.AXES + 9] = self.site.axes.ravel()
        row[measurement.RANGE_MIN] = self.range_min_m
        row[measurement.RANGE_MAX] = self.range_max_m
        row[measurement.SIN_ELEVATION_MIN] = math.sin(low)
        row[measurement.SIN_ELEVATION_MAX] = math.sin(high)
        row[measurement.SIGMA_RANGE] = self.sigma_range_m
        row[measurement.SIGMA_AZIMUTH] = self.sigma_azimuth_rad
        row[measurement.SIGMA_ELEVATION] = self.sigma_elevation_rad
        row[measurement.DETECTION] = self.detection_probability
        centre, width = math.radians(self.azimuth_centre_deg), math.radians(self.azimuth_width_deg)
        row[measurement.SECTOR : measurement.SECTOR + 2] = math.sin(centre), math.cos(centre)
        whole = self.azimuth_width_deg >= 360.0
        row[measurement.COS_HALF_WIDTH] = -2.0 if whole else math.cos(0.5 * width)
        row[measurement.SIGMA_RANGE_RATE] = self.sigma_range_rate_mps
        row[measurement.FLOOR_RANGE] = self.floor_range_m
        row[measurement.FLOOR_AZIMUTH] = self.floor_azimuth_rad
        row[measurement.FLOOR_ELEVATION] = self.floor_elevation_rad
        row[measurement.TOLERANCE_RANGE] = self.tolerance_range_m
        row[measurement.TOLERANCE_AZIMUTH] = self.tolerance_azimuth_rad
        row[measurement.TOLERANCE_ELEVATION] = self.tolerance_elevation_rad
        row[measurement.TYPICAL_SNR] = 10.0 ** (0.1 * self.typical_snr_db)
        row[measurement.PERIOD] = self.period_s
        row[measurement.THRESHOLD_SNR] = 10.0 ** (0.1 * self.threshold_snr_db)
        row[measurement.NEW_SHARE] = NEW_OBJECTS_PER_SCAN / (
            self.false_plots_per_scan + NEW_OBJECTS_PER_SCAN
        )
        span = (self.range_max_m - self.range_min_m) * width * (high - low)
        row[measurement.CLUTTER] = (self.false_plots_per_scan + NEW_OBJECTS_PER_SCAN) / span
        return row
