"""Decisions come out the same, byte for byte, in a process that never held any truth."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def decided_again(tutorial_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that was given plots and kill observations only, and decided for itself."""
    folder = tmp_path_factory.mktemp("truthless")
    for path in tutorial_folder.iterdir():
        if path.name in GIVEN or path.suffix not in TRUTH:  # the scenario and its companions
            shutil.copy(path, folder / path.name)
    command = [sys.executable, "-c", DECIDE_AGAIN, str(folder), *DECIDED]
    subprocess.run(command, check=True, timeout=300)
    return folder


@pytest.mark.parametrize("name", DECIDED)
def test_decisions_without_truth_are_byte_identical(
    tutorial_folder: Path, decided_again: Path, name: str
) -> None:
    ours = (tutorial_folder / f"{name}.parquet").read_bytes()
    assert (decided_again / f"{name}.parquet").read_bytes() == ours


def test_a_changed_plot_changes_the_decisions(tutorial_folder: Path) -> None:
    """The comparison can fail: move every plot by 3 km and the tracks are others."""
    from mantlet.pipeline.build import build_pipeline
    from mantlet.pipeline.replay import replay_decisions
    from mantlet.scenario.load import load_scenario
    from mantlet.tables import Assessments, Intervals, Plots, Tracks

    scenario = load_scenario(str(tutorial_folder / "scenario.yaml"))
    plots = Plots.read(tutorial_folder / "plots.parquet")
    moved = plots.trusted(
        **{name: getattr(plots, name) for name in plots.columns()}
        | {"range_m": plots.range_m + 3e3}
    )
    decided = replay_decisions(
        build_pipeline(scenario),
        scenario.figures,
        Intervals.read(tutorial_folder / "intervals.parquet"),
        moved,
        Assessments.read(tutorial_folder / "assessments.parquet"),
    )
    truth = Tracks.read(tutorial_folder / "tracks.parquet")
    assert len(decided.tracks) != len(truth) or (decided.tracks.state != truth.state).any()
