import dataclasses

import numpy as np
import pytest

from mantlet.ports.draws import Draws
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.profiles import profile
from mantlet.threats.raids import Campaign, Listing, Record, RecordedFall, Toward, Volley
from mantlet.threats.salvos import intervals, plan

CAMPAIGN = Campaign(("gaza",))
VOLLEY = Volley("v", 60.0, 10.0, 5, {"rocket-20": 2.0, "shell-155": 1.0}, "a", Toward(31.6, 34.6))
FALL = RecordedFall(500.0, 30.0, 31.6, 34.6, "short", 3, "rocket-10")


@pytest.fixture(scope="module")
def salvos():
    return plan([CAMPAIGN], Draws(1))


def test_the_campaign_meets_every_published_count_exactly(salvos):
    series = profile("published-2021")
    first = np.array([salvo.start_s for salvo in salvos])
    last = first + [salvo.duration_s for salvo in salvos]
    count = np.array([salvo.count for salvo in salvos])
    assert count.sum() == 4360
    for time_s, launched in zip(series.time_s, series.launched, strict=True):
        assert count[first < time_s].sum() == launched
        assert count[last <= time_s + 1e-6].sum() == launched


def test_the_campaign_is_some_hundreds_of_salvos_of_plausible_size(salvos):
    count = np.array([salvo.count for salvo in salvos])
    assert 500 < len(salvos) < 900
    assert 2 <= np.median(count) <= 6
    assert 25 < count.max() <= 137


def test_simulated_time_stays_a_tenth_of_the_eleven_days(salvos):
    planned = intervals(salvos, 5.0, 10.0)
    assert 100e3 < (planned.end_s - planned.start_s).sum() < 160e3


def test_short_falls_follow_the_published_counts(salvos):
    expected = sum(salvo.count * salvo.misfire_share for salvo in salvos)
    assert expected == pytest.approx(660.0)
    assert salvos[0].misfire_share > 2 * salvos[-1].misfire_share


def test_a_salvo_holds_classes_of_like_flight_time(salvos):
    for salvo in salvos:
        longest = [CLASSES[name].max_flight_s for name, _ in salvo.mixture]
        assert max(longest) < 2.0 * min(longest)


def test_the_plan_is_sorted_and_depends_on_the_seed_alone(salvos):
    starts = [salvo.start_s for salvo in salvos]
    assert starts == sorted(starts)
    assert plan([CAMPAIGN], Draws(1)) == salvos
    assert plan([CAMPAIGN], Draws(2)) != salvos


def test_adding_a_raid_changes_no_other(salvos):
    more = plan([CAMPAIGN, VOLLEY], Draws(1))
    assert tuple(salvo for salvo in more if salvo.stream == 0) == salvos


def test_a_volley_is_one_salvo_as_stated():
    (salvo,) = plan([VOLLEY], Draws(1))
    assert (salvo.start_s, salvo.duration_s, salvo.count) == (60.0, 10.0, 5)
    assert salvo.toward == VOLLEY.toward
    assert salvo.areas == ("a",)
    assert salvo.misfire_share is None


def test_a_listing_is_its_volleys():
    later = dataclasses.replace(VOLLEY, id="w", at_s=30.0)
    salvos = plan([Listing((VOLLEY, later))], Draws(1))
    assert [salvo.start_s for salvo in salvos] == [30.0, 60.0]


def test_the_share_of_misfires_may_change_from_volley_to_volley_of_a_listing():
    bad = dataclasses.replace(VOLLEY, misfire_share=0.4)
    better = dataclasses.replace(VOLLEY, id="w", at_s=90.0, misfire_share=0.1)
    salvos = plan([Listing((bad, better))], Draws(1))
    assert [salvo.misfire_share for salvo in salvos] == [0.4, 0.1]


def test_short_rows_of_a_record_are_misfires_and_others_are_not():
    zone = dataclasses.replace(FALL, fate="zone", time_s=510.0)
    short, whole = plan([Record((FALL, zone))], Draws(1))
    assert (short.misfire_share, whole.misfire_share) == (1.0, 0.0)
    assert not whole.scattered
    assert (short.count, short.start_s, short.duration_s) == (3, 500.0, 30.0)


def test_intervals_reach_from_warm_up_to_the_last_possible_impact_and_merge():
    far = dataclasses.replace(VOLLEY, at_s=5_000.5)
    near = dataclasses.replace(VOLLEY, at_s=100.0)
    planned = intervals(plan([VOLLEY, near, far], Draws(1)), 5.0, 10.0)
    longest = max(CLASSES[name].max_flight_s for name in VOLLEY.mixture)
    assert planned.start_s.tolist() == [55.0, 4_995.0]
    assert planned.end_s.tolist() == [100.0 + 20.0 + longest, np.ceil(5_000.5 + 20.0 + longest)]


def test_no_interval_begins_before_the_epoch():
    soon = dataclasses.replace(VOLLEY, at_s=2.0)
    assert intervals(plan([soon], Draws(1)), 5.0, 10.0).start_s.tolist() == [0.0]


def test_no_raid_gives_no_interval():
    assert len(intervals(plan([], Draws(1)), 5.0, 10.0)) == 0
