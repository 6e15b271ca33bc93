"""Trackers over cases over seeds: the table, and apart from it what it cost."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.cases import CASES, Case
from mantlet.analysis.bench.paired import Difference, Runs, differences
from mantlet.analysis.bench.pictures import Album
from mantlet.analysis.bench.records import check_same_plots
from mantlet.analysis.bench.running import Outcome, run_tracker
from mantlet.analysis.bench.scene import Scene
from mantlet.analysis.bench.scoring import Figures, judge
from mantlet.analysis.bench.table import Row, rows_of
from mantlet.tables.errors import InputError
from mantlet.tracking.protocol import TrackerMaker

Floats = NDArray[np.float64]

WARM_UP = 20
"""Instants that a tracker is run for untimed, so that nothing is compiled on the clock."""

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Bench:
    """What came of it.

    `rows` are the same on every machine, as are `runs` (the figures of each seed they are the
    means of) and `paired` (the first tracker against every other); `speed` (per tracker and case)
    is this one's. `albums` hold what is drawn of each case.
    """

    rows: tuple[Row, ...]
    runs: Runs
    paired: tuple[Difference, ...]
    speed: tuple[dict[str, Any], ...]
    albums: tuple[Album, ...]
    seeds: int


@dataclass
class _Tally:
    """What one tracker did on one case, seed after seed."""

    figures: dict[int, Figures] = field(default_factory=dict)
    scan_s: list[Floats] = field(default_factory=list)
    plots: int = 0

    def add(self, seed: int, figures: Figures, outcome: Outcome) -> None:
        self.figures[seed] = figures
        self.scan_s.append(outcome.scan_s)
        self.plots += outcome.plots


def bench(
    trackers: dict[str, TrackerMaker],
    cases: Sequence[Case],
    seeds: int,
    progress: Progress | None = None,
    recorded: Runs | None = None,
) -> Bench:
    """Run every tracker over every case, seeds 1 to `seeds`; all trackers get the same plots.

    Parameters
    ----------
    trackers : dict
        Makers by the name to show; the first is the one that others are compared with.
    cases, seeds
        What to run; `cases.CASES` has all.
    progress : callable, optional
        Called with runs done, runs in all and a few words.
    recorded : optional
        Runs of other trackers (`records.read_runs`) to compare the first one with as well.

    Raises
    ------
    InputError
        If a tracker other than `mantlet` fails, naming it, the case and what it said; or if
        recorded runs are of other plots.
    """
    tallies: dict[tuple[str, str], _Tally] = {}
    albums = []
    done, total = 0, len(cases) * seeds * len(trackers)
    for case in cases:
        album = Album(case.name, case.words)
        for seed in range(1, seeds + 1):
            scene = case.make(seed)  # one at a time: a thousand flights take a hundred megabytes
            for name, make in trackers.items():
                words = f"{name} on {case.name}, seed {seed}"
                told = progress and partial(_tell, progress, done, total, words)
                tally = tallies.setdefault((name, case.name), _Tally())
                with _blame(name, case.name):
                    _run(name, make, scene, seed, tally, album, told)
                done += 1
        albums.append(album)
    runs = {key: tally.figures for key, tally in tallies.items()}
    return Bench(
        tuple(row for key, held in runs.items() for row in rows_of(*key, list(held.values()))),
        runs,
        tuple(_paired(runs, recorded or {}, next(iter(trackers)))),
        tuple(_cost(*key, tally) for key, tally in tallies.items()),
        tuple(albums),
        seeds,
    )


def _tell(progress: Progress, done: int, total: int, words: str, share: float) -> None:
    progress(done + share, total, words)


def _run(
    name: str,
    make: TrackerMaker,
    scene: Scene,
    seed: int,
    tally: _Tally,
    album: Album,
    progress: Callable[[float], None] | None,
) -> None:
    if not tally.figures:
        run_tracker(make, scene, WARM_UP)
    outcome = run_tracker(make, scene, progress=progress)
    judged = judge(scene, outcome)
    tally.add(seed, judged.figures, outcome)
    album.add(name, judged)


def _paired(runs: Runs, recorded: Runs, first: str) -> Iterator[Difference]:
    check_same_plots(runs, recorded)
    every = {**recorded, **runs}
    for other in dict.fromkeys(name for name, _ in (*runs, *recorded)):
        if other != first:
            yield from differences(every, first, other)


@contextmanager
def _blame(tracker: str, case: str) -> Iterator[None]:
    """An error in somebody's tracker is theirs to mend, not a fault of this program."""
    try:
        yield
    except InputError:
        raise
    except Exception as error:
        if tracker == "mantlet":
            raise
        raise InputError(
            f"tracker {tracker!r} on {case}: {type(error).__name__}: {error}\n"
            "    fix: try check_tracker on it (docs/tracking.md); MANTLET_DEBUG=1 shows where"
        ) from error


def _cost(tracker: str, case: str, tally: _Tally) -> dict[str, Any]:
    each = np.concatenate(tally.scan_s)
    return {
        "tracker": tracker,
        "case": case,
        "plots_per_s": round(tally.plots / max(float(each.sum()), 1e-9)),
        "scan_ms_p50": round(1e3 * float(np.percentile(each, 50)), 3),
        "scan_ms_p99": round(1e3 * float(np.percentile(each, 99)), 3),
    }


def cases_named(names: str | None) -> list[Case]:
    """Cases by names with commas between; all of them for None."""
    if names is None:
        return list(CASES.values())
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in CASES]
    if unknown or not wanted:
        raise InputError(
            f"cases: no {', '.join(unknown) or 'name'}\n    fix: choose from {', '.join(CASES)}"
        )
    return [CASES[name] for name in wanted]
