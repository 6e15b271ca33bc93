"""`mantlet coverage`: what a scenario's radars see, and the seconds that leaves to its towns."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mantlet.console.progress import progress_bar
from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.analysis.coverage import Coverage

SUFFIXES = (".geojson", ".svg", ".png", ".pdf", ".npz")
"""A file to write is one of these; anything without a suffix is a folder for all."""


def coverage(
    scenario: str,
    height_m: float,
    class_id: str | None,
    radars: list[str],
    seconds: float,
    out: Path,
    settings: list[str],
) -> None:
    """Work out the coverage of a scenario, write it, and print what it comes to."""
    _check(out)
    with progress_bar("coverage") as report:
        report(0.0, 1.0, "loading (the first time also compiles its kernels)")
        from mantlet.analysis.coverage import coverage as work
        from mantlet.scenario.load import load_scenario

        loaded = load_scenario(scenario, tuple(settings))
        found = work(loaded, height_m, class_id, radars=radars, seconds=seconds, progress=report)
    written = _write(found, out)
    print("\n".join([*_told(found), *(f"wrote {path}" for path in written)]))


def _check(out: Path) -> None:
    """Refuse a place that cannot be written before any work is done."""
    fix = f"end it with {', '.join(SUFFIXES)}, or give a folder"
    if out.suffix and out.suffix.lower() not in SUFFIXES and not out.is_dir():
        raise InputError(f"{out}: no format of a coverage\n    fix: {fix}")
    if out.suffix.lower() in SUFFIXES and out.is_dir():
        raise InputError(f"{out}: is a folder\n    fix: give another name")
    if not out.suffix and out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file\n    fix: {fix}")


def _write(found: "Coverage", out: Path) -> list[Path]:
    """One file by its suffix, or all that there is into a folder; each whole or not at all."""
    from mantlet.analysis.coverage.figures import draw_coverage, draw_warning_times
    from mantlet.ports.files import DiskFiles

    makers: dict[str, Callable[[], bytes]] = {
        "coverage.geojson": lambda: _geojson(found),
        "coverage.npz": lambda: _arrays(found),
        "coverage.svg": lambda: draw_coverage(found, "svg"),
        "warning-time.svg": lambda: draw_warning_times(found, "svg"),
    }
    suffix = out.suffix.lower()
    if suffix in (".geojson", ".npz"):
        planned = {out: makers[f"coverage{suffix}"]}
    elif suffix in SUFFIXES:
        kind, beside = suffix[1:], out.with_name(f"{out.stem}-warning-time{out.suffix}")
        planned = {
            out: lambda: draw_coverage(found, kind),
            beside: lambda: draw_warning_times(found, kind),
        }
    else:
        planned = {out / name: make for name, make in makers.items()}
    for path, make in planned.items():
        DiskFiles().write(path, make())
    return list(planned)


def _geojson(found: "Coverage") -> bytes:
    return (json.dumps(found.geojson(), ensure_ascii=False) + "\n").encode()


def _arrays(found: "Coverage") -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **found.arrays())
    return buffer.getvalue()


def _told(found: "Coverage") -> list[str]:
    """The main figures in a few lines."""
    times, zones = found.times, found.times.zones
    rows = np.flatnonzero(times.flights)
    lines = [
        f"{found.class_id} at {found.map.height_m:,.0f} m, "
        f"{len(found.map.radars)} radars: {', '.join(r.id for r in found.map.radars)}"
    ]
    if not len(rows):
        return [*lines, "no flight of this class reaches a town"]
    low, middle, high = np.percentile(times.warning_s[rows], (10, 50, 90), method="lower")
    late = rows[~times.enough[rows]]
    towns = "1 town" if len(rows) == 1 else f"{len(rows)} towns"
    lines.append(
        f"{towns} in reach: {middle:.0f} s of warning in the median town "
        f"({low:.0f} to {high:.0f} s in 8 of 10)"
    )
    lines.append(
        f"{len(late)} of them, {zones.population[late].sum():,.0f} people, "
        "have less than they need to reach shelter"
    )
    worst = rows[np.argsort(times.warning_s[rows], kind="stable")][:5]
    lines += [
        f"  {zones.name[k]}: {times.warning_s[k]:.0f} s, needs {zones.shelter_time_s[k]:.0f} s"
        for k in worst
    ]
    return lines
