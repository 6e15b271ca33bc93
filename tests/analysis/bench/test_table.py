"""The bench's table: intervals, bounds beside the measures, the same text for the same tracker."""

import csv
import io
import json

import pyarrow.parquet as pq
import pytest

from mantlet.analysis.bench.bench import bench, cases_named, write_bench
from mantlet.analysis.bench.table import as_csv, rows_of, short_table
from mantlet.analysis.bench.trackers import tracker_named
from mantlet.tables.errors import InputError
from mantlet.tracking.tracker import Tracker


def test_a_measure_stands_with_its_interval_and_its_bound():
    runs = [{"x_rms_m": v, "x_rms_bound_m": 2.0, "y": float("nan")} for v in (3.0, 5.0, 4.0)]
    x, y = rows_of("t", "c", runs)
    assert (x.measure, x.mean, x.bound, x.ratio, x.seeds) == ("x_rms_m", 4.0, 2.0, 2.0, 3)
    # Student's t with two degrees of freedom: 4.3027 / sqrt(3).
    assert (x.low, x.high) == (pytest.approx(4 - 2.4841, rel=1e-4), pytest.approx(6.4841, rel=1e-4))
    assert (y.mean, y.low, y.bound) == (None, None, None)
    assert rows_of("t", "c", runs[:1])[0].low is None


@pytest.fixture(scope="module")
def result():
    return bench({"mantlet": Tracker}, cases_named("sparse"), 2)


def test_the_same_tracker_gives_the_same_table(result):
    again = bench({"mantlet": Tracker}, cases_named("sparse"), 2)
    assert as_csv(again.rows) == as_csv(result.rows)


def test_every_file_holds_the_same_rows_and_no_timing(result, tmp_path):
    write_bench(result, tmp_path)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "bench.csv").read_text())))
    listed = json.loads((tmp_path / "bench.json").read_text())
    table = pq.read_table(tmp_path / "bench.parquet").to_pylist()
    assert table == listed
    assert [row["measure"] for row in rows] == [row["measure"] for row in listed]
    assert [float(row["mean"]) for row in rows if row["mean"]] == [
        row["mean"] for row in listed if row["mean"] is not None
    ]
    assert not any("ms" in row["measure"].split("_") for row in rows)
    speed = json.loads((tmp_path / "speed.json").read_text())
    assert speed[0]["plots_per_s"] > 0
    assert "position_rms_m" in (tmp_path / "bench.md").read_text()


def test_the_short_table_has_a_line_for_each_tracker_and_case(result):
    headings, lines = short_table(result.rows)
    assert len(lines) == 1
    assert len(lines[0]) == len(headings)
    assert lines[0][:2] == ["mantlet", "sparse"]


def test_trackers_come_from_modules_and_files(tmp_path, monkeypatch):
    source = "from mantlet.tracking.tracker import Tracker\nclass Mine(Tracker): pass\nX = 3\n"
    (tmp_path / "my_tracker_of_the_test.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    for name in ("my_tracker_of_the_test:Mine", "my_tracker_of_the_test.py:Mine"):
        assert tracker_named(name)((), None).start() is not None
    assert tracker_named("mantlet") is Tracker


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", "MODULE:NAME"),
        ("no_such_module_here:X", "cannot be imported"),
        ("no_such_file.py:X", "no file"),
        ("mantlet.tracking.tracker:Nothing", "no Nothing"),
        ("mantlet.tracking.settings:DEFAULT_SETTINGS", "can be called"),
    ],
)
def test_a_tracker_that_is_not_there_is_named(name, words):
    with pytest.raises(InputError, match=words):
        tracker_named(name)


def test_what_is_no_tracker_is_refused_before_it_runs():
    with pytest.raises(InputError, match="has no start, step, report"):
        tracker_named("builtins:dict")()


def test_a_tracker_that_fails_is_named_with_what_it_said():
    class Broken(Tracker):
        def report(self, state, time_s):
            raise ZeroDivisionError("no plots, no rate")

    with pytest.raises(InputError, match="'mine' on sparse: ZeroDivisionError: no plots, no rate"):
        bench({"mine": Broken}, cases_named("sparse"), 1)


def test_unknown_cases_are_named():
    with pytest.raises(InputError, match="no foggy"):
        cases_named("sparse,foggy")
