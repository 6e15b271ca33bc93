"""A run to track again: two radars, one volley, nobody shoots."""

import json

import pytest

import mantlet as mt

REGION = """
name: range
title: One volley over an empty plain, nobody shoots
epoch: 2030-06-01T23:59:20Z
places: {file: zones.geojson}
radars:
  - {id: cape, site: {lat: -29.95, lon: -120.02, height_m: 70}, range_max_m: 60000}
  - {id: heath, site: {lat: -30.05, lon: -119.98}, range_max_m: 60000, offset_s: 0.5}
areas:
  - {id: ridge, polygon: [[-30.03, -119.92], [-30.03, -119.87], [-29.96, -119.87]]}
raids:
  - {kind: volley, id: one, at_s: 20, duration_s: 6, count: 4, mixture: {rocket-20: 1},
     area: ridge, toward: {lat: -30.0, lon: -119.99, spread_km: 1.5}}
"""


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("range")
    zone = {
        "type": "Feature",
        "properties": {"zone_id": 1, "name": "town", "population": 9, "shelter_time_s": 15},
        "geometry": {
            "type": "Polygon",
            "coordinates": [[[-120, -30], [-119.99, -30], [-119.99, -29.99], [-120, -30]]],
        },
    }
    text = json.dumps({"type": "FeatureCollection", "features": [zone]})
    (folder / "zones.geojson").write_text(text)
    (folder / "range.yaml").write_text(REGION)
    return mt.run(mt.load_scenario(folder / "range.yaml"), seed=2)
