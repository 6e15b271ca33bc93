"""Counts of tracks, and the errors of their predictions."""

import numpy as np
import pytest
from small_run import centre, impacts, outcomes, position, states, threats, tracks

from mantlet.analysis.association import follow
from mantlet.analysis.track_quality import impact_errors, track_quality

HERE, THERE = position(0), position(2)
METRES_PER_DEGREE = 111_195.0


def test_a_threat_followed_by_two_tracks_is_broken():
    of = threats([(0, 0.0, 60.0), (2, 0.0, 60.0)])
    truth = states([(0, t, HERE) for t in range(6)] + [(1, t, THERE) for t in range(6)])
    rows = [(1, t, HERE) for t in range(3)] + [(2, t, HERE) for t in range(3, 6)]
    rows += [(3, t, THERE) for t in range(2, 6)]
    told = tracks(rows)
    quality = track_quality(told, follow(told, truth), of, truth)
    assert (quality.confirmed, quality.threats_tracked, quality.unbroken) == (3, 2, 1)
    assert (quality.seconds_followed, quality.seconds_aloft) == (10, 12)


def test_tracks_of_debris_and_of_nothing_are_told_apart():
    of = threats([(0, 0.0, 60.0), (2, 20.0, 60.0)], parents=[-1, 0])
    truth = states([(0, 5.0, HERE), (1, 25.0, THERE)])
    told = tracks([(1, 5.0, HERE), (2, 25.0, THERE), (3, 25.0, HERE)])
    quality = track_quality(told, follow(told, truth), of, truth)
    assert (quality.confirmed, quality.of_debris, quality.false) == (3, 1, 1)
    assert (quality.threats_tracked, quality.seconds_aloft) == (1, 1)


def test_two_tracks_on_one_threat_count_its_seconds_once():
    of, truth = threats([(0, 0.0, 60.0)]), states([(0, 5.0, HERE)])
    told = tracks([(1, 5.0, HERE), (2, 5.0, HERE + 10.0)])
    assert track_quality(told, follow(told, truth), of, truth).seconds_followed == 1


def test_error_is_the_distance_to_where_the_undisturbed_flight_would_end():
    of, truth = threats([(0, 0.0, 60.0)]), states([(0, 10.0, HERE)])
    lat, lon = centre(0)
    told = tracks([(1, 10.0, HERE)])
    predicted = impacts([(1, 10.0, 60.0, lat + 500.0 / METRES_PER_DEGREE, lon)])
    errors = impact_errors(predicted, follow(told, truth), of, outcomes(of, ["hit zone"]))
    assert errors.error_m[0] == pytest.approx(500.0, rel=1e-3)
    assert errors.seconds_left[0] == 50.0
    held = [b for b in errors.by_seconds_left() if b["predictions"]]
    assert [(b["from_s"], b["to_s"], b["median_m"]) for b in held] == [(45.0, 60.0, 500.0)]


def test_predictions_after_an_intercept_do_not_count():
    of, truth = threats([(0, 0.0, 60.0)]), states([(0, 10.0, HERE)])
    told = tracks([(1, 10.0, HERE)])
    predicted = impacts([(1, t, 60.0, *centre(0)) for t in (10.0, 40.0)])
    stopped = outcomes(of, ["intercepted"], ends=[30.0])
    errors = impact_errors(predicted, follow(told, truth), of, stopped)
    assert errors.seconds_left.tolist() == [50.0]


def test_bins_without_predictions_hold_nulls_not_nans():
    of = threats([])
    nothing = impact_errors(impacts([]), follow(tracks([]), states([])), of, outcomes(of, []))
    assert all(b["median_m"] is None and b["p90_m"] is None for b in nothing.by_seconds_left())
    assert len(np.unique([b["from_s"] for b in nothing.by_seconds_left()])) == 8
