"""`mantlet check`: ok with a summary, or the whole list of mistakes and exit code 2."""

import sys
from pathlib import Path

import pytest

from mantlet.console import main as console

BAD = Path(__file__).parents[1] / "scenario" / "bad"


def call(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mantlet", *arguments])
    with pytest.raises(SystemExit) as stopped:
        console.main()
    return int(stopped.value.code or 0)


def test_a_good_scenario_is_ok_and_summed_up(monkeypatch, capsys):
    assert call(monkeypatch, "check", str(BAD / "good.yaml")) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("ok  good: A small scenario that is right\n")
    assert "2 radars, 1 battery with 60 interceptors, 2 zones with 2,000 people\n" in shown.out
    assert "1 raid, 3 launches" in shown.out
    assert shown.err == ""


def test_an_override_changes_what_is_checked(monkeypatch, capsys):
    path = str(BAD / "good.yaml")
    assert call(monkeypatch, "check", path, "--set", "raids.first.count=12") == 0
    assert "12 launches" in capsys.readouterr().out
    assert call(monkeypatch, "check", path, "--set", "raids.first.count=-1") == 2
    assert "--set raids.first.count=-1: raids[0].count: -1" in capsys.readouterr().err


def test_every_mistake_goes_to_stderr_and_the_code_is_two(monkeypatch, capsys):
    assert call(monkeypatch, "check", str(BAD / "bad-record.yaml")) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len([line for line in shown.err.splitlines() if not line.startswith("    fix: ")]) == 6
    assert "record.csv:3: lat: -95.0 is out of range\n    fix: " in shown.err


@pytest.mark.parametrize("name", ["negative-magazine", "latin-1", "tag", "missing-file"])
def test_a_run_of_a_bad_scenario_writes_nothing(monkeypatch, capsys, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    assert call(monkeypatch, "run", str(BAD / f"{name}.yaml")) == 2
    assert "fix: " in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
