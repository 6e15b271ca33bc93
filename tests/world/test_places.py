"""The bundled places, and zone files good and bad."""

import json

import numpy as np
import pytest
import shapely

from mantlet.tables.errors import InputError
from mantlet.world import borders, places
from mantlet.world.features import FeatureErrors
from mantlet.world.places import read_zones
from mantlet.world.zones import ZoneMap

# Facts, section 4.1: published seconds of the eleven anchor towns, by GeoNames id.
ANCHORS = {
    293619: 15,  # Sderot
    294068: 30,  # Netivot
    295620: 30,  # Ashkelon
    293842: 45,  # Qiryat Gat
    293992: 45,  # Ofaqim
    295629: 45,  # Ashdod
    295530: 60,  # Be'er Sheva
    293222: 60,  # Yavne
    293725: 90,  # Rehovot
    293397: 90,  # Tel Aviv
    281184: 90,  # Jerusalem
}


def row_of(zones, zone_id):
    return int(np.flatnonzero(zones.zone_id == zone_id)[0])


def test_all_sides_have_places():
    every = places.places("levant")
    assert {"Gaza", "Israel", "Lebanon", "West Bank"} == set(every.territory)
    assert every.zones.population.min() >= 500
    assert len(set(every.zones.zone_id.tolist())) == len(every.zones)


def test_launch_territory_is_exposed_but_not_warned():
    every = places.places("levant")
    warned, exposed = places.bundled("levant"), every.exposed(("Gaza",))
    gaza = row_of(exposed, 281133)
    assert exposed.population[gaza] > 400_000
    assert 281133 not in warned.zone_id
    assert len(warned) + len(exposed) == len(every.zones)
    surface = borders.bundled("levant")
    assert not (surface.territory(warned.lat_deg, warned.lon_deg) == "Gaza").any()


def test_outlines_are_sound_and_do_not_overlap():
    shapes = shapely.from_wkb(list(places.places("levant").zones.polygon))
    assert shapely.is_valid(shapes).all()
    joined, summed = shapely.union_all(shapes).area, shapely.area(shapes).sum()
    # Corners lie on a grid of 11 m; neighbours may overlap by that much along their border.
    assert joined == pytest.approx(summed, rel=2e-4)


def test_most_places_hold_their_own_centre():
    zones = places.places("levant").zones
    found = ZoneMap(zones).locate(zones.lat_deg, zones.lon_deg)
    assert np.mean(found == np.arange(len(zones))) > 0.99  # all but a few cut by the coarse coast


def test_no_outline_is_larger_than_the_disc_its_people_fill():
    zones = places.places("levant").zones
    shapes = shapely.from_wkb(list(zones.polygon))
    area_km2 = shapely.area(shapes) * 111.195**2 * np.cos(np.radians(zones.lat_deg))
    disc_km2 = np.maximum(zones.population / 3_000.0, np.pi * 0.6**2)
    assert (area_km2 < 1.03 * disc_km2).all()  # 3 %: corners on the grid of 11 m


def test_anchor_towns_have_their_published_time_to_shelter():
    zones = places.bundled("levant")
    right = [zones.shelter_time_s[row_of(zones, town)] == s for town, s in ANCHORS.items()]
    assert sum(right) >= 10


def test_names_come_in_hebrew_and_arabic_where_known():
    zones = places.bundled("levant")
    names = json.loads(zones.names[row_of(zones, 293397)])
    assert names == {"he": "תל אביב", "ar": "تل أبيب"}


def test_unknown_set_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match=r"atlantis[\s\S]*levant"):
        places.bundled("atlantis")


def square(west=10.0, south=50.0, size=0.1):
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def zone(zone_id=1, coordinates=None, **properties):
    held = {"zone_id": zone_id, "name": "Harbour", "population": 5200, "shelter_time_s": 30}
    held.update(properties)
    held = {key: value for key, value in held.items() if value is not None}
    geometry = {"type": "Polygon", "coordinates": coordinates or square()}
    return {"type": "Feature", "properties": held, "geometry": geometry}


def write(folder, *features):
    path = folder / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def problems_of(path):
    with pytest.raises(FeatureErrors) as caught:
        read_zones(path)
    return caught.value.problems


def test_zones_are_read_as_written(tmp_path):
    hole = square(10.04, 50.04, 0.02)[0]
    zones = read_zones(
        write(tmp_path, zone(7, names={"de": "Hafen"}), zone(9, square(11.0), population=0))
    )
    assert zones.zone_id.tolist() == [7, 9]
    assert zones.name.tolist() == ["Harbour", "Harbour"]
    assert json.loads(zones.names[0]) == {"de": "Hafen"}
    assert (zones.lat_deg[0], zones.lon_deg[0]) == pytest.approx((50.05, 10.05))
    assert zones.population.tolist() == [5200.0, 0.0]
    assert shapely.from_wkb(zones.polygon[0]).equals(shapely.box(10, 50, 10.1, 50.1))
    ringed = read_zones(write(tmp_path, zone(7, [*square(), hole])))
    centre = ZoneMap(ringed).locate(np.array([50.05, 50.01]), np.array([10.05, 10.01]))
    assert centre.tolist() == [-1, 0]
    assert ZoneMap(ringed).locate(ringed.lat_deg, ringed.lon_deg).tolist() == [0]


CROSSED = [[[10, 50], [11, 51], [11, 50], [10, 51], [10, 50]]]


@pytest.mark.parametrize(
    ("feature", "field", "says"),
    [
        (zone(None), "properties.zone_id", "missing"),
        (zone(1.5), "properties.zone_id", "whole"),
        (zone(-1), "properties.zone_id", "out of range"),
        (zone(name=None), "properties.name", "missing"),
        (zone(name=" "), "properties.name", "text"),
        (zone(population=-5), "properties.population", "out of range"),
        (zone(population="many"), "properties.population", "no number"),
        (zone(population=True), "properties.population", "no number"),
        (zone(shelter_time_s=float("nan")), "properties.shelter_time_s", "out of range"),
        (zone(shelter_time_s=None), "properties.shelter_time_s", "missing"),
        (zone(names=["Hafen"]), "properties.names", "names by language"),
        (zone(coordinates=CROSSED), "geometry", "crosses itself"),
        (zone(coordinates=square(200.0)), "geometry.coordinates[0]", "not on the Earth"),
        (zone(coordinates=[[[10, 50], [float("nan"), 51], [11, 50], [10, 50]]]),
         "geometry.coordinates[0]", "not on the Earth"),
        (zone(coordinates=[square()[0][:-1]]), "geometry.coordinates[0]", "not a closed ring"),
        (zone(coordinates=[[["10", 50]]]), "geometry.coordinates[0]", "not a list"),
        (zone(coordinates=[7]), "geometry.coordinates[0]", "not a list"),
        (zone(coordinates=[[[10, 50], [11, 50], [10, 50], [10, 50]]]), "geometry", "crosses"),
    ],
)  # fmt: skip
def test_every_mistake_names_its_feature_its_field_and_a_fix(tmp_path, feature, field, says):
    (problem,) = problems_of(write(tmp_path, zone(99, square(12.0)), feature))
    assert (problem.feature, problem.field) == (1, field)
    assert says in problem.problem
    assert problem.fix


def test_properties_are_checked_whatever_the_outline(tmp_path):
    flat = {"type": "Point", "coordinates": [10, 50]}
    bad = [
        zone(1),
        zone(1, CROSSED, population=-5),
        zone(2, [7], shelter_time_s=None),
        {**zone(2, name=None), "geometry": flat},
    ]
    found = {(p.feature, p.field) for p in problems_of(write(tmp_path, *bad))}
    assert found == {
        (1, "geometry"),
        (1, "properties.zone_id"),
        (1, "properties.population"),
        (2, "geometry.coordinates[0]"),
        (2, "properties.shelter_time_s"),
        (3, "geometry.type"),
        (3, "properties.zone_id"),
        (3, "properties.name"),
    }


def test_all_mistakes_come_at_once(tmp_path):
    bad = [zone(1), zone(1, name=None, population=-1), zone(2, CROSSED), {"type": "Feature"}]
    found = {(p.feature, p.field) for p in problems_of(write(tmp_path, *bad))}
    assert found == {
        (1, "properties.zone_id"),
        (1, "properties.name"),
        (1, "properties.population"),
        (2, "geometry"),
        (3, "geometry.type"),
        (3, "properties"),
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON on line 1"),
        (b"[]", "no features"),
        (b'{"features": []}', "no features"),
        (b'{"name":\n"\xff"}', "line 2 is not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_feature_collection_is_refused(tmp_path, content, says):
    path = tmp_path / "zones.geojson"
    path.write_bytes(content)
    (problem,) = problems_of(path)
    assert says in problem.problem


def test_a_missing_file_and_several_parts_are_named(tmp_path):
    (problem,) = problems_of(tmp_path / "nothing.geojson")
    assert "no such file" in problem.problem
    parts = zone(1)
    parts["geometry"] = {"type": "MultiPolygon", "coordinates": [square()]}
    (problem,) = problems_of(write(tmp_path, parts))
    assert "its own feature" in problem.fix
