"""What a radar's figures may be."""

import numpy as np
import pytest

from mantlet.kernels.measurement import covers
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("period_s", 0.0),
        ("sigma_range_m", -1.0),
        ("sigma_azimuth_rad", float("nan")),
        ("detection_probability", 1.0),
        ("false_plots_per_scan", -0.1),
        ("range_min_m", 2e5),
        ("elevation_min_deg", 85.0),
        ("azimuth_centre_deg", float("inf")),
        ("azimuth_width_deg", 0.0),
        ("sigma_range_rate_mps", -1.0),
    ],
)
def test_a_figure_out_of_range_is_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        RadarFigures("r", Site(31.6, 34.6), **{field: value})


def test_a_sector_radar_covers_its_sector_only_also_across_north():
    site = Site(31.6, 34.6)
    radar = RadarFigures("r", site, azimuth_centre_deg=350.0, azimuth_width_deg=60.0).packed
    for azimuth_deg, seen in ((350, True), (19, True), (321, True), (21, False), (170, False)):
        azimuth = np.radians(azimuth_deg)
        local = 2e4 * np.array([np.sin(azimuth), np.cos(azimuth), 0.2])
        assert covers(radar, *(site.ecef_m + local @ site.axes)) == seen
