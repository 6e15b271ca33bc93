"""`mantlet export`: a run folder in, an ASTERIX recording out."""

import json
import subprocess
import sys

import numpy as np
import pytest

from mantlet.console.export import FORMATS, export
from mantlet.scenario.load import load_scenario
from mantlet.sensing.asterix import read_plots
from mantlet.tables import SCHEMA_VERSION, Intervals, Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tables.run import TABLES


@pytest.fixture
def folder(tmp_path):
    """What export reads of a run folder: manifest, scenario and three tables."""
    scenario = load_scenario("tutorial")
    run = tmp_path / "run"
    run.mkdir()
    manifest = {"epoch": scenario.epoch.isoformat(), "schema": SCHEMA_VERSION, "seed": 1}
    manifest |= {"mantlet": "0", "scenario": "tutorial"}
    (run / "manifest.json").write_text(json.dumps(manifest))
    (run / "scenario.yaml").write_text(scenario.resolved_yaml(), encoding="utf-8")
    for name, content in scenario.files.items():
        (run / name).write_bytes(content)
    spans = Intervals(interval_id=[0], start_s=np.array([0.0]), end_s=np.array([9.0]))
    spans.write(run / "intervals.parquet")
    Tracks.empty().write(run / "tracks.parquet")
    Plots(
        plot_id=np.arange(2),
        radar_id=np.array([scenario.radars[0].id] * 2, dtype=object),
        scan=np.arange(2),
        time_s=np.array([0.0, 1.0]),
        range_m=np.array([9_000.0, 9_500.0]),
        azimuth_rad=np.array([1.0, 1.1]),
        elevation_rad=np.array([0.3, 0.4]),
        range_rate_mps=np.full(2, np.nan),
        snr_db=np.full(2, 20.0),
    ).write(run / "plots.parquet")
    return run


def test_an_exported_run_is_read_back_and_what_it_holds_is_told(folder, tmp_path, capsys):
    out = tmp_path / "run.pcap"
    export(folder, "asterix", out)
    told = capsys.readouterr().out
    assert "CAT048  2 records" in told
    assert "CAT062  0 records" in told
    assert "all marked simulated" in told
    plots, report = read_plots(out, load_scenario("tutorial").radars)
    assert plots.range_m == pytest.approx([9_000.0, 9_500.0], abs=3.7)
    assert len(report.contents.records[34]) > 0


def test_a_folder_that_is_no_run_and_a_format_that_is_none_are_refused(folder, tmp_path):
    with pytest.raises(InputError, match="not a run folder"):
        export(tmp_path, "asterix", tmp_path / "x.ast")
    with pytest.raises(InputError, match="choose from: asterix, czml"):
        export(folder, "shp", tmp_path / "x.shp")


@pytest.fixture
def whole(folder):
    """The folder with its other tables, empty but for the zones."""
    for name, kind in TABLES.items():
        if not (folder / f"{name}.parquet").exists():
            kind.empty().write(folder / f"{name}.parquet")
    load_scenario("tutorial").zones.write(folder / "zones.parquet")
    return folder


@pytest.mark.parametrize("to", [name for name in FORMATS if name != "asterix"])
def test_every_format_is_written_from_the_command_line(whole, tmp_path, to):
    out = tmp_path / f"x.{to}"
    command = [sys.executable, "-m", "mantlet", "export", str(whole), "--to", to, "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"{out}: EXERCISE, SIMULATED" in done.stdout
    assert "13 " in done.stdout  # zones
    assert out.exists()


def test_a_window_without_any_run_and_a_newer_schema_are_refused(whole, tmp_path):
    with pytest.raises(InputError, match="nothing was simulated from second 50 to 60"):
        export(whole, "czml", tmp_path / "x.czml", 50.0, 60.0)
    manifest = json.loads((whole / "manifest.json").read_text())
    (whole / "manifest.json").write_text(json.dumps(manifest | {"schema": "7.0"}))
    with pytest.raises(InputError, match=r"schema 7\.0, this version reads"):
        export(whole, "czml", tmp_path / "x.czml")


def test_a_broken_table_and_a_place_that_is_taken_are_refused(whole, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        export(whole, "kml", tmp_path)
    (whole / "tracks.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"tracks\.parquet cannot be read"):
        export(whole, "kml", tmp_path / "x.kml")
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
