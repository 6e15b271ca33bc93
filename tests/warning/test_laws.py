"""What holds for every history of predictions, not only for the ones we thought of."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from warning_ticks import FIRST_ZONE_ID, Seen, Watch

ZONES = 3
ODDS = st.sampled_from([0.0, 0.004, 0.02, 0.1, 0.5, 1.0])


@st.composite
def seen_tracks(draw: st.DrawFn, time_s: float) -> list[Seen]:
    tracks = draw(st.lists(st.integers(0, 3), unique=True, max_size=4))
    return [
        Seen(
            track,
            time_s + draw(st.integers(-2, 40)),
            {z: p for z in range(ZONES) if (p := draw(ODDS)) > 0},
            draw(st.sampled_from(["landed", "landed", "landed", "aloft"])),
        )
        for track in tracks
    ]


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[float, list[Seen], tuple[int, ...]]]:
    time_s, ticks = 0.0, []
    for _ in range(draw(st.integers(1, 12))):
        time_s += draw(st.sampled_from([1.0, 1.0, 1.0, 5.0, 300.0]))
        seen = draw(seen_tracks(time_s))
        ticks.append((time_s, seen, tuple(draw(st.sets(st.integers(0, 3), max_size=1)))))
    return ticks


def run(ticks: list[tuple[float, list[Seen], tuple[int, ...]]], **policy: float) -> Watch:
    watch = Watch(ZONES, **policy)
    for time_s, seen, destroyed in ticks:
        watch.tick(time_s, *seen, destroyed=destroyed)
    watch.rest()
    return watch


@settings(max_examples=60, deadline=None)
@given(histories())
def test_every_alert_ends_exactly_once_and_zones_have_one_at_a_time(ticks):
    open_alert: dict[int, int] = {}
    for kind, zone, alert in zip(*_columns(run(ticks)), strict=True):
        if kind == "alert":
            assert zone not in open_alert
            open_alert[zone] = alert
        assert open_alert[zone] == alert
        if kind in ("cancel", "all-clear"):
            del open_alert[zone]
    assert not open_alert


@settings(max_examples=60, deadline=None)
@given(histories())
def test_messages_are_numbered_and_timed_in_order(ticks):
    alerts = run(ticks, hold_s=60.0).alerts
    assert np.array_equal(alerts.message_id, np.arange(len(alerts)))
    assert np.all(np.diff(alerts.time_s) >= 0)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_no_zone_is_alerted_that_no_prediction_touches(ticks):
    touched = {
        FIRST_ZONE_ID + z
        for _, seen, _ in ticks
        for s in seen
        if s.status == "landed"
        for z in s.odds
    }
    alerts = run(ticks).alerts
    assert set(alerts.zone_id) <= touched
    telling = np.isin(alerts.kind.astype(str), ["alert", "update"])
    assert np.all(alerts.probability[telling] > 0)
    assert np.all((alerts.track_ids >= 0).sum(axis=1) > 0)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_alerts_and_updates_are_about_impacts_still_to_come(ticks):
    alerts = run(ticks).alerts
    telling = np.isin(alerts.kind.astype(str), ["alert", "update"])
    assert np.all(alerts.impact_time_s[telling] > alerts.time_s[telling])


@settings(max_examples=60, deadline=None)
@given(histories(), st.sampled_from([0.0, 3.0, 10.0]))
def test_an_alert_is_heard_before_the_impact_it_is_about(ticks, delivery_s):
    alerts = run(ticks, delivery_s=delivery_s).alerts
    assert np.all(alerts.lead_s[alerts.kind == "alert"] > 0)


@settings(max_examples=60, deadline=None)
@given(histories())
def test_a_lower_threshold_alerts_every_zone_that_a_higher_one_does(ticks):
    low, high = (set(run(ticks, cost_ratio=c).alerts.zone_id) for c in (0.01, 0.3))
    assert high <= low


@settings(max_examples=40, deadline=None)
@given(histories())
def test_same_history_gives_the_same_messages_whatever_the_order_of_tracks(ticks):
    turned = [(t, seen[::-1], gone) for t, seen, gone in ticks]
    a, b = run(ticks), run(turned)
    assert a.messages == b.messages
    assert Counter(a.decisions.verdict) == Counter(b.decisions.verdict)


def _columns(watch: Watch) -> tuple[list[str], list[int], list[int]]:
    a = watch.alerts
    return list(a.kind), list(a.zone_id), list(a.alert_id)
