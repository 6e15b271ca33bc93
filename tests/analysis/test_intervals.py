"""Rates and ranges that go with counts."""

import math

import pytest

from mantlet.analysis.casualties import DEFENDED_SIDE, LAUNCH_SIDE, expected_deaths
from mantlet.analysis.intervals import Rate, poisson_range, rounded


def test_published_rate_of_2021_has_its_published_interval():
    """Facts T2: 1,450 of 1,610 engaged, Wilson 0.885 to 0.914."""
    rate = Rate(1450, 1610, "claimed").as_json()
    assert rate["rate"] == pytest.approx(0.901, abs=1e-3)
    assert (rate["low"], rate["high"]) == pytest.approx((0.885, 0.914), abs=1e-3)


def test_rate_of_nothing_is_null():
    rate = Rate(0, 0, "of nothing").as_json()
    assert (rate["rate"], rate["low"], rate["high"]) == (None, None, None)


@pytest.mark.parametrize("mean", [0.1, 1.0, 4.5, 30.0, 400.0])
def test_poisson_range_holds_at_least_95_percent_and_no_end_is_spare(mean):
    low, high = poisson_range(mean, mean)

    def cdf(count):
        return sum(
            math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1)
        )

    assert cdf(high) >= 0.975 > cdf(high - 1)
    assert cdf(low) >= 0.025 and (low == 0 or cdf(low - 1) < 0.025)


def test_no_falls_no_deaths():
    for side in (DEFENDED_SIDE, LAUNCH_SIDE):
        held = expected_deaths(0, side)
        assert (held["expected"], held["low"], held["high"]) == (0.0, 0, 0)


def test_usual_deaths_per_fall_lies_between_the_published_ones():
    for side in (DEFENDED_SIDE, LAUNCH_SIDE):
        assert side.low < side.usual < side.high


def test_rounding_keeps_significant_digits_and_drops_what_json_lacks():
    assert rounded(0.123456) == 0.1235
    assert rounded(123456.0, 3) == 123000.0
    assert rounded(math.nan) is None
    assert rounded(math.inf) is None
