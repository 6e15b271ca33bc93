"""Radars in a scenario file: what the keys become, and what is refused."""

import math
from pathlib import Path

import numpy as np
import pytest

from mantlet.ports.draws import Draws
from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.load import load_scenario
from mantlet.sensing import Objects
from mantlet.sensing.equation import RadarEquation
from mantlet.sensing.interference import ClutterRegion, Jamming
from mantlet.sensing.packing import mask

BAD = Path(__file__).with_name("bad")


def scenario(tmp_path, keys, more=""):
    """The small right scenario, with more keys for its first radar."""
    text = (BAD / "good.yaml").read_text(encoding="utf-8")
    site = "site: {lat: -30.0, lon: -120.0, height_m: 60}"
    (tmp_path / "a.yaml").write_text(text.replace(site, f"{site}, {keys}", 1) + more)
    (tmp_path / "zones.geojson").write_bytes((BAD / "zones.geojson").read_bytes())
    return tmp_path / "a.yaml"


def test_every_block_of_a_radar_becomes_its_component(tmp_path):
    loaded = load_scenario(
        scenario(
            tmp_path,
            "kind: staring-3d, azimuth_centre_deg: 80, azimuth_width_deg: 100, swerling: 3, "
            "pulses: 8, equation: {gain_db: 38}, refraction: apparent, sigma_range_rate_mps: 2, "
            "false_alarms: by-cell, clutter: [{false_plots_per_scan: 4, elevation_max_deg: 2}], "
            "jamming: {from_s: 5, noise_db: 12}",
        )
    )
    radar, figures = loaded.radars[0], loaded.figures[0]
    assert radar.kind == "staring-3d" and (radar.swerling, radar.pulses) == (3, 8)
    assert radar.equation == RadarEquation(gain_db=38.0)
    assert radar.clutter == (ClutterRegion(4.0, elevation_max_deg=2.0),)
    assert radar.jamming == Jamming(from_s=5.0, noise_db=12.0)
    assert figures.azimuth_centre_deg == 80.0 and figures.azimuth_width_deg == 100.0
    assert figures.sigma_range_rate_mps > 2.0
    assert figures.false_plots_per_scan == pytest.approx(radar.cells * 1e-6)


def test_a_resolved_radar_states_its_blocks_in_full_and_loads_again(tmp_path):
    path = scenario(
        tmp_path,
        "equation: {gain_db: 38}, false_alarms: by-cell, false_alarm_probability: 1.0e-8, "
        "clutter: [{false_plots_per_scan: 4}], jamming: {noise_db: 12}",
    )
    first = load_scenario(path)
    text = first.resolved_yaml()
    for line in ("losses_db: 13.0", "range_max_m: 20000.0", "azimuth_width_deg: 10.0"):
        assert line in text
    (tmp_path / "b.yaml").write_text(text)
    for name, content in first.files.items():
        (tmp_path / name).write_bytes(content)
    second = load_scenario(tmp_path / "b.yaml")
    assert second.resolved_yaml() == text
    # NaN stands for what the file leaves out, and is equal to nothing but itself.
    for one, two in zip(first.radars, second.radars, strict=True):
        assert repr(one) == repr(two)


def test_the_terrain_of_a_scenario_stands_before_its_radars(tmp_path):
    rows = np.zeros((1201, 1201), ">i2")
    rows[600:640] = 900  # a ridge at -30.5 degrees, 55 km south of the first radar
    (tmp_path / "S31W120.hgt").write_bytes(rows.tobytes())
    (tmp_path / "S31W121.hgt").write_bytes(rows.tobytes())
    path = scenario(tmp_path, "elevation_min_deg: -1", "terrain: {file: S31W121.hgt}\n")
    path.write_text(
        path.read_text()
        .replace("lat: -30.0, lon: -120.0", "lat: -30.4, lon: -120.5")
        .replace("lat: -30.1, lon: -120.0", "lat: -30.3, lon: -120.5")
        .replace("[[-30.1, -119.9], [-30.1, -119.8], [-29.9, -119.8], [-29.9, -119.9]]",
                 "[[-30.1, -120.3], [-30.1, -120.2], [-30.2, -120.2], [-30.2, -120.3]]")
    )  # fmt: skip
    zones = (tmp_path / "zones.geojson").read_text()
    (tmp_path / "zones.geojson").write_text(
        zones.replace("-120.", "-120.5").replace("-119.9", "-120.4")
    )
    radar = load_scenario(path).radars[0]
    assert radar.terrain is not None
    assert mask(radar).shape == (1_440, 1_000)
    assert len(radar.scan(
        Objects.none(), scan=0, time_s=0.0, draws=Draws(1), first_plot_id=0
    )[0]) < 30  # fmt: skip
    south, north = mask(radar)[720, 500], mask(radar)[0, 500]
    assert math.degrees(south) > 3.0 and math.degrees(north) < 1.0


@pytest.mark.parametrize(
    ("keys", "field", "problem", "fix"),
    [
        ("kind: staring-3d", "radars[0]", "does not see 360 degrees", "azimuth_width_deg: 120"),
        ("kind: rotating", "radars[0].kind", "'rotating'", "search-3d"),
        ("swerling: 2", "radars[0].swerling", "2 is not known", "0, 1 or 3"),
        ("pulses: 0", "radars[0].pulses", "out of range", "at least 1"),
        ("refraction: 4/3", "radars[0].refraction", "not known", "corrected"),
        (
            "equation: {gain_db: 30}, reference_snr_db: 20",
            "radars[0]",
            "both reference_snr_db and equation",
            "one of them",
        ),
        ("equation: {gain: 30}", "radars[0].equation.gain", "unknown key", "gain_db"),
        (
            "false_alarms: by-cell, false_plots_per_scan: 3",
            "radars[0]",
            "both false_plots_per_scan and false_alarms",
            "one of them",
        ),
        (
            "false_alarms: by-cell, false_alarm_probability: 0.01",
            "radars[0]",
            "false plots a scan",
            "lower false_alarm_probability",
        ),
        (
            "clutter: [{range_max_m: 5000}]",
            "radars[0].clutter[0].false_plots_per_scan",
            "missing",
            "add",
        ),
        (
            "clutter: [{false_plots_per_scan: 1, range_min_m: 30000}]",
            "radars[0]",
            "range_min_m 30000 is not below range_max_m 20000",
            "change",
        ),
        ("jamming: {from_s: 9, until_s: 3}", "radars[0]", "from_s 9 is not below", "change"),
        ("jamming: {noise_db: -3}", "radars[0].jamming.noise_db", "out of range", "at least 0"),
    ],
)
def test_what_a_radar_cannot_be_is_said_with_a_fix(tmp_path, keys, field, problem, fix):
    with pytest.raises(ScenarioErrors) as caught:
        load_scenario(scenario(tmp_path, keys))
    (mistake,) = caught.value.mistakes
    assert mistake.field == field and mistake.line == 6
    assert problem in mistake.problem and fix in mistake.fix
