"""Ground in the way: masks against rays walked step by step."""

import dataclasses
import math

import numpy as np
import pytest
from pyproj import Transformer
from scipy.interpolate import RegularGridInterpolator

from mantlet.kernels.sight import hidden
from mantlet.ports.draws import Draws
from mantlet.sensing import Objects, Radar, packing
from mantlet.tables.errors import InputError
from mantlet.world.earth import EARTH_RADIUS_M, Site, ecef_from_degrees
from mantlet.world.terrain import Terrain

SITE = Site(31.5, 35.0, 700.0)
STEP_DEG = 1.0 / 600.0
SHARP = Radar(
    "r1", SITE, range_max_m=60_000.0, elevation_min_deg=-30.0, false_plots_per_scan=0.0,
    reference_snr_db=100.0,
)  # fmt: skip
TO_DEGREES = Transformer.from_crs("EPSG:4978", "EPSG:4979")


def hills(seed=3):
    """Some sixty round hills on a plain at 300 m, 1.2 degrees square."""
    rng = np.random.default_rng(seed)
    lat = SITE.lat_deg - 0.6 + STEP_DEG * np.arange(721)
    lon = SITE.lon_deg - 0.6 + STEP_DEG * np.arange(721)
    height = np.full((721, 721), 300.0)
    for _ in range(60):
        y, x = rng.uniform(-0.55, 0.55, 2)
        wide, high = rng.uniform(0.01, 0.06), rng.uniform(100.0, 900.0)
        if math.hypot(x, y) > 0.03:
            square = (lat[:, None] - SITE.lat_deg - y) ** 2 + (lon - SITE.lon_deg - x) ** 2
            height += high * np.exp(-square / (2 * wide**2))
    return Terrain(lat[0], lon[0], STEP_DEG, height)


HILLS = hills()
HILLY = SHARP.masked_by(HILLS)


def objects_at(position_m):
    n = len(position_m)
    return Objects(np.arange(n), np.arange(n), position_m, np.zeros((n, 3)), np.ones(n))


def shown(radar, position_m):
    """Which of some objects are detected; one scan each, for none to merge."""
    seen = np.zeros(len(position_m), bool)
    for k in range(len(position_m)):
        plots, _ = radar.scan(
            objects_at(position_m[k : k + 1]), scan=k, time_s=0.0, draws=Draws(1), first_plot_id=0
        )
        seen[k] = len(plots) == 1
    return seen


def margins(position_m, steps=1_500):
    """Least height of each bent ray over the ground [m], walked from radar to object."""
    side = [HILLS.south_deg + STEP_DEG * np.arange(721), HILLS.west_deg + STEP_DEG * np.arange(721)]
    ground = RegularGridInterpolator(side, HILLS.height_m)
    share = (np.arange(1, steps) / steps)[:, None]
    least = []
    for end in position_m:
        chord = end - SITE.ecef_m
        distance_m = np.linalg.norm(chord)
        up = SITE.axes[2]
        level = math.sqrt(max(1.0 - (chord @ up / distance_m) ** 2, 0.0))
        # A circle of radius 4a stands this much over its chord, seen along the vertical.
        bulge = (share * (1 - share) * distance_m**2 / (8 * EARTH_RADIUS_M)) * level
        points = SITE.ecef_m + share * chord + bulge * up
        lat, lon, height = TO_DEGREES.transform(*points.T)
        least.append((height - ground(np.stack([lat, lon], axis=1))).min())
    return np.array(least)


@pytest.fixture(scope="module")
def scattered():
    rng = np.random.default_rng(11)
    n = 1_000
    angle, away = rng.uniform(0, 2 * np.pi, n), rng.uniform(0.03, 0.5, n)
    lat = SITE.lat_deg + away * np.cos(angle)
    lon = SITE.lon_deg + away * np.sin(angle)
    height = HILLS.heights_m(lat, lon) + 10 ** rng.uniform(1.0, 3.5, n)
    return ecef_from_degrees(lat, lon, height)


def test_a_mask_hides_what_a_ray_walked_step_by_step_does_not_reach(scattered):
    margin_m, seen = margins(scattered), shown(HILLY, scattered)
    clear = margin_m > 0.0
    assert 0.2 < clear.mean() < 0.8
    # A quarter of a degree and 60 m of distance between samples blur ridges by some metres.
    sure = np.abs(margin_m) > 20.0
    assert sure.mean() > 0.85
    assert (seen == clear)[sure].mean() > 0.99
    assert (seen == clear).mean() > 0.97


def test_without_terrain_only_the_horizon_hides(scattered):
    assert shown(SHARP, scattered).mean() > 0.95


def test_a_ridge_hides_what_is_behind_it_and_below_and_nothing_before():
    height = np.zeros((721, 721))
    height[420:423] = 1_500.0  # 0.1 degrees, 11 km, north of the site
    terrain = Terrain(SITE.lat_deg - 0.6, SITE.lon_deg - 0.6, STEP_DEG, height)
    radar = SHARP.masked_by(terrain)

    def seen(away_deg, height_m):
        return shown(radar, ecef_from_degrees(SITE.lat_deg + away_deg, SITE.lon_deg, height_m))[0]

    assert seen(0.09, 400.0) and seen(0.2, 2_400.0)
    # The ridge stands 800 m over the site at 11.1 km: at twice that, 1600 m over it, and the Earth
    # curves away by another 15 m of a bent ray.
    assert not seen(0.2, 2_270.0)
    assert seen(0.2, 2_320.0)
    assert seen(-0.2, 700.0)


def test_the_mask_is_made_once_for_a_site():
    again = dataclasses.replace(HILLY, id="r2", reference_snr_db=20.0)
    assert packing.mask(HILLY) is packing.mask(again)
    assert packing.mask(HILLY) is not packing.mask(
        dataclasses.replace(HILLY, site=Site(31.5, 35.01, 900.0))
    )


def test_flat_ground_hides_below_the_horizon_as_the_smooth_earth_does():
    terrain = Terrain(SITE.lat_deg - 0.6, SITE.lon_deg - 0.6, 0.01, np.zeros((121, 121)))
    radar = dataclasses.replace(SHARP, site=Site(31.5, 35.0, 100.0)).masked_by(terrain)
    mask = packing.mask(radar)
    # Beyond the horizon at sqrt(2 k a h) = 41 km the mask stays at its dip.
    assert mask[:, 800] == pytest.approx(np.full(len(mask), radar.horizon_rad), abs=3e-5)
    assert not hidden(mask, 60.0, 1.0, 50_000.0, radar.horizon_rad + 1e-4)


def test_a_radar_under_the_ground_is_refused():
    with pytest.raises(InputError, match=r"height_m 200: under the terrain"):
        dataclasses.replace(SHARP, site=Site(31.5, 35.0, 200.0)).masked_by(HILLS)
