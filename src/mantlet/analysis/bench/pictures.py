"""What the table's means hide, drawn: over time, over age, by the seconds left."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.scoring import SECONDS_LEFT, Judged
from mantlet.analysis.figures import FAINT, INK, QUIET, blank, drawing, svg
from mantlet.analysis.measures.errors import consistency

Floats = NDArray[np.float64]

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8f98")
"""After Okabe and Ito."""
_OLDEST = 60
_BIN_S = 2.5
_FEWEST = 10


@dataclass
class _Seen:
    """What is drawn of one tracker, seed after seed."""

    gospa: list[tuple[Floats, Floats]] = field(default_factory=list)
    nees: list[tuple[Floats, Floats]] = field(default_factory=list)
    misses: list[tuple[Floats, Floats]] = field(default_factory=list)
    bounds: list[list[float]] = field(default_factory=list)

    def add(self, judged: Judged) -> None:
        self.gospa.append((judged.sets.time_s, judged.sets.gospa_m))
        self.nees.append((judged.nees_age, judged.nees))
        self.misses.append((judged.misses.seconds_left, judged.misses.distance_m))
        self.bounds.append([judged.figures[f"impact_{s}s_bound_m"] for s in SECONDS_LEFT])


@dataclass
class Album:
    """The pictures of one case."""

    case: str
    words: str
    seen: dict[str, _Seen] = field(default_factory=dict)

    def add(self, tracker: str, judged: Judged) -> None:
        """Note one run."""
        self.seen.setdefault(tracker, _Seen()).add(judged)

    def svg(self) -> str:
        """GOSPA over time, NEES by age and impact errors by the seconds left, one above another."""
        with drawing(f"bench-{self.case}"):
            figure, axes = blank(6.6, 3)
            for k, seen in enumerate(self.seen.values()):
                colour = _COLOURS[k % len(_COLOURS)]
                _gospa(axes[0], seen, colour)
                _nees(axes[1], seen, colour, banded=k == 0)
                _misses(axes[2], seen, colour, bounded=k == 0)
            _label(axes, list(self.seen))
            figure.subplots_adjust(left=0.12, right=0.98, top=0.96, bottom=0.07, hspace=0.42)
            return svg(figure, f"{self.case}: GOSPA over time, NEES by age, impact errors")


def _gospa(axes: Any, seen: _Seen, colour: str) -> None:
    times = np.unique(np.concatenate([time_s for time_s, _ in seen.gospa]))
    total, count = np.zeros(len(times)), np.zeros(len(times))
    for time_s, gospa_m in seen.gospa:
        at = np.searchsorted(times, time_s)
        total[at] += gospa_m
        count[at] += 1.0
    axes.plot(times, total / np.maximum(count, 1.0), color=colour, linewidth=1.0)


def _nees(axes: Any, seen: _Seen, colour: str, *, banded: bool) -> None:
    age = np.concatenate([age for age, _ in seen.nees])
    squares = np.concatenate([squares for _, squares in seen.nees])
    found = consistency(squares, np.minimum(age, _OLDEST), 6)
    enough = (found.count >= _FEWEST) & (found.age < _OLDEST)
    if banded:
        low, high = found.low[enough] / 6.0, found.high[enough] / 6.0
        axes.fill_between(found.age[enough], low, high, color=FAINT, linewidth=0.0)
    axes.plot(found.age[enough], found.mean[enough] / 6.0, color=colour, linewidth=1.0)


def _misses(axes: Any, seen: _Seen, colour: str, *, bounded: bool) -> None:
    left = np.concatenate([left for left, _ in seen.misses])
    miss_m = np.concatenate([miss for _, miss in seen.misses])
    which = np.floor(left / _BIN_S).astype(np.int64)
    bins = [k for k in np.unique(which[which >= 0]) if (which == k).sum() >= _FEWEST]
    middle = (np.array(bins) + 0.5) * _BIN_S
    for share, style in ((0.5, "-"), (0.9, ":")):
        line = [float(np.quantile(miss_m[which == k], share)) for k in bins]
        axes.plot(middle, line, style, color=colour, linewidth=1.0)
    if bounded:
        known = np.array(seen.bounds)
        mean = [
            float(c[np.isfinite(c)].mean()) if np.isfinite(c).any() else np.nan for c in known.T
        ]
        axes.plot(SECONDS_LEFT, mean, "_", color=INK, markersize=9.0)


def _label(axes: list[Any], names: list[str]) -> None:
    axes[0].set_title("GOSPA, mean over seeds, m", loc="left")
    axes[0].set_xlabel("time, s", labelpad=1.0)
    axes[0].set_ylim(0.0, None)
    for k, name in enumerate(names):
        axes[0].plot([], [], color=_COLOURS[k % len(_COLOURS)], label=name)
    axes[0].legend(loc="upper right")
    axes[1].set_title("NEES over its degrees of freedom; grey: 95 % of honest ones", loc="left")
    axes[1].set_xlabel("instants since first followed", labelpad=1.0)
    axes[1].set_ylim(0.0, min(axes[1].get_ylim()[1], 4.0))
    axes[1].axhline(1.0, color=QUIET, linewidth=0.5)
    axes[2].set_title(
        "impact error: half and nine in ten are better; bar: the bound, m", loc="left"
    )
    axes[2].set_xlabel("seconds before impact", labelpad=1.0)
    axes[2].set_yscale("log")
    axes[2].invert_xaxis()
    for each in axes:
        each.grid(axis="y")
