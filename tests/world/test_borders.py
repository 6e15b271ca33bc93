"""The bundled map against places known to be where they are, and against shapely."""

import json

import numpy as np
import pytest
import shapely

from mantlet.tables.errors import InputError
from mantlet.world import borders
from mantlet.world.borders import DATA, bundled, read_surface
from mantlet.world.features import FeatureErrors


def shapes_of(surface):
    joined = {}
    for name in surface.names:
        rings = [shapely.Polygon(ring) for ring in surface.outlines(name)]
        joined[name] = shapely.union_all(rings)
    return joined


def write(path, *features):
    text = json.dumps({"type": "FeatureCollection", "features": list(features)})
    path.write_text(text, encoding="utf-8")
    return path


def feature(name, *corners, kind="Polygon"):
    ring = [list(corner) for corner in (*corners, corners[0])]
    coordinates = [ring] if kind == "Polygon" else [[ring]]
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"name": name}, "geometry": geometry}


@pytest.mark.parametrize(
    ("where", "lat", "lon"),
    [
        ("Israel", 31.525, 34.600),  # Sderot
        ("Gaza", 31.345, 34.305),  # Khan Yunis
        ("West Bank", 31.53, 35.10),  # Hebron
        ("Lebanon", 33.27, 35.22),  # Tyre
        ("Jordan", 31.95, 35.93),  # Amman
        ("Egypt", 31.12, 33.80),  # El Arish
        ("", 31.67, 34.40),  # 16 km off Ashkelon
        ("", 32.08, 34.60),  # 17 km off Tel Aviv
    ],
)
def test_known_points_are_on_their_ground_or_at_sea(where, lat, lon):
    surface = bundled("levant")
    assert surface.territory(lat, lon).tolist() == [where]
    assert surface.is_sea(lat, lon).tolist() == [where == ""]


def test_classification_agrees_with_shapely():
    surface = bundled("levant")
    rng = np.random.default_rng(7)
    lat, lon = rng.uniform(29.0, 34.0, 3000), rng.uniform(32.5, 36.8, 3000)
    points = shapely.points(lon, lat)
    expected = np.full(3000, "", dtype=object)
    for name, shape in shapes_of(surface).items():
        expected[shapely.contains(shape, points)] = name
    assert np.array_equal(surface.territory(lat, lon), expected)
    assert np.array_equal(surface.is_sea(lat, lon), expected == "")


def test_territories_of_the_bundled_map_do_not_overlap():
    shapes = list(shapes_of(bundled("levant")).values())
    joined = shapely.union_all(shapes)
    assert joined.area == pytest.approx(sum(shape.area for shape in shapes), rel=1e-9)


def test_gaza_has_the_published_area():
    """About 360 to 365 km2 in the usual reference works; the outline is good to a kilometre."""
    ring = bundled("levant").outlines("Gaza")[0]
    scale = np.array([111.195 * np.cos(np.radians(31.4)), 111.195])
    assert shapely.Polygon(ring * scale).area == pytest.approx(362.0, rel=0.08)


def test_bundled_data_is_small_and_says_where_it_comes_from():
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 300_000
    for name in ("levant-borders", "levant-places"):
        source = json.loads((DATA / f"{name}.source.json").read_text(encoding="utf-8"))
        assert {"title", "version", "licence", "link", "retrieved", "cut"} <= set(source)


def test_unknown_names_are_answered_with_the_known_ones():
    with pytest.raises(InputError, match="levant"):
        bundled("atlantis")
    with pytest.raises(InputError, match=r"'Gazza'[\s\S]*Gaza"):
        bundled("levant").outlines("Gazza")


def test_a_map_can_come_from_a_file(tmp_path):
    square = feature("Larkland", (10, 50), (11, 50), (11, 51), (10, 51))
    more = feature("Uplands", (11, 50), (12, 50), (12, 51), (11, 51), kind="MultiPolygon")
    surface = read_surface(write(tmp_path / "coast.geojson", square, more))
    lat, lon = np.full(3, 50.5), np.array([10.5, 11.5, 12.5])
    assert surface.names == ("Larkland", "Uplands")
    assert surface.territory(lat, lon).tolist() == ["Larkland", "Uplands", ""]
    assert borders.Surface.of(surface.names, list(surface.rings), surface.owners.tolist()).is_sea(
        lat, lon
    ).tolist() == [False, False, True]


def test_a_map_with_mistakes_lists_them_all(tmp_path):
    corners = ((10, 50), (11, 50), (11, 51))
    bad = [feature("A", *corners), feature("A", *corners), feature("", *corners)]
    with pytest.raises(FeatureErrors) as caught:
        read_surface(write(tmp_path / "coast.geojson", *bad))
    assert [(p.feature, p.field) for p in caught.value.problems] == [
        (1, "properties.name"),
        (2, "properties.name"),
    ]
