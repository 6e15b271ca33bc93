"""One seed, one result, bit for bit."""

from pathlib import Path

from mantlet.runs.target import UNREPRODUCIBLE


def _contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name != UNREPRODUCIBLE}


def test_the_same_seed_gives_the_same_bytes(tutorial_folder: Path, run_tutorial) -> None:
    again = _contents(run_tutorial(seed=1, separate_process=True))
    first = _contents(tutorial_folder)
    assert sorted(first) == sorted(again)
    assert [name for name in first if first[name] != again[name]] == []


def test_another_seed_gives_another_run(tutorial_folder: Path, run_tutorial) -> None:
    other = _contents(run_tutorial(seed=2))
    first = _contents(tutorial_folder)
    same = {name for name in first if first[name] == other[name]}
    # The scenario, its input files and zones do not depend on the seed, nor do the intervals.
    given = {name for name in first if name.startswith("input-")}
    assert same <= {"scenario.yaml", "zones.parquet", "intervals.parquet"} | given
    assert "plots.parquet" not in same
