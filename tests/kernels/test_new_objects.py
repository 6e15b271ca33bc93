"""What tells a new object from a false plot, against plain formulas."""

import math

import numpy as np
import pytest

from mantlet.kernels.ambiguity import chances, crowding
from mantlet.kernels.association import Edges
from mantlet.kernels.new_objects import climb_odds, judge_plot, new_density, noise_ratio
from mantlet.kernels.scan_plots import locate_plots
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.state import TrackerState
from mantlet.world.earth import Site

THRESHOLD_DB = 10.0 * math.log10(12.8)
RADAR = RadarFigures("r", Site(31.6, 34.6, 60.0), threshold_snr_db=THRESHOLD_DB)
SILENT = RadarFigures("r", Site(31.6, 34.6, 60.0))


def test_strength_is_weighed_by_the_densities_of_noise_and_of_objects():
    for excess in (0.0, 1.0, 5.0, 20.0, 200.0):
        snr_db = 10.0 * math.log10(12.8 + excess)
        noise = math.exp(-excess) * 0.99
        ratio = noise / (30.0 / (30.0 + excess) ** 2) + 0.01
        assert noise_ratio(RADAR.packed, snr_db) == pytest.approx(ratio, rel=1e-6)
    assert noise_ratio(RADAR.packed, 20.0) < 0.02  # loud: hardly noise
    assert noise_ratio(RADAR.packed, THRESHOLD_DB) > 10.0  # faint: hardly an object


def test_without_strength_or_threshold_nothing_is_said():
    assert noise_ratio(SILENT.packed, 30.0) == 1.0
    assert noise_ratio(RADAR.packed, math.nan) == 1.0


def test_the_place_of_new_objects_is_a_density_over_elevation():
    """Its mean over the elevations of the coverage is one, as that of false plots is."""
    low, high = math.radians(RADAR.elevation_min_deg), math.radians(RADAR.elevation_max_deg)
    for slant in (5_000.0, 20_000.0, 60_000.0):
        at = np.linspace(low, high, 20_001)
        mean = np.mean([new_density(RADAR.packed, slant, e) for e in at.tolist()])
        # The kilometre is measured as an arc and taken as a height: the same near the horizon.
        assert mean == pytest.approx(1.0, abs=0.02)
    assert new_density(RADAR.packed, 20_000.0, 0.02) > 20.0
    assert new_density(RADAR.packed, 20_000.0, 0.5) == pytest.approx(0.1)


def test_a_loud_low_plot_is_most_likely_new_and_a_faint_high_one_false():
    _, loud_low = judge_plot(RADAR.packed, 20_000.0, 0.02, 25.0)
    _, faint_high = judge_plot(RADAR.packed, 20_000.0, 0.5, THRESHOLD_DB + 0.1)
    assert loud_low > 3.0
    assert faint_high < -5.0
    rarer, _ = judge_plot(RADAR.packed, 20_000.0, 0.5, 25.0)
    assert rarer < 0.0 < judge_plot(RADAR.packed, 20_000.0, 0.5, THRESHOLD_DB)[0]


def odds_of(velocity: list[float]) -> float:
    """For a second plot at 20 km, 300 m up, a second after the first."""
    axes, site = RADAR.site.axes, RADAR.site.ecef_m
    plot = site + np.array([0.0, 20_000.0, 500.0]) @ axes
    mean = np.concatenate([plot - np.array(velocity) @ axes, np.zeros(4)])
    return climb_odds(RADAR.packed, mean, plot, 1.0, 40.0, 400.0)


def test_what_climbs_is_likelier_than_what_flies_level_or_falls():
    climbing, level, falling = (
        odds_of([0, -300, 300]),
        odds_of([0, -900, 0]),
        odds_of([0, -300, -300]),
    )
    assert climbing > 1.5
    assert level < 0.5
    assert falling == pytest.approx(0.1, abs=1e-3)  # the share of those that appear anywhere


def test_a_pair_is_less_sure_where_others_begin():
    """Two tracks began near one plot: it may well be of a third object."""
    state = TrackerState.fresh().tracks.with_room(4)
    rows = state.rows
    columns = np.array([[20_000.0], [0.3], [0.02], [np.nan], [np.nan], [1.0]])
    plots = locate_plots(SILENT.packed, np.array([0]), columns)
    for i in range(3):
        rows.mean[i, 0, :3] = plots.position[0] + 300.0 * i
        rows.clocks[i] = 0.0
        rows.score[i] = 5.0
    one = crowding(rows, np.arange(1), plots)
    three = crowding(rows, np.arange(3), plots)
    edges = Edges(np.array([0, 1]), np.array([0]), np.array([-16.0]))
    alone, crowded = chances(edges, one)[0], chances(edges, three)[0]
    # Exactly Bayes' rule for a single pair.
    assert alone == pytest.approx(1.0 / (1.0 + one[0] * math.exp(-8.0)))
    assert crowded < alone
