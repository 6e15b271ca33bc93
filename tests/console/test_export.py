"""`mantlet export`: a run folder in, an ASTERIX recording out."""

import json

import numpy as np
import pytest

from mantlet.console.export import export
from mantlet.scenario.load import load_scenario
from mantlet.sensing.asterix import read_plots
from mantlet.tables import Intervals, Plots, Tracks
from mantlet.tables.errors import InputError


@pytest.fixture
def folder(tmp_path):
    """What export reads of a run folder: manifest, scenario and three tables."""
    scenario = load_scenario("tutorial")
    run = tmp_path / "run"
    run.mkdir()
    (run / "manifest.json").write_text(json.dumps({"epoch": scenario.epoch.isoformat()}))
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
    with pytest.raises(InputError, match="choose from: asterix"):
        export(folder, "czml", tmp_path / "x.czml")
