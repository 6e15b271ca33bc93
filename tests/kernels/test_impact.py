"""Impact prediction against the adaptive flight kernel and against sampled flights."""

import math

import numpy as np
import pytest

from mantlet.kernels import filter as ekf
from mantlet.kernels import impact
from mantlet.kernels.dynamics import ROCKET
from mantlet.kernels.flight import fly
from mantlet.kernels.geodesy import ecef_from_geodetic, enu_axes
from mantlet.kernels.measurement import FIGURES
from mantlet.kernels.track_models import BOOST, COAST, MODELS, MORTAR, ROUGH_SHARE
from mantlet.tracking.settings import TrackerSettings
from mantlet.world.air import Air
from mantlet.world.earth import degrees_from_ecef, ecef_from_degrees
from mantlet.world.terrain import Terrain

EARTH = Air().packed
NO_TERRAIN = np.empty(0)


def states(count: int, seed: int = 1) -> np.ndarray:
    """Rockets, shells and bombs somewhere on their way, 2 to 25 km up at most."""
    rng = np.random.default_rng(seed)
    lat, lon = math.radians(31.5), math.radians(34.8)
    axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
    out = np.empty((count, 7))
    for row in out:
        bearing = rng.uniform(0.0, 2 * math.pi)
        level = rng.uniform(120.0, 700.0)
        local = [level * math.sin(bearing), level * math.cos(bearing), rng.uniform(-300.0, 500.0)]
        row[:3] = ecef_from_geodetic(lat, lon, rng.uniform(300.0, 8_000.0))
        row[3:6] = np.array(local) @ axes
        row[6] = rng.uniform(math.log(600.0), math.log(9_000.0))
    return out


def flown(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Impact times and points of states by the adaptive kernel, as truth is flown."""
    n = len(rows)
    none = np.zeros(n)
    family = np.full(n, ROCKET, dtype=np.int64)
    status, time_s, end, _ = fly(rows[:, :6], none, np.exp(-rows[:, 6]), family, none, none, EARTH)
    assert (status == 0).all()
    return time_s, end[:, :3]


def predict(
    rows, cov, *, wanted=None, walk=0.0, models=((COAST, 1.0),), terrain=NO_TERRAIN, now_s=0.0
):
    n = len(rows)
    means, covs = np.zeros((n, MODELS, 7)), np.zeros((n, MODELS, 7, 7))
    weight = np.zeros((n, MODELS))
    for model, share in models:
        means[:, model], covs[:, model], weight[:, model] = rows, cov, share
    wanted = np.ones(n, np.bool_) if wanted is None else wanted
    exact = TrackerSettings(acceleration_noise=0.0, wind_sigma_mps=0.0, ln_beta_walk=walk)
    return impact.predict_impacts(
        means,
        covs,
        weight,
        np.zeros(n),
        np.arange(n),
        np.full(n, now_s),
        wanted,
        ROUGH_SHARE,
        np.empty((0, FIGURES)),
        exact.tuning_row,
        EARTH,
        terrain,
    )


SMALL = np.diag([20.0, 20.0, 20.0, 2.0, 2.0, 2.0, 0.05]) ** 2


def test_point_and_time_match_the_adaptive_kernel():
    rows = states(60)
    status, found = predict(rows, SMALL)
    time_s, point = flown(rows)
    assert (status == impact.LANDED).all()
    at = ecef_from_degrees(found[:, impact.LAT], found[:, impact.LON], np.zeros(len(rows)))
    # Of 1,000 such rows half miss by less than 0.1 m, the worst by 3.2 m, in steps of 2 to 12 s.
    assert np.median(np.linalg.norm(at - point, axis=1)) < 0.3
    assert np.linalg.norm(at - point, axis=1).max() < 4.0
    assert np.abs(found[:, impact.TIME] - time_s).max() < 0.02


def test_ellipse_matches_sampled_flights():
    row = states(3, seed=3)
    for state in row:
        _, found = predict(state[None, :], SMALL)
        samples = np.random.default_rng(4).multivariate_normal(state, SMALL, 600)
        time_s, point = flown(samples)
        lat, lon, _ = degrees_from_ecef(point)
        east = np.radians(lon - lon.mean()) * 6.38e6 * math.cos(math.radians(lat.mean()))
        north = np.radians(lat - lat.mean()) * 6.36e6
        sampled = np.cov(east, north)
        ee, en, nn = found[0, impact.EAST_EAST :]
        # 600 samples know a variance to 6 %, a standard deviation to 3 %; three of that.
        scale = np.trace(sampled)
        assert [ee, en, nn] == pytest.approx(
            [sampled[0, 0], sampled[0, 1], sampled[1, 1]], abs=0.17 * scale
        )
        assert found[0, impact.TIME_SIGMA] == pytest.approx(time_s.std(), rel=0.1)


def test_doubt_about_drag_widens_the_ellipse_along_the_path_only():
    lat, lon = math.radians(31.5), math.radians(34.8)
    axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
    row = np.array([*ecef_from_geodetic(lat, lon, 3_000.0), *(400.0 * axes[0]), 8.3])[None, :]
    sharp, vague = SMALL.copy(), SMALL.copy()
    vague[6, 6] = 1.0
    _, narrow = predict(row, sharp)
    _, wide = predict(row, vague)
    assert wide[0, impact.EAST_EAST] > 20.0 * narrow[0, impact.EAST_EAST]
    assert wide[0, impact.NORTH_NORTH] == pytest.approx(narrow[0, impact.NORTH_NORTH], rel=0.02)


def test_process_noise_on_the_way_widens_the_ellipse():
    rows = states(1)
    assert (
        predict(rows, SMALL, walk=0.01)[1][0, impact.EAST_EAST]
        > predict(rows, SMALL)[1][0, impact.EAST_EAST]
    )


def test_a_falling_state_under_the_ground_has_landed_now():
    lat, lon = math.radians(31.5), math.radians(34.8)
    up = np.array(enu_axes(lat, lon)[6:])
    row = np.array([*ecef_from_geodetic(lat, lon, -3.0), *(-200.0 * up), 8.3])[None, :]
    status, found = predict(row, SMALL)
    assert status[0] == impact.LANDED
    assert found[0, impact.TIME] == 0.0
    assert found[0, impact.LAT] == pytest.approx(31.5, abs=1e-6)


def test_a_bad_row_is_flagged_and_its_neighbours_are_not_touched():
    rows = states(3)
    alone = predict(rows, SMALL)[1]
    rows[1, 4] = np.nan
    status, found = predict(rows, SMALL)
    assert status.tolist() == [impact.LANDED, impact.INVALID, impact.LANDED]
    assert np.isnan(found[1]).all()
    assert (found[[0, 2]] == alone[[0, 2]]).all()


def test_flights_begin_when_their_states_hold_and_none_is_said_to_have_ended_before_now():
    rows = states(5)
    _, now = predict(rows, SMALL)
    _, later = predict(rows, SMALL, now_s=2.0)
    assert (now[:, impact.TIME] > 2.0).all()
    assert (later == now).all()
    _, after = predict(rows, SMALL, now_s=500.0)
    assert (after[:, impact.TIME] == 500.0).all()
    assert (after[:, impact.LAT] == now[:, impact.LAT]).all()


def test_unwanted_rows_and_orbits_give_no_impact():
    rows = states(2)
    status, _ = predict(rows, SMALL, wanted=np.array([False, True]))
    assert status.tolist() == [impact.INVALID, impact.LANDED]
    # 200 km up at orbital speed, no drag to speak of: it does not come down in ten minutes.
    orbit = np.array([[6_578_000.0, 0.0, 0.0, 0.0, 7_300.0, 0.0, 13.0]])
    assert predict(orbit, SMALL)[0][0] == impact.ALOFT


def test_paths_are_the_flight_and_end_at_the_ground():
    rows = states(20)
    paths = np.full((len(rows), 120, 3), np.nan)
    impact.predict_paths(rows, 1.0, EARTH, paths)
    time_s, _ = flown(rows)
    for row, path, end in zip(rows, paths, time_s, strict=True):
        there = np.isfinite(path[:, 0])
        assert there.sum() == math.floor(end + 1e-3)
        assert not there[there.sum() :].any()
        mean, cov = row.copy(), SMALL.copy()
        law = ekf.Law(0.5, 0.0, 0.0, 0.0, 0.0, 0.0, False)
        ekf.predict(mean, cov, 5.0, 0.0, ROCKET, law, EARTH, np.empty((16, 7)))
        if there.sum() >= 5:
            assert path[4] == pytest.approx(mean[:3], abs=0.5)


def test_a_mixture_of_models_has_the_mean_and_spread_of_its_members():
    row = states(1, seed=3)
    parts = [predict(row, SMALL, models=((m, 1.0),))[1][0] for m in (COAST, MORTAR)]
    whole = predict(row, SMALL, models=((COAST, 0.7), (MORTAR, 0.3)))[1][0]
    for k in (impact.TIME, impact.LAT, impact.LON):
        assert whole[k] == pytest.approx(0.7 * parts[0][k] + 0.3 * parts[1][k], rel=1e-12)
    north = math.radians(parts[1][impact.LAT] - parts[0][impact.LAT]) * impact.EARTH_RADIUS_M
    k = impact.NORTH_NORTH
    wanted = 0.7 * parts[0][k] + 0.3 * parts[1][k] + 0.21 * north**2
    assert whole[k] == pytest.approx(wanted, rel=1e-6)


def test_flights_end_on_the_relief():
    rows = states(20, seed=2)
    lat, lon = np.degrees(rows[:, 0] * 0.0) + 31.5, 34.8
    heights = 300.0 + 200.0 * np.sin(np.arange(81)[:, None] / 5.0) * np.cos(np.arange(81) / 7.0)
    relief = Terrain(float(lat[0]) - 0.8, lon - 0.8, 0.02, heights)
    kept = rows[np.linalg.norm(rows[:, :3], axis=1) > 6_372_600.0]
    status, found = predict(kept, SMALL, terrain=relief.packed)
    none = np.zeros(len(kept))
    family = np.full(len(kept), ROCKET, dtype=np.int64)
    _, time_s, end, _ = fly(
        kept[:, :6], none, np.exp(-kept[:, 6]), family, none, none, EARTH, terrain=relief.packed
    )
    assert (status == impact.LANDED).all()
    assert found[:, impact.TIME] == pytest.approx(time_s, abs=0.05)
    # On the same ground within the metres of its steps, and tens above the ellipsoid.
    lat, lon, height = degrees_from_ecef(end[:, :3])
    assert np.radians(found[:, impact.LAT] - lat) * 6.36e6 == pytest.approx(0.0 * lat, abs=8.0)
    assert np.median(np.abs(height)) > 50.0


def test_a_burning_motor_carries_further_and_the_answer_says_how_unsure_that_is():
    row = states(1, seed=5)
    _, coast = predict(row, SMALL)
    _, burn = predict(row, SMALL, models=((BOOST, 1.0),))
    assert burn[0, impact.TIME] > coast[0, impact.TIME]
    assert burn[0, impact.EAST_EAST] + burn[0, impact.NORTH_NORTH] > 10.0 * (
        coast[0, impact.EAST_EAST] + coast[0, impact.NORTH_NORTH]
    )
