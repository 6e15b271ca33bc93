"""The kernels of warning against the same rules written plainly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.kernels import alerting

ZONES = 4
NONE_I, NONE_F = np.empty(0, np.int64), np.empty(0)

PAIRS = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, ZONES - 1), st.floats(1 / 256, 1.0), st.integers(0, 90)
    ),
    max_size=12,
    unique_by=lambda pair: pair[:2],
)


def columns(pairs):
    """Track, zone, probability and impact time of pairs, as arrays."""
    kinds = (np.int64, np.int64, float, float)
    return [np.array([pair[k] for pair in pairs], kind) for k, kind in enumerate(kinds)]


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_odds_of_at_least_one_impact_are_one_minus_the_product(pairs):
    _, zone, odds, when = columns(pairs)
    probability, earliest_s, carrying = alerting.outlook(zone, odds, when, ZONES)
    for z in range(ZONES):
        here = [pair for pair in pairs if pair[1] == z]
        none = math.prod(1 - p for _, _, p, _ in here)
        # Certainty is capped at 1 - 1e-12 to keep its logarithm finite.
        assert probability[z] == pytest.approx(1 - none, abs=2e-12)
        largest = max((p for _, _, p, _ in here), default=0.0)
        strong = [t for _, _, p, t in here if p >= alerting.CARRYING_SHARE * largest]
        assert earliest_s[z] == min(strong, default=math.inf)
    assert carrying.sum() == np.isfinite(earliest_s[zone][carrying]).sum()


@settings(max_examples=60, deadline=None)
@given(PAIRS, PAIRS, st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_new_predictions_replace_those_of_their_tracks_and_of_no_other(old, new, unusable, killed):
    seen = sorted({pair[0] for pair in new})
    track_id, destroyed = np.array(seen, np.int64), np.array(sorted(killed), np.int64)
    usable = np.array([track not in unusable for track in seen], np.bool_)
    row = np.array([seen.index(pair[0]) for pair in new], np.int64)
    impact_s = np.arange(len(seen), dtype=float)
    before = columns(old)
    gone = alerting.gone_pairs(before[0], track_id, destroyed)
    assert gone.tolist() == [t in killed and t not in seen for t, *_ in old]
    renewed = alerting.renew_pairs(
        *before, gone, track_id, usable, impact_s, row, *columns(new)[1:3]
    )
    replaced = (killed - set(seen)) | (set(seen) - unusable)
    wanted = [(t, z, p, float(s)) for t, z, p, s in old if t not in replaced]
    wanted += [(t, z, p, impact_s[seen.index(t)]) for t, z, p, _ in new if t not in unusable]
    assert list(zip(*renewed, strict=True)) == wanted


def test_impact_that_comes_starts_the_hold_only_where_it_was_expected():
    last = np.full(3, -math.inf)
    ahead = alerting.let_come(
        np.array([0, 1, 2, 0]),
        np.array([10.0, 10.0, 10.0, 30.0]),
        np.array([5, -1, 6]),
        np.array([math.inf, math.inf, 8.0]),
        last,
        12.0,
    )
    assert ahead.tolist() == [False, False, False, True]
    assert last.tolist() == [10.0, -math.inf, -math.inf]


def test_row_is_judged_by_its_most_serious_zone():
    verdict, main = alerting.judge_rows(
        np.array([0, 0, 1, 3]),
        np.array([0, 1, 0, 2]),
        np.array([0.9, 0.1, 0.2, 0.01]),
        np.array([-1, 4, -1]),
        np.array([0.9, 0.5, 0.01]),
        0.05,
        4,
    )
    assert verdict.tolist() == [3, 2, 0, 1]
    assert main.tolist() == [1, 0, -1, 2]
