"""Plots of any origin to tracks: equal to a run's own, and what ASTERIX costs."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

import mantlet as mt
from mantlet.pipeline.live_tracking import LiveTracking
from mantlet.pipeline.looks import spans_of
from mantlet.ports.clock import SimulatedClock
from mantlet.runs.live_plots import track_live
from mantlet.runs.plot_sources import RecordedPlots, with_recording_errors
from mantlet.runs.tracking import ellipse, write_tracks
from mantlet.sensing import Faults, asterix
from mantlet.tables import Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking.tracker import Tracker


def recorded(run, path, *, with_markers=True):
    """The run's plots as an ASTERIX file."""
    radars, epoch = run.scenario.radars, run.scenario.epoch
    parts = [asterix.plot_messages(run.plots, radars, epoch)[0]]
    if with_markers:
        parts.insert(0, asterix.marker_messages(radars, run.tables.intervals, epoch))
    asterix.write_recording(path, parts, epoch)
    return path


def equal(one, two):
    """Bit for bit, so that no number equals itself too."""

    def bits(column):
        return column.tolist() if column.dtype == object else column.tobytes()

    return all(bits(getattr(one, key)) == bits(getattr(two, key)) for key in one.columns())


def test_a_runs_own_plots_give_its_tracks_and_impacts_bit_for_bit(run, tmp_path):
    run.plots.write(tmp_path / "plots.parquet")
    figures = run.scenario.figures
    held = mt.read_plots(tmp_path / "plots.parquet", figures)
    assert equal(held.plots, run.plots)
    found = mt.track(held, figures, air=run.scenario.air)
    until = run.plots.time_s.max()  # a plot file does not tell of the empty looks behind its last
    assert equal(found.tracks, run.tracks.take(run.tracks.time_s <= np.ceil(until)))
    assert equal(found.impacts, run.impacts.take(run.impacts.time_s <= np.ceil(until)))
    assert len(found.tracks) > 50


def test_late_plots_are_taken_in_when_they_arrived(run, tmp_path):
    late = Faults(late_probability=0.4, late_max_s=4.0, duplicate_probability=0.1)
    radars = tuple(replace(radar, faults=late) for radar in run.scenario.radars)
    faulty = mt.run(replace(run.scenario, radars=radars), seed=2)
    faulty.plots.write(tmp_path / "plots.parquet")
    held = mt.read_plots(tmp_path / "plots.parquet", run.scenario.figures)
    found = mt.track(held, run.scenario.figures, air=run.scenario.air)
    until = np.floor(faulty.plots.time_s.max())
    in_time = faulty.tracks.take(faulty.tracks.time_s <= until)
    assert equal(found.tracks.take(found.tracks.time_s <= until), in_time)
    # It matters: had all of them been there in time, tracks would stand earlier.
    columns = {name: getattr(held.plots, name) for name in Plots.columns() if name != "arrival_s"}
    sooner = mt.track(Plots(**columns), run.scenario.figures, air=run.scenario.air)
    assert not equal(sooner.tracks.take(sooner.tracks.time_s <= until), in_time)


@pytest.mark.parametrize("suffix", [".ast", ".pcap", ".final"])
def test_tracks_read_back_from_asterix_agree_within_what_the_format_loses(run, tmp_path, suffix):
    figures = run.scenario.figures
    path = recorded(run, tmp_path / f"run{suffix}")
    held = mt.read_plots(path, figures, day=date(2030, 6, 1))
    assert held.epoch == datetime(2030, 6, 1, tzinfo=UTC)
    since = (run.scenario.epoch - held.epoch).total_seconds()
    found = mt.track(held, figures)
    ours = {k: v for k, v in last_impacts(run.impacts).items() if v[2] < 30.0}
    theirs = last_impacts(found.impacts)
    assert len(ours) >= 4
    for lat_deg, lon_deg, sigma_m, time_s in ours.values():
        apart = [
            np.hypot((lat - lat_deg) * 111_000, (lon - lon_deg) * 96_000)
            for lat, lon, _, when in theirs.values()
            if abs(when - since - time_s) < 0.5
        ]
        # Rounding is well below the measurement errors: a point moves by less than two sigmas.
        assert min(apart) < 2 * sigma_m + 5.0


def last_impacts(impacts):
    """Place, 1-sigma radius [m] and time of each track's last prediction."""
    return {
        int(impacts.track_id[i]): (
            impacts.lat_deg[i],
            impacts.lon_deg[i],
            float(np.sqrt(impacts.covariance_m2[i, [0, 2]].sum())),
            impacts.impact_time_s[i],
        )
        for i in np.nonzero(impacts.status == "landed")[0]
    }


def test_north_markers_tell_of_looks_that_saw_nothing(run, tmp_path):
    figures = run.scenario.figures
    told = mt.read_plots(recorded(run, tmp_path / "with.pcap"), figures)
    spans = run.tables.intervals
    since = (run.scenario.epoch - told.epoch).total_seconds()
    assert told.spans.end_s[0] == np.floor(spans.end_s[0] + since)
    assert told.spans.start_s[0] == np.floor(spans.start_s[0] + since)


def test_the_steps_of_asterix_are_added_to_the_radars_errors(run, tmp_path):
    figures = run.scenario.figures
    held = mt.read_plots(recorded(run, tmp_path / "run.pcap"), figures)
    assert held.coarse
    for before, after in zip(figures, with_recording_errors(figures, held), strict=True):
        assert 2.0 < np.sqrt(after.sigma_range_m**2 - before.sigma_range_m**2) < 3.0
        assert after.sigma_azimuth_rad > before.sigma_azimuth_rad
        assert after.sigma_elevation_rad > before.sigma_elevation_rad


def test_plots_that_bear_times_of_their_own_within_a_scan_are_trusted_less(run):
    figures = run.scenario.figures
    spread = replace(run.plots, time_s=run.plots.time_s + 0.2 * np.sin(run.plots.plot_id))
    bare = RecordedPlots(run.plots, run.tables.intervals)
    assert with_recording_errors(figures, bare) == figures
    for before, after in zip(
        figures, with_recording_errors(figures, replace(bare, plots=spread)), strict=True
    ):
        added_m = np.sqrt(after.sigma_range_m**2 - before.sigma_range_m**2)
        assert added_m == pytest.approx(640 * 0.2 / np.sqrt(2), rel=0.15)
        assert after.sigma_azimuth_rad > before.sigma_azimuth_rad


def test_late_plots_give_the_same_tracks_once_they_have_arrived(run):
    figures = run.scenario.figures
    late = np.where(run.plots.plot_id % 7 == 0, run.plots.time_s + 1.7, np.nan)
    on_time = mt.track(run.plots, figures)
    delayed = mt.track(replace(run.plots, arrival_s=late), figures)
    assert delayed.summary["tracker"]["late"] == np.isfinite(late).sum()
    landed = last_impacts(delayed.impacts)
    for lat_deg, lon_deg, _, time_s in last_impacts(on_time.impacts).values():
        apart = [
            np.hypot(lat - lat_deg, lon - lon_deg) for lat, lon, _, when in landed.values()
            if abs(when - time_s) < 1.0
        ]  # fmt: skip
        # The last second of a flight may have been decided without its last plot.
        assert min(apart, default=np.inf) * 111_000 < 60.0
    too_late = mt.track(
        replace(run.plots, arrival_s=np.where(np.isfinite(late), late + 6.0, np.nan)), figures
    )
    assert too_late.summary["tracker"]["too_late"] > 0.9 * np.isfinite(late).sum()


@pytest.mark.parametrize("delay_s", [0.2, 2.6], ids=["in-time", "late"])
def test_plots_as_they_come_give_the_runs_own_tracks(run, delay_s):
    live = LiveTracking(Tracker(run.scenario.figures, run.scenario.air))
    plots = run.plots
    came = plots.time_s + np.where(plots.plot_id % 9 == 0, delay_s, 0.1)
    ticks = []
    for now in np.arange(plots.time_s[0], plots.time_s[-1] + 4.0, 0.5):
        live.take(plots.take((came > now - 0.5) & (came <= now)))
        ticks += live.advance(now)
    tracks = Tracks.concat([tracks for tracks, _ in ticks if len(tracks)])
    expected = run.tracks.take(run.tracks.time_s <= plots.time_s[-1] + 2.0)
    if delay_s < 1.0:
        assert equal(tracks, expected)
    else:
        assert live.health.late == (plots.plot_id % 9 == 0).sum()
        final = [last_state(table) for table in (tracks, expected)]
        near = np.linalg.norm(final[0][:, None, :3] - final[1][None, :, :3], axis=2).min(axis=0)
        assert np.median(near) < 10.0


def last_state(tracks):
    """The state of each track in its last row."""
    return np.array([tracks.state[tracks.track_id == i][-1] for i in np.unique(tracks.track_id)])


class Replayed:
    """A source that sends a run's ASTERIX as time passes, each block a tenth of a second late."""

    dropped = 3

    def __init__(self, run, clock, epoch):
        radars = run.scenario.radars
        parts = [
            asterix.marker_messages(radars, run.tables.intervals, run.scenario.epoch),
            asterix.plot_messages(run.plots, radars, run.scenario.epoch)[0],
        ]
        since = (run.scenario.epoch - epoch).total_seconds()
        self.due = sorted(
            (since + time_s + 0.1, i, block)
            for part in parts
            for i, (time_s, block) in enumerate(zip(part.time_s, part.blocks, strict=True))
        )
        self.clock = clock
        self.ended = False

    def receive(self, timeout_s):
        if not self.due:
            self.ended = True
            return None
        when_s = self.due[0][0]
        if when_s > self.clock.now_s() + timeout_s:
            self.clock.wait_until(self.clock.now_s() + timeout_s)
            return None
        self.clock.wait_until(when_s)
        return self.due.pop(0)[2]

    def close(self):
        pass


def test_a_live_source_gives_the_tracks_of_its_recording(run, tmp_path):
    figures = run.scenario.figures
    epoch = datetime(2030, 6, 1, tzinfo=UTC)
    clock = SimulatedClock(86_300.0)
    live = track_live(Replayed(run, clock, epoch), figures, clock, epoch)
    held = mt.read_plots(recorded(run, tmp_path / "run.pcap"), figures)
    offline = mt.track(held, figures)
    assert live.summary["plots"] == len(held)
    assert live.summary["lost"] == {"payload dropped for want of room": 3}
    assert abs(live.summary["tracks"] - offline.summary["tracks"]) <= 1
    landed = last_impacts(live.impacts)
    for lat_deg, lon_deg, sigma_m, time_s in last_impacts(offline.impacts).values():
        apart = [
            np.hypot(lat - lat_deg, lon - lon_deg) * 111_000
            for lat, lon, _, when in landed.values()
            if abs(when - time_s) < 1.0
        ]
        # The errors of the format are those of other ranges: not the same filter to the bit.
        assert min(apart, default=np.inf) < 0.5 * sigma_m + 5.0


def test_a_live_source_with_another_clock_is_told_of(run):
    epoch = datetime(2030, 6, 1, tzinfo=UTC)
    clock = SimulatedClock(90_300.0)
    source = Replayed(run, clock, epoch)
    source.due = [(when_s + 4_000.0, i, block) for when_s, i, block in source.due[:300]]
    live = track_live(source, run.scenario.figures, clock, epoch)
    [told] = [reason for reason in live.summary["lost"] if "clock" in reason]
    assert told.startswith("plot 4,000 s behind this machine's clock")
    assert live.summary["lost"][told] == live.summary["plots"]


def test_a_live_source_without_plots_is_refused_at_its_end(run):
    epoch = datetime(2030, 6, 1, tzinfo=UTC)
    clock = SimulatedClock(86_300.0)
    source = Replayed(run, clock, epoch)
    source.due = [(86_310.0, 0, b"no block")]
    with pytest.raises(InputError, match="not one usable plot came"):
        track_live(source, run.scenario.figures, clock, epoch)
    assert clock.now_s() < 86_320.0


class Least:
    """Mantlet's own tracker with no more than the protocol asks for."""

    def __init__(self, radars, air):
        inner = Tracker(radars, air)
        self.start, self.step, self.report = inner.start, inner.step, inner.report


def test_a_tracker_that_offers_the_least_is_handed_the_same_plots(run):
    held = RecordedPlots(run.plots, run.tables.intervals)
    own = mt.track(held, run.scenario.figures)
    least = mt.track(held, run.scenario.figures, tracker=Least)
    assert equal(own.tracks, least.tracks)
    assert len(least.impacts) == len(least.tracks)
    assert {*last_impacts(least.impacts)} == {*last_impacts(own.impacts)}


def test_late_plots_are_counted_where_a_tracker_takes_none(run):
    some = run.plots.take(slice(0, 200))
    late = np.where(np.arange(200) % 10 == 0, some.time_s + 2.0, np.nan)
    columns = {name: getattr(some, name) for name in some.columns()} | {"arrival_s": late}
    held = RecordedPlots(Plots(**columns), run.tables.intervals)
    found = mt.track(held, run.scenario.figures, tracker=Least)
    assert found.summary["tracker"] == {"too_late": 20}


@pytest.mark.slow
def test_stone_soup_is_handed_plots_and_its_tracks_are_taken_back(run):
    stone_soup = pytest.importorskip("mantlet.tracking.stone_soup", exc_type=ImportError)
    held = RecordedPlots(run.plots.take(run.plots.radar_id == "cape"), run.tables.intervals)
    cape = run.scenario.figures[:1]
    own = last_impacts(mt.track(held, cape).impacts)
    theirs = last_impacts(mt.track(held, cape, tracker=stone_soup.StoneSoupTracker).impacts)
    assert len(own) == 4
    for lat_deg, lon_deg, _, time_s in own.values():
        apart = [
            np.hypot(lat - lat_deg, lon - lon_deg) * 111_000
            for lat, lon, _, when in theirs.values()
            if abs(when - time_s) < 3.0
        ]
        # Its drag model is another one: hundreds of metres, of falls over kilometres.
        assert min(apart, default=np.inf) < 600.0


def test_the_folder_holds_the_tables_and_names_its_source(run, tmp_path):
    figures = run.scenario.figures
    path = recorded(run, tmp_path / "run.pcap")
    found = mt.track(mt.read_plots(path, figures), figures)
    write_tracks(found, tmp_path / "out", [path])
    write_tracks(found, tmp_path / "out", [path])  # replaces its own kind
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    tables = {f"{name}.parquet" for name in ("plots", "tracks", "impacts", "registrations")}
    assert manifest["sha256"].keys() == {*tables, "summary.json"}
    assert manifest["sources"].keys() == {"run.pcap"}
    assert manifest["exercise"] is True
    assert equal(Plots.read(tmp_path / "out/plots.parquet"), found.plots)
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert summary["tracks"] == len(summary["track_list"]) == np.unique(found.tracks.track_id).size
    landed = [row["impact"] for row in summary["track_list"] if row["impact"]]
    assert all(impact["time_utc"].startswith("2030-06-0") for impact in landed)
    (tmp_path / "out/mine.txt").write_text("kept")
    with pytest.raises(InputError, match="left alone"):
        write_tracks(found, tmp_path / "out", [path])


def test_times_in_milliseconds_are_refused(run, tmp_path):
    figures = run.scenario.figures
    replace(run.plots, time_s=1000 * run.plots.time_s).write(tmp_path / "p.parquet")
    with pytest.raises(InputError, match=r"p\.parquet: time_s of radar 'cape'.*milliseconds"):
        mt.read_plots(tmp_path / "p.parquet", figures)


def test_plots_of_no_known_radar_and_radars_of_one_name_are_refused(run):
    figures = run.scenario.figures
    with pytest.raises(InputError, match="radars cape"):
        mt.track(run.plots.take(run.plots.radar_id == "heath"), figures[:1])
    with pytest.raises(InputError, match="same id"):
        mt.track(run.plots, (*figures, figures[0]))
    with pytest.raises(InputError, match="no plots"):
        mt.track(Plots.empty(), figures)


def test_the_ellipse_holds_nine_tenths_and_points_along_its_long_axis():
    assert ellipse(np.array([4.0, 0.0, 9.0])) == pytest.approx((6.438, 4.292, 0.0), abs=1e-3)
    assert ellipse(np.array([5.0, 4.0, 5.0]))[2] == pytest.approx(45.0)
    rng = np.random.default_rng(1)
    points = rng.multivariate_normal([0, 0], [[5.0, 4.0], [4.0, 5.0]], 100_000)
    along, across = (points @ np.array([[1, 1], [1, -1]]) / np.sqrt(2)).T
    major, minor, _ = ellipse(np.array([5.0, 4.0, 5.0]))
    # 100,000 draws: 0.9 within 0.4 % with better than four sigmas.
    assert np.mean((along / major) ** 2 + (across / minor) ** 2 < 1) == pytest.approx(0.9, abs=4e-3)


def test_silence_parts_spans_at_whole_seconds():
    spans = spans_of(np.array([100.5, 3.2, 4.0, 33.9, 101.0]))
    assert spans.start_s.tolist() == [3.0, 100.0]
    assert spans.end_s.tolist() == [34.0, 101.0]


def test_plots_that_name_no_radar_are_of_the_one_there_is(run, tmp_path):
    figures = run.scenario.figures[0]
    plots = run.plots.take(run.plots.radar_id == figures.id)
    table = tmp_path / "one.csv"
    rows = zip(plots.time_s, plots.range_m, plots.azimuth_rad, plots.elevation_rad, strict=True)
    lines = [",".join(map(repr, map(float, row))) for row in rows]
    table.write_text("time_s,range_m,azimuth_rad,elevation_rad\n" + "\n".join(lines))
    named = mt.track(mt.read_plots(table, (figures,)), (figures,))
    unnamed = mt.track(mt.read_plots(table), (figures,))
    assert len(unnamed.tracks) > 0
    assert equal(unnamed.tracks, named.tracks)
