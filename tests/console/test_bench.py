"""`mantlet bench`: a table on the screen, a whole folder, mistakes named with exit code 2."""

import json
import sys

import pytest

from mantlet.console.main import main


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mantlet", "bench", *arguments])
    with pytest.raises(SystemExit) as stop:
        main()
    return int(stop.value.code or 0)


def test_it_prints_a_table_and_writes_a_folder(monkeypatch, tmp_path, capsys):
    out = tmp_path / "bench"
    assert run(monkeypatch, "--cases", "sparse", "--seeds", "1", "--out", str(out)) == 0
    shown = capsys.readouterr().out
    assert "mantlet" in shown
    assert "plots/s" in shown
    assert {path.name for path in out.iterdir()} == {
        "bench.csv",
        "bench.html",
        "bench.json",
        "bench.md",
        "bench.parquet",
        "paired.csv",
        "pictures",
        "runs.csv",
        "speed.json",
    }
    again = tmp_path / "again"
    more = ("--against", str(out), "--tracker", "mantlet:gate=20", "--out", str(again))
    assert run(monkeypatch, "--cases", "sparse", "--seeds", "1", *more) == 0
    assert "gate=20" in capsys.readouterr().out
    measures = {row["measure"] for row in json.loads((out / "bench.json").read_text())}
    assert {"gospa_m", "identities_per_object", "impact_20s_m", "nees"} <= measures


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--cases", "foggy"), "no foggy"),
        (("--tracker", "nobody"), "MODULE:NAME"),
        (("--tracker", "mantlet:colour=blue"), "no setting 'colour'"),
        (("--against", "no-such-folder"), "runs.csv: cannot be read"),
        (("--cases", "sparse", "--out", "."), "is there already"),
    ],
)
def test_mistakes_are_named_before_any_work(monkeypatch, capsys, arguments, words):
    assert run(monkeypatch, *arguments) == 2
    assert words in capsys.readouterr().err
