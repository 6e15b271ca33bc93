"""Help comes at once and shows how; errors are words and exit codes, never tracebacks."""

import subprocess
import sys

import pytest

from mantlet.console import main as console
from mantlet.console.errors import report
from mantlet.tables.errors import InputError

COMMANDS = ("demo", "run", "scenarios", "check", "import")

HEAVY = ("numpy", "numba", "scipy", "pyarrow", "pydantic", "shapely", "yaml", "rich.progress")


def call(monkeypatch, *arguments: str) -> int:
    """The script `mantlet` in this process: its exit code."""
    monkeypatch.setattr(sys, "argv", ["mantlet", *arguments])
    with pytest.raises(SystemExit) as stopped:
        console.main()
    return int(stopped.value.code or 0)


def test_help_lists_every_command_in_one_line(monkeypatch, capsys):
    assert call(monkeypatch, "--help") == 0
    shown = capsys.readouterr().out
    for name in COMMANDS:
        (line,) = (li for li in shown.splitlines() if li.startswith(f"  {name} "))
        assert line.endswith("."), f"cut short: {line}"
        assert not line.endswith("...")


@pytest.mark.parametrize("name", ["demo", "run", "check"])
def test_help_of_a_command_has_examples_on_lines_of_their_own(monkeypatch, capsys, name):
    assert call(monkeypatch, name, "--help") == 0
    lines = capsys.readouterr().out.splitlines()
    first = lines.index("  Examples:") + 1
    assert lines[first].strip().startswith(f"mantlet {name}")
    assert lines[first + 1].strip().startswith(f"mantlet {name}")


def test_help_waits_for_no_heavy_import():
    code = (
        "import sys; import mantlet.console.main;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_module_runs_as_the_script_does():
    done = subprocess.run(
        [sys.executable, "-m", "mantlet", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("mantlet 0.")


def test_an_unknown_command_is_a_usage_error(monkeypatch, capsys):
    assert call(monkeypatch, "rum") == 2
    assert "rum" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (InputError("no such radar"), 2, "no such radar"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device"), 1, "No space left"),
        (ZeroDivisionError("by zero"), 1, "MANTLET_DEBUG=1"),
    ],
)
def test_an_error_becomes_words_and_a_code(monkeypatch, capsys, error, code, words):
    monkeypatch.delenv("MANTLET_DEBUG", raising=False)
    assert report(error) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told


def test_the_traceback_is_there_for_those_who_ask(monkeypatch, capsys):
    monkeypatch.setenv("MANTLET_DEBUG", "1")
    assert report(InputError("no such radar")) == 2
    assert "InputError: no such radar" in capsys.readouterr().err


def test_ctrl_c_in_a_command_gives_one_line_and_130(monkeypatch, capsys):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mantlet.console.scenarios.scenarios", interrupted)
    assert call(monkeypatch, "scenarios") == 130
    assert capsys.readouterr().err == "interrupted: nothing half-written is left\n"
