"""The smoother: below the filter's errors, honest covariances, nothing before the first plot."""

from dataclasses import replace

import numpy as np
import pytest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.measures import covariances, errors, nees, pair
from mantlet.tables import Plots
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.smoother import smooth, smooth_tracks
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import PlaneSite, Site
from mantlet.world.exponential_air import GRAVITY

EARTHLY = RadarFigures("p", Site(31.6, 34.6, 60.0))
VACUUM = Air(flat=True, pressure_factor=0.0)
FIGURES = RadarFigures("p", PlaneSite(), sigma_azimuth_rad=0.001, sigma_elevation_rad=0.001)


def parabola(time_s: np.ndarray) -> np.ndarray:
    start, speed = np.array([2e3, 15e3, 1_000.0]), np.array([30.0, -250.0, 200.0])
    t = time_s[:, None]
    return start + speed * t - 0.5 * GRAVITY * t**2 * np.array([0, 0, 1])


def plots_of(position: np.ndarray, time_s: np.ndarray, seed: int) -> Plots:
    rng = np.random.default_rng(seed)
    n = len(position)
    level = np.hypot(position[:, 0], position[:, 1])
    return Plots(
        plot_id=np.arange(n),
        radar_id=np.full(n, "p", dtype=object),
        scan=np.arange(n),
        time_s=time_s,
        range_m=np.hypot(level, position[:, 2]) + rng.normal(0, 10, n),
        azimuth_rad=np.arctan2(position[:, 0], position[:, 1]) + rng.normal(0, 0.001, n),
        elevation_rad=np.arctan2(position[:, 2], level) + rng.normal(0, 0.001, n),
        range_rate_mps=np.full(n, np.nan),
        snr_db=np.full(n, 20.0),
    )


TIMES = np.array([0.0, 1.0, 2.0, 4.0, 5.0, 6.0, 9.0, 10.0, 11.0, 12.0])


def test_in_a_vacuum_it_is_the_least_squares_parabola():
    plots = plots_of(parabola(TIMES), TIMES, 3)
    found = smooth(plots, (FIGURES,), VACUUM)
    # Weighted least squares on start and speed, with the same errors along and across the sight.
    normal, right = np.zeros((6, 6)), np.zeros(6)
    for k, t in enumerate(TIMES):
        r, a, e = plots.range_m[k], plots.azimuth_rad[k], plots.elevation_rad[k]
        sight = np.array([np.cos(e) * np.sin(a), np.cos(e) * np.cos(a), np.sin(e)])
        side = np.array([np.cos(a), -np.sin(a), 0.0])
        rise = np.cross(side, sight)
        weight = np.outer(sight, sight) / 10.0**2 + np.outer(rise, rise) / (0.001 * r) ** 2
        weight += np.outer(side, side) / (0.001 * r * np.cos(e)) ** 2
        h = np.hstack([np.eye(3), t * np.eye(3)])
        normal += h.T @ weight @ h
        right += h.T @ weight @ (r * sight + 0.5 * GRAVITY * t**2 * np.array([0, 0, 1]))
    start = np.linalg.solve(normal, right)
    sigma = np.sqrt(np.diag(np.linalg.inv(normal)))
    # The least process noise tried (1e-4 m2/s3) and the prior move it by a small part of a sigma.
    assert np.abs(found.state[0, :6] - start).max() < 5.0
    assert (np.abs(found.state[0, :6] - start) < 0.1 * sigma).all()
    packed = np.zeros((7, 7))
    packed[np.triu_indices(7)] = found.covariance[0]
    assert np.sqrt(np.diag(packed)[:6]) == pytest.approx(sigma, rel=0.1)


def test_there_is_a_state_at_every_plot_and_none_before_the_first():
    plots = plots_of(parabola(TIMES), TIMES, 4)
    mixed = plots.take(np.random.default_rng(1).permutation(len(plots)))
    found = smooth(mixed, (FIGURES,), VACUUM)
    assert found.time_s.tolist() == TIMES.tolist()
    assert found.last_plot_id.tolist() == plots.plot_id.tolist()
    assert np.array_equal(found.state, smooth(plots, (FIGURES,), VACUUM).state)


def test_few_plots_and_unknown_radars_are_refused():
    plots = plots_of(parabola(TIMES), TIMES, 5)
    with pytest.raises(InputError, match="plots: 3"):
        smooth(plots.take(slice(0, 3)), (FIGURES,), VACUUM)
    with pytest.raises(InputError, match="radar 'p' is not among: q"):
        smooth(plots, (replace(FIGURES, id="q"),), VACUUM)


def test_plots_that_no_flight_passes_by_give_finite_states_or_a_plain_refusal():
    """What a tracker takes for one object is not always one: some models run away to nowhere."""
    time_s = np.arange(0.0, 12.0, 0.5)
    refused = 0
    for seed in range(12):
        rng = np.random.default_rng(seed)
        wild = parabola(time_s) + rng.normal(0.0, 10.0 ** rng.uniform(2.0, 4.5), (len(time_s), 3))
        wild[:, 2] = np.abs(wild[:, 2])
        try:
            found = smooth(plots_of(wild, time_s, seed), (EARTHLY,))
        except InputError as error:
            assert "no flight passes by them" in str(error)
            refused += 1
            continue
        assert np.isfinite(found.state).all()
        assert np.isfinite(found.covariance).all()
    assert refused < 12


@pytest.fixture(scope="module")
def both():
    """A scene, the filter's reports and the smoothed states, of the same tracks and instants."""
    scene = CASES["sparse"].make(1)
    tracks = run_tracker(Tracker, scene).tracks
    plots = Plots.concat([scan for scan in scene.plots if scan is not None])
    smoothed = smooth_tracks(tracks, plots, scene.radars, STANDARD_AIR)
    instants = set(zip(smoothed.track_id.tolist(), smoothed.time_s.tolist(), strict=True))
    there = zip(tracks.track_id.tolist(), tracks.time_s.tolist(), strict=True)
    filtered = tracks.take(np.array([at in instants for at in there]))
    return scene, filtered, smoothed


def test_its_errors_are_far_below_the_filters(both):
    scene, filtered, smoothed = both
    before, after = (errors(pair(tracks, scene.truth)) for tracks in (filtered, smoothed))
    assert after.position_rms_m < 0.6 * before.position_rms_m
    assert after.velocity_rms_mps < 0.4 * before.velocity_rms_mps


def test_its_covariance_tells_the_truth(both):
    scene, _, smoothed = both
    pairs = pair(smoothed, scene.truth)
    squares = nees(pairs, covariances(smoothed))
    # Ten flights, strongly correlated along each: some ten independent draws of six squares,
    # so the mean over its degrees of freedom has a standard deviation of 0.2.
    assert np.nanmean(squares) / 6.0 == pytest.approx(1.0, abs=0.5)


def test_nothing_is_said_before_a_tracks_first_known_plot(both):
    _, filtered, smoothed = both
    for name in np.unique(smoothed.track_id):
        first = smoothed.time_s[smoothed.track_id == name].min()
        assert first >= filtered.time_s[filtered.track_id == name].min()
