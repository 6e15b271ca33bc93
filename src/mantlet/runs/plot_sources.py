"""Plots to track and the radars they are of, from whatever file holds them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.pipeline.looks import spans_of, spread_s
from mantlet.scenario.document import read_mapping
from mantlet.scenario.given import load_given_radars
from mantlet.scenario.load import load_scenario
from mantlet.sensing import asterix
from mantlet.sensing.plot_files import PARQUET_MAGIC, read_plot_file
from mantlet.tables import Intervals, Plots
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures

Floats = NDArray[np.float64]

FASTEST_MPS = 640.0
"""What a doubt about time costs in place: the way of a fast rocket."""

LATE_S = 5.0
"""Nobody waits longer for a plot: what arrives later is dropped by the tracker and counted."""


@dataclass(frozen=True)
class RecordedPlots:
    """Plots of a file, when the radars looked, and an account of everything not used.

    `epoch` (UTC) is what the plots' times count from, None where the file does not tell; `notes`
    are findings for people, one a line; `lost` counts what could not be read or used, by reason;
    `coarse` is whether the file was ASTERIX, whose steps count as measurement errors.
    """

    plots: Plots
    spans: Intervals
    epoch: datetime | None = None
    notes: tuple[str, ...] = ()
    lost: tuple[tuple[str, int], ...] = ()
    coarse: bool = False

    def __len__(self) -> int:
        return len(self.plots)


FEWEST_LOOKS, MOST_PERIODS = 5, 200.0
"""Half the steps between so many looks being longer than so many periods, no flight can be seen."""


def load_radars(path: str | Path) -> tuple[RadarFigures, ...]:
    """What a tracker may know of the radars in a file.

    Parameters
    ----------
    path : path
        A YAML file with a `radars:` list of `kind: given`, a whole scenario, or a run folder.

    Raises
    ------
    InputError
        With every mistake found, each with file, line, field and fix.
    """
    path = Path(path)
    file = path / "scenario.yaml" if path.is_dir() else path
    if {*read_mapping(file, "start with radars:").values} <= {"radars"}:
        return load_given_radars(file)
    return load_scenario(file).figures


def read_plots(
    path: str | Path, radars: Sequence[RadarFigures] = (), *, day: date | None = None
) -> RecordedPlots:
    """Plots of a CSV, Parquet or ASTERIX file (raw, pcap, FINAL), or of a run folder.

    Parameters
    ----------
    path : path
        CSV and Parquet by name, Parquet and ASTERIX by contents.
    radars : sequence of RadarFigures
        Needed for ASTERIX, whose heights become elevations at the radar; for the others rows of
        radars that are not among these are left out.
    day : date, optional
        UTC date of the first record of an ASTERIX file; only a capture tells it. Without, times
        count from the midnight before it.

    Raises
    ------
    InputError
        If the file cannot be read or holds not one usable plot.
    """
    path = Path(path)
    if path.is_dir():
        return _of_run(path)
    if path.suffix.lower() in (".csv", ".parquet") or _starts(path, PARQUET_MAGIC):
        return _of_table(path, radars)
    if not radars:
        raise InputError(f"{path}: ASTERIX tells heights, not elevations\n    fix: give its radars")
    return _of_asterix(path, radars, day)


def with_recording_errors(
    radars: Sequence[RadarFigures], held: RecordedPlots
) -> tuple[RadarFigures, ...]:
    """Figures whose errors hold what the recording adds to the radars' own, in squares.

    What CAT048's steps add (`asterix.plot_errors`): of elevation, whose error grows nearby and
    overhead, what nine tenths of the radar's plots stay below; of time, the way at `FASTEST_MPS`.
    And where the plots of one scan bear times of their own, the way between them and the scan's
    middle, at which they are taken, at `FASTEST_MPS`.
    """
    return tuple(_coarser(radar, held) for radar in radars)


def with_format_errors(radars: Sequence[RadarFigures]) -> tuple[RadarFigures, ...]:
    """The same before any plot has come: of elevation at a tenth of the radar's range."""
    return tuple(_stepped(r, np.array([r.range_max_m / 10.0]), np.array([0.3])) for r in radars)


def _coarser(radar: RadarFigures, held: RecordedPlots) -> RadarFigures:
    rows = held.plots.radar_id == radar.id
    if not rows.any():
        return radar
    range_m = held.plots.range_m[rows]
    way_m = FASTEST_MPS * spread_s(held.plots, radar)
    turn_rad = way_m / float(np.median(range_m))
    made = _with(radar, way_m, turn_rad, turn_rad) if way_m > 0.0 else radar
    if not held.coarse:
        return made
    return _stepped(made, range_m, held.plots.elevation_rad[rows])


def _stepped(radar: RadarFigures, range_m: Floats, elevation_rad: Floats) -> RadarFigures:
    """With CAT048's steps, for plots at these ranges and elevations."""
    added = asterix.plot_errors(range_m, elevation_rad)
    along_m = float(np.hypot(added.range_m[0], FASTEST_MPS * added.time_s[0]))
    up_rad = float(np.quantile(added.elevation_rad, 0.9))
    return _with(radar, along_m, float(added.azimuth_rad[0]), up_rad)


def _with(radar: RadarFigures, range_m: float, azimuth_rad: float, up_rad: float) -> RadarFigures:
    return replace(
        radar,
        sigma_range_m=float(np.hypot(radar.sigma_range_m, range_m)),
        sigma_azimuth_rad=float(np.hypot(radar.sigma_azimuth_rad, azimuth_rad)),
        sigma_elevation_rad=float(np.hypot(radar.sigma_elevation_rad, up_rad)),
    )


def plot_spans(plots: Plots) -> Intervals:
    """When radars looked, by their plots; up to the arrival of late ones."""
    late_s = np.minimum(plots.arrival_s, plots.time_s + LATE_S)
    return spans_of(np.concatenate([plots.time_s, late_s[np.isfinite(late_s)]]))


def _starts(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(magic)) == magic
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error


def _of_run(folder: Path) -> RecordedPlots:
    """A run's own plots over its own intervals."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        epoch = datetime.fromisoformat(manifest["epoch"])
        plots = Plots.read(folder / "plots.parquet")
        spans = Intervals.read(folder / "intervals.parquet")
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{folder}: not a run folder\n    fix: make one with mantlet run, or name a file"
        ) from error
    return RecordedPlots(plots, spans, epoch, (f"{len(plots)} plots of a run",))


def _of_table(path: Path, radars: Sequence[RadarFigures]) -> RecordedPlots:
    plots, left_out = read_plot_file(path, [radar.id for radar in radars])
    for radar in radars:
        _check_period(path, plots, radar)
    notes = (f"{len(plots)} plots", *map(str, left_out))
    lost = tuple((reason.reason, reason.count) for reason in left_out)
    return RecordedPlots(plots, plot_spans(plots), None, notes, lost)


def _check_period(path: Path, plots: Plots, radar: RadarFigures) -> None:
    """Times in milliseconds stand a thousand periods apart: refuse them."""
    looks_s = np.unique(plots.time_s[plots.radar_id == radar.id])
    if looks_s.size < FEWEST_LOOKS:
        return
    apart = float(np.median(np.diff(looks_s))) / radar.period_s
    if apart > MOST_PERIODS:
        raise InputError(
            f"{path}: time_s of radar {radar.id!r}: plots stand {apart:.0f} of its periods "
            f"({radar.period_s:g} s) apart: milliseconds?\n"
            "    fix: divide the column by 1000, or correct period_s of the radar"
        )


def _of_asterix(path: Path, radars: Sequence[RadarFigures], day: date | None) -> RecordedPlots:
    plots, report = asterix.read_plots(path, radars, day)
    lost = {**report.left_out, **report.contents.counts}
    return RecordedPlots(
        plots,
        spans_of(np.concatenate([plots.time_s, report.markers_s])),
        report.epoch,
        tuple(report.lines()),
        tuple(lost.items()),
        coarse=True,
    )
