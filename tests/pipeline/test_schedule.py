from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantlet.pipeline.schedule import ticks


@dataclass(frozen=True)
class Beat:
    period_s: float
    offset_s: float


RADARS = (Beat(1.0, 0.0), Beat(1.0, 0.5), Beat(4.0, 1.25))


def looks(start_s, end_s, radars=RADARS):
    return [look for _, batch in ticks(radars, start_s, end_s) for look in batch]


def test_every_scan_of_every_radar_comes_once_and_in_order_of_time():
    seen = looks(0.0, 12.0)
    assert [look.time_s for look in seen] == sorted(look.time_s for look in seen)
    assert [look.scan for look in seen if look.radar == 0] == list(range(13))
    assert [look.scan for look in seen if look.radar == 1] == list(range(12))
    assert [look.time_s for look in seen if look.radar == 2] == [1.25, 5.25, 9.25]


def test_a_decision_follows_every_look_up_to_it_and_none_after():
    before = -1.0
    for now, batch in ticks(RADARS, 0.0, 30.0):
        assert all(before < look.time_s <= now for look in batch)
        before = now
    assert before == 30.0


@given(start=st.integers(0, 900_000), length=st.integers(0, 40))
def test_a_scan_has_the_same_number_and_time_in_every_interval_that_holds_it(start, length):
    for look in looks(float(start), float(start + length)):
        radar = RADARS[look.radar]
        assert look.time_s == radar.offset_s + look.scan * radar.period_s
        assert start <= look.time_s <= start + length


def test_simultaneous_looks_come_in_the_order_of_the_radars():
    both = (Beat(1.0, 0.0), Beat(1.0, 0.0))
    assert [look.radar for look in looks(0.0, 2.0, both)] == [0, 1] * 3


def test_no_scan_has_a_negative_number():
    assert min(look.scan for look in looks(0.0, 3.0, (Beat(1.0, 0.75), Beat(2.0, -3.0)))) == 0
    assert looks(0.0, 3.0, (Beat(1.0, 0.75),))[0].time_s == pytest.approx(0.75)
