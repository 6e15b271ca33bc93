"""Mantlet's tracker beside its peers, same plots, one run: `python benchmarks/trackers.py`.

The peers: a hand-tied NumPy filter with SciPy's assignment (numpy_tracker.py) and Stone Soup
(`pip install mantlet[stonesoup]`; left out where it is missing). Speed is CPU time of `step`, all
of it, Python included, after a warm-up; accuracy is `mantlet bench`'s. Seeded: the same plots every
time; the trackers take turns, seed by seed, so a busy machine is as busy for each. Stone Soup takes
about 20 s a seed at 50 objects and is run there only.

Accuracy over 20 seeds, with intervals, is a matter of `mantlet bench` (docs/tracking.md).
"""

import argparse
import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

from mantlet.analysis.bench.bench import Bench, bench, cases_named
from mantlet.analysis.bench.paired import tally
from mantlet.analysis.bench.table import LEGEND, short_lines
from mantlet.analysis.bench.trackers import tracker_named

NUMPY = f"{Path(__file__).with_name('numpy_tracker.py')}:NumpyTracker"
TRACKERS = {"mantlet": "mantlet", "numpy": NUMPY, "stonesoup": "stonesoup"}


def run(cases: str, trackers: Iterable[str], seeds: int) -> None:
    made = {name: tracker_named(TRACKERS[name]) for name in trackers}
    result = bench(made, cases_named(cases), seeds)
    show(result)


def show(result: Bench) -> None:
    for case in dict.fromkeys(cost["case"] for cost in result.speed):
        costs = {cost["tracker"]: cost for cost in result.speed if cost["case"] == case}
        ours = costs["mantlet"]["plots_per_s"]
        ratios = ", ".join(
            f"{ours / cost['plots_per_s']:.1f} times {name}"
            for name, cost in costs.items()
            if name != "mantlet"
        )
        print(f"\n{case}, {result.seeds} seeds: Mantlet's speed is {ratios}")
        for name, cost in costs.items():
            print(
                f"  {name:10s} {cost['plots_per_s']:9,.0f} plots/s   a scan:"
                f" p50 {cost['scan_ms_p50']:7.2f} ms, p99 {cost['scan_ms_p99']:7.2f} ms"
            )
    print("", *short_lines(result.rows), sep="\n")
    print("", *tally(result.paired), sep="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--stonesoup-seeds", type=int, default=1)
    given = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    run("plane-200,dense,clutter,salvo-1000", ("mantlet", "numpy"), given.seeds)
    if importlib.util.find_spec("stonesoup"):
        run("plane-50,wind", ("mantlet", "numpy", "stonesoup"), given.stonesoup_seeds)
    print(f"\n{LEGEND}\n\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
