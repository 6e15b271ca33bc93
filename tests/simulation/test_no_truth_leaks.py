"""Decisions come out the same, byte for byte, in a process that never held any truth."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mantlet.pipeline.build import build_pipeline
from mantlet.pipeline.replay import replay_decisions
from mantlet.scenario.load import load_scenario
from mantlet.tables import Assessments, Intervals, PlotOrigins, Plots, Tracks
from mantlet.tables.run import DecisionTables

DECIDED = ("tracks", "impacts", "alerts", "shots", "decisions")
GIVEN = ("plots.parquet", "assessments.parquet", "intervals.parquet")
TRUTH = (".parquet", ".html", ".json")

DECIDE_AGAIN = """
import sys
from pathlib import Path

from mantlet.pipeline.build import build_pipeline
from mantlet.pipeline.replay import replay_decisions
from mantlet.scenario.load import load_scenario
from mantlet.tables import Assessments, Intervals, Plots

folder = Path(sys.argv[1])
scenario = load_scenario(str(folder / "scenario.yaml"))
decided = replay_decisions(
    build_pipeline(scenario),
    scenario.figures,
    Intervals.read(folder / "intervals.parquet"),
    Plots.read(folder / "plots.parquet"),
    Assessments.read(folder / "assessments.parquet"),
)
for name in sys.argv[2:]:
    getattr(decided, name).write(folder / f"{name}.parquet")
truthful = [name for name in sys.modules if name.startswith("mantlet.simulation")]
assert not truthful, truthful
assert "mantlet.threats.flights" not in sys.modules
"""


@pytest.fixture(scope="module", params=["tutorial_folder", "cluttered_folder", "faulty_folder"])
def run_folder(request: pytest.FixtureRequest) -> Path:
    """A run as it comes, one whose false plots matter, and one with every fault of its radars."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def decided_again(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was given plots and kill observations only, and decided for itself."""
    folder = tmp_path_factory.mktemp("truthless")
    for path in run_folder.iterdir():
        if path.name in GIVEN or path.suffix not in TRUTH:  # the scenario and its companions
            shutil.copy(path, folder / path.name)
    command = [sys.executable, "-c", DECIDE_AGAIN, str(folder), *DECIDED]
    subprocess.run(command, check=True, timeout=300)
    return folder


@pytest.mark.parametrize("name", DECIDED)
def test_decisions_without_truth_are_byte_identical(
    run_folder: Path, decided_again: Path, name: str
) -> None:
    ours = (run_folder / f"{name}.parquet").read_bytes()
    assert (decided_again / f"{name}.parquet").read_bytes() == ours


def _decided_on(folder: Path, plots: Plots) -> DecisionTables:
    scenario = load_scenario(str(folder / "scenario.yaml"))
    return replay_decisions(
        build_pipeline(scenario),
        scenario.figures,
        Intervals.read(folder / "intervals.parquet"),
        plots,
        Assessments.read(folder / "assessments.parquet"),
    )


def _same_tracks(decided: DecisionTables, folder: Path) -> bool:
    ours = Tracks.read(folder / "tracks.parquet")
    return len(decided.tracks) == len(ours) and bool((decided.tracks.state == ours.state).all())


def test_plots_that_moved_give_other_decisions(tutorial_folder: Path) -> None:
    """The comparison can fail: every plot 3 km further away."""
    plots = Plots.read(tutorial_folder / "plots.parquet")
    columns = {name: getattr(plots, name) for name in plots.columns()}
    moved = plots.trusted(**columns | {"range_m": plots.range_m + 3e3})
    assert not _same_tracks(_decided_on(tutorial_folder, moved), tutorial_folder)


def test_decisions_that_knew_false_plots_for_false_would_be_others(cluttered_folder: Path) -> None:
    """The comparison can fail: a tracker that is spared the false plots is found out."""
    plots = Plots.read(cluttered_folder / "plots.parquet")
    origins = PlotOrigins.read(cluttered_folder / "plot_origins.parquet")
    spared = plots.take(origins.threat_ids[:, 0] >= 0)
    assert _same_tracks(_decided_on(cluttered_folder, plots), cluttered_folder)
    assert not _same_tracks(_decided_on(cluttered_folder, spared), cluttered_folder)


def test_decisions_that_never_got_the_late_plots_would_be_others(faulty_folder: Path) -> None:
    """The comparison can fail: late plots do change tracks."""
    plots = Plots.read(faulty_folder / "plots.parquet")
    late = ~np.isnan(plots.arrival_s)
    assert late.sum() > 50
    assert not _same_tracks(_decided_on(faulty_folder, plots.take(~late)), faulty_folder)
