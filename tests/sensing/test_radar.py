import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from radar_range import CLEAR, SHARP, SITE, many, placed, seen
from scipy.stats import gamma, kstest

from mantlet.ports.draws import Draws
from mantlet.sensing import Objects, Radar
from mantlet.world.earth import Site, ecef_from_degrees

# -- detection ------------------------------------------------------------------------------


@pytest.mark.parametrize("range_m", [60_000.0, 75_000.0, 90_000.0])
def test_objects_are_detected_as_often_as_the_formula_says(range_m):
    scans = 5_000
    snr = CLEAR.snr(0.1, range_m)
    expected = CLEAR.false_alarm_probability ** (1 / (1 + snr))
    hits = sum(map(len, many(CLEAR, placed(range_m, 45.0, 20.0, 0.1), scans)))
    # Four binomial standard deviations: 1 in 16,000 by chance, and the seed is fixed.
    assert hits / scans == pytest.approx(
        expected, abs=4 * math.sqrt(expected * (1 - expected) / scans)
    )


def test_reported_snr_of_a_strong_object_averages_its_mean_snr():
    plots = many(CLEAR, placed(20_000.0, 45.0, 20.0, 1.0), 4_000)
    snr = 10 ** (np.concatenate([p.snr_db for p in plots]) / 10)
    # Exponential: standard error of the mean is 1/sqrt(n) = 1.6 %.
    assert snr.mean() == pytest.approx(CLEAR.snr(1.0, 20_000.0), rel=0.065)


def test_coverage_ends_at_every_limit():
    radar = dataclasses.replace(SHARP, azimuth_centre_deg=350.0, azimuth_width_deg=40.0)
    inside = placed([1_001, 99_999, 9_000, 9_000, 9_000], [0, 0, 331, 9, 0], [9, 9, 9, 9, 74.9])
    outside = placed([999, 100_001, 9_000, 9_000, 9_000, 9_000], [0, 0, 329, 11, 0, 0],
                     [9, 9, 9, 9, 75.1, 0.4])  # fmt: skip
    assert len(seen(radar, inside)[0]) == 5
    assert len(seen(radar, outside)[0]) == 0


def test_the_ground_hides_what_flies_below_the_horizon():
    radar = dataclasses.replace(SHARP, site=Site(31.6, 34.6, 0.0), elevation_min_deg=-10.0)
    lat = 31.6 + 50_000 / 111_000
    # At 50 km the ray along the horizon stands d^2 / (2 k a) = 147 m above the surface, k = 4/3.
    hidden, shown = (
        Objects(
            np.arange(1),
            np.arange(1),
            ecef_from_degrees(lat, 34.6, h),
            np.zeros((1, 3)),
            np.ones(1),
        )
        for h in (142.0, 152.0)
    )
    assert len(seen(radar, hidden)[0]) == 0
    assert len(seen(radar, shown)[0]) == 1


def test_a_high_site_sees_below_its_own_horizontal():
    assert Radar("r", Site(0, 0, 0)).horizon_rad == 0.0
    # Dip of the horizon: sqrt(2 h / (k a)), k = 4/3; its distance: sqrt(2 k a h)
    assert Radar("r", Site(0, 0, 500)).horizon_rad == pytest.approx(-0.01085, abs=1e-5)
    assert Radar("r", Site(0, 0, 500)).horizon_m == pytest.approx(92_170.0, abs=10.0)


def test_a_broken_state_is_no_plot_and_disturbs_no_other():
    objects = placed([20_000, 30_000], [10, 20], 20)
    objects.position_m[0] = np.nan
    _, origins = seen(SHARP, objects)
    assert origins.threat_ids.tolist() == [[1, -1]]


# -- measurement ----------------------------------------------------------------------------


def test_errors_of_a_strong_object_have_the_stated_fixed_sigmas():
    radar = dataclasses.replace(CLEAR, reference_snr_db=100.0, sigma_range_rate_mps=2.0)
    plots = many(radar, placed(40_000.0, 120.0, 30.0, speed=250.0), 4_000)
    for column, truth, sigma in [
        ("range_m", 40_000.0, 10.0),
        ("azimuth_rad", math.radians(120.0), 0.001),
        ("elevation_rad", math.radians(30.0), 0.001),
        ("range_rate_mps", 250.0, 2.0),
    ]:
        error = np.concatenate([getattr(p, column) for p in plots]) - truth
        # Standard errors: 1/sqrt(n) = 1.6 % of sigma for the mean, 1/sqrt(2n) = 1.1 % for sigma.
        assert abs(error.mean()) < 0.065 * sigma
        assert error.std() == pytest.approx(sigma, rel=0.045)
        assert kstest(error / sigma, "norm").pvalue > 1e-3


def test_nominal_figures_are_what_a_typical_object_shows():
    nominal = CLEAR.nominal()
    plots = many(CLEAR, placed(50_000.0, 120.0, 30.0, 0.1), 5_000)
    azimuth = np.concatenate([p.azimuth_rad for p in plots]) - math.radians(120.0)
    # Binomial: 4 x 0.0023; rms of a fluctuating sigma: 1 % a standard error, 4 of them.
    assert len(azimuth) / 5_000 == pytest.approx(nominal["detection_probability"], abs=0.0092)
    assert np.sqrt(np.mean(azimuth**2)) == pytest.approx(nominal["sigma_azimuth_rad"], rel=0.045)
    assert all(type(value) is float for value in nominal.values())


def test_range_rate_is_nan_unless_the_radar_measures_it():
    plots, _ = seen(Radar("r1", SITE), placed(40_000.0, 120.0, 30.0))
    assert np.isnan(plots.range_rate_mps).all()


def test_measured_azimuth_stays_within_one_turn():
    plots = many(CLEAR, placed(40_000.0, 0.0, 30.0), 200)
    azimuth = np.concatenate([p.azimuth_rad for p in plots])
    assert ((azimuth >= 0) & (azimuth < 2 * np.pi)).all()
    assert (azimuth > 6).any() and (azimuth < 1).any()


# -- merging --------------------------------------------------------------------------------


def test_two_objects_in_one_cell_become_one_plot_between_them():
    pair = placed([30_000.0, 30_020.0], [45.0, 45.2], [20.0, 20.1])
    plots, origins = seen(SHARP, pair)
    assert len(plots) == 1
    assert sorted(origins.threat_ids[0]) == [0, 1]
    assert 30_000.0 < plots.range_m[0] < 30_020.0
    assert math.radians(45.0) < plots.azimuth_rad[0] < math.radians(45.2)
    # Power-weighted: the same share of the way in every measure.
    share = (plots.range_m[0] - 30_000.0) / 20.0
    turn = (plots.azimuth_rad[0] - math.radians(45.0)) / math.radians(0.2)
    assert turn == pytest.approx(share, abs=1e-3)  # 1 mm in 20 m and 1e-9 rad of noise


def test_merging_leans_towards_the_stronger_object():
    pair = placed([30_000.0, 30_020.0], 45.0, 20.0, rcs_m2=[1.0, 1e-4])
    ranges = [p.range_m[0] for p in many(SHARP, pair, 50)]
    assert np.median(ranges) == pytest.approx(30_000.0, abs=0.02)


@pytest.mark.parametrize("offset", [(40.0, 0.0, 0.0), (0.0, 1.6, 0.0), (0.0, 0.0, 1.6)])
def test_objects_a_resolution_apart_in_any_measure_stay_apart(offset):
    pair = placed([30_000, 30_000 + offset[0]], [359.9, 359.9 + offset[1]], [20, 20 + offset[2]])
    assert len(seen(SHARP, pair)[0]) == 2


def test_a_crowded_cell_is_one_plot_named_after_its_two_strongest():
    crowd = placed([30_000.0, 30_005.0, 30_010.0], 45.0, 20.0, rcs_m2=[1e-6, 1.0, 1.0])
    plots, origins = seen(SHARP, crowd)
    assert len(plots) == 1
    assert sorted(origins.threat_ids[0]) == [1, 2]


# -- false plots ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def quiet_scans():
    radar = Radar("r1", SITE, azimuth_centre_deg=300.0, azimuth_width_deg=180.0)
    return radar, many(radar, Objects.none(), 5_000)


def test_false_plots_are_poisson_with_the_stated_mean(quiet_scans):
    counts = np.array([len(plots) for plots in quiet_scans[1]])
    # Standard errors: sqrt(5/5000) = 0.032 for the mean, sqrt(2/5000) = 0.02 for variance/mean.
    assert counts.mean() == pytest.approx(5.0, abs=0.13)
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=0.08)


def test_false_plots_fill_the_coverage_evenly(quiet_scans):
    radar, scans = quiet_scans
    low = math.radians(radar.elevation_min_deg)
    width = math.radians(radar.elevation_max_deg) - low
    turn = np.concatenate([p.azimuth_rad for p in scans]) - math.radians(210.0)
    uniforms = {
        "range": (np.concatenate([p.range_m for p in scans]) - 1_000.0) / 99_000.0,
        "azimuth": np.mod(turn, 2 * np.pi) / np.pi,
        "elevation": (np.concatenate([p.elevation_rad for p in scans]) - low) / width,
    }
    for name, values in uniforms.items():
        assert kstest(values, "uniform").pvalue > 1e-3, name


def test_false_plots_look_like_the_weakest_true_ones(quiet_scans):
    power = 1 + 10 ** (np.concatenate([p.snr_db for p in quiet_scans[1]]) / 10)
    threshold = math.log(1e6)
    # Noise over a threshold is exponential again, with mean 1.
    assert kstest(power - threshold, "expon").pvalue > 1e-3


def test_false_plots_of_several_pulses_have_the_power_of_their_noise():
    radar = Radar("r1", SITE, pulses=20, false_plots_per_scan=50.0)
    power = 20 + 10 ** (np.concatenate([p.snr_db for p in many(radar, Objects.none(), 100)]) / 10)
    noise = gamma(20)
    share = noise.sf(power) / noise.sf(radar.threshold)
    # A sum of twenty looks falls off by a third more slowly than a single one does.
    assert kstest(share, "uniform").pvalue > 1e-3
    assert kstest(power - radar.threshold, "expon").pvalue < 1e-6


def test_false_plots_stand_above_the_horizon():
    radar = Radar("r1", Site(31.6, 34.6, 500.0), elevation_min_deg=-20.0)
    lowest = min(p.elevation_rad.min() for p in many(radar, Objects.none(), 400) if len(p))
    # Some 2,000 plots over 76 degrees: the lowest is within half a degree of the limit.
    assert radar.horizon_rad <= lowest < radar.horizon_rad + math.radians(0.5)


# -- draws, order ---------------------------------------------------------------------------

SPREAD = placed([20_000, 30_000, 40_000, 50_000], [10, 100, 190, 280], 20.0, rcs_m2=0.02)


def rows(plots, _origins):
    """The measures of every plot, without order."""
    columns = (plots.range_m, plots.azimuth_rad, plots.elevation_rad, plots.snr_db)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def picked(objects, index):
    return Objects(*(getattr(objects, f.name)[index] for f in dataclasses.fields(objects)))


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(range(4)), scan=st.integers(0, 1_000_000))
def test_the_order_of_objects_changes_nothing(order, scan):
    plots, origins = seen(Radar("r1", SITE), SPREAD, scan)
    again, origins_again = seen(Radar("r1", SITE), picked(SPREAD, np.array(order)), scan)
    assert plots.range_m.tolist() == again.range_m.tolist()
    assert origins.threat_ids.tolist() == origins_again.threat_ids.tolist()


@pytest.mark.parametrize("scan", range(20))
def test_another_object_changes_no_plot_of_the_others(scan):
    radar = Radar("r1", SITE)
    fewer = rows(*seen(radar, picked(SPREAD, np.arange(3)), scan))
    more = rows(*seen(radar, SPREAD, scan))
    assert fewer <= more
    assert len(more - fewer) <= 1


@pytest.mark.parametrize("scan", range(5))
def test_draws_hang_on_the_key_and_never_on_the_identity(scan):
    radar = Radar("r1", SITE, reference_snr_db=40.0)
    renamed = dataclasses.replace(SPREAD, object_id=SPREAD.object_id + 77)
    rekeyed = dataclasses.replace(SPREAD, draw_key=SPREAD.draw_key + 77)
    (plots, origins), (same, names), (other, _) = (
        seen(radar, objects, scan) for objects in (SPREAD, renamed, rekeyed)
    )
    assert same.range_m.tolist() == plots.range_m.tolist()
    true = origins.threat_ids >= 0
    assert (names.threat_ids[true] == origins.threat_ids[true] + 77).all() and true.any()
    assert not set(plots.range_m[true[:, 0]]) & set(other.range_m)


def test_radars_draw_apart_and_only_their_name_tells_them_apart():
    one, two = (seen(Radar(name, SITE), SPREAD, 5) for name in ("r1", "r2"))
    assert rows(*one).isdisjoint(rows(*two))
    assert rows(*one) == rows(*seen(Radar("r1", SITE, kind="search-3d"), SPREAD, 5))


def test_the_same_seed_repeats_and_another_differs():
    radar = Radar("r1", SITE)
    assert rows(*seen(radar, SPREAD, 5)) == rows(*seen(radar, SPREAD, 5))
    assert rows(*seen(radar, SPREAD, 5)).isdisjoint(rows(*seen(radar, SPREAD, 5, Draws(8))))


def test_plots_are_numbered_in_azimuth_order_whatever_they_are():
    radar = Radar("r1", SITE)
    true_first = 0
    for scan in range(400):
        plots, origins = seen(radar, SPREAD, scan, first=100)
        assert plots.plot_id.tolist() == list(range(100, 100 + len(plots)))
        assert (np.diff(plots.azimuth_rad) > 0).all()
        true_first += len(plots) > 0 and origins.threat_ids[0, 0] >= 0
    # True azimuths are 10, 100, 190, 280 degrees: the first plot is true unless one of the
    # Poisson(5) false ones falls below 10 degrees: exp(-5 x 10/360) = 0.87 times Pd.
    assert 0.75 < true_first / 400 < 0.93


def test_interceptors_and_debris_are_seen_like_anything_else():
    threat = seen(SHARP, placed(30_000.0, 45.0, 20.0, ids=[3]))
    interceptor = seen(SHARP, placed(30_000.0, 45.0, 20.0, ids=[2_000_000_000]))
    assert len(threat[0]) == len(interceptor[0]) == 1
    assert interceptor[1].threat_ids.tolist() == [[2_000_000_000, -1]]
