"""`mantlet import terrain` as a user meets it."""

import numpy as np
import pytest
from typer.testing import CliRunner

from mantlet.console.main import app
from mantlet.tables.errors import InputError

rasterio = pytest.importorskip("rasterio")


@pytest.fixture
def tile(tmp_path):
    """A three-second tile: 100 m, with a hill in the north-east."""
    heights = np.full((1201, 1201), 100, dtype=">i2")
    heights[:200, 1000:] = 900
    path = tmp_path / "N31E034.hgt"
    path.write_bytes(heights.tobytes())
    return path


def test_a_tile_is_cut_to_a_box_and_the_screen_says_what_came_of_it(tile, tmp_path):
    out = tmp_path / "relief.tif"
    arguments = ["import", "terrain", str(tile), "--out", str(out)]
    result = CliRunner().invoke(app, [*arguments, "--box", "31.2", "34.2", "31.4", "34.5"])
    assert result.exit_code == 0, result.output
    assert "241 x 361 points every 3 arc seconds, 31.2 to 31.4 north" in result.output
    assert "heights 100 to 100 m" in result.output and f"wrote {out}" in result.output
    with rasterio.open(out) as file:
        assert file.crs.to_epsg() == 4326 and file.shape == (241, 361)


def test_a_tile_that_lies_elsewhere_than_the_scenario_is_refused(tile, tmp_path):
    out = tmp_path / "relief.tif"
    result = CliRunner().invoke(
        app, ["import", "terrain", str(tile), "--for", "tutorial", "--out", str(out)]
    )
    assert isinstance(result.exception, InputError)
    assert "no height in the area" in str(result.exception)
    assert not out.exists()


def test_a_missing_file_is_named(tmp_path):
    result = CliRunner().invoke(
        app, ["import", "terrain", str(tmp_path / "x.tif"), "--out", str(tmp_path / "o.tif")]
    )
    assert isinstance(result.exception, InputError)
    assert "x.tif: no such file" in str(result.exception)
