"""Paired differences: what both share falls out, the verdict follows the interval."""

import numpy as np
import pytest
from scipy.stats import ttest_rel

from mantlet.analysis.bench.paired import differences, tally

RNG = np.random.default_rng(5)
HARD = RNG.normal(100.0, 30.0, 20)
"""What makes seeds hard: far above the difference between the trackers."""


def runs(**trackers):
    return {
        (name, "raid"): {seed: dict(figures) for seed, figures in enumerate(each, start=1)}
        for name, each in trackers.items()
    }


def of(values, measure="gospa_m"):
    return [{measure: float(value)} for value in values]


def test_a_difference_far_below_the_spread_of_seeds_is_found():
    mine, theirs = HARD + RNG.normal(0.0, 1.0, 20), HARD + 2.0 + RNG.normal(0.0, 1.0, 20)
    (found,) = differences(runs(a=of(mine), b=of(theirs)), "a", "b")
    expected = ttest_rel(mine, theirs).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-4)
    assert (found.verdict, found.seeds) == ("better", 20)
    assert found.mean == pytest.approx(mine.mean(), rel=1e-4)


@pytest.mark.parametrize(
    ("measure", "mine", "theirs", "verdict"),
    [
        ("coverage", 0.9, 0.95, "worse"),
        ("coverage", 0.95, 0.9, "better"),
        ("identity_switches", 3.0, 1.0, "worse"),
        ("nees", 0.8, 1.1, "worse"),
        ("nees", 0.95, 1.3, "better"),
    ],
)
def test_better_is_what_the_measure_says(measure, mine, theirs, verdict):
    noise = RNG.normal(0.0, 1e-3, (2, 20))
    held = runs(a=of(mine + noise[0], measure), b=of(theirs + noise[1], measure))
    (found,) = differences(held, "a", "b")
    assert found.verdict == verdict


def test_equal_figures_and_missing_ones_are_no_verdict():
    both = runs(a=of([3.0, 4.0, np.nan]), b=of([3.0, np.nan, 5.0]))
    (found,) = differences(both, "a", "b")
    assert (found.verdict, found.seeds, found.low) == ("equal", 1, None)
    same = runs(a=of([3.0, 4.0]), b=of([3.0, 4.0]))
    assert differences(same, "a", "b")[0].verdict == "equal"


def test_one_seed_or_another_case_is_not_compared():
    assert differences(runs(a=of([1.0]), b=of([2.0])), "a", "b") == []
    assert differences(runs(a=of([1.0, 2.0])), "a", "nobody") == []


def test_the_tally_names_what_is_worse():
    held = runs(a=of([3.0, 3.1, 3.2]), b=of([1.0, 1.1, 1.2]))
    (line,) = tally(differences(held, "a", "b"))
    assert line == "a against b on raid: 0 better, 0 equal, 1 worse (gospa_m)"
