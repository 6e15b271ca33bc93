"""`mantlet scenarios` lists what `mantlet run` takes by name."""

import sys

import pytest

from mantlet.console import main as console
from mantlet.scenario.bundled import bundled_paths, bundled_titles


def test_each_bundled_scenario_has_a_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["mantlet", "scenarios"])
    with pytest.raises(SystemExit) as stopped:
        console.main()
    assert not stopped.value.code
    lines = capsys.readouterr().out.splitlines()
    for (name, title), line in zip(bundled_titles().items(), lines, strict=False):
        assert line.split(maxsplit=1) == [name, title]


def test_the_tutorial_comes_first():
    assert list(bundled_paths())[:2] == ["tutorial", "may-2021"]
