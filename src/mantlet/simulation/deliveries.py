"""Plots on their way from the radars to the tracker, numbered and recorded as they arrive."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import PlotOrigins, Plots, Recorder

Ints = NDArray[np.int64]

_NO_PLOTS = Plots.empty()


class Seen(NamedTuple):
    """Plots of some scans, row by row with what each really was."""

    plots: Plots
    origins: PlotOrigins

    def take(self, rows: Ints | slice) -> "Seen":
        """Some of the plots."""
        return Seen(self.plots.take(rows), self.origins.take(rows))


@dataclass
class Deliveries:
    """Hands plots over, holds back what arrives late. Truth side: the origins travel along.

    Whole batches of scans and the rows delivered are kept until `compact`, not thousands of
    tables with a few rows.
    """

    count: int = 0
    """Plots that have arrived; the number of the next one."""
    _log: list[tuple[Seen, slice]] = field(default_factory=list)
    _waiting: Seen = field(default_factory=lambda: Seen(Plots.empty(), PlotOrigins.empty()))
    _plots: Recorder[Plots] = field(default_factory=lambda: Recorder(Plots))
    _origins: Recorder[PlotOrigins] = field(default_factory=lambda: Recorder(PlotOrigins))

    def scan(self, seen: Seen, rows: slice) -> Plots:
        """What of these rows, a scan's, arrives with it; the rest waits."""
        if seen.plots.holds("arrival_s"):
            scan = seen.take(rows)
            late = ~np.isnan(scan.plots.arrival_s)
            self._waiting = joined([self._waiting, scan.take(np.flatnonzero(late))])
            seen, rows = _whole(scan.take(np.flatnonzero(~late)))
        return self._deliver(seen, rows)

    def late(self, time_s: float) -> Plots:
        """What has arrived by now since the last call, in order of arrival."""
        if not len(self._waiting.plots):
            return _NO_PLOTS
        arrival_s = self._waiting.plots.arrival_s
        order = np.argsort(arrival_s, kind="stable")
        arrived = self._waiting.take(order[arrival_s[order] <= time_s])
        self._waiting = self._waiting.take(np.flatnonzero(arrival_s > time_s))
        return self._deliver(*_whole(arrived))

    def forget(self) -> None:
        """The radars rest: what is still on its way reaches nobody."""
        self._waiting = self._waiting.take(slice(0, 0))

    def compact(self) -> None:
        """Join what has been delivered since the last call."""
        if not self._log:
            return
        batches = list({id(seen): seen for seen, _ in self._log}.values())
        sizes = [len(seen.plots) for seen in batches]
        begin = dict(zip(map(id, batches), np.cumsum([0, *sizes]).tolist(), strict=False))
        rows = np.concatenate(
            [np.arange(rows.start, rows.stop) + begin[id(seen)] for seen, rows in self._log]
        )
        number = np.arange(self.count - len(rows), self.count)
        plots, origins = joined(batches).take(rows)
        self._plots.add(plots.with_columns(plot_id=number))
        self._origins.add(origins.with_columns(plot_id=number))
        self._plots.compact()
        self._origins.compact()
        self._log = []

    def build(self) -> Seen:
        """All plots so far, in the order they arrived."""
        self.compact()
        return Seen(self._plots.build(), self._origins.build())

    def _deliver(self, seen: Seen, rows: slice) -> Plots:
        first = self.count
        self.count += rows.stop - rows.start
        if self.count == first:
            return _NO_PLOTS
        self._log.append((seen, rows))
        return seen.plots.take(rows, plot_id=np.arange(first, self.count))


def _whole(seen: Seen) -> tuple[Seen, slice]:
    return seen, slice(0, len(seen.plots))


def joined(parts: list[Seen]) -> Seen:
    """All rows, in order."""
    return Seen(
        Plots.concat(seen.plots for seen in parts),
        PlotOrigins.concat(seen.origins for seen in parts),
    )
