"""Plots arrive once each, numbered and recorded in the order in which they arrive."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mantlet.simulation.deliveries import Deliveries, Seen
from mantlet.tables import PlotOrigins, Plots, Threats, Tracks


def scanned(first, arrival_s):
    n = len(arrival_s)
    zeros = np.zeros(n)
    plots = Plots(
        plot_id=first + np.arange(n), radar_id=np.full(n, "r", object), scan=np.zeros(n, int),
        time_s=zeros, range_m=first + np.arange(n, dtype=float), azimuth_rad=zeros,
        elevation_rad=zeros, range_rate_mps=zeros, snr_db=zeros,
        arrival_s=np.array(arrival_s, dtype=float),
    )  # fmt: skip
    origins = np.stack([plots.plot_id, np.full(n, -1)], axis=1)
    return Seen(plots, PlotOrigins(plot_id=plots.plot_id, threat_ids=origins)), slice(0, n)


def test_late_plots_wait_and_come_in_order_of_arrival_with_their_origins():
    held = Deliveries()
    now = held.scan(*scanned(0, [np.nan, 3.0, np.nan, 1.5, 9.0]))
    assert now.plot_id.tolist() == [0, 1] and now.range_m.tolist() == [0.0, 2.0]
    assert not len(held.late(1.0))
    late = held.late(3.0)
    assert late.plot_id.tolist() == [2, 3] and late.range_m.tolist() == [3.0, 1.0]
    assert not len(held.late(3.0))
    assert held.late(99.0).range_m.tolist() == [4.0]
    assert held.count == 5
    plots, origins = held.build()
    assert plots.plot_id.tolist() == origins.plot_id.tolist() == list(range(5))
    assert plots.range_m.tolist() == origins.threat_ids[:, 0].tolist() == [0, 2, 3, 1, 4]


def test_rows_of_a_batch_are_numbered_and_recorded_as_they_are_delivered():
    held = Deliveries()
    one, other = (scanned(first, [np.nan] * 6)[0] for first in (0, 6))
    for seen, rows in ((one, slice(0, 2)), (other, slice(1, 4)), (one, slice(2, 2))):
        held.scan(seen, rows)
    held.compact()
    assert held.scan(one, slice(4, 6)).plot_id.tolist() == [5, 6]
    plots, origins = held.build()
    assert plots.range_m.tolist() == origins.threat_ids[:, 0].tolist() == [0, 1, 7, 8, 9, 4, 5]
    assert plots.plot_id.tolist() == origins.plot_id.tolist() == list(range(7))


def test_what_is_on_its_way_when_the_radars_rest_reaches_nobody():
    held = Deliveries()
    held.scan(*scanned(0, [5.0]))
    held.forget()
    assert not len(held.late(99.0)) and held.count == 0


def test_a_run_records_plots_as_they_arrive(faulty_folder: Path):
    plots = Plots.read(faulty_folder / "plots.parquet")
    origins = PlotOrigins.read(faulty_folder / "plot_origins.parquet")
    assert plots.plot_id.tolist() == list(range(len(plots)))
    assert origins.plot_id.tolist() == plots.plot_id.tolist()
    came = np.where(np.isnan(plots.arrival_s), plots.time_s, plots.arrival_s)
    # Within a decision tick of one second, late ones stand behind those in time.
    assert (np.diff(np.ceil(came)) >= 0).all()
    delay = plots.arrival_s - plots.time_s
    assert np.nanmin(delay) >= 0.5 and np.nanmax(delay) > 6.0


def test_a_clock_that_is_ahead_puts_everything_where_it_was_before(
    run_tutorial: Callable[..., Path],
):
    """Mean displacement of plots of a known object: the bias in time times its speed."""
    ahead_s = 2.0
    setting = ("batteries=[]",)
    on_time, ahead = (
        run_tutorial(seed=1, settings=setting + extra)
        for extra in ((), (f"radars.cape.faults={{bias_time_s: {ahead_s}}}",))
    )
    first = Threats.read(on_time / "threats.parquet")
    assert np.array_equal(
        first.impact_time_s, Threats.read(ahead / "threats.parquet").impact_time_s
    )

    def seen(folder):
        plots = Plots.read(folder / "plots.parquet")
        whose = PlotOrigins.read(folder / "plot_origins.parquet").threat_ids
        rows = (plots.radar_id == "cape") & (whose[:, 0] == 0) & (whose[:, 1] < 0)
        return dict(zip(plots.time_s[rows], plots.range_m[rows], strict=True))

    early, late = seen(on_time), seen(ahead)
    both = [t for t in late if t - ahead_s in early]
    assert len(both) >= 8
    residual = np.array([late[t] - early[t - ahead_s] for t in both])
    # Two errors of 10 m to 15 m each: five standard errors of the mean.
    assert abs(residual.mean()) < 5 * np.sqrt(2) * 15.0 / np.sqrt(len(both))


@pytest.mark.slow
def test_late_plots_within_the_window_leave_the_tracks_of_plots_in_time(
    run_tutorial: Callable[..., Path],
):
    """Up to the delay itself: long-lived tracks come out the same, three seconds later."""
    late = run_tutorial(
        seed=1, settings=("radars.cape.faults={late_probability: 0.5}", "batteries=[]")
    )
    plain = run_tutorial(seed=1, settings=("batteries=[]",))
    ours, theirs = (
        len(np.unique(Tracks.read(f / "tracks.parquet").track_id)) for f in (late, plain)
    )
    assert abs(ours - theirs) <= 0.1 * theirs
