"""Clutter, jamming, and false alarms counted by resolution cell."""

import dataclasses
import math

import numpy as np
import pytest
from radar_range import CLEAR, SHARP, SITE, many, placed, seen
from scipy.stats import kstest, poisson

from mantlet.sensing import Objects, Radar
from mantlet.sensing.detection import detection_probability
from mantlet.sensing.interference import ClutterRegion, Jamming

BIRDS = ClutterRegion(
    30.0, range_min_m=5_000.0, range_max_m=9_000.0, azimuth_centre_deg=350.0,
    azimuth_width_deg=40.0, elevation_min_deg=1.0, elevation_max_deg=3.0,
)  # fmt: skip


def is_poisson(counts, mean):
    """The mean and the dispersion of counts, each within four standard errors (1 in 16,000)."""
    n = len(counts)
    right_mean = abs(counts.mean() - mean) < 4.0 * math.sqrt(mean / n)
    right_spread = abs(counts.var() / mean - 1.0) < 4.0 * math.sqrt(2.0 / n + 1.0 / (mean * n))
    return right_mean and right_spread


def column(scans, name):
    return np.concatenate([getattr(plots, name) for plots in scans])


def test_a_region_adds_poisson_plots_evenly_within_its_box():
    scans = many(dataclasses.replace(CLEAR, clutter=(BIRDS,)), Objects.none(), 1_500)
    assert is_poisson(np.array([len(plots) for plots in scans]), 30.0)
    turn = np.mod(column(scans, "azimuth_rad") - math.radians(330.0), 2 * np.pi)
    shares = {
        "range": (column(scans, "range_m") - 5_000.0) / 4_000.0,
        "azimuth": turn / math.radians(40.0),
        "elevation": (np.degrees(column(scans, "elevation_rad")) - 1.0) / 2.0,
    }
    for name, share in shares.items():
        assert kstest(share, "uniform").pvalue > 1e-3, name


def test_of_a_region_only_what_the_radar_covers_is_seen():
    radar = dataclasses.replace(CLEAR, clutter=(BIRDS,), range_min_m=8_000.0)
    scans = many(radar, Objects.none(), 1_500)
    # Thinning a Poisson number leaves a Poisson number: a quarter of the box is left.
    assert is_poisson(np.array([len(plots) for plots in scans]), 7.5)
    assert column(scans, "range_m").min() >= 8_000.0


def test_clutter_leaves_every_other_plot_as_it_was():
    objects = placed([20_000, 30_000], [100, 190], 20.0, rcs_m2=0.1)
    radar = dataclasses.replace(CLEAR, false_plots_per_scan=5.0)
    cluttered = dataclasses.replace(radar, clutter=(BIRDS, BIRDS))
    for scan in range(20):
        few, more = seen(radar, objects, scan)[0], seen(cluttered, objects, scan)[0]
        assert set(few.range_m) <= set(more.range_m)
        assert len(more) > len(few)


def test_two_regions_alike_draw_apart():
    twice = many(dataclasses.replace(CLEAR, clutter=(BIRDS, BIRDS)), Objects.none(), 300)
    assert is_poisson(np.array([len(plots) for plots in twice]), 60.0)
    ranges = column(twice, "range_m")
    assert len(set(ranges)) == len(ranges)


def test_false_alarms_by_cell_are_poisson_with_cells_times_their_probability():
    radar = Radar(
        "r1", SITE, false_alarms="by-cell", false_alarm_probability=2e-6, range_max_m=40_000.0
    )
    cells = (39_000 / 30) * (360 / 1.5) * (74.5 / 1.5)
    assert radar.cells == pytest.approx(cells)
    assert radar.nominal()["false_plots_per_scan"] == pytest.approx(cells * 2e-6)
    counts = np.array([len(plots) for plots in many(radar, Objects.none(), 2_000)])
    assert is_poisson(counts, cells * 2e-6)
    # And the whole law, not only its first two moments.
    edges = poisson.ppf([0.1, 0.3, 0.5, 0.7, 0.9], cells * 2e-6)
    for edge in edges:
        p = poisson.cdf(edge, cells * 2e-6)
        assert np.mean(counts <= edge) == pytest.approx(p, abs=4 * math.sqrt(p * (1 - p) / 2_000))


def test_jamming_costs_detections_in_its_sector_and_time_and_nowhere_else():
    jamming = Jamming(azimuth_centre_deg=45.0, from_s=1_000.0, until_s=3_000.0, noise_db=10.0)
    radar = dataclasses.replace(CLEAR, jamming=jamming)
    pair = placed([60_000.0, 60_000.0], [45.0, 90.0], 20.0, rcs_m2=0.1)
    clear = [len(plots) for plots in many(CLEAR, pair, 4_000)]
    jammed = many(radar, pair, 4_000)
    snr_db = 10 * math.log10(CLEAR.snr(0.1, 60_000.0))
    within = [np.sum(plots.azimuth_rad < 1.0) for plots in jammed[1_000:3_000]]
    expected = float(detection_probability(snr_db - 10.0, 1e-6))
    # Four binomial standard errors.
    assert np.mean(within) == pytest.approx(
        expected, abs=4 * math.sqrt(expected * (1 - expected) / 2_000)
    )
    assert [len(plots) for plots in jammed[:1_000]] == clear[:1_000]
    assert [len(plots) for plots in jammed[3_000:]] == clear[3_000:]
    beside = [np.sum(plots.azimuth_rad > 1.0) for plots in jammed]
    assert beside == [np.sum(plots.azimuth_rad > 1.0) for plots in many(CLEAR, pair, 4_000)]


def test_jamming_blurs_what_is_still_seen():
    radar = dataclasses.replace(
        SHARP, reference_snr_db=50.0, jamming=Jamming(azimuth_width_deg=360.0, noise_db=20.0)
    )
    calm = dataclasses.replace(radar, jamming=None)
    one = placed(20_000.0, 45.0, 20.0)
    spread = [np.std(column(many(r, one, 800), "range_m")) for r in (calm, radar)]
    # Sigma goes with the root of the noise: 20 dB are a factor of 10; each spread is good to 5 %
    # and the few weakest echoes are lost.
    assert spread[1] / spread[0] == pytest.approx(10.0, rel=0.35)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: ClutterRegion(-1.0), "false_plots_per_scan"),
        (lambda: ClutterRegion(1.0, range_min_m=5e4), "range_min_m 50000 is not below"),
        (lambda: Jamming(from_s=5.0, until_s=5.0), "from_s 5 is not below"),
    ],
)
def test_impossible_settings_are_refused_by_name(made, words):
    with pytest.raises(ValueError, match=words):
        made()
