import itertools

import numpy as np
import pytest
from scipy.stats import binom

from mantlet.kernels.chance_of_track import CONFIRMED, FIRST, track_chances


def by_all_outcomes(chance, hits, window):
    """The slow way: every sequence of hits and misses, with its probability."""
    n = len(chance)
    first, confirmed = np.zeros(n), np.zeros(n)
    for outcome in itertools.product((0, 1), repeat=n):
        odds = np.prod([p if hit else 1 - p for hit, p in zip(outcome, chance, strict=True)])
        for k in range(n):
            first[k] += odds * (sum(outcome[: k + 1]) > 0)
            recent = [sum(outcome[max(j - window + 1, 0) : j + 1]) for j in range(k + 1)]
            confirmed[k] += odds * (max(recent) >= hits)
    return first, confirmed


@pytest.mark.parametrize(("hits", "window"), [(1, 1), (2, 2), (2, 3), (3, 5), (4, 4)])
def test_chances_are_those_of_all_outcomes(hits, window):
    chance = np.random.default_rng(3).uniform(0.0, 1.0, 11)
    chance[4] = 0.0
    found = track_chances(np.array([0, 11]), chance, hits, window)
    first, confirmed = by_all_outcomes(chance, hits, window)
    assert found[:, FIRST] == pytest.approx(first, abs=1e-12)
    assert found[:, CONFIRMED] == pytest.approx(confirmed, abs=1e-12)


def test_within_one_window_confirmation_is_binomial():
    found = track_chances(np.array([0, 5]), np.full(5, 0.6), 3, 5)
    assert found[4, CONFIRMED] == pytest.approx(binom.sf(2, 5, 0.6), abs=1e-14)


def test_flights_do_not_touch_each_other_and_may_have_no_look_at_all():
    chance = np.random.default_rng(4).uniform(size=9)
    together = track_chances(np.array([0, 4, 4, 9]), chance, 3, 5)
    apart = [track_chances(np.array([0, len(c)]), c, 3, 5) for c in (chance[:4], chance[4:])]
    assert np.array_equal(together, np.concatenate(apart))


def test_what_is_always_seen_is_confirmed_with_its_third_hit_and_what_never_is_never():
    sure = track_chances(np.array([0, 6]), np.ones(6), 3, 5)
    assert sure[:, FIRST].tolist() == [1.0] * 6
    assert sure[:, CONFIRMED].tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    assert not track_chances(np.array([0, 6]), np.zeros(6), 3, 5).any()
