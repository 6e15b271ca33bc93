"""Runs of the tutorial that several tests look at."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def run_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Run the tutorial into a fresh folder, in this process or in one of its own."""

    def run(seed: int, *, separate_process: bool = False, settings: tuple[str, ...] = ()) -> Path:
        folder = tmp_path_factory.mktemp("runs") / "tutorial"
        arguments = ["run", "tutorial", "--seed", str(seed), "--out", str(folder)]
        arguments += [word for setting in settings for word in ("--set", setting)]
        if separate_process:
            subprocess.run([sys.executable, "-m", "mantlet", *arguments], check=True, timeout=300)
        else:
            from mantlet.console.run import compute

            compute("tutorial", seed, folder, list(settings))
        return folder

    return run


@pytest.fixture(scope="session")
def tutorial_folder(run_tutorial: Callable[..., Path]) -> Path:
    """The run folder of the tutorial under seed 1."""
    return run_tutorial(seed=1)


@pytest.fixture(scope="session")
def cluttered_folder(run_tutorial: Callable[..., Path]) -> Path:
    """The tutorial under so many false plots that they do change tracks and decisions."""
    return run_tutorial(
        seed=1,
        settings=("radars.cape.false_plots_per_scan=40", "radars.heath.false_plots_per_scan=40"),
    )


@pytest.fixture(scope="session")
def faulty_folder(run_tutorial: Callable[..., Path]) -> Path:
    """The tutorial with plots that come late, twice or not at all, from radars that are off."""
    return run_tutorial(
        seed=1,
        settings=(
            "radars.cape.faults={late_probability: 0.3, duplicate_probability: 0.1}",
            "radars.heath.faults={bias_azimuth_deg: 0.1, bias_time_s: 0.2, loss_probability: 0.2,"
            " loss_burst_scans: 3, late_probability: 0.2, late_max_s: 7, outages: [[60, 90]]}",
        ),
    )
