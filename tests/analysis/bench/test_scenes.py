"""Bench scenes are what they say and the same for everybody; a perfect tracker scores so."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import chi2, kstest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.flights import TrueFlights
from mantlet.analysis.bench.plane import plane_flights
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scene import Scene
from mantlet.analysis.bench.scoring import score
from mantlet.kernels.impact import PLANE_DEGREE_M
from mantlet.tables import Tracks
from mantlet.tracking.tracker import Tracker


@pytest.fixture(scope="module")
def sparse() -> Scene:
    return CASES["sparse"].make(1)


@pytest.fixture(scope="module")
def plane() -> Scene:
    return CASES["plane-50"].make(1)


def test_a_scene_depends_on_its_seed_alone(sparse):
    again, other = CASES["sparse"].make(1), CASES["sparse"].make(2)
    for one, two in zip(sparse.plots, again.plots, strict=True):
        assert np.array_equal(one.range_m, two.range_m)
    assert not np.array_equal(sparse.flights.impact_time_s, other.flights.impact_time_s)


@pytest.mark.parametrize("name", ["sparse", "plane"])
def test_objects_in_cover_are_seen_as_often_and_as_well_as_the_figures_say(name, request):
    scene: Scene = request.getfixturevalue(name)
    f, site = scene.radars[0], scene.radars[0].site
    errors, looks, hits = [], 0, 0
    for k, plots in enumerate(scene.plots):
        who = np.flatnonzero(scene.cover[:, k])
        local = (scene.flights.states[who, k, :3] - site.ecef_m) @ site.axes.T
        slant = np.sqrt((local**2).sum(axis=1))
        inside = np.degrees(np.arcsin(local[:, 2] / slant)) <= f.elevation_max_deg
        looks += int(inside.sum())
        hits += int(scene.detected[who[inside], k].sum())
        for i in np.flatnonzero(inside & (scene.detected[who, k] == 1)):
            apart = np.column_stack(
                [
                    plots.range_m - slant[i],
                    np.angle(
                        np.exp(1j * (plots.azimuth_rad - np.arctan2(local[i, 0], local[i, 1])))
                    ),
                    plots.elevation_rad - np.arcsin(local[i, 2] / slant[i]),
                ]
            ) / [f.sigma_range_m, f.sigma_azimuth_rad, f.sigma_elevation_rad]
            errors.append((apart**2).sum(axis=1).min())
    # Four standard errors of a share.
    assert hits / looks == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / looks))
    assert kstest(errors, chi2(3).cdf).pvalue > 1e-3


def test_false_plots_come_at_their_rate(plane):
    false = sum(map(len, plane.plots)) - plane.detected.sum()
    scans = len(plane.plots)
    assert false / scans == pytest.approx(20.0, abs=4 * np.sqrt(20.0 / scans))


def test_an_outage_has_no_scans_and_a_bias_moves_every_plot():
    dark = CASES["outage"].make(1)
    assert [k for k, plots in enumerate(dark.plots) if plots is None] == list(range(40, 48))
    biased = CASES["bias"].make(1)
    assert biased.radars[0].tolerance_range_m == 20.0  # told is how far, not which way
    still = CASES["outage"].make(1)
    k = 30
    assert biased.plots[k].range_m == pytest.approx(still.plots[k].range_m + 20.0)


def test_trackers_know_that_there_may_be_wind_and_not_which():
    windy, thick = CASES["wind"].make(1), CASES["drag"].make(1)
    assert (windy.air.wind, windy.air.wind_sigma_mps) == ((), 10.0)
    assert (thick.air.pressure_factor, thick.air.density_sigma) == (1.0, 0.1)


def test_two_radars_look_by_turns_each_from_its_place():
    scene = CASES["two-radars"].make(1)
    assert [look.radar for look in scene.looks[:4]] == [0, 1, 0, 1]
    assert np.diff(scene.flights.time_s) == pytest.approx(0.5)
    # A plot is of what it says: ranges within five sigmas of the flight, from its own radar.
    for k in (60, 61, 100, 101):
        look = scene.looks[k]
        who = np.flatnonzero(look.row_of >= 0)
        apart = scene.flights.states[who, k, :3] - scene.radars[look.radar].site.ecef_m
        slant = np.sqrt((apart**2).sum(axis=1))
        assert len(who) > 5
        assert look.plots.range_m[look.row_of[who]] == pytest.approx(slant, abs=50.0)


def test_late_plots_come_once_and_at_most_five_seconds_late():
    plain, late = CASES["raid"].make(1), CASES["late"].make(1)
    came = 0
    for k, look in enumerate(late.looks):
        assert (look.late.arrival_s <= k).all() if len(look.late) else True
        assert (look.late.time_s >= k - 6.0).all()
        came += len(look.late)
    total = sum(len(plots) for plots in plain.plots)
    in_time = sum(len(plots) for plots in late.plots)
    # What is still on its way after the last instant never comes.
    assert total - 60 < in_time + came <= total
    assert came / total == pytest.approx(0.3, abs=0.03)
    assert np.array_equal(plain.detected, late.detected)


def test_a_tracker_that_takes_late_plots_loses_little_by_them():
    plain, late = CASES["raid"].make(1), CASES["late"].make(1)
    in_time, patient = (score(scene, run_tracker(Tracker, scene)) for scene in (plain, late))
    # What is shown before the late plots come is a little worse; without them, 0.879.
    assert patient["position_median_m"] < 1.15 * in_time["position_median_m"]
    assert patient["coverage"] > in_time["coverage"] - 0.03


def test_plane_flights_fall_about_where_they_were_meant_to():
    flights: TrueFlights = plane_flights(40, 3)
    on_ground = flights.impact_deg[:, ::-1] * PLANE_DEGREE_M
    k = (flights.impact_time_s - 1e-9).astype(int)
    last = flights.states[np.arange(40), k]
    ahead = last[:, :2] + last[:, 3:5] * (flights.impact_time_s - k)[:, None]
    assert on_ground == pytest.approx(ahead, abs=15.0)  # drag of the last second


def test_sensitivities_predict_what_a_shifted_start_does(sparse):
    # The last state known, and the impact: both move as the gradients say.
    flights = sparse.flights
    known = np.isfinite(flights.sensitivity).all(axis=(2, 3))
    for i in range(len(flights)):
        k = np.flatnonzero(known[i])
        first, last = flights.sensitivity[i, k[0]], flights.sensitivity[i, k[-1]]
        assert np.linalg.det(first[:6, :6]) != 0.0
        # Drag alone contracts, thrust turns: nothing grows beyond the time flown.
        assert np.abs(last[:3, 3:6]).max() < 3.0 * (k[-1] - k[0] + 2)


@dataclass(frozen=True)
class Oracle:
    """Tells the truth, with a covariance that fits its small errors."""

    scene: Scene
    sigma: float = 2.0

    def __call__(self, radars, air):
        return self

    def start(self):
        return 0

    def step(self, state, plots, radar, time_s):
        return state

    def report(self, state, time_s):
        k = int(time_s)
        who = np.flatnonzero(self.scene.cover[:, k])
        rng = np.random.default_rng(k)
        n = len(who)
        states = np.zeros((n, 7))
        states[:, :6] = self.scene.flights.states[who, k] + rng.normal(0, self.sigma, (n, 6))
        states[:, 6] = 8.5
        cov = np.eye(7) * self.sigma**2
        return Tracks(
            track_id=who,
            time_s=np.full(n, time_s),
            status=np.array(["confirmed"] * n, dtype=object),
            state=states,
            covariance=np.tile(cov[np.triu_indices(7)], (n, 1)),
            last_plot_id=np.zeros(n, dtype=np.int64),
            log_likelihood=np.zeros(n),
        )


def test_a_tracker_that_knows_the_truth_scores_perfectly(sparse):
    figures = score(sparse, run_tracker(Oracle(sparse), sparse))
    assert figures["coverage"] == figures["completeness"] == figures["identities_per_object"] == 1.0
    assert figures["identity_switches"] == figures["false_tracks"] == 0.0
    assert figures["confirm_scans"] == 0.0
    # sqrt(3) sigma; 1 % of standard error.
    assert figures["position_rms_m"] == pytest.approx(2.0 * np.sqrt(3), rel=0.05)
    assert figures["nees"] == pytest.approx(1.0, rel=0.08)
    assert figures["position_rms_m"] < figures["position_rms_bound_m"]


def test_the_bound_is_not_far_below_a_good_tracker(sparse):
    # The tracker's own physics: its RMS error, over some 500 rows, is near the bound's.
    figures = score(sparse, run_tracker(Tracker, sparse))
    ratio = figures["position_rms_m"] / figures["position_rms_bound_m"]
    assert 0.85 < ratio < 1.2
    assert figures["identities_per_object"] < 1.1


def test_a_silent_tracker_is_scored_without_a_fault(sparse):
    class Silent(Oracle):
        def report(self, state, time_s):
            return Tracks.empty()

    figures = score(sparse, run_tracker(Silent(sparse), sparse))
    assert figures["coverage"] == 0.0
    assert np.isnan(figures["position_rms_m"])
    assert figures["gospa_m"] > 0.0


def test_one_track_for_all_is_not_one_identity_each(sparse):
    class OneName(Oracle):
        def report(self, state, time_s):
            tracks = super().report(state, time_s)
            return replace(tracks, track_id=tracks.track_id * 0 + int(time_s) // 10)

    figures = score(sparse, run_tracker(OneName(sparse), sparse))
    assert figures["identities_per_object"] > 3.0
