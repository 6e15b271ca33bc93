"""Which way each measure is better, and what is asked of the main ones."""

from collections.abc import Mapping
from types import MappingProxyType

LESS = frozenset(
    {
        "gospa_m",
        "gospa_localisation_m",
        "missed_per_scan",
        "false_per_scan",
        "ospa_m",
        "ambiguity",
        "spuriousness",
        "false_tracks",
        "identities_per_object",
        "identity_switches",
        "never_followed",
        "confirm_scans",
        "long_gap_share",
        "position_rms_m",
        "position_median_m",
        "velocity_rms_mps",
        "velocity_median_mps",
        "young_position_rms_m",
        "young_velocity_rms_mps",
        "impact_10s_m",
        "impact_20s_m",
        "impact_30s_m",
        "impact_45s_m",
    }
)
MORE = frozenset(
    {"completeness", "longest_segment", "coverage", "probability_of_update", "unbroken"}
)
NEAR: Mapping[str, float] = MappingProxyType(
    {
        "nees": 1.0,
        "nees_inside": 0.95,
        "nis": 1.0,
        "nis_inside": 0.95,
        "impact_region_50": 0.50,
        "impact_region_90": 0.90,
        "impact_region_99": 0.99,
    }
)
"""Neither more nor less is better, but what is honest."""

ASKED: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "identities_per_object": (1.0, 1.02),
        "coverage": (0.97, 1.0),
        "confirm_scans": (0.0, 2.0),
        "false_tracks": (0.0, 0.5),
        "position_rms_m": (0.0, 1.1),
        "velocity_rms_mps": (0.0, 1.1),
        "impact_20s_m": (0.0, 1.3),
        "impact_region_90": (0.88, 0.92),
        "nees": (0.9, 1.1),
    }
)
"""Between which limits a good tracker stays: of the mean, or of its multiple of the bound."""


def loss(measure: str, value: float) -> float:
    """What is to be small: the value, less of it, or its distance from what is honest.

    Raises
    ------
    KeyError
        For a measure that is none of the bench's.
    """
    if measure in LESS:
        return value
    if measure in MORE:
        return -value
    return abs(value - NEAR[measure])


def misses(measure: str, mean: float | None, ratio: float | None) -> bool:
    """Whether a mean (or its multiple of the bound, where there is one) is not what is asked."""
    value = mean if ratio is None else ratio
    if value is None or measure not in ASKED:
        return False
    low, high = ASKED[measure]
    return not low <= round(value, 3) <= high
