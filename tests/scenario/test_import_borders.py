"""The TopoJSON decoder on a package small enough to draw on paper."""

import json

import numpy as np
import pytest
import shapely

from mantlet.scenario.importers.borders import Region, import_borders
from mantlet.tables.errors import InputError
from mantlet.world.borders import read_surface

REGION = Region("test", 0.0, 0.0, 10.0, 10.0, {"Twin": {"West": (0.0, 2.0), "East": (2.0, 10.0)}})

# Steps of 0.5 degrees from (-1, -1); arcs are delta-coded. Arc 0 is the border that Left and
# Right share, from (5, 2) up to (5, 6); Right walks it backwards (~0 = -1).
ARCS = [
    [[12, 6], [0, 8]],
    [[12, 14], [-6, 0], [0, -8], [6, 0]],
    [[12, 6], [6, 0], [0, 8], [-6, 0]],
    [[4, 16], [2, 0], [0, 2], [-2, 0], [0, -2]],
    [[8, 16], [2, 0], [0, 2], [-2, 0], [0, -2]],
    [[50, 50], [2, 0], [0, 2], [-2, -2]],
    [[4, 4], [1, 0], [-1, 0]],
]


def country(name, *parts, kind="MultiPolygon"):
    arcs = [[list(ring) for ring in part] for part in parts]
    arcs = arcs if kind == "MultiPolygon" else arcs[0]
    return {"type": kind, "arcs": arcs, "properties": {"name": name}}


def package(folder, *countries, arcs=ARCS):
    topology = {
        "type": "Topology",
        "arcs": arcs,
        "transform": {"scale": [0.5, 0.5], "translate": [-1, -1]},
        "objects": {"countries": {"type": "GeometryCollection", "geometries": list(countries)}},
    }
    (folder / "countries-10m.json").write_text(json.dumps(topology))
    (folder / "package.json").write_text('{"version": "9.9.9"}')
    return folder


COUNTRIES = (
    country("Left", [[0, 1]], kind="Polygon"),
    country("Right", [[2, -1]], [[6]]),  # with an islet that has collapsed to a line
    country("Twin", [[3]], [[4]]),
    country("Elsewhere", [[5]]),
)


def test_arcs_are_decoded_joined_and_reversed(tmp_path):
    import_borders(package(tmp_path, *COUNTRIES), tmp_path / "out", REGION)
    surface = read_surface(tmp_path / "out" / "test-borders.geojson")
    assert surface.names == ("East", "Left", "Right", "West")
    shapes = {name: shapely.Polygon(surface.outlines(name)[0]) for name in surface.names}
    assert shapes["Left"].equals(shapely.box(2, 2, 5, 6))
    assert shapes["Right"].equals(shapely.box(5, 2, 8, 6))
    assert shapes["West"].equals(shapely.box(1, 7, 2, 8))
    assert shapes["East"].equals(shapely.box(3, 7, 4, 8))


def test_outlines_are_cut_at_the_region_and_the_source_is_stated(tmp_path):
    small = Region("cut", 0.0, 0.0, 4.0, 10.0, {})
    report = import_borders(package(tmp_path, COUNTRIES[0]), tmp_path / "out", small)
    surface = read_surface(tmp_path / "out" / "cut-borders.geojson")
    assert shapely.Polygon(surface.outlines("Left")[0]).equals(shapely.box(2, 2, 4, 6))
    source = json.loads((tmp_path / "out" / "cut-borders.source.json").read_text())
    assert source["version"] == "9.9.9"
    assert {path.name for path in report.files} == {
        "cut-borders.geojson",
        "cut-borders.source.json",
    }


@pytest.mark.parametrize("damage", ["missing", "text", "empty", "arc", "nothing there"])
def test_a_package_that_cannot_be_read_leaves_nothing_behind(tmp_path, damage):
    if damage != "missing":
        package(tmp_path, *COUNTRIES, arcs=ARCS[:2] if damage == "arc" else ARCS)
    if damage in ("text", "empty"):
        text = "{" if damage == "text" else "{}"
        (tmp_path / "countries-10m.json").write_text(text)
    far = Region("far", 100.0, 0.0, 110.0, 10.0, {}) if damage == "nothing there" else REGION
    with pytest.raises(InputError, match=r"countries-10m\.json"):
        import_borders(tmp_path, tmp_path / "out", far)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(InputError, match=r"out: .*\n +fix"):
        import_borders(package(tmp_path, *COUNTRIES), tmp_path / "out", REGION)
    assert np.sort([path.name for path in tmp_path.iterdir()]).tolist() == [
        "countries-10m.json",
        "out",
        "package.json",
    ]
