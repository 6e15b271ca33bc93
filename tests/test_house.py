"""The rules of the house that no single module can keep."""

import ast
import csv
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

import mantlet
from mantlet.console.main import app
from mantlet.tables.run import TABLES

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "mantlet"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
GRADES = {"official", "press", "academic", "commercial", "derived", "notional"}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, as git knows them: what a stranger would get."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# -- imports, versions, size ----------------------------------------------------------------


def test_imports_point_down_and_stages_never_meet():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_every_place_that_names_the_version_names_the_same():
    assert PROJECT["version"] == mantlet.__version__
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == mantlet.__version__


def test_no_module_is_over_500_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked("*.py", "*.js")
    }
    assert {name: lines for name, lines in lengths.items() if lines > 500} == {}


def test_every_module_says_what_it_is():
    silent = [
        str(path.relative_to(ROOT))
        for path in tracked("src/*.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_nothing_is_promised_instead_of_done():
    promise = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX)\b|NotImplemented" r"Error")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in tracked("*.py", "*.js", "*.md", "*.yaml", "Makefile")
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if promise.search(line)
    ]
    assert found == []


# -- what may not be in the repository ------------------------------------------------------


def test_no_file_names_a_package_registry_or_a_home_folder():
    hosts = "|".join(("py" r"pi\.org", "python" r"hosted", "npm" r"js\.", "deb\\.debian"))
    private = re.compile(rf"{hosts}|/(root|home/\w+|work|opt)/")
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix in {".py", ".md", ".toml", ".txt", ".yaml", ".json", ".js", ".html", ""}
        and (match := private.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert found == []


def test_no_table_has_a_column_that_would_help_to_aim():
    aiming = re.compile(
        r"launch_(elevation|azimuth|speed)|burn_?out|muzzle|aim_(azimuth|elevation)"
    )
    columns = [f"{name}.{key}" for name, kind in TABLES.items() for key in kind.columns()]
    assert [column for column in columns if aiming.search(column)] == []


def test_no_file_is_over_two_megabytes():
    assert [str(p) for p in tracked() if p.stat().st_size > 2_000_000] == []


# -- sources --------------------------------------------------------------------------------


LISTS = tracked("src/*sources.csv")
SOURCES = {row["source_id"]: row for path in LISTS for row in rows(path)}
DATA = [path for path in tracked("src/*.csv") if path not in LISTS]


def test_every_source_has_title_date_and_link():
    bare = [
        row["source_id"]
        for path in LISTS
        for row in rows(path)
        if not (row["title"] and row["date"] and re.match(r"https?://\S+$", row["link"]))
    ]
    assert bare == []


def numbers(row: dict[str, str]) -> Iterator[str]:
    yield from (key for key, value in row.items() if re.fullmatch(r"[-+]?\d+(\.\d+)?", value))


@pytest.mark.parametrize("path", DATA, ids=lambda p: p.name)
def test_every_number_in_a_data_file_names_a_source_that_exists(path):
    note = path.with_suffix(".source.json")
    if note.exists():
        told = json.loads(note.read_text(encoding="utf-8"))
        assert all(told[key] for key in ("title", "version", "licence", "link", "retrieved"))
        return
    for number, row in enumerate(rows(path), start=2):
        if not any(numbers(row)):
            continue
        named = row["source"].split(";")
        assert named == ["notional"] or set(named) <= SOURCES.keys(), f"line {number}"
        assert row["grade"] in GRADES, f"line {number}"
        assert (row["grade"] == "notional") == (named == ["notional"]), f"line {number}"


def test_every_bundled_map_file_names_its_source():
    bare = [
        p.name
        for p in tracked("src/mantlet/world/data/*.geojson")
        if not p.with_suffix(".source.json").exists()
    ]
    assert bare == []


# -- locks ----------------------------------------------------------------------------------

LOCKS = {
    "core": PROJECT["dependencies"],
    "test": PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"],
    "lint": PROJECT["dependencies"] + PROJECT["optional-dependencies"]["lint"],
}


def pins(lock: str) -> dict[str, set[str]]:
    """Package to its pinned versions (one per platform or Python)."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(name.lower(), set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_hold_every_dependency(lock):
    wanted = {re.match(r"[\w.-]+", line).group().lower() for line in LOCKS[lock]}
    assert wanted - pins(lock).keys() == set()


@pytest.mark.parametrize("lock", ["build", "test", "lint"])
def test_all_locks_agree_with_the_core(lock):
    core = pins("core")
    assert {n: v for n, v in pins(lock).items() if n in core and v != core[n]} == {}


# -- documents ------------------------------------------------------------------------------


def commands(path: Path) -> list[str]:
    """`mantlet ...` lines of the code blocks of a page, without comments and prompts."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", path.read_text(), re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("mantlet ")]


@pytest.mark.parametrize("line", commands(ROOT / "README.md"))
def test_commands_of_the_readme_exist(line):
    command, words = get_command(app), shlex.split(line)[1:]
    while words and (inner := getattr(command, "commands", {}).get(words[0])):
        command = inner
        words.pop(0)
    assert not hasattr(command, "commands"), f"no such command: {line}"
    known = {name for option in command.params for name in option.opts}
    used = {word.split("=")[0] for word in words if word.startswith("--")}
    assert used - known == set()


@pytest.mark.parametrize("path", tracked("*.md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(path):
    targets = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_decisions_are_numbered_once_and_listed():
    pages = sorted(path.name for path in tracked("docs/decisions/0*.md"))
    assert [int(name[:4]) for name in pages] == list(range(1, len(pages) + 1))
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text()
    assert [name for name in pages if f"({name})" not in listed] == []


def test_documents_every_stranger_looks_for_are_there():
    for name in ("README", "SCOPE", "CHANGELOG", "SECURITY", "CONTRIBUTING"):
        assert (ROOT / f"{name}.md").stat().st_size > 200
    assert "export" in (ROOT / "SCOPE.md").read_text().lower()
