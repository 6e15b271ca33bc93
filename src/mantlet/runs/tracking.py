"""Track plots of any origin, sum up what came of it, and write it to a folder."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

import mantlet
from mantlet.pipeline.tracking import Tracked, track_plots
from mantlet.ports.files import DiskFiles
from mantlet.runs.guest import Guest
from mantlet.runs.plot_sources import RecordedPlots, plot_spans, with_recording_errors
from mantlet.runs.target import MANIFEST, check_target
from mantlet.tables import SCHEMA_VERSION, Impacts, Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import TrackerMaker
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR, Air

Progress = Callable[[float, float, str], None]
Floats = NDArray[np.float64]

NINETY = -2.0 * np.log(0.1)
"""Square of the 90 % radius of a normal distribution over the plane, in sigmas."""


@dataclass(frozen=True)
class TrackRun:
    """Tracks and predicted impacts of recorded plots; `summary` has one row per track."""

    plots: Plots
    tracks: Tracks
    impacts: Impacts
    summary: dict[str, Any]


def track(
    plots: Plots | RecordedPlots,
    radars: Sequence[RadarFigures],
    *,
    air: Air = STANDARD_AIR,
    tracker: TrackerMaker | None = None,
    progress: Progress | None = None,
) -> TrackRun:
    """Track plots and predict impacts once a second.

    Parameters
    ----------
    plots : RecordedPlots (of `read_plots`) or Plots
        What the format's steps (ASTERIX) and times within a scan add to the radars' errors is
        added to them.
    radars : sequence of RadarFigures
        `load_radars` reads them from a file.
    air : Air
        The air assumed.
    tracker : callable, optional
        Another tracker: `mantlet.tracking.stone_soup.StoneSoupTracker`, or one of your own
        (`mantlet.tracking.protocol`). It gets no late plots; they are counted.
    progress : callable, optional
        Called with seconds done, seconds in all and a few words.

    Raises
    ------
    InputError
        If two radars share an id, or no plot is of any of the radars.
    """
    held = plots if isinstance(plots, RecordedPlots) else _bare(plots)
    ids = [radar.id for radar in radars]
    if len({*ids}) < len(ids):
        raise InputError("two radars have the same id\n    fix: give each its own")
    if not np.isin(held.plots.radar_id.astype(str), ids).any():
        there = ", ".join(sorted({*held.plots.radar_id.astype(str)})[:5])
        raise InputError(
            f"no plot is of any radar: plots of {there or 'none'}, radars {', '.join(ids)}\n"
            "    fix: make the ids of the radars those of the plots"
        )
    known = with_recording_errors(radars, held)
    # A guest offers all that tracking plots asks of Mantlet's own.
    used = cast(Tracker, Guest(tracker(known, air), known, air)) if tracker else Tracker(known, air)
    found = track_plots(held.plots, used, held.spans, progress)
    return TrackRun(held.plots, found.tracks, found.impacts, summarise(held, found))


def write_tracks(run: TrackRun, folder: Path, sources: Sequence[Path] = ()) -> None:
    """Write tracks, impacts, the plots used and the summary; an earlier such folder is replaced.

    `sources` are files to name with their hash in the manifest. InputError if the place holds
    anything else.
    """
    check_target(folder)
    with DiskFiles().whole_folder(folder, replace=True) as temporary:
        run.plots.write(temporary / "plots.parquet")
        run.tracks.write(temporary / "tracks.parquet")
        run.impacts.write(temporary / "impacts.parquet")
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
