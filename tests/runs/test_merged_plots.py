"""Recordings of several files come together as if they had been one."""

from datetime import date

import numpy as np
import pytest

import mantlet as mt
from mantlet.runs.merged_plots import read_all
from mantlet.sensing import asterix
from mantlet.tables.errors import InputError


@pytest.fixture(scope="module")
def split(run, tmp_path_factory):
    """The plots of each radar in a file of its own, numbered from 0 in both."""
    folder = tmp_path_factory.mktemp("split")
    for radar in run.scenario.radars:
        mine = run.plots.take(run.plots.radar_id == radar.id)
        rows = ["radar_id,scan,time_s,range_m,azimuth_rad,elevation_rad,snr_db,plot_id"]
        columns = (mine.scan, mine.time_s, mine.range_m, mine.azimuth_rad, mine.elevation_rad,
                   mine.snr_db, np.arange(len(mine)))  # fmt: skip
        rows += [
            ",".join([radar.id, *(repr(x) for x in row)])
            for row in zip(*(column.tolist() for column in columns), strict=True)
        ]
        (folder / f"{radar.id}.csv").write_text("\n".join(rows) + "\n")
    return folder


def test_two_files_give_the_tracks_of_their_plots_in_one(run, split):
    figures = run.scenario.figures
    held = read_all([split / "heath.csv", split / "cape.csv"], figures)
    assert len(held) == len(run.plots)
    assert len(np.unique(held.plots.plot_id)) == len(held)
    assert (np.diff(held.plots.time_s) >= 0).all()
    one, both = mt.track(run.plots, figures), mt.track(held, figures)
    # The same plots in another order within a scan: the same tracks but for rounding.
    assert one.summary["tracks"] == both.summary["tracks"]
    assert np.allclose(one.tracks.state, both.tracks.state, rtol=0.0, atol=1e-3)
    assert both.summary["registration"]["alarms"] == []
    assert [note.split(": ")[0].rsplit("/")[-1] for note in held.notes] == ["heath.csv", "cape.csv"]


def test_files_of_different_days_count_from_the_earlier_one(run, tmp_path):
    figures, epoch = run.scenario.figures, run.scenario.epoch
    for k, radar in enumerate(run.scenario.radars):
        mine = run.plots.take(run.plots.radar_id == radar.id)
        messages = asterix.plot_messages(mine, run.scenario.radars, epoch)[0]
        asterix.write_recording(tmp_path / f"{k}.pcap", [messages], epoch)
    held = read_all([tmp_path / "1.pcap", tmp_path / "0.pcap"], figures)
    assert held.epoch.date() == date(2030, 6, 1)
    assert {*held.plots.radar_id} == {"cape", "heath"}
    assert held.coarse
    since_s = (epoch - held.epoch).total_seconds()
    assert held.plots.time_s.min() == pytest.approx(run.plots.time_s.min() + since_s, abs=0.01)


def test_spans_that_meet_become_one(split, run, tmp_path):
    cape = (split / "cape.csv").read_text().splitlines()
    late = [",".join([*line.split(",")[:2], "500.5", *line.split(",")[3:]]) for line in cape[1:2]]
    (tmp_path / "late.csv").write_text("\n".join([cape[0], *late]) + "\n")
    files = [split / "heath.csv", split / "cape.csv", tmp_path / "late.csv"]
    held = read_all(files, run.scenario.figures)
    assert len(held.spans) == 2
    assert held.spans.start_s[1] == 500.0


def test_what_cannot_go_together_is_refused_by_name(split, run, tmp_path):
    figures, epoch = run.scenario.figures, run.scenario.epoch
    messages = asterix.plot_messages(run.plots, run.scenario.radars, epoch)[0]
    asterix.write_recording(tmp_path / "dated.pcap", [messages], epoch)
    with pytest.raises(InputError, match=r"cape\.csv: its times count from no date"):
        read_all([tmp_path / "dated.pcap", split / "cape.csv"], figures)
    with pytest.raises(InputError, match="a run folder among other plots"):
        read_all([split / "cape.csv", split], figures)
