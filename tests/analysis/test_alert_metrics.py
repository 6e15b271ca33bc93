"""Alerts held against what came down."""

import numpy as np
import pytest
from small_run import STEP_DEG, alerts, outcomes, square_zones, threats

from mantlet.analysis.alert_quality import alert_quality, falls_of, spells_of
from mantlet.warning.policy import WarningPolicy

ZONES = square_zones()
POLICY = WarningPolicy(delivery_s=3.0, margin_m=100.0)
DELIVERY_S = POLICY.delivery_s


def judge(of, fates, messages, ends=None):
    fallen = falls_of(of, ZONES)
    ended = outcomes(of, fates, ends)
    return alert_quality(fallen, of, ended, messages, ZONES, POLICY)


def test_alert_open_at_the_fall_is_needed_and_its_lead_counts_from_hearing():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 0, 15.0), (0, "all-clear", 0, 660.0))
    quality = judge(of, ["hit zone"], told)
    assert (quality.alerts, quality.needless, quality.missed) == (1, 0, 0)
    assert quality.lead_s.tolist() == [60.0 - 15.0 - DELIVERY_S]
    assert quality.in_time == 1


def test_alert_in_another_zone_is_needless_and_the_fall_unwarned():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 1, 15.0), (0, "all-clear", 1, 660.0))
    quality = judge(of, ["hit zone"], told)
    assert (quality.needless, quality.missed, quality.landed) == (1, 1, 1)


def test_alert_for_a_threat_that_is_then_intercepted_is_not_needless():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 0, 15.0), (0, "cancel", 0, 45.0))
    quality = judge(of, ["intercepted"], told, ends=[40.0])
    assert (quality.needless, quality.missed) == (0, 0)
    assert quality.lead_s[0] == 42.0


def test_alert_cancelled_before_the_fall_does_not_cover_it():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 0, 15.0), (0, "cancel", 0, 30.0))
    assert judge(of, ["hit zone"], told).missed == 1


def test_fall_within_the_margin_makes_an_alert_needed_but_a_fall_beyond_does_not():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 1, 15.0), (0, "all-clear", 1, 660.0))
    east_edge_deg = -120.0 + STEP_DEG
    for metres, needless in ((50.0, 0), (150.0, 1)):
        lon = east_edge_deg - metres / (111_195.0 * np.cos(np.radians(30.0)))
        moved = of.trusted(
            **{k: getattr(of, k) for k in of.columns()} | {"impact_lon_deg": np.array([lon])}
        )
        assert judge(moved, ["hit zone"], told).needless == needless


def test_threat_launched_after_the_alert_sets_no_lead():
    of = threats([(0, 0.0, 60.0), (0, 300.0, 360.0)])
    told = alerts((0, "alert", 0, 15.0), (0, "cancel", 0, 500.0))
    assert judge(of, ["hit zone"] * 2, told).lead_s.tolist() == [42.0]
    later = threats([(0, 300.0, 360.0)])
    quality = judge(later, ["hit zone"], told)
    assert (quality.needless, len(quality.lead_s)) == (0, 0)


def test_only_the_first_fall_of_an_alert_gives_its_lead():
    of = threats([(0, 0.0, 60.0), (0, 5.0, 70.0)])
    told = alerts((0, "alert", 0, 15.0), (0, "all-clear", 0, 670.0))
    assert judge(of, ["hit zone"] * 2, told).lead_s.tolist() == [42.0]


def test_debris_in_the_zone_makes_an_alert_needed_but_sets_no_lead():
    of = threats([(-1, 0.0, 60.0), (0, 30.0, 50.0)], parents=[-1, 0])
    told = alerts((0, "alert", 0, 35.0), (0, "all-clear", 0, 650.0))
    quality = judge(of, ["intercepted", "hit zone"], told, ends=[30.0, 50.0])
    assert (quality.needless, len(quality.lead_s)) == (0, 0)


def test_alert_too_late_for_the_time_to_shelter_is_not_in_time():
    of = threats([(0, 0.0, 60.0)])
    told = alerts((0, "alert", 0, 40.0), (0, "all-clear", 0, 660.0))
    assert judge(of, ["hit zone"], told).in_time == 0


@pytest.mark.parametrize("time_s, expected", [(4.0, -1), (5.0, 0), (9.0, 0), (10.0, 0), (11.0, -1)])
def test_a_spell_is_open_from_its_first_to_its_last_message(time_s, expected):
    spells = spells_of(alerts((3, "alert", 1, 5.0), (3, "cancel", 1, 10.0)), ZONES)
    assert spells.open_at(np.array([1]), np.array([time_s])).tolist() == [expected]
    assert spells.open_at(np.array([0]), np.array([time_s])).tolist() == [-1]


def test_nothing_at_all_is_counted_as_nothing():
    quality = judge(threats([]), [], alerts())
    assert (quality.alerts, quality.needless, quality.missed, quality.landed) == (0, 0, 0, 0)
