"""Plots on their way from the radars to the tracker, numbered as they arrive."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import PlotOrigins, Plots

Ints = NDArray[np.int64]


@dataclass
class Deliveries:
    """Holds back what arrives late. Truth side: the origins travel along."""

    count: int = 0
    """Plots that have arrived; the number of the next one."""
    _waiting: Plots = field(default_factory=Plots.empty)
    _origins: PlotOrigins = field(default_factory=PlotOrigins.empty)

    def scan(self, plots: Plots, origins: PlotOrigins) -> tuple[Plots, PlotOrigins]:
        """What arrives with its scan; the rest waits. `plots` are numbered from `count` on."""
        if plots.holds("arrival_s"):
            late = ~np.isnan(plots.arrival_s)
            self._waiting = Plots.concat([self._waiting, plots.take(late)])
            self._origins = PlotOrigins.concat([self._origins, origins.take(late)])
            plots, origins = self._numbered(plots, origins, np.flatnonzero(~late))
        self.count += len(plots)
        return plots, origins

    def late(self, time_s: float) -> tuple[Plots, PlotOrigins]:
        """What has arrived by now since the last call, in order of arrival."""
        if not len(self._waiting):
            return self._waiting, self._origins
        arrival_s = self._waiting.arrival_s
        order = np.argsort(arrival_s, kind="stable")
        plots, origins = self._numbered(
            self._waiting, self._origins, order[arrival_s[order] <= time_s]
        )
        self.count += len(plots)
        still = arrival_s > time_s
        self._waiting, self._origins = self._waiting.take(still), self._origins.take(still)
        return plots, origins

    def forget(self) -> None:
        """The radars rest: what is still on its way reaches nobody."""
        self._waiting, self._origins = Plots.empty(), PlotOrigins.empty()

    def _numbered(
        self, plots: Plots, origins: PlotOrigins, rows: Ints
    ) -> tuple[Plots, PlotOrigins]:
        number = np.arange(self.count, self.count + len(rows))
        return plots.take(rows, plot_id=number), origins.take(rows, plot_id=number)
