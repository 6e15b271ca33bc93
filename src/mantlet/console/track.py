"""`mantlet track`: plots from a file to tracks and impacts."""

import json
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mantlet.console.progress import progress_bar
from mantlet.console.registration import registration_lines
from mantlet.runs.target import check_target

if TYPE_CHECKING:
    from mantlet.runs.tracking import TrackRun
    from mantlet.tables import Tracks

NO_RADARS = "no radars\n    fix: name their file: --radar radars.yaml"

LIVE_CORRECT = (
    "--correct: a live source has no end to estimate at\n"
    "    fix: leave it out, and track the plots that were written once more with it"
)

SHOWN = 20
"""Tracks printed; the tables have all of them."""


@dataclass(frozen=True)
class How:
    """What to do with the plots."""

    tracker: str
    settings: list[str]
    smooth: bool
    correct: bool


def track(
    plots: list[str],
    radar: Path | None,
    out: Path | None,
    how: How,
    day: datetime | None,
    seconds: float | None,
    as_json: bool,
) -> None:
    """Track files or a live source of plots, write the folder, print what came of it."""
    live = [source for source in plots if "://" in source]
    folder = out or Path("runs") / f"{'live' if live else Path(plots[0]).stem}-tracks"
    check_target(folder)
    if live:
        found, notes = _listen(_alone(live[0], plots), radar, folder, how, seconds)
    else:
        files = [Path(file) for file in plots]
        found, notes = _work(files, radar, folder, how, day.date() if day else None)
    if as_json:
        print(json.dumps({"folder": str(folder), **found.summary}, ensure_ascii=False))
        return
    for note in (*notes, *_refused(found.summary["tracker"])):
        print(note, file=sys.stderr)
    _print_table(found.summary)
    for line in registration_lines(found.summary):
        print(line)
    names = ["tracks", "impacts", *(["smoothed"] if how.smooth else [])]
    print(f"tables  {', '.join(str(folder / f'{name}.parquet') for name in names)}")


def _alone(source: str, plots: list[str]) -> str:
    from mantlet.tables.errors import InputError

    if len(plots) > 1:
        raise InputError(f"{source}: a live source among other plots\n    fix: track it by itself")
    return source


def _listen(
    source: str, radar: Path | None, folder: Path, how: How, seconds: float | None
) -> tuple["TrackRun", tuple[str, ...]]:
    """Until the source ends, the time is up or Ctrl-C."""
    from mantlet.analysis.bench.settings_text import settings_from
    from mantlet.ports.clock import WallClock
    from mantlet.ports.listening import listen
    from mantlet.runs.live_plots import midnight_before, track_live
    from mantlet.runs.plot_sources import load_radars
    from mantlet.runs.tracking import write_tracks
    from mantlet.tables.errors import InputError

    if radar is None:
        raise InputError(NO_RADARS)
    if how.correct:
        raise InputError(LIVE_CORRECT)
    radars, settings = load_radars(radar), settings_from(how.settings)
    epoch = midnight_before(datetime.now(UTC))
    try:
        listener = listen(source)
    except (ValueError, OSError) as error:
        raise InputError(str(error)) from error
    limit_s = float("inf") if seconds is None else seconds
    with progress_bar("listening") as report, closing(listener):

        def shown(done_s: float, heard: int, tracks: "Tracks", alarms: tuple[str, ...]) -> None:
            share = 0.0 if seconds is None else done_s / seconds
            alarm = f"; REGISTRATION: {alarms[0]}" if alarms else ""
            report(share, 1.0, f"{heard:,} plots, {len(tracks)} tracks (Ctrl-C to stop){alarm}")

        found = track_live(
            listener, radars, WallClock(epoch), epoch, tracker=how.tracker, settings=settings,
            smooth=how.smooth, seconds=limit_s, shown=shown,
        )  # fmt: skip
    write_tracks(found, folder, (radar,))
    lost = found.summary["lost"].items()
    return found, tuple(f"{count} times: {reason}" for reason, count in lost)


def _work(
    files: list[Path], radar: Path | None, folder: Path, how: How, day: date | None
) -> tuple["TrackRun", tuple[str, ...]]:
    with progress_bar(files[0].stem) as report:
        report(0.0, 1.0, "reading (the first time ever also compiles its kernels)")
        from mantlet.analysis.bench.settings_text import settings_from
        from mantlet.runs.merged_plots import read_all
        from mantlet.runs.plot_sources import load_radars
        from mantlet.runs.tracking import track as track_recorded
        from mantlet.runs.tracking import write_tracks
        from mantlet.tables.errors import InputError

        if radar is None and not files[0].is_dir():
            raise InputError(NO_RADARS)
        file = files[0] if radar is None else radar
        settings, radars = settings_from(how.settings), load_radars(file)
        held = read_all(files, radars, day=day)
        found = track_recorded(
            held, radars, tracker=how.tracker, settings=settings, smooth=how.smooth,
            correct=how.correct, progress=report,
        )  # fmt: skip
        write_tracks(found, folder, (*files, file))
        return found, held.notes


def _refused(counts: dict[str, int]) -> list[str]:
    """What the tracker itself counted."""
    return [f"{count} plots: {kind.replace('_', ' ')}" for kind, count in counts.items()]


def _print_table(summary: dict[str, Any]) -> None:
    rows, epoch = summary["track_list"], summary["epoch"]
    if rows:
        print(
            "track  first seen  status     impact            lat       lon  90 % ellipse, bearing"
        )
    for row in rows[:SHOWN]:
        print(_line(row, epoch))
    if len(rows) > SHOWN:
        print(f"... and {len(rows) - SHOWN:,} more in the tables")
    print(
        f"{summary['plots']:,} plots, {summary['tracks']:,} confirmed tracks, "
        f"{summary['impacts']:,} predicted impacts. Exercise.\n"
        f"Times: {'UTC, from ' + epoch if epoch else 'seconds of the plots'}"
    )


def _line(row: dict[str, Any], epoch: str | None) -> str:
    seen = f"{row['track_id']:5}  {_time(row['first_s'], epoch):>10}  {row['status']:9}"
    impact = row["impact"]
    if impact is None:
        return f"{seen}  none predicted"
    area = impact["ellipse_90"]
    return (
        f"{seen}  {_time(impact['time_s'], epoch):>8} +-{impact['time_sigma_s']:3.1f} s"
        f"{impact['lat_deg']:9.4f} {impact['lon_deg']:9.4f}"
        f"  {area['major_m']:.0f} x {area['minor_m']:.0f} m, {area['bearing_deg']:.0f} deg"
    )


def _time(time_s: float, epoch: str | None) -> str:
    """Time of day where there is a date, else the plots' own seconds."""
    if epoch is None:
        return f"{time_s:.0f}"
    return f"{datetime.fromisoformat(epoch) + timedelta(seconds=round(time_s)):%H:%M:%S}"
