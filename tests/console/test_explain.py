"""`mantlet explain catalogue` shows every number with its source, and draws the flights."""

import sys

import pytest

from mantlet.console import main as console
from mantlet.threats.catalogue import CLASSES, sources


def explain(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["mantlet", "explain", "catalogue", *arguments])
    with pytest.raises(SystemExit) as stopped:
        console.main()
    return int(stopped.value.code or 0)


@pytest.fixture
def shown(monkeypatch, capsys):
    assert explain(monkeypatch) == 0
    return capsys.readouterr().out


def test_every_class_and_number_is_listed(shown):
    blocks = {block.split(maxsplit=1)[0]: block for block in shown.split("\n\n")}
    for name, kind in CLASSES.items():
        rows = blocks[name].splitlines()[2:]
        assert len(rows) == len(kind.numbers) + (name != "debris")  # the last: time in the air
        for row, number in zip(rows, kind.numbers, strict=False):
            assert f"{number.value:g}" in row.split()
            assert number.grade in row.split()
            assert all(source in row.split() for source in number.source)
            assert number.unit == "1" or number.unit in row.split()


def test_every_source_is_told_with_its_link(shown):
    for source in sources().values():
        assert source.link in shown


def test_it_is_eighty_columns_wide_but_for_links(shown):
    assert [li for li in shown.splitlines() if len(li) > 80 and "http" not in li] == []


def test_launch_settings_are_not_told(shown):
    told = shown[: shown.index("Sources")].lower()
    for word in ("elevation", "angle", "burn-out", "muzzle", "velocity"):
        assert word not in told


def test_named_classes_are_shown_alone(monkeypatch, capsys):
    assert explain(monkeypatch, "mortar-81") == 0
    out = capsys.readouterr().out
    assert "mortar-81" in out
    assert "rocket-10" not in out
    assert "S168" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("arrow",), "choose from: rocket-10"),
        (("--figure", "x.gif"), "end the name with .svg"),
        (("debris", "--figure", "x.svg"), "name other classes"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_fix(monkeypatch, capsys, arguments, told):
    assert explain(monkeypatch, *arguments) == 2
    assert told in capsys.readouterr().err


def test_the_figure_is_written_whole_and_the_same_each_time(monkeypatch, tmp_path):
    for name in ("a.svg", "b.svg"):
        assert explain(monkeypatch, "mortar-81", "shell-105", "--figure", str(tmp_path / name)) == 0
    text = (tmp_path / "a.svg").read_text()
    assert "Mortar bomb, 81 or 82 mm" in text
    assert text == (tmp_path / "b.svg").read_text()
