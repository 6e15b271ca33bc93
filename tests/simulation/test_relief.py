"""A run over relief: flights end on it, ridges hide them, and its folder repeats it."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from mantlet.console.run import compute
from mantlet.tables import PlotOrigins, Threats
from mantlet.world.terrain_files import read_terrain

SCENARIO = """
name: valley
title: One volley over a ridge
epoch: 2030-06-01T09:00:00Z
places: {file: zones.geojson}
terrain: {file: S31W121.hgt, geoid_m: 10}
radars:
  - {id: r1, site: {lat: -30.5, lon: -120.5, height_m: 160}, elevation_min_deg: -5}
areas:
  - {id: east, polygon: [[-30.52, -120.38], [-30.52, -120.36], [-30.48, -120.36]]}
raids:
  - {kind: volley, id: v, at_s: 10, duration_s: 4, count: 5, mixture: {mortar-120: 1},
     area: east, toward: {lat: -30.5, lon: -120.43, spread_km: 0.5}}
"""


def written(folder: Path, ridge_m: int) -> Path:
    """The scenario on ground of 150 m, with a ridge between the radar and all flights."""
    heights = np.full((1201, 1201), 140, dtype=">i2")
    heights[:, 640:650] = ridge_m
    (folder / "S31W121.hgt").write_bytes(heights.tobytes())
    ring = shapely.Point(-120.43, -30.5).buffer(0.01)
    zone = {
        "type": "Feature",
        "properties": {"zone_id": 1, "name": "town", "population": 900, "shelter_time_s": 15},
        "geometry": shapely.geometry.mapping(ring),
    }
    collection = {"type": "FeatureCollection", "features": [zone]}
    (folder / "zones.geojson").write_text(json.dumps(collection))
    (folder / "valley.yaml").write_text(SCENARIO)
    return folder / "valley.yaml"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Run folders by the height of the ridge."""
    found = {}
    for ridge_m in (140, 2_000):
        folder = tmp_path_factory.mktemp("valley")
        compute(str(written(folder, ridge_m)), 1, folder / "run", [])
        found[ridge_m] = folder / "run"
    return found


def test_flights_come_down_within_the_relief(folders: dict[int, Path]) -> None:
    threats = Threats.read(folders[140] / "threats.parquet")
    terrain = read_terrain(folders[140] / "input-S31W121.hgt", geoid_m=10.0)
    assert terrain.covers(threats.impact_lat_deg, threats.impact_lon_deg).all()
    assert (threats.apogee_m > 150.0).all()


def test_a_ridge_hides_most_of_a_flight_from_the_radar(folders: dict[int, Path]) -> None:
    seen = {}
    for ridge_m, folder in folders.items():
        origins = PlotOrigins.read(folder / "plot_origins.parquet")
        seen[ridge_m] = int((origins.threat_ids[:, 0] >= 0).sum())
    assert seen[140] > 100
    assert seen[2_000] < 0.6 * seen[140]


def test_the_run_folder_repeats_the_run(folders: dict[int, Path], tmp_path: Path) -> None:
    compute(str(folders[140] / "scenario.yaml"), 1, tmp_path / "again", [])
    names = {path.name for path in folders[140].iterdir()} - {"performance.json"}
    assert names == {path.name for path in (tmp_path / "again").iterdir()} - {"performance.json"}
    assert "input-S31W121.hgt" in names
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (folders[140] / name).read_bytes(), name
