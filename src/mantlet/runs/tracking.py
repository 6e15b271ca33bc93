"""Track plots of any origin, sum up what came of it, and write it to a folder."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import mantlet
from mantlet.analysis.registration import alarms_of, registration_summary, table_of
from mantlet.pipeline.registering import Estimate, Registered, register
from mantlet.pipeline.tracking import Tracked
from mantlet.pipeline.witness import WitnessState
from mantlet.ports.files import DiskFiles
from mantlet.runs.plot_sources import RecordedPlots, plot_spans, with_recording_errors
from mantlet.runs.target import MANIFEST, check_target
from mantlet.runs.tracker_choice import tracker_for
from mantlet.sensing.plot_files import UNNAMED
from mantlet.tables import SCHEMA_VERSION, Impacts, Plots, Registrations, Table, Tracks
from mantlet.tables.errors import InputError
from mantlet.tables.run import TRACKED_TABLES
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import TrackerMaker
from mantlet.tracking.registration import COMPONENTS, Registrar
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.tracking.smoother import smooth_tracks
from mantlet.world.air import UNTOLD_AIR, Air

Progress = Callable[[float, float, str], None]
Floats = NDArray[np.float64]

NINETY = -2.0 * np.log(0.1)
"""Square of the 90 % radius of a normal distribution over the plane, in sigmas."""


@dataclass(frozen=True)
class TrackRun:
    """Tracks and predicted impacts of recorded plots; `summary` has one row per track.

    `registrations` has no rows where there is one radar; `smoothed` is None unless asked for.
    """

    plots: Plots
    tracks: Tracks
    impacts: Impacts
    summary: dict[str, Any]
    registrations: Registrations
    smoothed: Tracks | None = None


def track(
    plots: Plots | RecordedPlots,
    radars: Sequence[RadarFigures],
    *,
    air: Air = UNTOLD_AIR,
    tracker: TrackerMaker | str | None = None,
    settings: TrackerSettings = DEFAULT_SETTINGS,
    smooth: bool = False,
    correct: bool = False,
    progress: Progress | None = None,
) -> TrackRun:
    """Track plots and predict impacts once a second; with several radars, check them too.

    Parameters
    ----------
    plots : RecordedPlots (of `read_plots`) or Plots
        What the format's steps (ASTERIX) and times within a scan add to the radars' errors is
        added to them.
    radars : sequence of RadarFigures
        `load_radars` reads them from a file.
    air : Air, optional
        The air assumed. Without: standard, and as unsure as a day's wind and density make it.
    tracker : callable or str, optional
        Another tracker: `stonesoup`, `mine.py:MyTracker`, or its maker
        (`mantlet.tracking.protocol`). It gets no late plots; they are counted.
    settings : TrackerSettings
        Of Mantlet's own tracker.
    smooth : bool
        Also estimate every track again from all of its plots, past and future, from the first
        of them to the last (`tracking.smoother`).
    correct : bool
        Where the radars' registration alarms, give the tracks of the plots without the estimated
        biases. Meant for biases that last for the whole recording; half of what all radars share
        or of what one of two has too much may stay unknown and uncorrected.
    progress : callable, optional
        Called with seconds done, seconds in all and a few words.

    Raises
    ------
    InputError
        If two radars share an id, no plot is of any of the radars, or the tracker asked for
        cannot be had or fails.
    """
    held = _named(plots if isinstance(plots, RecordedPlots) else _bare(plots), radars)
    _check(held, radars)
    known = with_recording_errors(radars, held)
    checked = register(
        held.plots,
        lambda figures: tracker_for(tracker, settings, figures, air),
        Registrar(known, air),
        held.spans,
        progress,
    )
    found = checked.found
    if correct:
        held, found = replace(held, plots=checked.corrected_plots), checked.corrected
    run = gathered(held, found, checked.estimates)
    if correct:
        run.summary["corrected"] = _correction(known, checked)
    return smoothed(run, found, known, air, progress) if smooth else run


def _named(held: RecordedPlots, radars: Sequence[RadarFigures]) -> RecordedPlots:
    """Plots that name no radar are of the one there is."""
    if len(radars) != 1 or not (held.plots.radar_id == UNNAMED).all():
        return held
    radar_id = np.full(len(held.plots), radars[0].id, dtype=object)
    return replace(held, plots=replace(held.plots, radar_id=radar_id))


def _check(held: RecordedPlots, radars: Sequence[RadarFigures]) -> None:
    ids = [radar.id for radar in radars]
    if len({*ids}) < len(ids):
        raise InputError("two radars have the same id\n    fix: give each its own")
    if not np.isin(held.plots.radar_id.astype(str), ids).any():
        there = ", ".join(sorted({*held.plots.radar_id.astype(str)})[:5])
        raise InputError(
            f"no plot is of any radar: plots of {there or 'none'}, radars {', '.join(ids)}\n"
            "    fix: make the ids of the radars those of the plots"
        )


def _correction(radars: Sequence[RadarFigures], checked: Registered) -> dict[str, Any]:
    """What was taken off the plots of each radar, and what still alarms after that."""
    left = checked.left
    return {
        "taken_off": {
            radar.id: dict(zip(COMPONENTS, row.tolist(), strict=True))
            for radar, row in zip(radars, checked.taken_off, strict=True)
            if row.any()
        },
        "alarms": list(alarms_of(((0.0, left),))) if left else [],
    }


def gathered(held: RecordedPlots, found: Tracked, estimates: Sequence[Estimate]) -> TrackRun:
    """Everything a tracking of plots by a witnessed tracker came to."""
    table = table_of(estimates)
    summary = summarise(held, found) | {"registration": registration_summary(table)}
    return TrackRun(held.plots, found.tracks, found.impacts, summary, table)


def smoothed(
    run: TrackRun,
    found: Tracked,
    radars: Sequence[RadarFigures],
    air: Air,
    progress: Progress | None = None,
) -> TrackRun:
    """The same with every track smoothed over the plots that it took."""

    def told(done: int, of: int) -> None:
        if progress is not None:
            progress(float(done), float(of), f"smoothing {of} tracks")

    seen: WitnessState = found.state
    taken = seen.plots_of_tracks()
    tracks = smooth_tracks(run.tracks, run.plots, radars, air, taken=taken, progress=told)
    summary = run.summary | {"smoothed_tracks": len(np.unique(tracks.track_id))}
    return replace(run, summary=summary, smoothed=tracks)


def write_tracks(run: TrackRun, folder: Path, sources: Sequence[Path] = ()) -> None:
    """Write the tables, the plots used among them, and the summary.

    An earlier such folder is replaced.

    `sources` are files to name with their hash in the manifest. InputError if the place holds
    anything else.
    """
    check_target(folder)
    with DiskFiles().whole_folder(folder, replace=True) as temporary:
        for name in TRACKED_TABLES:
            table: Table | None = getattr(run, name)
            if table is not None and (len(table) or name != "registrations"):
                table.write(temporary / f"{name}.parquet")
        _write_json(temporary / "summary.json", run.summary)
        _write_json(
            temporary / MANIFEST,
            {
                "mantlet": mantlet.__version__,
                "schema": SCHEMA_VERSION,
                "kind": "tracks",
                "epoch": run.summary["epoch"],
                "exercise": True,
                "sources": {path.name: _sha256(path) for path in sources if path.is_file()},
                "sha256": {path.name: _sha256(path) for path in sorted(temporary.iterdir())},
            },
        )


def _bare(plots: Plots) -> RecordedPlots:
    if not len(plots):
        raise InputError("no plots at all\n    fix: give at least one")
    return RecordedPlots(plots, plot_spans(plots))


def summarise(held: RecordedPlots, found: Tracked) -> dict[str, Any]:
    """Counts, and per track when it was seen and its last prediction of an impact."""
    tracks, impacts = found.tracks, found.impacts
    ids = np.unique(tracks.track_id)
    firsts = tracks.time_s[np.unique(tracks.track_id, return_index=True)[1]]
    last = len(tracks) - 1 - np.unique(tracks.track_id[::-1], return_index=True)[1]
    landed = np.nonzero(impacts.status == "landed")[0]
    told = {int(impacts.track_id[row]): int(row) for row in landed}  # the last of each stays
    rows = [
        {
            "track_id": int(track_id),
            "first_s": float(first_s),
            "last_s": float(tracks.time_s[row]),
            "status": str(tracks.status[row]),
            "impact": _impact(impacts, told[int(track_id)], held.epoch)
            if int(track_id) in told
            else None,
        }
        for track_id, first_s, row in zip(ids, firsts, last, strict=True)
    ]
    return {
        "epoch": _iso(held.epoch),
        "plots": len(held.plots),
        "lost": dict(held.lost),
        "tracker": {kind: count for kind, count in asdict(found.health).items() if count},
        "first_s": float(held.plots.time_s.min()),
        "last_s": float(held.plots.time_s.max()),
        "tracks": len(rows),
        "impacts": sum(row["impact"] is not None for row in rows),
        "track_list": rows,
    }


def _impact(impacts: Impacts, row: int, epoch: datetime | None) -> dict[str, Any]:
    major_m, minor_m, bearing_deg = ellipse(impacts.covariance_m2[row])
    time_s = float(impacts.impact_time_s[row])
    return {
        "predicted_at_s": float(impacts.time_s[row]),
        "time_s": time_s,
        "time_utc": None if epoch is None else _iso(epoch, time_s),
        "time_sigma_s": float(impacts.impact_time_sigma_s[row]),
        "lat_deg": float(impacts.lat_deg[row]),
        "lon_deg": float(impacts.lon_deg[row]),
        "ellipse_90": {"major_m": major_m, "minor_m": minor_m, "bearing_deg": bearing_deg},
    }


def ellipse(covariance_m2: Floats) -> tuple[float, float, float]:
    """Half axes [m] of the 90 % ellipse of (EE, EN, NN) [m2], and the major one's bearing [deg].

    The bearing is clockwise from north, 0..180.
    """
    east, across, north = (float(value) for value in covariance_m2)
    middle, spread = (east + north) / 2, float(np.hypot((east - north) / 2, across))
    major, minor = (np.sqrt(NINETY * max(middle + sign * spread, 0.0)) for sign in (1, -1))
    bearing = 0.5 * np.degrees(np.arctan2(2 * across, north - east)) % 180.0
    return float(major), float(minor), float(bearing)


def _iso(epoch: datetime | None, time_s: float = 0.0) -> str | None:
    """UTC to the millisecond, or to the second where that is all there is."""
    if epoch is None:
        return None
    moment = datetime.fromtimestamp(epoch.timestamp() + round(time_s, 3), epoch.tzinfo)
    return moment.isoformat(timespec="milliseconds" if time_s else "auto").replace("+00:00", "Z")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
