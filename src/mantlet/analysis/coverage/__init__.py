"""Coverage products: where radars detect, and how many seconds that leaves to each town."""

from mantlet.analysis.coverage.product import Coverage, coverage, coverage_geojson
from mantlet.analysis.coverage.warning_time import WarningTimes, warning_times

__all__ = ["Coverage", "WarningTimes", "coverage", "coverage_geojson", "warning_times"]
