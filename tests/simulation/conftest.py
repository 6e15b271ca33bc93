"""Runs of the tutorial that several tests look at."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def run_tutorial(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Run the tutorial into a fresh folder, in this process or in one of its own."""

    def run(seed: int, *, separate_process: bool = False) -> Path:
        folder = tmp_path_factory.mktemp("runs") / "tutorial"
        arguments = ["run", "tutorial", "--seed", str(seed), "--out", str(folder)]
        if separate_process:
            subprocess.run([sys.executable, "-m", "mantlet", *arguments], check=True, timeout=300)
        else:
            from mantlet.console.run import compute

            compute("tutorial", seed, folder, [])
        return folder

    return run


@pytest.fixture(scope="session")
def tutorial_folder(run_tutorial: Callable[..., Path]) -> Path:
    """The run folder of the tutorial under seed 1."""
    return run_tutorial(seed=1)
