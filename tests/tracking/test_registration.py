"""Biases put into the plots must come out of the estimate, with a sigma that tells the truth."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import chi2

from mantlet.tables import Plots
from mantlet.tracking.association import takers
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.registration import COMPONENTS, Registrar, Registration
from mantlet.tracking.tracker import Tracker
from mantlet.world.earth import Site

SECOND_SITE = Site(31.75, 34.85, 90.0)
NONE = np.zeros((2, 4))
BIASED = np.array([[60.0, 0.004, -0.004, 0.15], [0.0, 0.0, 0.0, 0.0]])
SCANS = 40


def estimated(flights: Callable, eye: Callable, bias: np.ndarray, seed: int) -> Registration:
    """Forty scans of two radars on twelve flights, the bias added to what they report."""
    made = flights(12, seed=seed, spread_s=10.0)
    eyes = [eye(seed=2 * seed), eye(seed=2 * seed + 1)]
    eyes[1].figures = RadarFigures("r2", SECOND_SITE, offset_s=0.4, false_plots_per_scan=0.0)
    eyes[1].plots_made = 1_000_000
    eyes = eyes[: len(bias)]
    figures = tuple(one.figures for one in eyes)
    tracker, registrar = Tracker(figures), Registrar(figures)
    tracks, state = tracker.start(), registrar.start()
    for scan in range(SCANS):
        for k, one in enumerate(eyes):
            time_s = scan + one.figures.offset_s
            taken_s = time_s - bias[k, 3]
            truth = made.states(made.alive(taken_s), taken_s)[:, :3]
            exact, _ = one.look(truth, time_s)
            measured = np.column_stack([exact.range_m, exact.azimuth_rad, exact.elevation_rad])
            plots = one.plots(measured + bias[k, :3], time_s)
            tracks = tracker.step(tracks, plots, k, time_s)
            state = registrar.step(state, plots, k, time_s, *takers(tracks, plots))
    return registrar.estimate(state)


def test_a_biased_radar_is_named_with_what_is_wrong(flights, eye):
    found = estimated(flights, eye, BIASED, seed=1)
    misses = (found.bias - BIASED) / found.sigma
    assert np.abs(misses).max() < 4.0
    assert found.alarm[0].any()
    assert not found.alarm[1].any()
    assert any(line.startswith("radar r1: ") for line in found.alarms())


def test_well_kept_radars_raise_no_alarm(flights, eye):
    for seed in range(5):
        found = estimated(flights, eye, NONE, seed)
        assert found.alarms() == ()
        assert not any(pair.alarm.any() for pair in found.pairs)


def test_two_radars_that_disagree_are_told_of_even_where_neither_can_be_blamed(flights, eye):
    """A clock alone is known to half a second; one clock against another, to some milliseconds."""
    bias = np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.2]])
    found = estimated(flights, eye, bias, seed=4)
    (pair,) = found.pairs
    time = COMPONENTS.index("time_s")
    assert (pair.radar, pair.against) == (1, 0)
    assert not found.alarm.any()
    assert pair.alarm[time]
    assert pair.sigma[time] < 0.2 * found.sigma[1, time]
    assert abs(pair.bias[time] - 0.2) < 4.0 * pair.sigma[time]
    alone = found.covariance[np.ix_([3, 7], [3, 7])]
    assert pair.sigma[time] ** 2 == pytest.approx(alone.trace() - 2.0 * alone[0, 1])


def squared_errors(flights: Callable, eye: Callable, bias: np.ndarray, runs: int) -> float:
    """Sum of the normalised squared errors of eight components over independent runs."""
    total = 0.0
    for seed in range(runs):
        found = estimated(flights, eye, bias, 100 + seed)
        error = (found.bias - bias).ravel()
        total += error @ np.linalg.solve(found.covariance, error)
    return float(total)


@pytest.mark.slow
def test_the_sigma_of_a_bias_tells_the_truth(flights, eye):
    """Within the 99 % band of chi-square; the components all radars share only have the prior."""
    total = squared_errors(flights, eye, NONE, runs=20)
    shared = 2  # azimuth and time alike for all radars: truth is zero, so they add next to nothing
    low = chi2.ppf(0.005, 20 * (NONE.size - shared))
    assert low < total < chi2.ppf(0.995, 20 * NONE.size)


@pytest.mark.slow
def test_large_biases_are_known_to_one_and_a_half_sigmas(flights, eye):
    """Plots that the tracker refuses because of the bias are missing: some 1.5 sigmas, not 1."""
    assert squared_errors(flights, eye, BIASED, runs=20) < 1.6**2 * 20 * BIASED.size


def test_one_radar_alone_claims_no_more_than_the_law_of_motion_gives(flights, eye):
    """A radar alone cannot see an azimuth bias: turned, all flights remain flights."""
    alone = BIASED[:1]
    found = estimated(flights, eye, alone, seed=3)
    assert found.sigma[0, COMPONENTS.index("azimuth_rad")] > 0.004
    assert np.abs((found.bias - alone) / found.sigma).max() < 4.0


def test_old_evidence_fades_with_the_stated_time_constant():
    figures = RadarFigures("r1", SECOND_SITE)
    registrar = Registrar((figures,))
    plots, none = Plots.empty(), np.empty(0, dtype=np.int64)
    state = registrar.step(registrar.start(), plots, 0, 10.0, none, np.empty((0, 7)))
    state.normal[0, 0], state.side[0] = 4.0, 8.0
    later_s = 10.0 + registrar.settings.memory_s
    state = registrar.step(state, plots, 0, later_s, none, np.empty((0, 7)))
    assert state.normal[0, 0] == pytest.approx(4.0 / np.e)
    assert state.side[0] == pytest.approx(8.0 / np.e)
