"""Errors, normalised squares and their bands, against definitions and draws."""

import numpy as np
import pytest

from mantlet.analysis.measures import (
    Points,
    chi_square_band,
    consistency,
    covariances,
    errors,
    impact_misses,
    nees,
    normalised_squares,
    pair,
)
from mantlet.tables import Impacts, Tracks
from mantlet.world.earth import ground_distance_m


def test_root_mean_square_and_median_by_hand():
    truth = Points.of([0, 1, 2], [0, 0, 0], [[0, 0, 0], [1e4, 0, 0], [2e4, 0, 0]], np.zeros((3, 3)))
    shift = np.array([[3, 0, 0], [0, 4, 0], [0, 0, 12]])
    found = errors(pair(Points.of([5, 6, 7], [0, 0, 0], truth.position_m + shift, shift), truth))
    assert found.position_rms_m == pytest.approx(np.sqrt((9 + 16 + 144) / 3))
    assert found.position_median_m == 4.0
    assert found.velocity_rms_mps == pytest.approx(np.sqrt((9 + 16 + 144) / 3))


def test_normalised_squares_follow_the_definition_and_flag_bad_covariances():
    rng = np.random.default_rng(2)
    a = rng.normal(size=(5, 6, 6)) * np.array([100, 100, 100, 1, 1, 0.01])[:, None]
    cov = np.einsum("nij,nkj->nik", a, a)
    e = rng.normal(size=(5, 6)) * np.array([100, 100, 100, 1, 1, 0.01])
    expected = [x @ np.linalg.inv(c) @ x for x, c in zip(e, cov, strict=True)]
    assert normalised_squares(e, cov) == pytest.approx(expected, rel=1e-6)
    cov[0] = 0.0
    cov[1, 0, 0] = -1.0
    cov[2] = np.nan
    bad = normalised_squares(e, cov)
    assert np.isnan(bad[:3]).all()
    assert np.isfinite(bad[3:]).all()


def test_the_band_holds_the_mean_of_honest_errors_and_not_of_boasts():
    rng = np.random.default_rng(7)
    age = np.tile(np.arange(200.0), 50)
    squares = (rng.normal(size=(len(age), 6)) ** 2).sum(axis=1)
    honest = consistency(squares, age, 6)
    # 200 independent means at 95 %: 182 to 198 inside with probability 0.99.
    assert 0.91 <= honest.inside <= 0.99
    assert consistency(squares * 1.3, age, 6).inside < 0.5
    assert honest.count.tolist() == [50.0] * 200
    low, high = chi_square_band(6, 50)
    assert low < 6 < high


def test_nees_of_a_table_uses_its_rows_that_count():
    cov = np.diag([4.0, 4, 4, 1, 1, 1, 1])
    tracks = Tracks(
        track_id=np.array([0, 1]),
        time_s=np.zeros(2),
        status=np.array(["closed", "confirmed"], dtype=object),
        state=np.array([[0.0] * 7, [2.0, 0, 0, 1, 0, 0, 8]]),
        covariance=np.array([np.zeros(28), cov[np.triu_indices(7)]]),
        last_plot_id=np.zeros(2, dtype=np.int64),
        log_likelihood=np.zeros(2),
    )
    pairs = pair(tracks, Points.of([9], [0], [[0, 0, 0]], [[0, 0, 0]]))
    assert nees(pairs, covariances(tracks)) == pytest.approx([1.0 + 1.0])


def predictions(lat: np.ndarray, lon: np.ndarray, covariance: list[float]) -> Impacts:
    n = len(lat)
    return Impacts(
        track_id=np.arange(n),
        time_s=np.full(n, 10.0),
        impact_time_s=np.full(n, 31.0),
        impact_time_sigma_s=np.ones(n),
        lat_deg=lat,
        lon_deg=lon,
        covariance_m2=np.tile(covariance, (n, 1)),
        status=np.array(["landed"] * n, dtype=object),
    )


def test_misses_have_the_length_of_the_way_along_the_ground():
    lat, lon = np.array([31.61, 31.6, 31.59]), np.array([34.6, 34.612, 34.588])
    found = impact_misses(
        predictions(lat, lon, [1, 0, 1]), np.full(3, 31.6), np.full(3, 34.6), np.full(3, 30.0)
    )
    # The sphere is within 0.5 % of the ellipsoid.
    expected = ground_distance_m(lat, lon, np.full(3, 31.6), np.full(3, 34.6))
    assert found.distance_m == pytest.approx(expected, rel=5e-3)
    assert np.sign(found.miss_m).astype(int).tolist() == [[0, 1], [1, 0], [-1, -1]]
    assert found.time_error_s.tolist() == [1.0] * 3
    assert len(found.at(20.0).time_error_s) == 3
    assert len(found.at(18.0).time_error_s) == 0


def test_regions_of_honest_predictions_hold_their_share():
    rng = np.random.default_rng(4)
    cov = np.array([[900.0, 300.0], [300.0, 2_500.0]])
    miss = rng.multivariate_normal([0, 0], cov, 4_000)
    lat = 31.6 + miss[:, 1] / 110_870.0  # metres per degree there
    lon = 34.6 + miss[:, 0] / 94_910.0
    n = len(lat)
    impacts = predictions(lat, lon, [900, 300, 2_500])
    found = impact_misses(impacts, np.full(n, 31.6), np.full(n, 34.6), np.full(n, 30.0))
    # Three standard errors of a share of 4,000.
    for level, held in zip((0.5, 0.9, 0.99), found.coverage(), strict=True):
        assert held == pytest.approx(level, abs=3 * np.sqrt(level * (1 - level) / n))
