"""What a radar can be: its settings checked, each mistake with the field and a fix."""

from typing import TYPE_CHECKING

from mantlet.sensing.detection import CASES

if TYPE_CHECKING:
    from mantlet.sensing.radar import Radar

STARING_WIDTH_DEG = 150.0
"""Widest sector of a fixed array: 75 degrees off its axis a thirtieth of the gain is left."""

FALSE_PLOTS_MAX = 10_000.0
"""Most false plots of a scan, on average."""

FALSE_ALARM_MAX = 0.1
"""Above it a threshold would not stand clear of the mean of the noise."""

_CHOICES = {
    "kind": ("search-3d", "staring-3d"),
    "swerling": CASES,
    "refraction": ("corrected", "apparent", "none"),
    "false_alarms": ("stated", "by-cell"),
}
_POSITIVE = ("period_s", "range_resolution_m", "azimuth_beamwidth_deg", "elevation_beamwidth_deg")
_RISING = (("range_min_m", "range_max_m"), ("elevation_min_deg", "elevation_max_deg"))


def check(radar: "Radar") -> None:
    """Raise ValueError, naming the field, if there is no such radar."""
    for name, allowed in _CHOICES.items():
        if getattr(radar, name) not in allowed:
            raise ValueError(f"{name} {getattr(radar, name)}: none of {allowed}")
    for name in _POSITIVE:
        if not getattr(radar, name) > 0.0:
            raise ValueError(f"{name} {getattr(radar, name)}: must be positive")
    for low, high in _RISING:
        if not getattr(radar, low) < getattr(radar, high):
            raise ValueError(
                f"{low} {getattr(radar, low):g} is not below {high} {getattr(radar, high):g}"
            )
    if radar.pulses < 1:
        raise ValueError(f"pulses {radar.pulses}: at least 1")
    if not 0.0 < radar.false_alarm_probability < FALSE_ALARM_MAX:
        raise ValueError(
            f"false_alarm_probability {radar.false_alarm_probability}: "
            f"not between 0 and {FALSE_ALARM_MAX:g}"
        )
    _check_size(radar)


def _check_size(radar: "Radar") -> None:
    if not 0.0 < radar.azimuth_width_deg <= 360.0:
        raise ValueError(f"azimuth_width_deg {radar.azimuth_width_deg:g}: not within 0 and 360")
    if radar.kind == "staring-3d" and radar.azimuth_width_deg > STARING_WIDTH_DEG:
        raise ValueError(
            f"a fixed array does not see {radar.azimuth_width_deg:g} degrees of azimuth\n"
            f"    fix: write azimuth_width_deg: 120, at most {STARING_WIDTH_DEG:g}"
        )
    if radar.false_alarms == "by-cell" and radar.mean_false_plots > FALSE_PLOTS_MAX:
        raise ValueError(
            f"{radar.cells:.3g} resolution cells give {radar.mean_false_plots:,.0f} false plots "
            f"a scan\n    fix: lower false_alarm_probability, or state false_plots_per_scan"
        )
    if not 0.0 <= radar.mean_false_plots <= FALSE_PLOTS_MAX:
        raise ValueError(
            f"false_plots_per_scan {radar.mean_false_plots:g}: not within 0 and {FALSE_PLOTS_MAX:g}"
        )
