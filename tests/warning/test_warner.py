"""The life of an alert: opened, updated, cancelled or cleared."""

import os
import time

import numpy as np
import pytest
from warning_ticks import Seen, Watch, make_batch

JIT_OFF = os.environ.get("NUMBA_DISABLE_JIT", "0") == "1"


def test_zone_is_alerted_when_the_odds_reach_the_threshold():
    watch = Watch(cost_ratio=0.1)
    assert watch.tick(0.0, Seen(1, 40.0, {0: 0.09})) == []
    assert watch.tick(1.0, Seen(1, 40.0, {0: 0.10})) == ["alert"]


def test_two_tracks_below_the_threshold_can_reach_it_together():
    watch = Watch(cost_ratio=0.1)
    assert watch.tick(0.0, Seen(1, 40.0, {0: 0.06}), Seen(2, 45.0, {0: 0.06})) == ["alert"]
    assert watch.alerts.probability[0] == pytest.approx(1 - 0.94**2)
    assert watch.alerts.track_ids[0].tolist() == [1, 2]


def test_alert_tells_the_earliest_impact_and_the_seconds_until_it():
    watch = Watch(delivery_s=3.0)
    watch.tick(10.0, Seen(7, 60.0, {1: 0.5}), Seen(4, 50.0, {1: 0.5}))
    assert watch.alerts.impact_time_s[0] == 50.0
    assert watch.alerts.lead_s[0] == 50.0 - 10.0 - 3.0


def test_stray_track_with_small_odds_does_not_set_the_time_people_are_told():
    watch = Watch()
    watch.tick(0.0, Seen(1, 20.0, {0: 0.01}), Seen(2, 50.0, {0: 0.9}))
    assert watch.alerts.impact_time_s[0] == 50.0
    assert watch.alerts.track_ids[0].tolist() == [2]


def test_confirmation_delays_the_alert_by_the_stated_time():
    watch = Watch(confirm_s=2.0)
    sent = [watch.tick(t, Seen(1, 40.0, {0: 0.5})) for t in (0.0, 1.0, 2.0)]
    assert sent == [[], [], ["alert"]]


def test_odds_that_fall_back_start_the_confirmation_again():
    watch = Watch(confirm_s=2.0)
    odds = (0.5, 0.5, 0.0, 0.5, 0.5)
    sent = [watch.tick(t, Seen(1, 40.0, {0: p})) for t, p in enumerate(odds)]
    assert sent == [[], [], [], [], []]


@pytest.mark.parametrize("status", ["aloft", "invalid"])
def test_prediction_that_did_not_land_raises_no_alert(status: str):
    watch = Watch()
    assert watch.tick(0.0, Seen(1, 40.0, {0: 0.9}, status)) == []


def test_impact_time_already_past_raises_no_alert():
    watch = Watch()
    assert watch.tick(50.0, Seen(1, 49.0, {0: 0.9})) == []


@pytest.mark.parametrize(("impact_s", "sent"), [(53.0, []), (53.1, ["alert"])])
def test_impact_that_comes_before_the_message_raises_no_alert(impact_s: float, sent: list[str]):
    watch = Watch(delivery_s=3.0)
    assert watch.tick(50.0, Seen(1, impact_s, {0: 0.9})) == sent


def test_alert_is_about_the_impact_people_can_still_hear_of():
    watch = Watch(delivery_s=3.0)
    assert watch.tick(50.0, Seen(1, 52.0, {0: 0.9}), Seen(2, 70.0, {0: 0.8})) == ["alert"]
    assert watch.alerts.impact_time_s[0] == 70.0
    assert watch.alerts.probability[0] == 0.8
    assert watch.alerts.track_ids[0].tolist() == [2]


def test_sooner_impact_is_told_at_once():
    watch = Watch(update_s=5.0, update_gap_s=10.0)
    watch.tick(0.0, Seen(1, 50.0, {0: 0.9}))
    assert watch.tick(1.0, Seen(1, 45.0, {0: 0.9})) == []
    assert watch.tick(2.0, Seen(1, 44.5, {0: 0.9})) == ["update"]
    assert watch.tick(3.0, Seen(1, 44.5, {0: 0.9})) == []


def test_later_impact_is_told_when_the_last_message_is_old_enough():
    watch = Watch(update_s=5.0, update_gap_s=10.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    sent = [watch.tick(t, Seen(1, 46.0, {0: 0.9})) for t in (1.0, 9.0, 10.0, 11.0)]
    assert sent == [[], [], ["update"], []]


def test_further_track_is_told_when_the_last_message_is_old_enough():
    watch = Watch(update_gap_s=10.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    both = Seen(1, 40.0, {0: 0.9}), Seen(2, 42.0, {0: 0.8})
    assert [watch.tick(t, *both) for t in (1.0, 10.0, 20.0)] == [[], ["update"], []]
    assert watch.alerts.track_ids[1].tolist() == [1, 2]
    assert len(set(watch.alerts.alert_id)) == 1


def test_track_told_of_once_is_not_news_when_it_comes_back():
    watch = Watch(update_gap_s=0.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}), Seen(2, 40.0, {0: 0.9}))
    watch.tick(1.0, Seen(1, 40.0, {0: 0.9}), Seen(2, 40.0, {1: 0.9}))
    assert watch.tick(2.0, Seen(1, 40.0, {0: 0.9}), Seen(2, 40.0, {0: 0.9})) == []


def test_cancel_follows_when_the_only_track_is_destroyed_and_gone():
    watch = Watch(cancel_after_s=5.0)
    seen = Seen(1, 40.0, {0: 0.9})
    watch.tick(0.0, seen)
    assert watch.tick(8.0, seen, destroyed=(1,)) == []
    for t in range(10, 15):
        assert watch.tick(float(t), destroyed=(1,)) == []
    assert watch.tick(15.0, destroyed=(1,)) == ["cancel"]
    assert watch.alerts.track_ids[1].tolist() == [1]
    assert watch.rest() == []


def test_alert_stands_when_a_track_held_destroyed_flies_on():
    """Kill observations can err: the people below must not be told to come out."""
    watch = Watch(cancel_after_s=5.0)
    for t in range(40):
        sent = watch.tick(float(t), Seen(1, 40.0, {0: 0.9}), destroyed=(1,) if t > 10 else ())
        assert sent == (["alert"] if t == 0 else [])
    assert watch.rest() == ["all-clear"]


def test_track_that_vanished_without_being_destroyed_keeps_the_alert():
    watch = Watch(cancel_after_s=5.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}), Seen(2, 40.0, {0: 0.9}))
    for t in range(10, 39):
        assert watch.tick(float(t), destroyed=(2,)) == []
    assert watch.rest() == ["all-clear"]


def test_cancel_follows_when_the_track_is_now_predicted_elsewhere():
    watch = Watch(cancel_after_s=2.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    sent = [watch.tick(t, Seen(1, 40.0, {1: 0.9})) for t in (1.0, 2.0, 3.0)]
    assert sent == [["alert"], [], ["cancel"]]
    assert watch.messages[-1] == ("cancel", 0, 3.0)


def test_odds_that_return_within_the_hysteresis_keep_the_alert():
    watch = Watch(cancel_after_s=2.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    watch.tick(1.0, Seen(1, 40.0, {}))
    watch.tick(2.0, Seen(1, 40.0, {0: 0.9}))
    assert watch.tick(3.0, Seen(1, 40.0, {})) == []
    assert [kind for kind, _, _ in watch.messages] == ["alert"]


def test_lost_track_keeps_its_last_prediction_until_the_impact():
    watch = Watch(hold_s=600.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    assert watch.tick(30.0) == []
    assert watch.tick(639.0) == []
    assert watch.tick(640.0) == ["all-clear"]
    assert watch.alerts.impact_time_s[1] == 40.0


def test_all_clear_waits_for_the_last_of_several_impacts():
    watch = Watch(hold_s=600.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}), Seen(2, 55.0, {0: 0.9}))
    watch.rest()
    assert watch.messages[-1] == ("all-clear", 0, 655.0)


def test_impact_during_the_hold_extends_the_same_alert():
    watch = Watch(hold_s=600.0)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    assert watch.tick(300.0, Seen(2, 340.0, {0: 0.9})) == ["update"]
    watch.rest()
    assert watch.messages[-1] == ("all-clear", 0, 940.0)
    assert len(set(watch.alerts.alert_id)) == 1


def test_all_clears_between_observations_come_at_their_proper_times():
    watch = Watch(hold_s=600.0)
    watch.tick(0.0, Seen(1, 40.0, {1: 0.9}), Seen(2, 30.0, {2: 0.9}))
    assert watch.rest(635.0) == ["all-clear"]
    assert watch.rest(10_000.0) == ["all-clear"]
    assert watch.messages[2:] == [("all-clear", 2, 630.0), ("all-clear", 1, 640.0)]


def test_resting_and_ticking_through_a_quiet_time_agree():
    ticked, rested = Watch(hold_s=60.0), Watch(hold_s=60.0)
    for watch in (ticked, rested):
        watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    for t in range(1, 200):
        ticked.tick(float(t))
    rested.rest(199.0)
    assert ticked.messages == rested.messages


def test_copy_of_a_state_is_independent():
    watch = Watch()
    watch.tick(0.0, Seen(1, 40.0, {0: 0.9}))
    fork = watch.state.copy()
    watch.rest()
    assert fork.alert_id[0] == 0
    assert watch.state.alert_id[0] == -1


@pytest.mark.skipif(JIT_OFF, reason="a target for compiled kernels")
def test_nothing_changing_costs_at_most_a_few_hundred_microseconds():
    """Target 100 us on the reference machine; five times that here, for busy machines."""
    watch = Watch(zones=1500)
    seen = [Seen(k, 1e6, {10 * k + j: 0.2 for j in range(4)}) for k in range(10)]
    impacts, odds = make_batch(0.0, seen)
    watch.tick(0.0, *seen)
    state, best = watch.state, np.inf
    for t in range(200):
        start = time.perf_counter()
        state, alerts, decisions = watch.warner.step(state, impacts, odds, float(t + 1))
        best = min(best, time.perf_counter() - start)
        assert not len(alerts)
        assert not len(decisions) or t == 0
    assert best < 500e-6
