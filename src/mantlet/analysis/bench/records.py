"""Figures of every run, kept, so that slow trackers need not run again to be compared with."""

import csv
import io
import math
from pathlib import Path

from mantlet.analysis.bench.paired import Runs
from mantlet.analysis.bench.scoring import Figures
from mantlet.analysis.bench.table import DIGITS
from mantlet.tables.errors import InputError

FILE = "runs.csv"
_HEADINGS = ("tracker", "case", "seed", "measure", "value")


def as_csv(runs: Runs) -> str:
    """One row per tracker, case, seed and measure; an empty field is no number."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADINGS)
    for (tracker, case), seeds in runs.items():
        for seed, figures in seeds.items():
            for measure, value in figures.items():
                told = f"{value:.{DIGITS}g}" if math.isfinite(value) else ""
                writer.writerow((tracker, case, seed, measure, told))
    return text.getvalue()


def read_runs(folder: Path) -> dict[tuple[str, str], dict[int, Figures]]:
    """Those of an earlier `mantlet bench --out`.

    Raises
    ------
    InputError
        If the folder has none, or they cannot be read.
    """
    place = folder / FILE
    found: dict[tuple[str, str], dict[int, Figures]] = {}
    try:
        with place.open(encoding="utf-8", newline="") as text:
            for row in csv.DictReader(text):
                runs = found.setdefault((row["tracker"], row["case"]), {})
                figures = runs.setdefault(int(row["seed"]), {})
                figures[row["measure"]] = float(row["value"] or "nan")
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise InputError(
            f"{place}: cannot be read: {error}\n    fix: name a folder that bench --out wrote"
        ) from None
    return found


def check_same_plots(mine: Runs, theirs: Runs) -> None:
    """Whether both were made of the same plots, as far as their number tells.

    Raises
    ------
    InputError
        Naming the case and seed, if not.
    """
    counts = {(c, s): f.get("plots") for (_, c), runs in theirs.items() for s, f in runs.items()}
    for (_, case), runs in mine.items():
        for seed, figures in runs.items():
            told = counts.get((case, seed), figures.get("plots"))
            if told != figures.get("plots"):
                raise InputError(
                    f"{case}, seed {seed}: {figures.get('plots')} plots, recorded with {told}\n"
                    "    fix: the scenes have changed since; record the other tracker again"
                )
