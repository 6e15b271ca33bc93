"""Zone odds against closed forms and against shapely, which finds points by another method."""

import math

import numpy as np
import pytest
import shapely

from mantlet.tables import Impacts, Zones
from mantlet.world.cells import index_rings
from mantlet.world.zones import LATTICE, ZoneMap, zone_odds

M_LAT, M_LON = 110_860.0, 94_900.0  # metres in a degree at 31.5 N, good to 0.1 %


def zones_of(*shapes):
    count = len(shapes)
    return Zones(
        zone_id=np.arange(count) + 100,
        name=np.array([f"zone {k}" for k in range(count)], dtype=object),
        names=np.array(["{}"] * count, dtype=object),
        lat_deg=np.array([shape.centroid.y for shape in shapes]),
        lon_deg=np.array([shape.centroid.x for shape in shapes]),
        polygon=np.array([shapely.to_wkb(shape) for shape in shapes], dtype=object),
        population=np.ones(count),
        shelter_time_s=np.full(count, 30.0),
    )


def impacts_at(lat, lon, covariance=(1e4, 0.0, 1e4), status="landed"):
    lat, lon = np.atleast_1d(lat).astype(float), np.atleast_1d(lon).astype(float)
    count = len(lat)
    return Impacts(
        track_id=np.arange(count),
        time_s=np.zeros(count),
        impact_time_s=np.full(count, 30.0),
        impact_time_sigma_s=np.ones(count),
        lat_deg=lat,
        lon_deg=lon,
        covariance_m2=np.tile(np.asarray(covariance, float), (count, 1)),
        status=np.array([status] * count, dtype=object),
    )


def rectangle_m(west, south, east, north, lat=31.5, lon=34.5):
    return shapely.box(
        lon + west / M_LON, lat + south / M_LAT, lon + east / M_LON, lat + north / M_LAT
    )


def normal_cdf(value):
    return 0.5 * (1.0 + math.erf(value / math.sqrt(2.0)))


def wild_polygons(count, seed):
    """Star-shaped outlines of 5 to 60 corners, 0.2 to 4 km wide, overlapping at random."""
    rng = np.random.default_rng(seed)
    shapes = []
    for _ in range(count):
        corners = rng.integers(5, 60)
        angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radius = rng.uniform(0.3, 1.0, corners) * rng.uniform(0.001, 0.02)
        lon, lat = rng.uniform(34.3, 34.8), rng.uniform(31.3, 31.7)
        points = np.stack([lon + radius * np.cos(angle), lat + radius * np.sin(angle)], axis=1)
        shapes.append(shapely.Polygon(points))
    return [shape for shape in shapes if shape.is_valid]


def test_lattice_has_mean_zero_and_unit_covariance():
    assert LATTICE.mean(axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
    assert np.cov(LATTICE.T, bias=True) == pytest.approx(np.eye(2), abs=1e-12)


def test_lattice_matches_the_normal_distribution_along_every_direction():
    for direction in np.linspace(0.0, np.pi, 37):
        along = np.sort(LATTICE @ [np.cos(direction), np.sin(direction)])
        exact = np.array([normal_cdf(value) for value in along])
        assert np.abs(exact - (np.arange(256) + 0.5) / 256).max() < 0.02


def test_locate_agrees_with_shapely_for_overlapping_outlines_and_holes():
    shapes = wild_polygons(60, seed=1)
    shapes.append(shapely.box(34.4, 31.4, 34.6, 31.6) - shapely.Point(34.5, 31.5).buffer(0.06))
    shapes.append(shapely.MultiPolygon([shapely.box(34.75, 31.3, 34.76, 31.31), shapes[0]]))
    rng = np.random.default_rng(2)
    lat, lon = rng.uniform(31.25, 31.75, 5000), rng.uniform(34.25, 34.85, 5000)
    points = shapely.points(lon, lat)
    held = np.array([shapely.contains(shape, points) for shape in shapes])
    expected = np.where(held.any(axis=0), held.argmax(axis=0), -1)
    assert np.array_equal(ZoneMap(zones_of(*shapes)).locate(lat, lon), expected)


def test_neighbours_share_no_point_and_leave_no_gap():
    row = [shapely.box(34.5 + k / 64, 31.5, 34.5 + (k + 1) / 64, 31.6) for k in range(8)]
    edges = 34.5 + np.arange(9) / 64
    found = ZoneMap(zones_of(*row)).locate(np.full(9, 31.55), edges)
    assert found.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, -1]


def test_points_that_are_not_numbers_or_far_away_are_in_no_zone():
    zones = ZoneMap(zones_of(shapely.box(34.5, 31.5, 34.6, 31.6)))
    lat = np.array([np.nan, np.inf, -90.0, 31.55])
    lon = np.array([34.55, 34.55, 180.0, np.nan])
    assert zones.locate(lat, lon).tolist() == [-1, -1, -1, -1]


@pytest.mark.parametrize("sigma_m", [50.0, 400.0, 3000.0])
def test_odds_of_a_rectangle_match_the_closed_form(sigma_m):
    box = rectangle_m(-500.0, -300.0, 900.0, 250.0)
    odds = zone_odds(impacts_at(31.5, 34.5, (sigma_m**2, 0.0, sigma_m**2)), ZoneMap(zones_of(box)))
    east = normal_cdf(900.0 / sigma_m) - normal_cdf(-500.0 / sigma_m)
    north = normal_cdf(250.0 / sigma_m) - normal_cdf(-300.0 / sigma_m)
    assert odds.probability.sum() == pytest.approx(east * north, abs=0.02)


def test_odds_follow_the_tilt_of_the_covariance():
    """Correlation 0.99: nearly all points lie north-east and south-west, few across."""
    quadrants = [
        rectangle_m(0, 0, 9000, 9000),
        rectangle_m(-9000, 0, 0, 9000),
        rectangle_m(-9000, -9000, 0, 0),
        rectangle_m(0, -9000, 9000, 0),
    ]
    covariance = (1e6, 0.99 * 1e6, 1e6)
    odds = zone_odds(impacts_at(31.5, 34.5, covariance), ZoneMap(zones_of(*quadrants)))
    exact = 0.25 + math.asin(0.99) / (2 * math.pi)  # Sheppard's formula
    assert odds.zone.tolist() == [0, 1, 2, 3]
    assert odds.probability == pytest.approx([exact, 0.5 - exact] * 2, abs=0.02)


def test_odds_equal_the_share_of_lattice_points_that_shapely_finds():
    shapes = wild_polygons(40, seed=3)
    rng = np.random.default_rng(4)
    lat, lon = rng.uniform(31.3, 31.7, 50), rng.uniform(34.3, 34.8, 50)
    odds = zone_odds(impacts_at(lat, lon, (9e5, -2e5, 4e5)), ZoneMap(zones_of(*shapes)))
    factor = np.linalg.cholesky([[9e5, -2e5], [-2e5, 4e5]])
    offsets = LATTICE @ factor.T
    dense = np.zeros((50, len(shapes)))
    dense[odds.row, odds.zone] = odds.probability
    for row in range(50):
        points = shapely.points(
            lon[row] + offsets[:, 0] / (M_LON * np.cos(np.radians(lat[row])) / 0.85264),
            lat[row] + offsets[:, 1] / M_LAT,
        )
        expected = [shapely.contains(shape, points).mean() for shape in shapes]
        # The metres above are good to 0.1 %: a few points in 256 may change sides.
        assert dense[row] == pytest.approx(expected, abs=3 / 256)


def test_zones_that_tile_the_ground_share_out_all_of_the_probability():
    tiles = [
        shapely.box(34 + i / 10, 31 + j / 10, 34.1 + i / 10, 31.1 + j / 10)
        for i in range(10)
        for j in range(10)
    ]
    odds = zone_odds(impacts_at(31.47, 34.52, (9e6, 3e6, 4e6)), ZoneMap(zones_of(*tiles)))
    assert len(odds) > 1
    assert odds.probability.sum() == 1.0


def test_a_zone_far_away_gets_nothing():
    odds = zone_odds(impacts_at(31.5, 34.5), ZoneMap(zones_of(shapely.box(35, 32, 35.1, 32.1))))
    assert len(odds) == 0


def test_only_landed_impacts_without_nan_get_odds():
    zones = ZoneMap(zones_of(shapely.box(34, 31, 35, 32)))
    for status in ("aloft", "invalid"):
        assert len(zone_odds(impacts_at(31.5, 34.5, status=status), zones)) == 0
    spoilt = impacts_at([31.5, np.nan, 31.5], [34.5] * 3)
    assert zone_odds(spoilt, zones).row.tolist() == [0, 2]
    assert len(zone_odds(impacts_at(31.5, 34.5, (np.nan, 0.0, 1.0)), zones)) == 0


def test_a_certain_impact_is_in_its_zone_with_probability_one():
    zones = ZoneMap(zones_of(shapely.box(34, 31, 35, 32)))
    assert zone_odds(impacts_at(31.5, 34.5, (0.0, 0.0, 0.0)), zones).probability.tolist() == [1.0]


def test_the_margin_reaches_as_far_as_it_says():
    zones = ZoneMap(zones_of(rectangle_m(-1000.0, -1000.0, 0.0, 1000.0)))
    for outside_m, expected in ((300.0, 1), (480.0, 1), (520.0, 0)):
        certain = impacts_at(31.5, 34.5 + outside_m / M_LON, (0.0, 0.0, 0.0))
        assert len(zone_odds(certain, zones, margin_m=500.0)) == expected


def test_rows_do_not_move_each_other_and_come_sorted():
    zones = ZoneMap(zones_of(*wild_polygons(40, seed=5)))
    rng = np.random.default_rng(6)
    many = impacts_at(rng.uniform(31.3, 31.7, 200), rng.uniform(34.3, 34.8, 200), (1e6, 0.0, 1e6))
    odds = zone_odds(many, zones)
    order = np.lexsort((odds.zone, odds.row))
    assert np.array_equal(order, np.arange(len(odds)))
    assert len(odds) > 64  # more than the first buffer of the kernel holds
    for row in (0, 57, 199):
        alone = zone_odds(many.take(slice(row, row + 1)), zones)
        kept = odds.row == row
        assert np.array_equal(alone.zone, odds.zone[kept])
        assert np.array_equal(alone.probability, odds.probability[kept])


def test_no_zones_and_no_impacts_are_no_odds():
    assert len(zone_odds(impacts_at(31.5, 34.5), ZoneMap(Zones.empty()), margin_m=100.0)) == 0
    zones = ZoneMap(zones_of(shapely.box(34, 31, 35, 32)))
    assert len(zone_odds(Impacts.empty(), zones)) == 0


def test_index_grid_stays_below_a_million_cells_for_a_continent():
    ring = np.array([[0.0, 0.0], [60.0, 0.0], [60.0, 50.0], [0.0, 50.0], [0.0, 0.0]])
    index = index_rings([ring], np.zeros(1, np.int64), 1)
    assert len(index.first) < 1_020_000
    assert index.locate(np.array([25.0, 51.0]), np.array([30.0, 30.0])).tolist() == [0, -1]
