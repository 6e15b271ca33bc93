"""Given radars: the same list, the same checks, no echoes to simulate."""

import pytest

from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.given import load_given_radars
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

RADARS = """\
radars:
  - id: hill
    site: {lat: -30.0, lon: -120.0, height_m: 60}
    period_s: 2.0
    sigma_range_m: 25
    detection_probability: 0.8
  - {id: shore, kind: given, site: {lat: -30.1, lon: -120.0}}
"""


def test_figures_are_taken_as_given_and_the_rest_is_default(tmp_path):
    path = tmp_path / "radars.yaml"
    path.write_text(RADARS)
    assert load_given_radars(path) == (
        RadarFigures(
            "hill",
            Site(-30.0, -120.0, 60.0),
            period_s=2.0,
            sigma_range_m=25.0,
            detection_probability=0.8,
        ),
        RadarFigures("shore", Site(-30.1, -120.0)),
    )


def test_mistakes_are_listed_as_for_a_scenario(tmp_path):
    path = tmp_path / "radars.yaml"
    text = RADARS.replace("0.8", "1.0").replace("shore", "hill").replace("period_s", "period")
    path.write_text(text)
    with pytest.raises(ScenarioErrors) as caught:
        load_given_radars(path)
    assert [(m.line, m.field, m.problem) for m in caught.value.mistakes] == [
        (4, "radars[0].period", "unknown key"),
        (6, "radars[0].detection_probability", "1.0 is out of range"),
        (7, "radars[1].id", "id 'hill' is used twice (first on line 2)"),
    ]


def test_a_simulated_radar_is_no_given_one(tmp_path):
    path = tmp_path / "radars.yaml"
    path.write_text(RADARS.replace("kind: given", "kind: search-3d"))
    with pytest.raises(ScenarioErrors, match="write given"):
        load_given_radars(path)
