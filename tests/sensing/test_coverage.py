"""Coverage is what the radar itself would detect, counted over many scans."""

import dataclasses
import math

import numpy as np
import pytest

from mantlet.ports.draws import Draws
from mantlet.sensing import Objects, Radar
from mantlet.sensing.coverage import Grid, coverage_map
from mantlet.world.earth import EARTH_RADIUS_M, Site, ground_distance_m
from mantlet.world.terrain import Terrain

SITE = Site(31.6, 34.6, 60.0)
RADAR = Radar("r1", SITE, false_plots_per_scan=0.0)


def detected(radar, position, rcs_m2, scans, velocity=None):
    """The share of scans in which each position gave a plot, from the radar's own draws."""
    n = len(position)
    speed = np.zeros((n, 3)) if velocity is None else velocity
    objects = Objects(np.arange(n), np.arange(n), position, speed, np.full(n, rcs_m2))
    hits = np.zeros(n)
    for scan in range(scans):
        _, origins = radar.scan(
            objects, scan=scan, time_s=float(scan), draws=Draws(5), first_plot_id=0
        )
        hits[origins.threat_ids[:, 0]] += 1
    return hits / scans


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"swerling": 3, "pulses": 4, "reference_snr_db": 12.0},
        {"kind": "staring-3d", "azimuth_width_deg": 100.0, "azimuth_centre_deg": 45.0},
        {"refraction": "none", "swerling": 0, "reference_snr_db": 20.0},
    ],
)
def test_a_map_is_the_detection_rate_of_the_radars_own_scans(changed):
    radar = dataclasses.replace(RADAR, **changed)
    grid = Grid(np.linspace(31.0, 32.2, 9), np.linspace(34.1, 35.3, 9))
    found = coverage_map([radar], 6_000.0, 0.01, grid).single[0].ravel()
    scans = 1_000
    share = detected(radar, grid.positions_m(6_000.0), 0.01, scans)
    # 4.5 binomial standard deviations for 81 points: 1 in 1,800 by chance, and the seed is fixed.
    spread = 4.5 * np.sqrt(found * (1 - found) / scans) + 1e-12
    assert (np.abs(share - found) <= spread).all()
    assert found.max() > 0.5 and found.min() < 0.4


def test_bodies_that_fly_are_seen_from_the_side_they_show():
    towards = RADAR.site.axes[1] * -300.0
    position = SITE.ecef_m + 45_000.0 * (RADAR.site.axes[1] + 0.3 * RADAR.site.axes[2])
    rcs = np.array([[0.002, 0.1, 0.004]])
    chance = RADAR.detection_probabilities(position[None], towards[None], rcs)[0]
    objects = Objects(np.arange(1), np.arange(1), position[None], towards[None], rcs)
    scans = 2_000
    hits = sum(
        len(RADAR.scan(objects, scan=k, time_s=0.0, draws=Draws(3), first_plot_id=0)[0])
        for k in range(scans)
    )
    assert hits / scans == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / scans))
    assert 0.1 < chance < 0.9


@pytest.mark.parametrize("height_m", [300.0, 2_000.0])
def test_low_objects_are_lost_where_the_bent_ray_meets_the_horizon(height_m):
    radar = dataclasses.replace(
        RADAR, reference_snr_db=120.0, elevation_min_deg=-5.0, range_max_m=300_000.0
    )
    lon = np.linspace(34.6, 38.5, 4_000)
    chance = coverage_map([radar], height_m, 1.0, Grid(np.array([31.6]), lon)).single[0, 0]
    effective_m = 4.0 / 3.0 * EARTH_RADIUS_M
    # Two tangents to a sphere of 4/3 the Earth's radius, along its surface.
    reach = sum(math.acos(effective_m / (effective_m + h)) for h in (SITE.height_m, height_m))
    seen = lon[chance > 0.5].max()
    distance_m = float(ground_distance_m(31.6, 34.6, 31.6, seen))
    # The mean sphere against the ellipsoid: half a percent; the grid: 100 m.
    assert distance_m == pytest.approx(effective_m * reach, rel=6e-3, abs=100.0)


def test_hills_throw_shadows():
    lat, lon = 31.0 + 0.01 * np.arange(121), 34.0 + 0.01 * np.arange(121)
    ridge = np.where(np.abs(lon - 34.8) < 0.02, 900.0, 0.0) * np.ones((len(lat), 1))
    hilly = RADAR.masked_by(Terrain(31.0, 34.0, 0.01, ridge))
    grid = Grid(np.array([31.6]), np.array([34.7, 35.0]))
    clear, masked = (
        coverage_map([radar], 1_500.0, 1.0, grid).single[0, 0] for radar in (RADAR, hilly)
    )
    assert (clear > 0.9).all()
    assert masked[0] == clear[0] and masked[1] == 0.0


def test_looks_of_all_radars_within_a_time_add_up():
    slow = dataclasses.replace(RADAR, id="r2", site=Site(31.8, 34.8, 60.0), period_s=4.0)
    grid = Grid(np.array([31.0, 32.0]), np.array([34.2, 35.0, 35.4]))
    both = coverage_map([RADAR, slow], 4_000.0, 0.05, grid)
    one, two = both.single
    assert both.within(8.0) == pytest.approx(1 - (1 - one) ** 8 * (1 - two) ** 2)
    assert both.within(2.0) == pytest.approx(1 - (1 - one) ** 2 * (1 - 0.5 * two))
    assert np.array_equal(both.best, np.maximum(one, two))


def test_a_time_with_part_of_a_period_is_right_on_average_over_when_it_begins():
    grid = Grid(np.array([31.9]), np.array([35.2]))
    slow = dataclasses.replace(RADAR, period_s=4.0)
    chance = coverage_map([slow], 4_000.0, 0.05, grid)
    p = chance.single[0, 0, 0]
    starts = np.linspace(0.0, 4.0, 4_000, endpoint=False)
    looks = np.floor((starts + 10.0) / 4.0) - np.ceil(starts / 4.0) + 1  # scans at 0, 4, 8, ...
    mean = np.mean(1 - (1 - p) ** looks)
    assert chance.within(10.0)[0, 0] == pytest.approx(mean, abs=1e-3)


def test_the_usual_grid_holds_all_that_the_radars_reach():
    far = dataclasses.replace(RADAR, id="r2", site=Site(65.0, 179.5, 10.0))
    for radars in ([RADAR], [far], [RADAR, dataclasses.replace(RADAR, site=Site(32.4, 35.0, 5))]):
        found = coverage_map(radars, 10_000.0, 10.0)
        edge = found.best.copy()
        edge[1:-1, 1:-1] = 0.0
        assert not edge.any() and found.best.max() > 0.99


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (([], 1e3, 0.1), "radars"),
        (([RADAR], math.nan, 0.1), "height_m"),
        (([RADAR], 1e3, 0.0), "rcs_m2"),
    ],
)
def test_maps_of_nothing_are_refused(arguments, name):
    with pytest.raises(ValueError, match=name):
        coverage_map(*arguments)


def test_no_time_at_all_is_refused():
    with pytest.raises(ValueError, match="seconds"):
        coverage_map([RADAR], 1e3, 0.1, Grid(np.array([31.0]), np.array([34.0]))).within(0.0)
