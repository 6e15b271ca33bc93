"""What the maker's data sheet would say of a radar: figures for a tracker, free of any truth."""

import math
from typing import TYPE_CHECKING

import numpy as np

from mantlet.kernels import radar as kernel
from mantlet.sensing.detection import exceedance

if TYPE_CHECKING:
    from mantlet.sensing.radar import Radar

TYPICAL_RCS_M2 = 0.1
"""Radar cross-section that `nominal` figures are given for (notional)."""


def nominal(radar: "Radar") -> dict[str, float]:
    """Figures for an object of 0.1 m2 at half the maximum range, in the middle of the coverage.

    The root-mean-square errors of its plots (over the fluctuation of those that are detected), its
    detection probability, how many false plots there are where there is no clutter, and what is
    left of the errors of a very strong echo.
    """
    snr = radar.snr(TYPICAL_RCS_M2, radar.range_max_m / 2)
    typical = 1.0 / _mean_inverse_snr(radar.swerling, snr, radar.pulses, radar.threshold)
    angle = kernel.ANGLE_SLOPE
    azimuth_rad = math.radians(radar.azimuth_beamwidth_deg)
    elevation_rad = math.radians(radar.elevation_beamwidth_deg)
    sigma = kernel.measurement_sigma
    return {
        "sigma_range_m": sigma(radar.range_resolution_m, 1.0, typical, radar.sigma_range_m),
        "sigma_azimuth_rad": sigma(azimuth_rad, angle, typical, radar.sigma_azimuth_rad),
        "sigma_elevation_rad": sigma(elevation_rad, angle, typical, radar.sigma_elevation_rad),
        "sigma_range_rate_mps": _sigma_range_rate(radar, typical),
        "detection_probability": float(
            exceedance(snr, radar.threshold, radar.pulses, radar.swerling)
        ),
        "false_plots_per_scan": radar.mean_false_plots,
        "typical_snr_db": 10.0 * math.log10(typical),
        "threshold_snr_db": _decibels(radar.threshold - radar.pulses),
        "floor_range_m": radar.sigma_range_m,
        "floor_azimuth_rad": radar.sigma_azimuth_rad,
        "floor_elevation_rad": radar.sigma_elevation_rad,
    }


def _decibels(ratio: float) -> float:
    return 10.0 * math.log10(ratio) if ratio > 0.0 else math.nan


def _sigma_range_rate(radar: "Radar", snr: float) -> float:
    floor_mps = radar.sigma_range_rate_mps
    if math.isnan(floor_mps):
        return math.nan
    return kernel.measurement_sigma(radar.range_rate_resolution_mps, 1.0, snr, floor_mps)


def _mean_inverse_snr(swerling: int, snr: float, pulses: int, threshold: float) -> float:
    """Mean of 1 / (power - pulses) over the powers above the threshold.

    By parts it is the integral of S(T) - S(pulses + 1/x) over 0 < x < 1 / (T - pulses), divided by
    S(T), with S the detection probability as a function of the threshold: smooth and bounded.
    Trapezoids in log x, good to 1e-3.
    """
    strongest = 45.0 * (1.0 + pulses * snr) + threshold
    x = np.geomspace(1.0 / (strongest - pulses), 1.0 / (threshold - pulses), 400)
    above = exceedance(snr, pulses + 1.0 / x, pulses, swerling)
    area = x[0] * above[-1] + np.trapezoid((above[-1] - above) * x, np.log(x))
    return float(area / above[-1])
