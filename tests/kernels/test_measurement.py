"""A plot's position and covariance against sampled measurement errors."""

import math

import numpy as np
import pytest

from mantlet.kernels import measurement
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

RADAR = RadarFigures(
    "r1", Site(31.6, 34.6, 60.0), sigma_azimuth_rad=0.003, sigma_elevation_rad=0.002
)


def located(
    radar: RadarFigures, range_m: float, azimuth: float, elevation: float, snr_db: float = np.nan
):
    plot, spread = np.empty(3), np.empty(6)
    clutter = measurement.locate_plot(
        radar.packed, range_m, azimuth, elevation, snr_db, plot, spread
    )
    full = np.empty((3, 3))
    full[np.triu_indices(3)] = spread
    return plot, np.triu(full) + np.triu(full, 1).T, clutter


def point(radar: RadarFigures, range_m, azimuth, elevation):
    local = np.stack(
        [
            np.cos(elevation) * np.sin(azimuth),
            np.cos(elevation) * np.cos(azimuth),
            np.sin(elevation),
        ],
        axis=-1,
    )
    return radar.site.ecef_m + (np.asarray(range_m)[..., None] * local) @ radar.site.axes


@pytest.mark.parametrize("elevation_deg", [1.0, 45.0, 80.0, 89.9])
@pytest.mark.parametrize("azimuth_deg", [0.001, 135.0, 359.999])
def test_covariance_matches_sampled_errors_up_to_the_zenith(azimuth_deg, elevation_deg):
    azimuth, elevation, n = math.radians(azimuth_deg), math.radians(elevation_deg), 40_000
    rng = np.random.default_rng(3)
    truth = point(RADAR, 20_000.0, azimuth, elevation)
    errors = np.empty((n, 3))
    normalised = np.empty(n)
    ranges = 20_000.0 + 10.0 * rng.normal(size=n)
    azimuths = (azimuth + 0.003 * rng.normal(size=n)) % (2 * math.pi)
    elevations = elevation + 0.002 * rng.normal(size=n)
    errors = point(RADAR, ranges, azimuths, elevations) - truth
    _, spread, _ = located(RADAR, 20_000.0, azimuth, elevation)
    normalised = np.einsum("ni,ij,nj->n", errors, np.linalg.inv(spread), errors)
    # Mean of chi-square with 3 degrees over 40,000 samples: 3 within 0.6 % (5 sigma 1.9 %).
    # At the very zenith the azimuth part is the product of two errors, no longer normal.
    assert normalised.mean() == pytest.approx(3.0, rel=0.02)


def test_a_plot_without_error_is_where_the_object_is():
    sharp = RadarFigures("r", RADAR.site, sigma_azimuth_rad=1e-9, sigma_elevation_rad=1e-9)
    plot, _, _ = located(sharp, 33_000.0, 2.0, 0.4)
    assert plot == pytest.approx(point(sharp, 33_000.0, 2.0, 0.4), abs=1e-8)


def test_clutter_density_integrates_to_the_plots_of_a_scan():
    # Density times r^2 cos(elevation), over range, azimuth and elevation.
    _, _, at_20 = located(RADAR, 20_000.0, 1.0, 0.5)
    per_cell = math.exp(at_20) * 20_000.0**2 * math.cos(0.5)
    cells = (100_000.0 - 1_000.0) * 2 * math.pi * math.radians(80.0 - 0.5)
    assert per_cell * cells == pytest.approx(5.0 + 1.0)


def test_coverage_ends_at_its_ranges_and_elevations():
    def seen(range_m: float, elevation_deg: float) -> bool:
        at = point(RADAR, range_m, 1.0, math.radians(elevation_deg))
        return measurement.covers(RADAR.packed, *at)

    assert seen(50_000.0, 20.0)
    assert not seen(999.0, 20.0)
    assert not seen(100_001.0, 20.0)
    assert not seen(50_000.0, 0.49)
    assert not seen(50_000.0, 80.1)


def test_one_radar_fills_the_hole_over_another():
    overhead = point(RADAR, 5_000.0, 0.0, math.radians(89.0))
    other = RadarFigures("r2", Site(31.7, 34.7, 60.0))
    assert not measurement.covered_by_any(np.array([RADAR.packed]), *overhead)
    assert measurement.covered_by_any(np.array([RADAR.packed, other.packed]), *overhead)


def test_a_plot_is_worth_what_its_signal_to_noise_ratio_says():
    radar = RadarFigures(
        "r",
        RADAR.site,
        sigma_range_m=20.0,
        typical_snr_db=15.0,
        floor_range_m=10.0,
        floor_azimuth_rad=0.001,
        floor_elevation_rad=0.001,
    )
    along = point(radar, 1.0, 1.0, 0.3) - radar.site.ecef_m
    variances = {}
    for snr_db in (15.0, 12.0, 60.0, -20.0, np.nan):
        _, spread, _ = located(radar, 2_000.0, 1.0, 0.3, snr_db)
        variances[str(snr_db)] = along @ spread @ along
    # Range: 10 m fixed, sqrt(300) m of noise at 15 dB that doubles for 3 dB less.
    assert variances["15.0"] == pytest.approx(400.0, rel=1e-3)
    assert variances["12.0"] == pytest.approx(100.0 + 300.0 * 10**0.3, rel=1e-3)
    assert variances["60.0"] == pytest.approx(100.0, rel=1e-2)
    assert variances["-20.0"] == pytest.approx(100.0 + 4.0 * 300.0, rel=1e-3)  # not beyond fourfold
    assert variances["nan"] == pytest.approx(variances["15.0"])
