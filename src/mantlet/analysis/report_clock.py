"""Time axes of the report: days, hours or minutes, whichever the run's length asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

_STEPS_S = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    10800,
    21600,
    43200,
    86400,
)
_DAY_S = 86400.0


@dataclass(frozen=True)
class Clock:
    """The span of a run on the scenario clock."""

    epoch: datetime
    start_s: float
    end_s: float

    @property
    def span_s(self) -> float:
        """Length, at least a second."""
        return max(self.end_s - self.start_s, 1.0)

    def bins(self, most: int) -> Floats:
        """Edges of at most so many equal bins of a round width over the span."""
        width = self._step(most)
        first = np.floor(self.start_s / width) * width
        steps: Floats = np.arange(np.ceil((self.end_s - first) / width) + 1)
        edges: Floats = first + width * steps
        return edges

    def width_words(self, most: int) -> str:
        """The width of those bins in words."""
        width = self._step(most)
        if width >= 3600:
            return f"{width // 3600} h"
        return f"{width // 60} min" if width >= 60 else f"{width} s"

    def _step(self, most: int) -> int:
        return next((s for s in _STEPS_S if self.span_s / s <= most), int(_DAY_S))

    def mark(self, axes: "Axes", most: int = 6) -> None:
        """At most so many ticks, and the label, of a horizontal time axis."""
        axes.set_xlim(self.start_s, self.start_s + self.span_s)
        ticks = self._ticks(most)
        axes.set_xticks(ticks, [self._words(float(t)) for t in ticks])
        axes.set_xlabel(self._label())

    def _ticks(self, most: int) -> Floats:
        if self.span_s > 2 * _DAY_S:
            midnight = self.epoch.replace(hour=0, minute=0, second=0, microsecond=0)
            first = (midnight - self.epoch).total_seconds()
            step = _DAY_S * np.ceil(self.span_s / _DAY_S / most)
        else:
            first, step = 0.0, float(self._step(most))
        ticks: Floats = first + step * np.arange(np.ceil((self.end_s - first) / step) + 1)
        return ticks[(ticks >= self.start_s) & (ticks <= self.end_s)]

    def _words(self, time_s: float) -> str:
        moment = self.epoch + timedelta(seconds=time_s)
        if self.span_s > 2 * _DAY_S:
            return f"{moment.day} {moment:%b}"
        if self.span_s > 7200:
            return f"{moment:%H:%M}"
        return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"

    def _label(self) -> str:
        if self.span_s > 7200:
            return f"UTC, {self.epoch.year}"
        return "minutes and seconds of the scenario"
