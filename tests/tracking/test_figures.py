"""What a radar's figures may be."""

import pytest

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
    ],
)
def test_a_figure_out_of_range_is_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        RadarFigures("r", Site(31.6, 34.6), **{field: value})
