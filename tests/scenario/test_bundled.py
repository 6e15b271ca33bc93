"""The bundled scenarios load, and are what their titles say."""

from collections import Counter

import numpy as np
import pytest
import yaml

from mantlet.ports.draws import Draws
from mantlet.scenario.bundled import bundled_paths
from mantlet.scenario.load import load_scenario
from mantlet.scenario.model import Scenario
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import plan
from mantlet.world.earth import ground_distance_m
from mantlet.world.zones import ZoneMap


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    return load_scenario("tutorial")


@pytest.fixture(scope="module")
def may_2021() -> Scenario:
    return load_scenario("may-2021")


@pytest.mark.parametrize("name", bundled_paths())
def test_a_bundled_scenario_bears_its_file_name_and_loads_from_its_resolved_text(name, tmp_path):
    scenario = load_scenario(name)
    assert scenario.name == name
    (tmp_path / "scenario.yaml").write_text(scenario.resolved_yaml(), encoding="utf-8")
    for companion, content in scenario.files.items():
        (tmp_path / companion).write_bytes(content)
    again = load_scenario(tmp_path / "scenario.yaml")
    assert again.resolved_yaml() == scenario.resolved_yaml()
    assert again.raids == scenario.raids


@pytest.mark.parametrize("name", bundled_paths())
def test_the_sites_of_a_bundled_scenario_are_said_to_be_no_real_ones(name):
    notes = " ".join(load_scenario(name).notes).lower()
    assert "notional" in notes
    assert "invented" in notes or "no real position" in notes


def test_the_tutorial_is_small_and_mixed(tutorial):
    salvos = plan(tutorial.raids, Draws(1))
    threats = draw_threats(salvos, tutorial.areas, tutorial.zones, Draws(1), tutorial.air).threats
    kinds = Counter(threats.kind.tolist())
    assert set(kinds) == {"rocket", "mortar", "shell"}
    assert 20 <= len(threats) <= 28
    assert threats.launch_time_s.min() < 12.0
    assert threats.impact_time_s.max() < 300.0
    assert (len(tutorial.radars), len(tutorial.batteries)) == (2, 2)
    assert 10 <= len(tutorial.zones) <= 15


def test_the_tutorial_lies_on_its_invented_coast(tutorial):
    zones = tutorial.zones
    land = tutorial.surface.territory(zones.lat_deg, zones.lon_deg)
    assert set(land.tolist()) == {"Larkland"}
    sites = [part.site for part in (*tutorial.radars, *tutorial.batteries)]
    lat, lon = (np.array([getattr(s, k) for s in sites]) for k in ("lat_deg", "lon_deg"))
    assert set(tutorial.surface.territory(lat, lon).tolist()) == {"Larkland"}
    for area in tutorial.areas.values():
        lat, lon = np.vstack(area.rings).T
        assert set(tutorial.surface.territory(lat, lon).tolist()) == {"Uplands"}


def test_no_two_districts_of_the_tutorial_overlap(tutorial):
    from shapely import from_wkb

    shapes = from_wkb(tutorial.zones.polygon)
    for i, one in enumerate(shapes):
        for other in shapes[i + 1 :]:
            # neighbours share an edge; rounding to 1 m leaves slivers of a few square metres
            assert one.intersection(other).area < 1e-8


def test_may_2021_has_the_published_numbers(may_2021):
    assert len(may_2021.batteries) == 10  # "at least 10" in May 2021 (Davar)
    assert {(b.launchers, b.interceptors) for b in may_2021.batteries} == {(3, 60)}
    assert len(may_2021.radars) >= 2
    assert {(r.period_s, r.false_plots_per_scan) for r in may_2021.radars} == {(1.0, 5.0)}
    assert may_2021.epoch.isoformat() == "2021-05-09T21:00:00+00:00"
    launches = sum(salvo.count for salvo in plan(may_2021.raids, Draws(1)))
    assert launches == pytest.approx(4_360, rel=0.01)  # published: 4,340 to 4,369


def test_the_sites_of_may_2021_are_centres_of_large_towns(may_2021):
    zones = may_2021.zones
    large = zones.take(zones.population >= 20_000)
    for part in (*may_2021.radars, *may_2021.batteries):
        away_m = ground_distance_m(
            part.site.lat_deg, part.site.lon_deg, large.lat_deg, large.lon_deg
        )
        assert away_m.min() < 1_000.0, part.id


def test_no_zone_is_warned_where_the_launches_are(may_2021):
    zones = may_2021.zones
    held = may_2021.surface.territory(zones.lat_deg, zones.lon_deg)
    assert "Gaza" not in set(held.tolist())


def test_every_class_named_exists_and_every_companion_is_read():
    for path in bundled_paths().values():
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        for raid in values["raids"]:
            assert set(raid.get("mixture", {})) <= set(CLASSES)


def test_zone_outlines_of_the_tutorial_hold_their_centres(tutorial):
    zones = tutorial.zones
    found = ZoneMap(zones).locate(zones.lat_deg, zones.lon_deg)
    assert (found == np.arange(len(zones))).all()
