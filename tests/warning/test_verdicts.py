"""Every track has a reason, and a reason is written down when it changes."""

import pytest
from warning_ticks import FIRST_ZONE_ID, Seen, Watch


def verdicts(watch: Watch) -> list[tuple[float, int, str]]:
    d = watch.decisions
    return [(float(t), int(k), str(v)) for t, k, v in zip(d.time_s, d.track_id, d.verdict)]  # noqa: B905


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Seen(1, 40.0, {0: 0.5}), "alert"),
        (Seen(1, 40.0, {0: 0.01}), "no alert: below threshold"),
        (Seen(1, 40.0, {}), "no alert: open ground"),
        (Seen(1, 2.5, {0: 0.5}), "no alert: too late"),  # 3 s pass before anybody hears it
        (Seen(1, 2.5, {0: 0.01}), "no alert: below threshold"),
        (Seen(1, 40.0, {}, "aloft"), "no alert: no landing predicted"),
    ],
)
def test_reason_fits_the_prediction(seen: Seen, verdict: str):
    watch = Watch(cost_ratio=0.03)
    watch.tick(0.0, seen)
    assert verdicts(watch) == [(0.0, 1, verdict)]


def test_reason_is_written_only_when_it_changes():
    watch = Watch(confirm_s=1.0)
    for t in range(4):
        watch.tick(float(t), Seen(1, 40.0, {0: 0.5}))
    watch.tick(4.0, Seen(1, 40.0, {0: 0.5}), destroyed=(1,))
    watch.tick(5.0, destroyed=(1,))
    watch.tick(6.0, destroyed=(1,))
    assert verdicts(watch) == [
        (0.0, 1, "no alert: unconfirmed"),
        (1.0, 1, "alert"),
        (5.0, 1, "no alert: destroyed"),
    ]


def test_arrival_of_another_track_does_not_repeat_a_reason():
    watch = Watch()
    watch.tick(0.0, Seen(5, 40.0, {}))
    watch.tick(1.0, Seen(2, 40.0, {}), Seen(5, 40.0, {}))
    assert verdicts(watch) == [(0.0, 5, "no alert: open ground"), (1.0, 2, "no alert: open ground")]


def test_reason_names_the_zone_that_mattered_and_the_odds_held_against_the_threshold():
    watch = Watch(cost_ratio=0.03)
    watch.tick(0.0, Seen(1, 40.0, {0: 0.01, 1: 0.5, 2: 0.2}), Seen(2, 40.0, {1: 0.5}))
    row = watch.decisions.take(watch.decisions.track_id == 1)
    assert row.zone_id[0] == FIRST_ZONE_ID + 1
    assert row.probability[0] == pytest.approx(0.75)
    assert row.threshold[0] == 0.03
