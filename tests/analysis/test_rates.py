"""Every rate has a name, a numerator and a denominator."""

import numpy as np
from small_run import words

from mantlet.analysis.rates import TrueCounts, rates, seen_counts
from mantlet.tables import Assessments, Decisions, Shots

TRUE = TrueCounts(fired=100, threatening=30, threatening_intercepted=20, engaged=25, intercepted=22)


def shots(*tracks):
    n = len(tracks)
    zeros = np.zeros(n)
    return Shots(
        shot_id=np.arange(n),
        battery_id=words(*(["b"] * n)),
        track_id=np.array(tracks, np.int64),
        decision_time_s=zeros,
        launch_time_s=zeros,
        intercept_time_s=zeros,
        aim_lat_deg=zeros,
        aim_lon_deg=zeros,
        aim_height_m=zeros,
        kill_probability=zeros,
        wave=np.zeros(n, np.int64),
    )


def judged(*rows):
    """Decisions from (track, stage, verdict, probability)."""
    n = len(rows)
    return Decisions(
        time_s=np.zeros(n),
        track_id=np.array([r[0] for r in rows], np.int64),
        stage=words(*(r[1] for r in rows)),
        verdict=words(*(r[2] for r in rows)),
        zone_id=np.full(n, -1),
        battery_id=words(*([""] * n)),
        shot_id=np.full(n, -1),
        probability=np.array([r[3] for r in rows], float),
        threshold=np.full(n, 0.1),
    )


def observed(*what):
    return Assessments(np.arange(len(what)), np.zeros(len(what)), words(*what))


def test_true_rates_keep_their_denominators_apart():
    seen = seen_counts(0, shots(), observed(), judged())
    held = rates(TRUE, seen)
    parts = {
        name: (held[f"true, {name}"]["numerator"], held[f"true, {name}"]["denominator"])
        for name in ("of engaged", "of threatening", "of fired")
    }
    assert parts == {"of engaged": (22, 25), "of threatening": (20, 30), "of fired": (22, 100)}


def test_unclear_outcomes_are_claimed_but_not_observed():
    seen = seen_counts(5, shots(1, 2, 3, 3), observed("hit", "unknown", "miss", "miss"), judged())
    assert (seen.engaged, seen.hit, seen.not_missed) == (3, 1, 2)


def test_a_track_hit_by_either_of_two_shots_counts_once():
    seen = seen_counts(5, shots(1, 1), observed("hit", "hit"), judged())
    assert (seen.engaged, seen.hit) == (1, 1)


def test_threatening_tracks_are_those_judged_so_for_engagement():
    seen = seen_counts(
        9,
        shots(1),
        observed("hit"),
        judged(
            (2, "engagement", "hold: no envelope", 0.4),
            (3, "engagement", "hold: open ground", 0.05),
            (4, "warning", "alert", 0.9),
            (5, "engagement", "hold: debris-like", 0.9),
        ),
    )
    assert seen.threatening == 2


def test_rates_lie_within_their_intervals_and_all_name_their_meaning():
    seen = seen_counts(9, shots(1, 2), observed("hit", "miss"), judged())
    for rate in rates(TRUE, seen).values():
        assert rate["low"] <= rate["rate"] <= rate["high"]
        assert rate["meaning"]
