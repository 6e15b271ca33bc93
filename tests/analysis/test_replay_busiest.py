import dataclasses

import numpy as np
import pytest
from replay_fixture import EMPTY, invented_run

from mantlet.analysis.replay_busiest import (
    SHOT_WEIGHT,
    action_span,
    busiest_window,
    live_seconds,
    run_span,
)
from mantlet.tables import Intervals, Outcomes


def test_a_span_is_live_in_every_second_it_touches():
    live = live_seconds(np.array([2.2, 3.0]), np.array([4.1, 3.9]), 0.0, 6)
    assert live.tolist() == [0, 0, 1, 2, 1, 0]


def test_the_busiest_window_beats_every_other_start():
    run = invented_run(60, 300.0)
    start, end = busiest_window(run.threats, run.shots, run.intervals, 60.0)
    begin, last = run_span(run.threats, run.intervals)
    flying = run.threats.take(run.threats.kind != "debris")
    count = int(np.ceil(last - begin))
    live = live_seconds(flying.launch_time_s, flying.impact_time_s, begin, count)
    live += SHOT_WEIGHT * live_seconds(
        run.shots.launch_time_s, run.shots.intercept_time_s, begin, count
    )
    sums = [live[row : row + 60].sum() for row in range(count - 59)]
    assert end - start == 60.0
    assert live[int(start - begin) : int(end - begin)].sum() == max(sums)
    assert start - begin == int(np.argmax(sums))


def test_a_run_shorter_than_the_window_is_shown_whole():
    run = invented_run(5)
    assert busiest_window(run.threats, run.shots, run.intervals, 1e6) == run_span(
        run.threats, run.intervals
    )


def test_the_action_lies_inside_the_run_and_holds_every_fate_but_that_of_debris():
    run = invented_run()
    begin, end = run_span(run.threats, run.intervals)
    start, stop = action_span(run.threats, run.outcomes, begin, end)
    assert begin <= start < run.threats.launch_time_s.min()
    own = run.threats.kind != "debris"
    assert run.outcomes.time_s[own].max() <= stop <= end


def test_without_threats_the_whole_run_is_the_action():
    assert action_span(EMPTY.threats, EMPTY.outcomes, 0.0, 60.0) == (0.0, 60.0)


@pytest.mark.parametrize("intervals", [Intervals.empty(), EMPTY.intervals])
def test_an_empty_run_still_has_a_span(intervals):
    begin, end = run_span(EMPTY.threats, intervals)
    assert end > begin


def test_a_replay_can_start_before_any_fate_is_decided():
    run = dataclasses.replace(invented_run(3), outcomes=Outcomes.empty())
    start, stop = action_span(run.threats, run.outcomes, *run_span(run.threats, run.intervals))
    assert stop > start
