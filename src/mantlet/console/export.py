"""`mantlet export`: a run in formats that other programs read."""

import json
from datetime import datetime
from pathlib import Path

from mantlet.tables.errors import InputError

FORMATS = ("asterix",)


def export(folder: Path, to: str, out: Path) -> None:
    """Write the plots and tracks of a run folder as ASTERIX."""
    from mantlet.scenario.load import load_scenario
    from mantlet.sensing import asterix
    from mantlet.tables import Intervals, Plots, Tracks

    if to not in FORMATS:
        raise InputError(f"no format {to!r}\n    fix: choose from: {', '.join(FORMATS)}")
    epoch = _epoch(folder)
    radars = load_scenario(str(folder / "scenario.yaml")).radars
    plots, plot_misfits = asterix.plot_messages(Plots.read(folder / "plots.parquet"), radars, epoch)
    tracks, track_misfits = asterix.track_messages(Tracks.read(folder / "tracks.parquet"), epoch)
    intervals = Intervals.read(folder / "intervals.parquet")
    markers = asterix.marker_messages(radars, intervals, epoch)
    blocks = asterix.write_recording(out, (markers, plots, tracks), epoch)
    print(f"{out}: {blocks} blocks from {epoch:%Y-%m-%d %H:%M:%S} UTC on, all marked simulated")
    for category, part in ((34, markers), (48, plots), (62, tracks)):
        print(f"  CAT{category:03}  {part.records} records")
    for what, count in {**plot_misfits, **track_misfits}.items():
        print(f"  {count} {what}")


def _epoch(folder: Path) -> datetime:
    """The epoch of a run folder, which also shows that it is one."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return datetime.fromisoformat(manifest["epoch"])
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{folder}: not a run folder\n    fix: make one with mantlet run"
        ) from error
