"""Elevation files joined into a relief, and a scenario that stands on it."""

from pathlib import Path

import numpy as np
import pytest

from mantlet.scenario.errors import ScenarioErrors
from mantlet.scenario.importers.terrain import Box, import_terrain
from mantlet.scenario.load import load_scenario
from mantlet.tables.errors import InputError
from mantlet.world.terrain_files import read_terrain

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import from_origin  # noqa: E402

GOOD = Path(__file__).with_name("bad") / "good.yaml"
STEP = 1 / 360  # ten arc seconds


def slope(lat_deg, lon_deg):
    """A tilted plane [m], which bilinear grids hold exactly."""
    return 200.0 + 1_000.0 * (lat_deg + 30.0) + 500.0 * (lon_deg + 120.0)


def tile(path, south, west, *, rows=361, columns=361, void=None):
    north = south + (rows - 1) * STEP
    lat, lon = north - STEP * np.arange(rows), west + STEP * np.arange(columns)
    heights = slope(lat[:, None], lon).astype(np.float32)
    if void is not None:
        heights[void] = -9999.0
    place = from_origin(west - STEP / 2, north + STEP / 2, STEP, STEP)
    with rasterio.open(path, "w", driver="GTiff", dtype="float32", count=1, crs="EPSG:4326",
                       height=rows, width=columns, transform=place,
                       nodata=-9999.0) as file:  # fmt: skip
        file.write(heights, 1)
    return path


@pytest.fixture
def tiles(tmp_path):
    return [tile(tmp_path / "west.tif", -30.5, -121.0), tile(tmp_path / "east.tif", -30.5, -120.0)]


def test_tiles_are_joined_and_cut_without_moving_a_height(tmp_path, tiles):
    report = import_terrain(tiles, tmp_path / "out.tif", box=Box(-30.2, -120.2, -29.8, -119.8))
    terrain = read_terrain(tmp_path / "out.tif")
    assert terrain.box_deg == pytest.approx((-30.2, -120.2, -29.8, -119.8), abs=1e-6)
    lat, lon = np.meshgrid(np.linspace(-30.2, -29.8, 31), np.linspace(-120.2, -119.8, 31))
    error = terrain.heights_m(lat.ravel(), lon.ravel()) - slope(lat, lon).ravel()
    assert np.abs(error).max() < 0.06  # heights are written in whole decimetres
    assert "145 x 145 points every 10 arc seconds" in str(report)


def test_coarser_means_averaged(tmp_path, tiles):
    import_terrain(
        tiles[:1], tmp_path / "out.tif", step_arcsec=60, box=Box(-30.4, -120.9, -29.6, -120.1)
    )
    terrain = read_terrain(tmp_path / "out.tif")
    lat, lon = np.array([-30.0, -29.8]), np.array([-120.5, -120.3])
    assert terrain.heights_m(lat, lon) == pytest.approx(slope(lat, lon), abs=0.06)
    assert terrain.step_deg == pytest.approx(1 / 60)


def test_small_voids_are_filled_and_told(tmp_path):
    path = tile(tmp_path / "a.tif", -30.5, -121.0, void=np.s_[100:104, 100:104])
    report = import_terrain([path], tmp_path / "out.tif")
    terrain = read_terrain(tmp_path / "out.tif")
    lat, lon = np.array([-29.5 - 101.5 * STEP]), np.array([-121.0 + 101.5 * STEP])
    assert terrain.heights_m(lat, lon) == pytest.approx(slope(lat, lon), abs=3.0)
    assert "16 voids filled" in str(report)


def test_a_second_file_fills_the_voids_of_the_first_and_great_ones_are_refused(tmp_path):
    holed = tile(tmp_path / "a.tif", -30.5, -121.0, void=np.s_[:200, :200])
    whole = tile(tmp_path / "b.tif", -30.5, -121.0)
    with pytest.raises(InputError, match=r"30\.7% of the points are voids"):
        import_terrain([holed], tmp_path / "out.tif")
    assert not (tmp_path / "out.tif").exists()
    assert "voids" not in str(import_terrain([holed, whole], tmp_path / "out.tif"))


def test_what_no_file_covers_is_sea_only_if_said(tmp_path, tiles):
    box = Box(-30.2, -121.2, -29.8, -120.8)
    with pytest.raises(
        InputError, match=r"they cover at most -30.2 to -29.8 north, -121 to -120.8 east\n.*--sea"
    ):
        import_terrain(tiles, tmp_path / "out.tif", box=box)
    assert "taken for sea" in str(import_terrain(tiles, tmp_path / "out.tif", box=box, sea=True))
    terrain = read_terrain(tmp_path / "out.tif")
    assert terrain.heights_m(np.array([-30.0]), np.array([-121.1])) == pytest.approx(0.0)


def test_other_coordinates_are_converted(tmp_path, tiles):
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    with rasterio.open(tiles[0]) as file:
        place, columns, rows = calculate_default_transform(
            file.crs, "EPSG:32710", file.width, file.height, *file.bounds
        )
        heights = np.full((rows, columns), -9999.0, np.float32)
        reproject(rasterio.band(file, 1), heights, dst_transform=place, dst_crs="EPSG:32710",
                  dst_nodata=-9999.0, resampling=Resampling.bilinear)  # fmt: skip
    with rasterio.open(tmp_path / "utm.tif", "w", driver="GTiff", dtype="float32", count=1,
                       crs="EPSG:32710", height=rows, width=columns, transform=place,
                       nodata=-9999.0) as file:  # fmt: skip
        file.write(heights, 1)
    box = Box(-30.4, -120.9, -29.6, -120.1)
    report = import_terrain([tmp_path / "utm.tif"], tmp_path / "out.tif", box=box)
    lat, lon = np.array([-30.0, -29.8]), np.array([-120.5, -120.3])
    heights = read_terrain(tmp_path / "out.tif").heights_m(lat, lon)
    assert heights == pytest.approx(slope(lat, lon), abs=1.0)  # two resamplings of a plane
    assert "utm.tif was EPSG:32710" in str(report)
    # Without a box the slanted edges go, and little else.
    import_terrain([tmp_path / "utm.tif"], tmp_path / "whole.tif")
    whole = read_terrain(tmp_path / "whole.tif")
    south, west, north, east = whole.box_deg
    assert (north - south) * (east - west) > 0.9
    lat, lon = np.array([south, north]), np.array([west, east])
    # At the outermost points some neighbours are missing: the height of one next to it.
    assert whole.heights_m(lat, lon) == pytest.approx(slope(lat, lon), abs=6.0)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"box": Box(10.0, 10.0, 11.0, 11.0)}, "no height in the area"),
        ({"step_arcsec": 0.3}, "more than 30,000,000"),
        ({"step_arcsec": 1e6}, "0.1 to 3600"),
        ({"out": "relief.png"}, "end the name with .tif"),
    ],
)
def test_what_cannot_be_made_leaves_no_file(tmp_path, tiles, arguments, problem):
    out = tmp_path / arguments.pop("out", "out.tif")
    with pytest.raises(InputError, match=problem):
        import_terrain(tiles, out, **arguments)
    assert not out.exists()


def test_a_box_inside_out_is_refused():
    with pytest.raises(InputError, match="no piece of ground"):
        Box(31.0, 34.0, 30.0, 35.0)


# -- a scenario on it -----------------------------------------------------------------------


def scenario_on(tmp_path, relief, radar_height_m=2_000):
    good = GOOD.read_text().replace("height_m: 60", f"height_m: {radar_height_m}", 1)
    good = good.replace("lon: -120.0}, range", f"lon: -120.0, height_m: {radar_height_m}}}, range")
    path = tmp_path / "on-relief.yaml"
    path.write_text(good + f"terrain: {{file: {relief.name}, geoid_m: 5}}\n")
    for companion in GOOD.parent.glob("*.geojson"):
        (tmp_path / companion.name).write_bytes(companion.read_bytes())
    return path


def test_a_scenario_carries_its_relief_into_the_resolved_text(tmp_path, tiles):
    import_terrain(tiles, tmp_path / "relief.tif", scenario=str(GOOD))
    scenario = load_scenario(scenario_on(tmp_path, tmp_path / "relief.tif"))
    again = tmp_path / "again"
    again.mkdir()
    (again / "scenario.yaml").write_text(scenario.resolved_yaml())
    for name, content in scenario.files.items():
        (again / name).write_bytes(content)
    copy = load_scenario(again / "scenario.yaml")
    assert copy.resolved_yaml() == scenario.resolved_yaml()
    assert np.array_equal(copy.terrain.height_m, scenario.terrain.height_m)
    point = np.array([-30.0]), np.array([-120.0])
    assert copy.terrain.heights_m(*point) == pytest.approx(205.0, abs=0.06)


def test_relief_that_leaves_things_out_or_buries_a_radar_is_a_mistake(tmp_path):
    relief = tile(tmp_path / "small.tif", -30.05, -120.05, rows=37, columns=37)
    with pytest.raises(ScenarioErrors) as caught:
        load_scenario(scenario_on(tmp_path, relief, radar_height_m=10))
    text = str(caught.value)
    assert "4 of 4 corners of areas lie outside" in text and "mantlet import terrain" in text
    assert "radars[0].site: height_m 10: under the terrain, 205.0 m there" in text
