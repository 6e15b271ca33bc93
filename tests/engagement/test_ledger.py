"""The ledger and the costs against published figures (facts.md sections 2, 6 and 7)."""

import math

import pytest

from mantlet.engagement.cost import (
    PUBLISHED_UNIT_COST_USD,
    cost_per_kill_usd,
    interceptor_cost,
    interceptors_per_target,
)
from mantlet.engagement.ledger import Ledger, wilson

MAY_2021 = Ledger(4360, fell_short=680, sea=280, ignored=1963, intercepted=1450, missed=160)
SUMMER_2014 = Ledger(
    4594, fell_short=280, sea=0, ignored=3600, intercepted=735, missed=70, hit_built_up=224
)


def test_the_2021_account_holds_173_more_than_were_fired():
    assert MAY_2021.crossed == 3573
    assert MAY_2021.excess == 173


@pytest.mark.parametrize(("sea", "excess"), [(30, 0), (31, 1)])
def test_a_ledger_says_by_how_much_it_fails_to_close(sea, excess):
    ledger = Ledger(1000, fell_short=120, sea=sea, ignored=560, intercepted=260, missed=30)
    assert ledger.crossed == 850
    assert ledger.excess == excess


def test_the_2021_rate_of_engaged_and_its_interval():
    rate = MAY_2021.rate_of_engaged
    assert rate.share == pytest.approx(0.901, abs=0.001)
    assert (rate.low, rate.high) == pytest.approx((0.885, 0.914), abs=0.001)


def test_one_campaign_of_2014_has_two_rates():
    assert SUMMER_2014.rate_of_engaged.share == pytest.approx(0.913, abs=0.001)
    assert SUMMER_2014.rate_of_threatening.share == pytest.approx(0.766, abs=0.001)


def test_shares_of_what_crossed_add_up_to_one():
    total = MAY_2021.engaged_share.share + MAY_2021.ignored_share.share
    assert total == pytest.approx(1.0, abs=1e-12)


def test_wilson_interval_stays_inside_zero_and_one():
    assert 0.0 <= wilson(0, 10).low < 1e-12
    assert 1.0 - 1e-12 < wilson(10, 10).high <= 1.0
    assert wilson(0, 10).high == pytest.approx(0.2775, abs=5e-4)  # Wilson (1927), z = 1.96
    assert math.isnan(wilson(0, 0).share)


def test_published_cost_identities():
    at_62k = (62e3, 62e3, 62e3)
    assert interceptor_cost(73, at_62k).usual_usd == pytest.approx(4.526e6, rel=0.02)
    assert interceptor_cost(901, at_62k).usual_usd == pytest.approx(55.86e6, rel=0.02)
    assert interceptor_cost(20).usual_usd == pytest.approx(1.0e6, rel=0.02)
    assert cost_per_kill_usd(27e6, 421) == pytest.approx(64.1e3, rel=0.02)


def test_about_500_engaged_at_27_million_is_one_interceptor_each_not_two():
    per_target = interceptors_per_target(50e3, cost_per_target_usd=27e6 / 500)
    assert per_target == pytest.approx(1.1, rel=0.02)


def test_costs_keep_their_published_spread():
    cost = interceptor_cost(3)
    assert (cost.low_usd, cost.usual_usd, cost.high_usd) == tuple(
        3 * unit for unit in PUBLISHED_UNIT_COST_USD
    )
    assert math.isnan(cost_per_kill_usd(1e6, 0))
