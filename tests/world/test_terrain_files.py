"""Relief from files: what is read is what was written, and every unfit file is named with a fix."""

import numpy as np
import pytest

from mantlet.tables.errors import InputError
from mantlet.world import terrain_files
from mantlet.world.terrain_files import HGT_VOID, read_terrain

rasterio = pytest.importorskip("rasterio")
from rasterio.transform import Affine, from_origin  # noqa: E402

HILLS = np.add.outer(np.arange(40.0), 2.0 * np.arange(50.0)).astype(np.float32)
"""Rows from north to south, as files have them."""

NORTH_WEST = from_origin(34.0 - 0.0005, 32.0 + 0.0005, 0.001, 0.001)
"""The centre of the first pixel is 32 north, 34 east."""


def geotiff(path, heights=HILLS, transform=NORTH_WEST, crs="EPSG:4326", bands=1, **options):
    profile = {"driver": "GTiff", "dtype": heights.dtype, "count": bands, "crs": crs}
    rows, columns = heights.shape
    units = options.pop("units", None)
    with rasterio.open(
        path, "w", height=rows, width=columns, transform=transform, **profile, **options
    ) as file:
        for band in range(bands):
            file.write(heights, band + 1)
        if units:
            file.units = (units,) * bands
    return path


def hgt(path, change=None, size=1201):
    """A tile whose height is the row from the south, plus a thousandth of the column."""
    heights = np.repeat(np.arange(size, dtype=">i2")[::-1, None], size, axis=1)
    if change is not None:
        change(heights)
    path.write_bytes(heights.tobytes())
    return path


def test_a_geotiff_is_read_with_its_pixel_centres_in_place(tmp_path):
    terrain = read_terrain(geotiff(tmp_path / "hills.tif"), geoid_m=18.0)
    assert terrain.box_deg == pytest.approx((31.961, 34.0, 32.0, 34.049), abs=1e-9)
    lat, lon = np.array([32.0, 31.961, 31.9805]), np.array([34.0, 34.049, 34.0245])
    # North-west corner 0, south-east corner 39 + 98, the centre half of that; the geoid on top.
    assert terrain.heights_m(lat, lon) == pytest.approx([18.0, 155.0, 86.5], abs=1e-4)


def test_points_of_another_spacing_east_than_north_stay_in_place(tmp_path):
    place = from_origin(34.0, 32.0, 0.002, 0.001)
    terrain = read_terrain(geotiff(tmp_path / "hills.tif", transform=place))
    assert terrain.heights_m(np.array([32.0 - 0.0005]), np.array([34.021])) == pytest.approx(20.0)


def test_a_file_of_whole_numbers_with_scale_and_offset_is_read_in_metres(tmp_path):
    path = geotiff(tmp_path / "scaled.tif", (10 * HILLS).astype(np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (100.0,)
    assert read_terrain(path).height_m.max() == pytest.approx(100.0 + HILLS.max())


@pytest.mark.parametrize(
    ("name", "south", "west"),
    [("N31E034.hgt", 31, 34), ("s01w070.HGT", -1, -70), ("input-N31E034-2.hgt", 31, 34)],
)
def test_an_srtm_tile_lies_where_its_name_says(tmp_path, name, south, west):
    terrain = read_terrain(hgt(tmp_path / name))
    assert terrain.box_deg == pytest.approx((south, west, south + 1, west + 1), abs=1e-9)
    lat = south + np.array([0.0, 0.25, 1.0])
    assert terrain.heights_m(lat, np.full(3, west + 0.4)) == pytest.approx([0.0, 300.0, 1200.0])


def test_an_srtm_tile_needs_no_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rasterio", None)
    assert read_terrain(hgt(tmp_path / "N31E034.hgt")).height_m.shape == (1201, 1201)
    geotiff_bytes = tmp_path / "x.tif"
    geotiff_bytes.write_bytes(b"II*\0" + bytes(100))
    with pytest.raises(InputError, match=r"mantlet\[geo\]"):
        read_terrain(geotiff_bytes)


def voided(heights):
    heights[3, 4:9] = HGT_VOID


def text(path):
    path.write_text("ncols 100\n")
    return path


def truncated(path):
    geotiff(path)
    path.write_bytes(path.read_bytes()[:3_000])
    return path


TURNED = NORTH_WEST @ Affine.rotation(10.0)
UNFIT = {
    "text": (lambda p: text(p / "a.tif"), "not a GeoTIFF", "fix: give a GeoTIFF or an SRTM"),
    "empty": (lambda p: hgt(p / "b.tif", size=0), "not a GeoTIFF", "fix"),
    "utm": (lambda p: geotiff(p / "c.tif", crs="EPSG:32636"), "EPSG:32636", "mantlet import"),
    "no crs": (lambda p: geotiff(p / "d.tif", crs=None), "does not say", "EPSG:4326"),
    "nowhere": (
        lambda p: geotiff(p / "m.tif", transform=Affine.identity()),
        "does not say",
        "EPSG",
    ),
    "turned": (lambda p: geotiff(p / "e.tif", transform=TURNED), "turned", "mantlet import"),
    "image": (lambda p: geotiff(p / "f.tif", bands=3), "3 bands", "one band"),
    "feet": (lambda p: geotiff(p / "g.tif", units="ft"), "heights in ft", "convert"),
    "void": (
        lambda p: geotiff(p / "h.tif", np.where(HILLS == 0, -9999, HILLS), nodata=-9999),
        "1 of 2,000 points are voids",
        "mantlet import terrain",
    ),
    "not a number": (
        lambda p: geotiff(p / "i.tif", np.where(HILLS == 0, np.nan, HILLS)),
        "1 of 2,000",
        "mantlet import terrain",
    ),
    "damaged": (lambda p: truncated(p / "j.tif"), "damaged|cannot be read", "again"),
    "mountains on the moon": (
        lambda p: geotiff(p / "k.tif", 200 * HILLS),
        "beyond 9 km",
        "give metres",
    ),
    "void tile": (lambda p: hgt(p / "N31E034.hgt", voided), "5 of 1,442,401", "mantlet import"),
    "nameless tile": (lambda p: hgt(p / "tile.hgt"), "south-west corner", "N31E034.hgt"),
    "half a tile": (lambda p: hgt(p / "N31E034.hgt", size=900), "no SRTM tile", "unpack"),
}


@pytest.mark.filterwarnings("ignore:The given matrix")  # of the one written without a place
@pytest.mark.parametrize("case", UNFIT)
def test_a_file_that_cannot_be_relief_is_named_with_a_fix(tmp_path, case):
    make, problem, fix = UNFIT[case]
    path = make(tmp_path)
    with pytest.raises(InputError, match=problem) as caught:
        read_terrain(path)
    assert str(path) in str(caught.value)
    assert fix in str(caught.value)


def test_more_points_than_memory_should_hold_are_refused_before_they_are_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(terrain_files, "MOST_POINTS", 1_999)
    with pytest.raises(InputError, match=r"50 x 40 points are more than 1,999.*\n.*--step"):
        read_terrain(geotiff(tmp_path / "large.tif"))


def test_damaged_files_are_refused_and_nothing_else_happens(tmp_path):
    """Two hundred files with a few bytes changed, mostly in the header: relief or an InputError."""
    good = geotiff(tmp_path / "good.tif", compress="deflate").read_bytes()
    rng, refused = np.random.default_rng(5), 0
    for _ in range(200):
        bad = bytearray(good)
        for _ in range(rng.integers(1, 6)):
            bad[rng.integers(0, min(len(bad), 600))] = rng.integers(256)
        (tmp_path / "bad.tif").write_bytes(bad[: rng.integers(1, 2 * len(bad))])
        try:
            read_terrain(tmp_path / "bad.tif")
        except InputError:
            refused += 1
    assert refused > 100
