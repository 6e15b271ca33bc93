"""Stone Soup behind the protocol: it conforms, and its tracks come back where they were."""

import numpy as np
import pytest

pytest.importorskip("stonesoup")

from stonesoup.types.state import State

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scoring import score
from mantlet.tables import Tracks
from mantlet.tracking import local_tracks
from mantlet.tracking.conformance import check_tracker
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.impact import predict_impacts
from mantlet.tracking.stone_soup import StoneSoupTracker
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site, ground_distance_m

SITE = Site(31.6, 34.6, 60.0)


@pytest.mark.slow
def test_stone_soup_conforms():
    check_tracker(StoneSoupTracker)


@pytest.mark.slow
def test_it_tracks_in_both_frames_near_the_bound():
    for name in ("sparse",):
        scene = CASES[name].make(1)
        figures = score(scene, run_tracker(StoneSoupTracker, scene))
        assert figures["position_rms_m"] < 1.5 * figures["position_rms_bound_m"]
        assert figures["coverage"] > 0.9


def test_a_second_radar_sees_what_the_first_sees():
    # A point in the first radar's axes is measured by the second where geometry says it is.
    far = Site(31.9, 35.1, 700.0)
    radars = (RadarFigures("a", SITE), RadarFigures("b", far))
    model = StoneSoupTracker(radars, STANDARD_AIR).start().models[1]
    point = np.array([12e3, 30e3, 9e3])
    local = far.axes @ (SITE.ecef_m + SITE.axes.T @ point - far.ecef_m)
    slant = np.sqrt((local**2).sum())
    told = model.function(State(np.concatenate([point, np.zeros(4)])), noise=False)
    elevation, bearing, rho = (float(x) for x in told[:, 0])
    assert rho == pytest.approx(slant, abs=1e-6)
    assert elevation == pytest.approx(np.arcsin(local[2] / slant), abs=1e-12)
    assert bearing == pytest.approx(np.arctan2(local[1], local[0]), abs=1e-12)


@pytest.mark.slow
def test_two_radars_are_better_than_one():
    scene = CASES["two-radars"].make(1)
    figures = score(scene, run_tracker(StoneSoupTracker, scene))
    assert figures["position_rms_m"] < 1.5 * figures["position_rms_bound_m"]
    assert figures["coverage"] > 0.95


def one_track() -> Tracks:
    state = np.array([[1e3, 12e3, 2_000.0, 20.0, -250.0, -150.0, np.log(6e-5)]])
    cov = np.diag([20.0, 20, 20, 2, 2, 2, 0.2])[None] ** 2
    return local_tracks.tracks_of(SITE, [3], 5.0, ["confirmed"], state, cov, [7])


def test_a_state_is_turned_into_the_earths_frame_and_back():
    tracks = one_track()
    local = (tracks.state[0, :3] - SITE.ecef_m) @ SITE.axes.T
    assert local == pytest.approx([1e3, 12e3, 2e3])
    assert np.exp(tracks.state[0, 6]) == pytest.approx(1.225 / (2 * 6e-5))
    packed = np.zeros((7, 7))
    packed[np.triu_indices(7)] = tracks.covariance[0]
    assert np.trace(packed[:3, :3]) == pytest.approx(1_200.0)
    assert packed[6, 6] == pytest.approx(0.04)


def test_the_impact_covariance_is_that_of_sampled_falls():
    tracks = one_track()
    impact = local_tracks.impacts_of(SITE, tracks)
    rng = np.random.default_rng(1)
    n = 3_000
    state = np.array([1e3, 12e3, 2_000.0, 20.0, -250.0, -150.0, np.log(6e-5)])
    states = state + rng.normal(size=(n, 7)) * [20, 20, 20, 2, 2, 2, 0.2]
    many = local_tracks.tracks_of(
        SITE, np.arange(n), 5.0, ["confirmed"] * n, states, np.zeros((n, 7, 7)), np.zeros(n)
    )
    landed = local_tracks.impacts_of(SITE, many)
    north = (landed.lat_deg - impact.lat_deg[0]) * 110_900
    assert north.std() == pytest.approx(np.sqrt(impact.covariance_m2[0, 2]), rel=0.06)
    assert landed.impact_time_s.std() == pytest.approx(impact.impact_time_sigma_s[0], rel=0.06)


def test_mantlets_own_predictor_takes_its_tracks_too():
    tracks = one_track()
    own = local_tracks.impacts_of(SITE, tracks)
    ours = predict_impacts(tracks, STANDARD_AIR)
    # Another drag curve and atmosphere: near, not equal.
    apart = ground_distance_m(own.lat_deg, own.lon_deg, ours.lat_deg, ours.lon_deg)
    assert 0.0 < apart[0] < 500.0
