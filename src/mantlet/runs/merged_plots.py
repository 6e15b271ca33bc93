"""Several recordings as one: each radar's plots may have a file of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np

from mantlet.runs.plot_sources import RecordedPlots, read_plots
from mantlet.tables import Intervals, Plots
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures


def read_all(
    paths: Sequence[Path], radars: Sequence[RadarFigures] = (), *, day: date | None = None
) -> RecordedPlots:
    """The plots of all files, by time; see `read_plots` for one.

    Times of dated recordings count from the earliest date. Plots are numbered anew where files
    use the same numbers.

    Raises
    ------
    InputError
        As `read_plots` does; or if a run folder is among several, or some are dated and some not.
    """
    if len(paths) == 1:
        return read_plots(paths[0], radars, day=day)
    for path in paths:
        if path.is_dir():
            raise InputError(f"{path}: a run folder among other plots\n    fix: track it by itself")
    parts = [read_plots(path, radars, day=day) for path in paths]
    epoch = _common_epoch(paths, parts)
    parts = [_from(part, epoch) for part in parts]
    lost: Counter[str] = Counter()
    for part in parts:
        lost.update(dict(part.lost))
    return RecordedPlots(
        _ordered(Plots.concat([part.plots for part in parts])),
        _joined([part.spans for part in parts]),
        epoch,
        tuple(f"{path}: {n}" for path, part in zip(paths, parts, strict=True) for n in part.notes),
        tuple(lost.items()),
        coarse=any(part.coarse for part in parts),
    )


def _common_epoch(paths: Sequence[Path], parts: Sequence[RecordedPlots]) -> datetime | None:
    epochs = [part.epoch for part in parts if part.epoch is not None]
    if epochs and len(epochs) < len(parts):
        undated = next(p for p, part in zip(paths, parts, strict=True) if part.epoch is None)
        raise InputError(
            f"{undated}: its times count from no date, those of other files do\n"
            "    fix: give the date with --date, or track it by itself"
        )
    return min(epochs, default=None)


def _from(part: RecordedPlots, epoch: datetime | None) -> RecordedPlots:
    """The same, counted from another epoch."""
    if epoch is None or part.epoch is None or part.epoch == epoch:
        return part
    by_s = (part.epoch - epoch).total_seconds()
    plots = replace(part.plots, time_s=part.plots.time_s + by_s)
    if part.plots.holds("arrival_s"):
        plots = replace(plots, arrival_s=part.plots.arrival_s + by_s)
    spans = replace(part.spans, start_s=part.spans.start_s + by_s, end_s=part.spans.end_s + by_s)
    return replace(part, plots=plots, spans=spans, epoch=epoch)


def _ordered(plots: Plots) -> Plots:
    plots = plots.take(np.argsort(plots.time_s, kind="stable"))
    if len(np.unique(plots.plot_id)) == len(plots):
        return plots
    return replace(plots, plot_id=np.arange(len(plots)))


def _joined(spans: Sequence[Intervals]) -> Intervals:
    """The stretches in which any radar looked, those that meet as one."""
    every = Intervals.concat(spans)
    order = np.argsort(every.start_s, kind="stable")
    start_s, end_s = every.start_s[order], np.maximum.accumulate(every.end_s[order])
    begins = np.concatenate([[True], start_s[1:] > end_s[:-1]])
    firsts = np.flatnonzero(begins)
    lasts = np.append(firsts[1:] - 1, len(start_s) - 1)
    return Intervals(
        interval_id=np.arange(len(firsts)), start_s=start_s[firsts], end_s=end_s[lasts]
    )
