"""`mantlet new`: a file that runs at once, from the real command line and the real GeoNames."""

import os
import pty
import subprocess
import sys

import pytest

from mantlet.console.main import app
from mantlet.scenario.load import load_scenario


def mantlet(*arguments, cwd):
    command = [sys.executable, "-m", "mantlet", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def cli(monkeypatch, tmp_path):
    """The command in this process, with a short list of places for the quarter of a million."""
    from typer.testing import CliRunner

    rows = [
        {"geonameid": 1, "name": "Hafen", "latitude": 50.0, "longitude": 10.0, "countrycode": "XX",
         "population": 9000, "admin1code": "1", "alternatenames": []},
    ]  # fmt: skip
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mantlet.scenario.importers.geonames.gazetteer", lambda: (rows, "3"))
    return lambda *arguments: CliRunner().invoke(app, ["new", *arguments])


def test_a_file_of_the_centre_s_name_is_written_and_loads(cli, tmp_path):
    result = cli("--centre", "hafen")
    assert "1 place with 9,000 people within 20 km" in result.output
    scenario = load_scenario(tmp_path / "hafen-xx.yaml")
    assert scenario.name == "hafen-xx"
    assert scenario.zones.name.tolist() == ["Hafen"]
    assert "GeoNames" in scenario.notes[0]
    assert list(tmp_path.iterdir()) == [tmp_path / "hafen-xx.yaml"]


def test_the_same_words_give_the_same_bytes(cli, tmp_path):
    cli("mine", "--centre", "50.01,10.02", "--radius-km", "7", "--out", "a.yaml")
    cli("mine", "--centre", "50.01, 10.02", "--radius-km", "7", "--out", "b.yaml")
    assert (tmp_path / "a.yaml").read_bytes() == (tmp_path / "b.yaml").read_bytes()
    assert 'title: "Round 50.01, 10.02 (Hafen, XX)' in (tmp_path / "a.yaml").read_text()


def test_a_file_that_is_there_is_replaced_only_by_force(cli, tmp_path):
    (tmp_path / "mine.yaml").write_text("precious")
    refused = cli("mine", "--centre", "Hafen")
    assert "is there already" in str(refused.exception)
    assert (tmp_path / "mine.yaml").read_text() == "precious"
    cli("mine", "--centre", "Hafen", "--force")
    assert load_scenario(tmp_path / "mine.yaml").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--centre is missing"),
        (("--centre", "Hafn"), "no place is called 'Hafn'"),
        (("--centre", "95,10"), "not there on the Earth"),
        (("--centre", "0,0"), "no place within 20 km of 0,0"),
        (("--centre", "Hafen", "--radius-km", "500"), "out of range"),
        (("--centre", "Hafen", "--out", "x.txt"), "ends in .yaml"),
        (("b a d", "--centre", "Hafen"), "is no identifier"),
    ],
)
def test_what_cannot_be_made_is_refused_and_leaves_nothing(cli, tmp_path, arguments, words):
    result = cli(*arguments)
    assert words in str(result.exception)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow  # GeoNames lists a quarter of a million places
@pytest.mark.parametrize(
    ("centre", "radius_km"),
    [("Valparaíso", 15), ("-16.52,179.9", 90), ("Longyearbyen", 20), ("Αθήνα", 12)],
)
def test_a_region_anywhere_runs_as_it_is(tmp_path, centre, radius_km):
    made = mantlet("new", "here", f"--centre={centre}", "--radius-km", radius_km, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    run = mantlet("run", "here.yaml", "--out", "run", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "run" / "report.html").stat().st_size > 10_000


@pytest.mark.slow  # as above
def test_on_a_terminal_what_is_missing_is_asked_for(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mantlet", "new"]
    with subprocess.Popen(command, cwd=tmp_path, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.write(ours, b"Longyearbyen\n12\n")
        assert run.wait(timeout=60) == 0
    os.close(theirs)
    os.close(ours)
    assert load_scenario(tmp_path / "longyearbyen-sj.yaml").title.count("12 km") == 1
