"""Trackers over cases over seeds: the table, and apart from it what it cost."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.cases import CASES, Case
from mantlet.analysis.bench.running import Outcome, run_tracker
from mantlet.analysis.bench.scene import Scene
from mantlet.analysis.bench.scoring import Figures, score
from mantlet.analysis.bench.table import COLUMNS, Row, as_csv, as_json, as_markdown, rows_of
from mantlet.tables.errors import InputError
from mantlet.tracking.protocol import TrackerMaker

Floats = NDArray[np.float64]

WARM_UP = 20
"""Instants that a tracker is run for untimed, so that nothing is compiled on the clock."""

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Bench:
    """`rows` are the same on every machine; `speed` (per tracker and case) is this one's."""

    rows: tuple[Row, ...]
    speed: tuple[dict[str, Any], ...]
    seeds: int


@dataclass
class _Tally:
    """What one tracker did on one case, seed after seed."""

    figures: list[Figures] = field(default_factory=list)
    scan_s: list[Floats] = field(default_factory=list)
    plots: int = 0

    def add(self, scene: Scene, outcome: Outcome) -> None:
        self.figures.append(score(scene, outcome))
        self.scan_s.append(outcome.scan_s)
        self.plots += outcome.plots


def bench(
    trackers: dict[str, TrackerMaker],
    cases: Sequence[Case],
    seeds: int,
    progress: Progress | None = None,
) -> Bench:
    """Run every tracker over every case, seeds 1 to `seeds`; all trackers get the same plots.

    Raises
    ------
    InputError
        If a tracker other than `mantlet` fails, naming it, the case and what it said.
    """
    rows: list[Row] = []
    speed: list[dict[str, Any]] = []
    done, total = 0, len(cases) * seeds * len(trackers)
    for case in cases:
        tallies = {name: _Tally() for name in trackers}
        for seed in range(1, seeds + 1):
            scene = case.make(seed)  # one at a time: a thousand flights take a hundred megabytes
            for name, make in trackers.items():
                with _blame(name, case.name):
                    if seed == 1:
                        run_tracker(make, scene, WARM_UP)
                    tallies[name].add(scene, run_tracker(make, scene))
                done += 1
                if progress is not None:
                    progress(done, total, f"{name} on {case.name}")
        for name, tally in tallies.items():
            rows += rows_of(name, case.name, tally.figures)
            cost = _speed(tally.scan_s, tally.plots)
            speed.append({"tracker": name, "case": case.name, **cost})
    return Bench(tuple(rows), tuple(speed), seeds)


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


def _speed(scan_s: list[Floats], plots: int) -> dict[str, float]:
    each = np.concatenate(scan_s)
    return {
        "plots_per_s": round(plots / max(float(each.sum()), 1e-9)),
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


def write_bench(result: Bench, folder: Path) -> None:
    """Write bench.csv, .json, .parquet and .md, and speed.json, into an existing folder."""
    import json

    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = {
        "bench.csv": as_csv(result.rows),
        "bench.json": as_json(result.rows),
        "bench.md": as_markdown(result.rows, result.seeds),
        "speed.json": json.dumps(list(result.speed), indent=1) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    kinds = [pa.string()] * 3 + [pa.float64()] * 4 + [pa.int64()]
    columns = {
        name: pa.array([getattr(row, name) for row in result.rows], kind)
        for name, kind in zip(COLUMNS, kinds, strict=True)
    }
    pq.write_table(pa.table(columns), folder / "bench.parquet", compression="zstd")
