"""The bench's table: intervals, bounds beside the measures, the same text for the same tracker."""

import csv
import io
import json
from xml.etree.ElementTree import fromstring

import pyarrow.parquet as pq
import pytest

from mantlet.analysis.bench.bench import bench, cases_named
from mantlet.analysis.bench.cases import CASES
from mantlet.analysis.bench.files import write_bench
from mantlet.analysis.bench.merit import ASKED, LESS, MORE, NEAR, loss, misses
from mantlet.analysis.bench.records import check_same_plots, read_runs
from mantlet.analysis.bench.table import SHOWN, as_csv, rows_of, short_lines, short_table
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
    page = (tmp_path / "bench.html").read_text()
    assert page.count("<svg ") == 1
    assert (tmp_path / "pictures" / "sparse.svg").read_text().startswith("<svg ")
    fromstring((tmp_path / "pictures" / "sparse.svg").read_bytes())


def test_files_but_the_speed_are_the_same_again(result, tmp_path):
    again = bench({"mantlet": Tracker}, cases_named("sparse"), 2)
    for name, one in (("a", result), ("b", again)):
        (tmp_path / name).mkdir()
        write_bench(one, tmp_path / name)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*.*"))
    assert len(files) == 9
    for file in files:
        if file.name != "speed.json":
            assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_runs_of_an_earlier_bench_are_read_back_and_compared_with(result, tmp_path):
    write_bench(result, tmp_path)
    held = read_runs(tmp_path)
    assert held["mantlet", "sparse"][2] == {
        name: pytest.approx(value, rel=1e-4, nan_ok=True)
        for name, value in result.runs["mantlet", "sparse"][2].items()
    }
    ukf = tracker_named("mantlet:filter=ukf")
    both = bench({"ukf": ukf}, cases_named("sparse"), 2, recorded=held)
    assert {(one.tracker, one.other) for one in both.paired} == {("ukf", "mantlet")}
    held["mantlet", "sparse"][1]["plots"] += 1
    with pytest.raises(InputError, match="sparse, seed 1"):
        check_same_plots(result.runs, held)
    with pytest.raises(InputError, match=r"runs\.csv: cannot be read"):
        read_runs(tmp_path / "nowhere")


def test_the_short_table_has_a_line_for_each_tracker_and_case(result):
    headings, lines = short_table(result.rows)
    assert len(lines) == 1
    assert len(lines[0]) == len(headings)
    assert lines[0][:2] == ["sparse", "mantlet"]


def test_the_short_table_fits_a_hundred_columns_and_marks_what_is_not_good_enough():
    names = [name for name, *_ in SHOWN]
    bounds = {"position_rms_bound_m": 10.0, "velocity_rms_bound_mps": 10.0}
    bounds |= {"impact_20s_bound_m": 100.0}
    values = dict.fromkeys(names, 1.0) | {"position_rms_m": 12.0, "impact_20s_m": 999.0}
    rows = rows_of("a-long-name-of-a-tracker", "salvo-1000", [values | bounds])
    lines = short_lines(rows)
    assert max(map(len, lines)) <= 100
    assert "1.20!" in lines[1]  # position: a tenth above the bound is allowed
    assert "0.10 " in lines[1]
    assert "9.99!" in lines[1]


def test_every_measure_has_a_way_to_be_better_and_limits_are_of_measures(result):
    known = LESS | MORE | set(NEAR)
    assert {row.measure for row in result.rows} == known | {"plots"}
    assert set(ASKED) <= known
    assert loss("coverage", 0.9) > loss("coverage", 0.95)
    assert loss("nees", 0.8) == pytest.approx(loss("nees", 1.2))
    assert misses("coverage", 0.96, None)
    assert not misses("position_rms_m", 50.0, 1.05)
    with pytest.raises(KeyError):
        loss("beauty", 1.0)


def test_the_help_names_every_case():
    from mantlet.console.main import _CASES

    assert _CASES.split(", ") == list(CASES)


def test_trackers_come_from_modules_and_files(tmp_path, monkeypatch):
    source = "from mantlet.tracking.tracker import Tracker\nclass Mine(Tracker): pass\nX = 3\n"
    (tmp_path / "my_tracker_of_the_test.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    for name in ("my_tracker_of_the_test:Mine", "my_tracker_of_the_test.py:Mine"):
        assert tracker_named(name)((), None).start() is not None
    assert tracker_named("mantlet") is Tracker


def test_mantlets_own_tracker_comes_with_other_settings():
    made = tracker_named("mantlet:association=jpda,confirm_hits=4,gate=12.5")((), None)
    settings = made.settings
    assert (settings.association, settings.confirm_hits, settings.gate) == ("jpda", 4, 12.5)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mantlet:colour=blue", "no setting 'colour'"),
        ("mantlet:gate=wide", "gate=wide: 'wide' is not a finite number"),
        ("mantlet:association=guess", "must be gnn or jpda"),
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
