"""Which looks plots bear witness to."""

from dataclasses import dataclass

import numpy as np
import pytest

from mantlet.pipeline.looks import looks_of, spans_of
from mantlet.tables import Intervals, Plots


@dataclass(frozen=True)
class Clock:
    id: str = "a"
    period_s: float = 2.0
    offset_s: float = 0.0


def plots(time_s, scan=-1, radar_id="a"):
    time_s = np.asarray(time_s, dtype=float)
    count = time_s.size
    zero = np.zeros(count)
    return Plots(
        plot_id=np.arange(count),
        radar_id=np.full(count, radar_id, dtype=object),
        scan=np.broadcast_to(np.asarray(scan, dtype=np.int64), count).copy(),
        time_s=time_s,
        range_m=zero + 9e3,
        azimuth_rad=zero,
        elevation_rad=zero + 0.1,
        range_rate_mps=zero,
        snr_db=zero,
    )


def within(table, *radars):
    [looks] = looks_of(table, radars or (Clock(),), spans_of(table.time_s))
    return looks


def test_empty_looks_stand_between_those_with_plots():
    looks = within(plots([10.0, 10.0, 16.0], [5, 5, 8]))
    assert [look.time_s for look in looks] == [10.0, 12.0, 14.0, 16.0]
    assert [look.rows.tolist() for look in looks] == [[0, 1], [], [], [2]]


def test_a_clock_beside_the_figures_moves_the_empty_looks_along():
    looks = within(plots([10.7, 16.7, 18.7]))
    assert [look.time_s for look in looks] == pytest.approx([10.7, 12.7, 14.7, 16.7, 18.7])


@pytest.mark.parametrize("jitter_s", [0.0, 0.3])
def test_scans_that_no_number_tells_follow_from_the_period(jitter_s):
    rng = np.random.default_rng(4)
    truth = np.repeat(np.arange(20), 3)
    times = 0.1 + 2.0 * truth + rng.uniform(-jitter_s, jitter_s, truth.size)
    looks = within(plots(np.sort(times)))
    assert [look.rows.size for look in looks if look.rows.size] == [3] * 20


def test_numbers_that_do_not_fit_the_times_are_not_believed():
    looks = within(plots([10.0, 12.0, 14.0], [0, 1, 900_000]))
    assert [look.time_s for look in looks] == [10.0, 12.0, 14.0]


def test_two_radars_are_merged_in_time_and_a_silent_one_is_not_waited_for():
    both = Plots.concat([plots([10.0, 12.0]), plots([11.0], radar_id="b")])
    radars = Clock(), Clock("b", 1.0), Clock("silent", 0.5)
    looks = within(both, *radars)
    assert [(look.time_s, look.radar) for look in looks] == [
        (10.0, 0), (10.0, 1), (11.0, 1), (12.0, 0), (12.0, 1)
    ]  # fmt: skip


def test_plots_in_any_file_order_give_the_same_looks():
    times = np.array([14.0, 10.0, 12.0, 10.0])
    assert [look.rows.tolist() for look in within(plots(times))] == [[1, 3], [2], [0]]


def test_no_plots_are_no_looks():
    assert len(spans_of(np.empty(0))) == 0
    assert looks_of(Plots.empty(), (Clock(),), Intervals.empty()) == []
