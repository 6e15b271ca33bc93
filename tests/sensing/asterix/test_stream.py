"""Plots payload by payload: the same as from a file, in memory that no payload can make grow."""

import tracemalloc
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from mantlet.sensing import Radar
from mantlet.sensing.asterix import (
    PlotStream,
    marker_messages,
    plot_messages,
    read_plots,
    write_recording,
)
from mantlet.sensing.asterix.stream import PIECE
from mantlet.tables import Intervals, Plots
from mantlet.world.earth import Site

RADARS = (Radar("north", Site(31.6, 34.6, 60.0)),)
LATE = datetime(2030, 6, 1, 23, 59, 30, tzinfo=UTC)
MIDNIGHT = datetime(2030, 6, 1, tzinfo=UTC)


def some_plots(count=2_000):
    rng = np.random.default_rng(9)
    scan = np.sort(rng.integers(0, 60, count))
    return Plots(
        plot_id=np.arange(count),
        radar_id=np.full(count, "north", dtype=object),
        scan=scan,
        time_s=scan * 1.0,
        range_m=rng.uniform(2_000, 60_000, count),
        azimuth_rad=rng.uniform(0, 2 * np.pi, count),
        elevation_rad=rng.uniform(0.01, 1.3, count),
        range_rate_mps=np.full(count, np.nan),
        snr_db=np.full(count, np.nan),
    )


def test_payload_by_payload_across_midnight_gives_the_plots_of_the_whole_file(tmp_path):
    spans = Intervals(interval_id=[0], start_s=np.array([0.0]), end_s=np.array([59.0]))
    parts = plot_messages(some_plots(), RADARS, LATE)[0], marker_messages(RADARS, spans, LATE)
    write_recording(tmp_path / "all.pcap", parts, LATE)
    expected, report = read_plots(tmp_path / "all.pcap", RADARS)
    stream = PlotStream(RADARS, MIDNIGHT)
    since = (LATE - MIDNIGHT).total_seconds()
    fed = [
        got
        for part in parts
        for block, time_s in zip(part.blocks, part.time_s, strict=True)
        for got in stream.feed(block, since + time_s + 0.2)
    ]
    plots = Plots.concat([plots for plots, _ in fed])
    for name in Plots.columns():
        assert np.array_equal(
            getattr(plots, name), getattr(expected, name), equal_nan=name != "radar_id"
        ), name
    assert sorted(np.concatenate([times for _, times in fed])) == sorted(report.markers_s)
    assert (stream.plots, stream.octets_lost, dict(stream.lost)) == (2_000, 0, {})


def test_what_is_wrong_is_counted_over_all_payloads_and_the_first_loss_kept():
    stream = PlotStream(RADARS, MIDNIGHT)
    for payload in (b"\x30\x00", bytes([21, 0, 4, 1]), bytes([48, 0, 6, 0x80, 0, 1]), b""):
        assert all(not len(plots) for plots, _ in stream.feed(payload, 5.0))
    assert stream.lost == {
        "block runs past the end of the data": 1,
        "record of less than a plot": 1,
    }
    assert stream.skipped == {21: 1}
    assert (stream.first_loss.offset, stream.octets_lost) == (0, 2)


@pytest.mark.parametrize(
    "payload",
    [
        bytes([48, 0xF9, 0xFC]) + bytes([0x80, 0, 1]) * 21_331,
        bytes([48, 0, 6, 0x80, 0, 1, 0]) * 9_142,
        bytes([48, 0x20, 0x00, 0x80]) * 15_998,
        bytes([21, 0, 3]) * 21_331,
    ],
    ids=["smallest-records", "a-fault-each", "blocks-within-blocks", "skipped"],
)
def test_a_hostile_payload_costs_less_than_64_kib_beside_itself(payload):
    def whole():
        stream = PlotStream(RADARS, MIDNIGHT)
        for _ in stream.feed(payload, 5.0):
            pass
        return stream

    whole()  # compiled
    tracemalloc.start()
    try:
        stream = whole()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    values = 8 * 8 * PIECE  # allocated by a kernel, which tracemalloc does not see
    assert peak + values - len(payload) < 64 * 1024
    assert stream.plots == 0


def test_a_clock_that_is_some_hours_off_keeps_the_day_of_reception():
    plots = some_plots(40)
    [part] = [plot_messages(plots, RADARS, LATE)[0]]
    stream = PlotStream(RADARS, MIDNIGHT)
    late = (LATE + timedelta(hours=5) - MIDNIGHT).total_seconds()
    fed = [got for block in part.blocks for got, _ in stream.feed(block, late)]
    since = (LATE - MIDNIGHT).total_seconds()
    assert Plots.concat(fed).time_s == pytest.approx(plots.time_s + since)
