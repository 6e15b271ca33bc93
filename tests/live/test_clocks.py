"""The clocks of observers and of live runs, against plain arithmetic."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mantlet.live.pace import Pace
from mantlet.live.playback import Playback

SECONDS = st.floats(0.0, 1000.0)


def test_time_passes_at_the_speed_set():
    clock = Playback(0.0, 1000.0)
    clock.play(10.0)
    clock.set_speed(12.0, 4.0)
    assert clock.at(12.0) == pytest.approx(2.0)
    assert clock.at(15.0) == pytest.approx(14.0)
    clock.pause(15.0)
    assert clock.at(99.0) == pytest.approx(14.0)


def test_at_the_end_it_stops_and_playing_again_starts_over():
    clock = Playback(100.0, 110.0)
    clock.seek(0.0, 105.0)
    clock.play(0.0)
    assert (clock.at(50.0), clock.playing) == (110.0, False)
    clock.play(60.0)
    assert clock.at(61.0) == pytest.approx(101.0)


def test_steps_go_to_whole_seconds():
    clock = Playback(0.0, 100.0)
    clock.seek(0.0, 10.4)
    clock.step(0.0, 1.0)
    assert clock.at(0.0) == 11.0
    clock.seek(0.0, 10.4)
    clock.step(0.0, -1.0)
    assert clock.at(0.0) == 10.0
    assert not clock.playing


@given(st.lists(st.tuples(st.sampled_from(["play", "pause", "seek", "step", "speed", "loop", "on"]),
                          SECONDS, SECONDS), max_size=40))  # fmt: skip
def test_whatever_is_asked_the_time_stays_in_the_run_and_in_the_loop(asked):
    clock, wall_s = Playback(50.0, 800.0), 0.0
    for do, first, second in asked:
        if do == "play":
            clock.play(wall_s)
        elif do == "pause":
            clock.pause(wall_s)
        elif do == "seek":
            clock.seek(wall_s, first)
        elif do == "step":
            clock.step(wall_s, first - 500.0)
        elif do == "speed":
            clock.set_speed(wall_s, max(first, 0.1))
        elif do == "loop" and 50.0 <= first < second - 1.0 and second <= 800.0:
            clock.set_loop(wall_s, first, second)
            assert first <= clock.at(wall_s) < second
        else:
            before = clock.at(wall_s)
            wall_s += first
            after = clock.at(wall_s)
            if clock.loop is None:
                assert after >= before
            elif clock.playing and before < clock.loop[1]:
                assert after < clock.loop[1]
        assert 50.0 <= clock.at(wall_s) <= 800.0


@pytest.mark.parametrize("speed", [0.0, -1.0, 1e9, float("nan")])
def test_absurd_speeds_are_refused(speed):
    with pytest.raises(ValueError, match=r"speed"):
        Playback(0.0, 1.0).set_speed(0.0, speed)
    with pytest.raises(ValueError, match=r"speed"):
        Pace(0.0, speed)


class Wall:
    """A wall clock that a test moves."""

    def __init__(self):
        self.s = 0.0

    def __call__(self):
        return self.s


def test_a_pace_never_shows_more_than_a_second_beyond_the_last_decision():
    wall = Wall()
    pace = Pace(0.0, 10.0, wall)
    wall.s = 5.0
    assert pace.time_s() == 1.0
    pace.published(49.5)
    assert pace.time_s() == 50.0
    wall.s = 6.0
    assert pace.time_s() == 50.5


def test_a_pace_waits_for_a_run_that_lags():
    wall = Wall()
    pace = Pace(0.0, 10.0, wall)
    wall.s = 5.0
    pace.published(1.0)  # due at 0.1
    assert pace.time_s() == 1.0
    wall.s = 5.05
    assert pace.time_s() == pytest.approx(1.5)


def test_a_paused_pace_lets_through_as_many_decisions_as_steps():
    pace = Pace(0.0, 1.0, Wall())
    pace.pause()
    pace.step(2)
    assert pace.wait_for(1.0)
    assert pace.wait_for(2.0)
    waiting = threading.Thread(target=pace.wait_for, args=(3.0,))
    waiting.start()
    time.sleep(0.05)
    assert waiting.is_alive()
    pace.stop()
    waiting.join(5.0)
    assert not waiting.is_alive()


def test_a_stopped_pace_lets_nobody_wait():
    pace = Pace(0.0)
    pace.stop()
    assert pace.wait_for(1e6) is False


def test_skipped_time_passes_at_once():
    wall = Wall()
    pace = Pace(0.0, 1.0, wall)
    pace.skip_to(500.0)
    assert pace.time_s() == 500.0
    assert pace.wait_for(500.0)
