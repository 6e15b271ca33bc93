import time
from datetime import UTC, datetime, timedelta

import pytest

from mantlet.ports.clock import SimulatedClock, WallClock


def test_the_wall_clock_counts_from_the_epoch():
    clock = WallClock(datetime.now(UTC) - timedelta(hours=1))
    assert clock.now_s() == pytest.approx(3600.0, abs=1.0)  # the test may be held up


def test_waiting_on_the_wall_clock_takes_until_then():
    clock = WallClock(datetime.now(UTC))
    due = clock.now_s() + 0.02
    clock.wait_until(due)
    assert clock.now_s() >= due


def test_a_correction_of_the_machine_clock_does_not_move_the_wall_clock(monkeypatch):
    clock = WallClock(datetime.now(UTC))
    before = clock.now_s()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert clock.now_s() >= before


def test_an_epoch_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        WallClock(datetime(2021, 5, 9))


def test_simulated_time_passes_only_by_waiting_and_never_back():
    clock = SimulatedClock(10.0)
    assert clock.now_s() == 10.0
    clock.wait_until(15.0)
    clock.wait_until(12.0)
    assert clock.now_s() == 15.0
    assert clock.waits_s == [15.0, 12.0]
