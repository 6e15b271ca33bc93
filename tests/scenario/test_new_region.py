"""A new scenario for any region: people counted once, outlines apart, map edges respected."""

import numpy as np
import pytest
import shapely

from mantlet.scenario.drafts import load_draft
from mantlet.scenario.importers.geonames import find, near
from mantlet.scenario.importers.region import region
from mantlet.scenario.starting import Start, scenario_text
from mantlet.tables.errors import InputError


def row(number, name, lat, lon, population, country="XX", others=()):
    return {
        "geonameid": number,
        "name": name,
        "latitude": lat,
        "longitude": lon,
        "countrycode": country,
        "population": population,
        "admin1code": "01",
        "alternatenames": list(others),
    }


CITY = [
    row(1, "Große Stadt", 50.0, 10.0, 1_000_000, others=["Big City", "עיר גדולה"]),
    row(2, "Westend", 50.0, 9.98, 300_000),  # 1.4 km away: a part
    row(3, "Ostheim", 50.0, 10.20, 40_000),  # 14 km away: a town of its own
    row(4, "Ostheim", 10.0, 10.0, 90_000, country="YY"),
    row(5, "Nowhere", 50.01, 10.01, 0),
]


def start(**changes):
    values = {"name": "x", "title": "X", "lat_deg": 50.0, "lon_deg": 10.0, "radius_km": 20.0}
    return Start(**(values | changes))


def test_a_place_is_found_by_any_of_its_names_and_by_its_country():
    assert find(CITY, "grosse stadt").lat_deg == 50.0
    assert find(CITY, " BIG CITY ").name == "Große Stadt"
    assert find(CITY, "עיר גדולה").name == "Große Stadt"
    largest = find(CITY, "Ostheim")
    assert (largest.country, largest.others) == ("YY", 1)
    assert find(CITY, "Ostheim, xx").lon_deg == 10.20
    with pytest.raises(InputError, match=r"no place is called 'Ostheym'\n.*mean Ostheim"):
        find(CITY, "Ostheym")


def test_places_within_the_radius_come_by_their_great_circle_also_across_180_degrees():
    rows = [row(1, "A", 80.0, 179.9, 10), row(2, "B", 80.0, -179.9, 20), row(3, "C", 80, 178, 5)]
    # 0.2 degrees of longitude are 3.86 km at latitude 80
    assert [r["name"] for r in near(rows, 80.0, 179.9, 3.9)] == ["B", "A"]
    assert [r["name"] for r in near(rows, 80.0, 179.9, 3.8)] == ["A"]


def test_people_of_a_part_are_not_counted_twice():
    found = region(CITY, 50.0, 10.0, 20.0)
    people = {zone["name"]: zone["population"] for zone in found.zones}
    assert people == {"Große Stadt": 700_000, "Westend": 300_000, "Ostheim": 40_000}


def test_a_whole_keeps_a_fifth_when_its_parts_have_more():
    parts = [row(10 + k, f"P{k}", 50.0 + 0.001 * k, 10.0, 400_000) for k in range(1, 4)]
    found = region([CITY[0], *parts], 50.0, 10.0, 20.0)
    assert found.zones[0]["population"] == 200_000


def test_outlines_do_not_overlap_and_hold_their_place():
    found = region(CITY, 50.0, 10.0, 20.0)
    shapes = [shapely.Polygon([(lon, lat) for lat, lon in z["polygon"]]) for z in found.zones]
    for k, (lat, lon) in enumerate(found.sites):
        assert shapes[k].contains(shapely.Point(lon, lat))
        for other in shapes[:k]:
            assert shapes[k].intersection(other).area < 1e-6 * other.area


def test_nothing_is_drawn_across_the_180th_meridian():
    rows = [row(1, "A", 10.0, 179.99, 500_000), row(2, "B", 10.0, -179.9, 20_000)]
    found = region(rows, 10.0, 179.99, 30.0)
    assert [zone["name"] for zone in found.zones] == ["A"]
    assert found.lines == ("Left out: 1 place beyond the 180th meridian",)
    corners = np.array(found.zones[0]["polygon"])
    assert corners[:, 1].max() == 180.0
    text = scenario_text(start(lat_deg=10.0, lon_deg=179.99), found, "3")
    assert list(load_draft(text, load_folder()).areas) == ["west"]


def load_folder():
    from pathlib import Path

    return Path(__file__).parent


@pytest.mark.parametrize("radius_km", [2.0, 8.0, 20.0, 60.0, 100.0])
@pytest.mark.parametrize("lat", [0.0, 50.0, -82.0])
def test_the_text_is_a_sound_scenario_whose_flights_reach_the_region(radius_km, lat):
    rows = [row(1, "A: [b]", lat, 10.0, 5_000), row(2, "- c #", lat + 0.01, 10.01, 900)]
    found = region(rows, lat, 10.0, radius_km)
    text = scenario_text(start(lat_deg=lat, radius_km=radius_km), found, "3")
    scenario = load_draft(text, load_folder())
    assert scenario.zones.name.tolist() == ["A: [b]", "- c #"]
    assert list(scenario.areas) == ["north", "east", "south", "west"]
    assert sum(raid.count for raid in scenario.raids) == 24
    for area in scenario.areas.values():
        corners = area.rings[0] - [lat, 10.0]
        away_km = 111.195 * np.hypot(corners[:, 0], corners[:, 1] * np.cos(np.radians(lat)))
        assert away_km.min() > radius_km
        from mantlet.threats.catalogue import CLASSES

        kind = CLASSES[next(iter(scenario.raids[0].mixture))]
        assert kind.range_min_km <= away_km.max()
        assert kind.range_max_km >= away_km.min()


def test_an_empty_region_is_refused():
    with pytest.raises(InputError, match=r"no place within 5 km of 0,0\n.*--radius-km"):
        region(CITY, 0.0, 0.0, 5.0)
