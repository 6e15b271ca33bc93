"""`mantlet export`: a run in formats that other programs read."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mantlet.tables.errors import InputError

if TYPE_CHECKING:
    from mantlet.analysis.exports.saved import Progress, SavedRun

FORMATS = ("asterix", "czml", "geojson", "kml", "csv", "mcap")


def export(
    folder: Path, to: str, out: Path, from_s: float | None = None, to_s: float | None = None
) -> None:
    """Write a run folder in another format, from second `from_s` to `to_s` of its clock."""
    if to not in FORMATS:
        raise InputError(f"no format {to!r}\n    fix: choose from: {', '.join(FORMATS)}")
    from mantlet.analysis.exports.saved import open_run

    run = open_run(folder, from_s, to_s)
    if out.is_dir() and to != "csv":
        raise InputError(f"{out}: is a folder\n    fix: --out with the name of a file")
    if to == "asterix":
        _asterix(run, out)
        return
    from mantlet.console.progress import progress_bar

    with progress_bar(to) as report:
        counts = _writer(to)(run, out, report)
    print(f"{out}: {run.title}")
    print(f"  second 0 is {run.epoch:%Y-%m-%d %H:%M:%S} UTC; {run.start_s:g} to {run.end_s:g} s")
    for what, count in counts.items():
        print(f"  {count:,} {what}")


def _writer(to: str) -> "Callable[[SavedRun, Path, Progress], dict[str, int]]":
    if to == "czml":
        from mantlet.analysis.exports.czml import write_czml

        return write_czml
    if to == "geojson":
        from mantlet.analysis.exports.geojson import write_geojson

        return write_geojson
    if to == "kml":
        from mantlet.analysis.exports.kml import write_kml

        return write_kml
    if to == "csv":
        from mantlet.analysis.exports.csv_files import write_csv

        return write_csv
    from mantlet.analysis.exports.mcap_file import write_mcap

    return write_mcap


def _asterix(run: "SavedRun", out: Path) -> None:
    from mantlet.sensing import asterix
    from mantlet.tables import Intervals, Plots, Tracks

    radars, epoch = run.scenario.radars, run.epoch
    plots, plot_misfits = asterix.plot_messages(run.table(Plots), radars, epoch)
    tracks, track_misfits = asterix.track_messages(run.table(Tracks), epoch)
    markers = asterix.marker_messages(radars, run.table(Intervals), epoch)
    blocks = asterix.write_recording(out, (markers, plots, tracks), epoch)
    print(f"{out}: {blocks} blocks from {epoch:%Y-%m-%d %H:%M:%S} UTC on, all marked simulated")
    for category, part in ((34, markers), (48, plots), (62, tracks)):
        print(f"  CAT{category:03}  {part.records} records")
    for what, count in {**plot_misfits, **track_misfits}.items():
        print(f"  {count} {what}")
