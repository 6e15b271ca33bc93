"""NIS from outside: an honest tracker scores one, a boastful one more."""

from dataclasses import replace

import numpy as np
import pytest

from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.innovations import innovation_squares
from mantlet.analysis.bench.running import run_tracker
from mantlet.tables import Tracks


def perfect(scene, sigma_m, told_m):
    """Reports of a tracker that errs by `sigma_m` and says `told_m`."""
    rng = np.random.default_rng(1)
    reports = []
    for k, now in enumerate(scene.flights.time_s.tolist()):
        who = np.flatnonzero(scene.cover[:, k])
        state = np.zeros((len(who), 7))
        state[:, :6] = scene.flights.states[who, k]
        state[:, :3] += rng.normal(0.0, sigma_m, (len(who), 3))
        cov = np.diag([told_m**2] * 3 + [1.0] * 4)[np.triu_indices(7)]
        reports.append(
            Tracks(
                track_id=who,
                time_s=np.full(len(who), now),
                status=np.array(["confirmed"] * len(who), dtype=object),
                state=state,
                covariance=np.tile(cov, (len(who), 1)),
                last_plot_id=who,
                log_likelihood=np.zeros(len(who)),
            )
        )
    return Tracks.concat(reports)


@pytest.mark.parametrize("case", ["raid", "plane-50", "two-radars"])
def test_an_honest_tracker_is_surprised_as_often_as_it_says(case):
    scene = CASES[case].make(1)
    _, squares = innovation_squares(scene, perfect(scene, 20.0, 20.0))
    # Mean of chi-squares with three degrees of freedom: standard error sqrt(6 / n).
    assert len(squares) > 1_500
    assert squares.mean() == pytest.approx(3.0, abs=4.0 * np.sqrt(6.0 / len(squares)))


def test_one_that_boasts_is_surprised_more():
    scene = CASES["sparse"].make(1)
    _, honest = innovation_squares(scene, perfect(scene, 60.0, 60.0))
    _, boast = innovation_squares(scene, perfect(scene, 60.0, 10.0))
    assert boast.mean() > 2.0 * honest.mean()


def test_false_late_and_missing_plots_are_no_innovations():
    scene = CASES["sparse"].make(1)
    expected = perfect(scene, 5.0, 5.0)
    time_s, squares = innovation_squares(scene, expected)
    seen = int((scene.detected * scene.cover).sum())
    assert len(squares) == len(time_s) == seen
    blind = replace(scene, looks=tuple(None for _ in scene.looks))
    assert len(innovation_squares(blind, expected)[1]) == 0


def test_reports_are_asked_for_before_each_scan():
    from mantlet.tracking.tracker import Tracker

    scene = CASES["outage"].make(1)
    outcome = run_tracker(Tracker, scene)
    looked = [t for t, look in zip(scene.flights.time_s, scene.looks, strict=True) if look]
    assert set(np.unique(outcome.expected.time_s)) <= set(looked)
    assert len(outcome.expected) > 100
