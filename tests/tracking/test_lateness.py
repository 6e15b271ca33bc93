"""Plots late, twice or not plots at all: the tracks are those of the plots in time."""

from dataclasses import replace

import numpy as np
import pytest

from mantlet.tables import Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import TrackerSettings
from mantlet.tracking.tracker import Tracker
from mantlet.world.earth import Site

SECONDS = 40
OTHER = RadarFigures("r2", Site(31.7, 34.3, 60.0), offset_s=0.5)


@pytest.fixture
def scene(flights, eye):
    """A tracker of two radars, and scans as (plots, radar, time)."""
    radar = eye(seed=3, false_plots_per_scan=5.0)
    eyes = [radar, type(radar)(OTHER, np.random.default_rng(9), plots_made=1_000_000)]
    some = flights(25, spread_s=20.0)
    scans = []
    for k in range(SECONDS):
        for index in (0, 1):
            time_s = k + 0.5 * index
            rows = some.alive(time_s)
            plots, _ = eyes[index].look(some.states(rows, time_s)[:, :3], time_s)
            scans.append((plots, index, time_s))
    return Tracker((radar.figures, OTHER)), scans


def in_time(tracker, scans):
    state = tracker.start()
    for plots, radar, time_s in scans:
        state = tracker.step(state, plots, radar, time_s)
    return state


def columns(tracker, state, at_s=SECONDS):
    report = tracker.report(state, float(at_s))
    impacts = tracker.impacts(state, report)
    found = {name: getattr(report, name).tolist() for name in report.columns()}
    of_falls = {name: str(getattr(impacts, name).tolist()) for name in impacts.columns()}
    return found | {f"impact {name}": of_falls[name] for name in of_falls if name != "track_id"}


@pytest.mark.parametrize(
    "settings",
    [
        TrackerSettings(),
        TrackerSettings(association="jpda"),
        TrackerSettings(initiation="labelled"),
        TrackerSettings(filter="ukf", initiation="m-of-n"),
    ],
    ids=lambda s: f"{s.filter}-{s.association}-{s.initiation}",
)
def test_late_plots_give_the_tracks_of_plots_in_time(scene, settings):
    tracker, scans = replace(scene[0], settings=settings), scene[1][:60]
    rng = np.random.default_rng(1)
    state, waiting = tracker.start(), []
    for plots, radar, time_s in scans:
        held = rng.random(len(plots)) < 0.3
        due = time_s + rng.uniform(0.0, 4.9, len(plots))
        waiting += [(due[i], radar, plots.take(np.array([i]))) for i in np.flatnonzero(held)]
        state = tracker.step(state, plots.take(~held), radar, time_s)
        for _, index, plot in [w for w in waiting if w[0] <= time_s + 0.499]:
            state = tracker.late(state, plot, index)
        waiting = [w for w in waiting if w[0] > time_s + 0.499]
    for _, index, plot in waiting:
        state = tracker.late(state, plot, index)
    got, wanted = columns(tracker, state), columns(tracker, in_time(tracker, scans))
    # Numbers may differ: what was shown first under a number keeps it.
    del got["track_id"], wanted["track_id"]
    assert got == wanted
    assert state.health.late > 100
    assert state.health.too_late == 0


def test_a_whole_scan_that_comes_late_is_put_in_its_place(scene):
    tracker, scans = scene
    state = tracker.start()
    late = set(range(7, 2 * SECONDS - 7, 7))
    for k, (plots, radar, time_s) in enumerate(scans):
        if k not in late:
            state = tracker.step(state, plots, radar, time_s)
        if k - 6 in late:  # three seconds later
            state = tracker.step(state, *scans[k - 6])
    got, wanted = columns(tracker, state), columns(tracker, in_time(tracker, scans))
    del got["track_id"], wanted["track_id"]
    assert got == wanted
    assert state.health.scan_out_of_time == 0


def test_a_track_keeps_the_number_it_was_shown_under(scene):
    tracker, scans = scene
    whole = in_time(tracker, scans[:40])
    late = scans[38][0].take(slice(0, 1))
    rest = scans[38][0].take(slice(1, None))
    state = in_time(tracker, [*scans[:38], (rest, *scans[38][1:]), scans[39]])
    shown = tracker.report(state, 20.0)
    after = tracker.report(tracker.late(state, late, scans[38][1]), 20.0)
    assert set(shown.track_id) <= set(after.track_id)
    assert set(tracker.report(whole, 20.0).last_plot_id) == set(after.last_plot_id)


def test_older_than_the_window_is_dropped_and_counted(scene):
    tracker, scans = scene
    state = in_time(tracker, scans)
    before = columns(tracker, state)
    state = tracker.late(state, scans[10][0], scans[10][1])
    state = tracker.step(state, *scans[12])
    assert state.health.too_late == len(scans[10][0]) > 0
    assert state.health.scan_out_of_time == 1
    assert columns(tracker, state) == before


def test_what_comes_twice_changes_nothing(scene):
    tracker, scans = scene
    state = tracker.start()
    for plots, radar, time_s in scans:
        again = Plots.concat([plots, plots.take(slice(0, 3))])
        again = Plots.trusted(
            **{n: getattr(again, n) for n in again.columns() if n != "plot_id"},
            plot_id=np.concatenate([plots.plot_id, plots.plot_id[:3] + 5_000_000]),
        )
        state = tracker.step(state, again, radar, time_s)
        state = tracker.step(state, plots, radar, time_s)
        state = tracker.late(state, plots, radar)
    assert columns(tracker, state) == columns(tracker, in_time(tracker, scans))
    assert state.health.duplicate > 3 * sum(len(plots) for plots, _, _ in scans) * 0.5


def test_kept_scans_stay_few(scene):
    tracker, _ = scene
    state = tracker.start()
    kept = []
    for k in range(2_000):
        state = tracker.step(state, Plots.empty(), k % 2, 0.5 * k)
        kept.append(len(state.taken))
    assert max(kept) <= 2 * 2 * 6  # two windows of five seconds, two scans a second


def broken(plots, **columns):
    values = {name: getattr(plots, name).copy() for name in plots.columns()}
    for name, (row, value) in columns.items():
        values[name][row] = value
    return Plots.trusted(**values)


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("range_m", np.nan, "not_a_number"),
        ("azimuth_rad", np.inf, "not_a_number"),
        ("elevation_rad", -np.inf, "not_a_number"),
        ("time_s", np.nan, "not_a_number"),
        ("range_m", -5.0, "out_of_range"),
        ("range_m", 0.0, "out_of_range"),
        ("range_m", 1e12, "out_of_range"),
        ("elevation_rad", 1.7, "out_of_range"),
        ("time_s", -100.0, "misdated"),
        ("range_rate_mps", np.inf, "not_a_number"),
        ("range_rate_mps", 1e6, "out_of_range"),
        ("snr_db", -np.inf, "not_a_number"),
        ("snr_db", 4_000.0, "out_of_range"),
    ],
)
def test_a_bad_plot_is_refused_and_counted_and_the_others_used(scene, column, value, kind):
    tracker, scans = scene
    state, clean = tracker.start(), []
    for plots, radar, time_s in scans:
        bad = broken(plots, **{column: (0, value)}) if len(plots) else plots
        state = tracker.step(state, bad, radar, time_s)
        clean.append((plots.take(slice(1, None)), radar, time_s))
    assert columns(tracker, state) == columns(tracker, in_time(tracker, clean))
    assert getattr(state.health, kind) == sum(len(plots) > 0 for plots, _, _ in scans)
    assert sum(vars(state.health).values()) == getattr(state.health, kind)


def test_an_unknown_radar_and_a_time_that_is_no_number_are_refused_and_counted(scene):
    tracker, scans = scene
    state = in_time(tracker, scans)
    before = columns(tracker, state)
    for radar, time_s in ((2, 41.0), (-1, 41.0), (0, np.nan), (0, np.inf), (0, -3.0)):
        state = tracker.step(state, scans[-1][0], radar, time_s)
    state = tracker.late(state, scans[-1][0], 7)
    assert columns(tracker, state) == before
    assert state.health.unknown_radar == 3 * len(scans[-1][0])
    assert state.health.scan_out_of_time == 3


def test_a_flood_of_plots_is_shed_and_the_tracks_live_on(flights, eye):
    radar = eye(detection_probability=0.99)
    some = flights(5, spread_s=0.0)
    tracker = Tracker((radar.figures,), settings=TrackerSettings(scan_plots_max=2_000))
    state = tracker.start()
    for k in range(16):
        rows = some.alive(k)
        position = some.states(rows, k)[:, :3]
        plots, _ = radar.look(position, k)
        if k == 12:
            noise = np.random.default_rng(1).uniform(
                [1e3, 0.0, 0.01], [6e4, 6.2, 1.4], (100_000, 3)
            )
            flood = broken(radar.plots(noise, k), snr_db=(slice(None), 5.0))
            plots = Plots.concat([flood, plots])
        state = tracker.step(state, plots, 0, k)
    report = tracker.report(state, 15.0)
    assert state.health.shed == 100_000 + 5 - 2_000
    assert np.isfinite(report.state).all()
    assert set(range(5)) <= set(report.track_id[report.status == "confirmed"])


def test_a_late_plot_from_the_future_is_refused_and_blocks_nothing(scene):
    tracker, scans = scene
    state = in_time(tracker, scans[:40])
    ahead = broken(scans[39][0], time_s=(slice(None), 1e9))
    state = tracker.late(state, ahead, scans[39][1])
    assert state.health.misdated == len(ahead) > 0
    for plots, radar, time_s in scans[40:]:
        state = tracker.step(state, plots, radar, time_s)
    assert columns(tracker, state) == columns(tracker, in_time(tracker, scans))


def test_a_flood_of_late_plots_with_times_of_their_own_is_shed(scene):
    tracker, scans = scene
    state = in_time(tracker, scans)
    before = tracker.report(state, float(SECONDS))
    rng = np.random.default_rng(1)
    one = scans[-2][0].take(np.zeros(100_000, dtype=np.int64))
    flood = broken(
        one,
        plot_id=(slice(None), 9_000_000 + np.arange(len(one))),
        range_m=(slice(None), rng.uniform(1e3, 6e4, len(one))),
        azimuth_rad=(slice(None), rng.uniform(0.0, 6.2, len(one))),
        elevation_rad=(slice(None), rng.uniform(0.01, 1.4, len(one))),
        snr_db=(slice(None), 5.0),
        time_s=(slice(None), scans[-2][2] + rng.uniform(-0.4, 0.4, len(one))),
    )
    state = tracker.late(state, flood, scans[-2][1])
    assert state.health.late <= tracker.settings.scan_plots_max
    assert state.health.shed >= 90_000
    report = tracker.report(state, float(SECONDS))
    assert np.isfinite(report.state).all()
    assert set(before.track_id) <= set(report.track_id)


def test_after_a_scan_dated_far_ahead_no_track_is_left_and_none_is_no_number(scene):
    tracker, scans = scene
    state = in_time(tracker, scans)
    state = tracker.step(state, Plots.empty(), 0, 1e9)
    for time_s in (1e9, 1e9 + 1.0):
        report = tracker.report(state, time_s)
        assert np.isfinite(report.state).all()
        assert np.isfinite(report.covariance).all()
    state = tracker.step(state, Plots.empty(), 0, 1e9 + 10.0)
    assert len(tracker.report(state, 1e9 + 12.0)) == 0


def test_a_scan_far_ahead_of_its_own_plots_is_refused_and_blocks_nothing(scene):
    tracker, scans = scene
    state = in_time(tracker, scans[:40])
    plots, radar, _ = scans[40]
    state = tracker.step(state, plots, radar, 1e9)
    assert (state.health.misdated, state.health.scan_out_of_time) == (len(plots), 1)
    for plots, radar, time_s in scans[40:]:
        state = tracker.step(state, plots, radar, time_s)
    assert columns(tracker, state) == columns(tracker, in_time(tracker, scans))


def test_late_plots_of_a_fork_leave_the_other_alone(scene):
    tracker, scans = scene
    state = in_time(tracker, scans[:60])
    fork, before = state.copy(), columns(tracker, state, 30)
    late = scans[58][0].take(slice(0, 3))
    moved = broken(late, plot_id=(slice(None), 7_000_000), range_m=(slice(None), 2.2e4))
    fork = tracker.late(fork, moved, scans[58][1])
    for plots, radar, time_s in scans[60:]:
        fork = tracker.step(fork, plots, radar, time_s)
    assert columns(tracker, state, 30) == before
    for plots, radar, time_s in scans[60:]:
        state = tracker.step(state, plots, radar, time_s)
    assert columns(tracker, state) == columns(tracker, in_time(tracker, scans))
