"""Looks, confirmation and the end of tracks, rule by rule."""

import math

import numpy as np
import pytest

from mantlet.kernels import track_life
from mantlet.kernels.track_models import COAST
from mantlet.kernels.track_motion import LN_BETA
from mantlet.kernels.track_rows import BLIND, CONFIRMED, HIT, LOOKS, ROWS, STATUS, TENTATIVE
from mantlet.tracking.settings import TrackerSettings
from mantlet.tracking.state import TrackArrays

S = TrackerSettings()


def one_track(status: int = CONFIRMED, *, sigma_m: float = 30.0, looks: int = 0b1111):
    held = TrackArrays.none()
    held.counters[ROWS] = 1
    held.weight[0, COAST] = 1.0
    held.covariance[0, COAST] = np.diag(np.full(7, sigma_m**2))
    held.marks[0, STATUS], held.marks[0, LOOKS] = status, looks
    held.mean[0, COAST, LN_BETA] = 8.0
    held.clocks[0, BLIND] = -math.inf
    return held


def is_over(held, time_s: float, settings: TrackerSettings = S) -> bool:
    return track_life.is_over(held.rows, 0, settings.tuning_row[0], time_s)


def test_hits_are_counted_in_the_newest_looks():
    assert [track_life.hits_in(0b10110, n) for n in range(6)] == [0, 0, 1, 2, 2, 3]


@pytest.mark.parametrize(
    ("speed", "sigma", "holds"),
    [(300.0, 20.0, True), (39.0, 0.0, False), (41.0, 0.0, True), (60.0, 30.0, False),
     (2_001.0, 0.0, False), (2_200.0, 150.0, True), (math.nan, 10.0, False)],
)  # fmt: skip
def test_what_hovers_or_is_too_fast_is_not_ballistic(speed, sigma, holds):
    mean, cov = np.zeros(7), np.eye(7) * sigma**2
    mean[4] = speed
    assert track_life.plausible(mean, cov, S.tuning_row[0]) == holds


def test_a_confirmed_track_coasts_for_as_long_as_the_settings_say():
    held = one_track()
    held.clocks[0, HIT] = 10.0
    assert not is_over(held, 15.0)
    assert is_over(held, 15.1)
    held.clocks[0, BLIND] = 14.0  # nobody could have seen it until then
    assert not is_over(held, 19.0)
    assert is_over(held, 19.1)


@pytest.mark.parametrize("sigma_m", [3_000.0, math.nan, math.inf])
def test_a_track_that_is_nowhere_or_no_number_is_over(sigma_m):
    assert is_over(one_track(sigma_m=sigma_m), 0.0)


def test_a_track_pieced_together_from_plots_of_several_objects_is_over():
    unlikely = one_track()
    unlikely.score[0] = S.drop_score
    assert is_over(unlikely, 0.0)
    feather = one_track()
    feather.mean[0, COAST, LN_BETA] = 2.0
    assert is_over(feather, 0.0)


def test_two_plots_and_three_misses_were_no_track():
    assert is_over(one_track(looks=0b11000), 0.0)
    assert not is_over(one_track(looks=0b1100), 0.0)
    assert not is_over(one_track(looks=0b111000), 0.0)


def test_a_tentative_track_ends_when_it_is_unlikely_or_unseen_for_long():
    held = one_track(TENTATIVE)
    assert not is_over(held, 3.0)
    assert is_over(held, 3.1)
    held.score[0] = S.drop_score
    assert is_over(held, 0.0)
    hits = TrackerSettings(initiation="m-of-n")
    assert not is_over(one_track(TENTATIVE, looks=0b110), 0.0, hits)
    assert is_over(one_track(TENTATIVE, looks=0b100), 0.0, hits)
