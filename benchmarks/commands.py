"""How long the commands take, as whole processes, and where the time of the main job goes.

    python benchmarks/commands.py            # --help, the tutorial and may-2021, warm
    python benchmarks/commands.py --cold     # the tutorial with an empty kernel cache

Warm: one uncounted run first, then the median of three (of may-2021, one). Core seconds and
memory are the operating system's own count of the finished process.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MANTLET = [sys.executable, "-m", "mantlet"]


def timed(arguments: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, core seconds, and seconds until the first line on stderr (NaN if none)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    running = subprocess.Popen(
        [*MANTLET, *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert running.stderr is not None
    first = running.stderr.readline()
    first_s = time.perf_counter() - start if first else float("nan")
    running.stderr.read()
    if running.wait() != 0:
        raise SystemExit(f"mantlet {' '.join(arguments)} failed")
    wall_s = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    core_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall_s, core_s, first_s


def show(title: str, runs: list[tuple[float, float, float]]) -> None:
    """One line: medians."""
    wall_s, core_s, first_s = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"{title:<28}{wall_s:8.2f} s wall{core_s:8.2f} core-s{first_s:8.2f} s to first line")


def stages(folder: Path) -> None:
    """Where the time went, as the run itself counted it."""
    performance = json.loads((folder / "performance.json").read_text())
    print(f"    peak {performance['peak_mib']:.0f} MiB; core seconds by stage:")
    for name, spent_s in sorted(performance["stages_core_s"].items(), key=lambda item: -item[1]):
        print(f"    {name:<18}{spent_s:8.2f} s")


def main() -> None:
    """Time what the arguments ask for."""
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        tutorial = ["run", "tutorial", "--out", str(place / "tutorial")]
        if "--cold" in sys.argv[1:]:
            environment["XDG_CACHE_HOME"] = str(place / "cache")
            show("run tutorial, cold", [timed(tutorial, environment)])
            stages(place / "tutorial")
            return
        timed(tutorial, environment)
        show("--help", [timed(["--help"], environment) for _ in range(5)])
        show("run tutorial", [timed(tutorial, environment) for _ in range(3)])
        stages(place / "tutorial")
        campaign = ["run", "may-2021", "--out", str(place / "may-2021")]
        show("run may-2021", [timed(campaign, environment)])
        stages(place / "may-2021")


if __name__ == "__main__":
    main()
