"""Trackers over cases over seeds: the table, and apart from it what it cost."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mantlet.analysis.bench.cases import CASES, Case
from mantlet.analysis.bench.running import run_tracker
from mantlet.analysis.bench.scoring import score
from mantlet.analysis.bench.table import COLUMNS, Row, as_csv, as_json, as_markdown, rows_of
from mantlet.tables.errors import InputError
from mantlet.tracking.protocol import TrackerMaker

WARM_UP = 20
"""Instants that a tracker is run for untimed, so that nothing is compiled on the clock."""

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Bench:
    """`rows` are the same on every machine; `speed` (per tracker and case) is this one's."""

    rows: tuple[Row, ...]
    speed: tuple[dict[str, Any], ...]
    seeds: int


def bench(
    trackers: dict[str, TrackerMaker],
    cases: Sequence[Case],
    seeds: int,
    progress: Progress | None = None,
) -> Bench:
    """Run every tracker over every case, seeds 1 to `seeds`; all trackers get the same plots."""
    rows: list[Row] = []
    speed: list[dict[str, Any]] = []
    done, total = 0, len(cases) * seeds * len(trackers)
    for case in cases:
        scenes = [case.make(seed) for seed in range(1, seeds + 1)]
        for name, make in trackers.items():
            run_tracker(make, scenes[0], WARM_UP)
            figures, scan_s, plots = [], [], 0
            for scene in scenes:
                outcome = run_tracker(make, scene)
                figures.append(score(scene, outcome))
                scan_s.append(outcome.scan_s)
                plots += outcome.plots
                done += 1
                if progress is not None:
                    progress(done, total, f"{name} on {case.name}")
            rows += rows_of(name, case.name, figures)
            speed.append({"tracker": name, "case": case.name, **_speed(scan_s, plots)})
    return Bench(tuple(rows), tuple(speed), seeds)


def _speed(scan_s: list[Any], plots: int) -> dict[str, float]:
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
