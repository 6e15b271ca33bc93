"""The report's charts: over time, lead times, prediction errors, magazines."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.alert_quality import AlertQuality
from mantlet.analysis.figures import COLOURS, FAINT, INK, QUIET, blank, drawing, svg
from mantlet.analysis.replay_scene import magazine_history
from mantlet.analysis.report_clock import Clock
from mantlet.engagement.battery import Battery
from mantlet.tables import Shots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_BINS = 96
MOST_DOTS = 300
"""Single alerts are shown as dots up to this many per row; beyond, the range says enough."""
MOST_STRIPS = 16


def over_time(launch_s: Floats, alert_s: Floats, clock: Clock) -> str:
    """Launches and zone alerts per interval, one above the other."""
    with drawing("over-time"):
        figure, (upper, lower) = blank(2.9, 2, sharex=True)
        edges = clock.bins(MOST_BINS)
        rows = ((upper, launch_s, "launch", "launches"), (lower, alert_s, "alert", "zone alerts"))
        for axes, times, colour, words in rows:
            counts = np.histogram(times, edges)[0]
            axes.stairs(counts, edges, fill=True, color=COLOURS[colour])
            axes.set_title(f"{words} per {clock.width_words(MOST_BINS)}", loc="left")
            axes.set_ylim(0, max(counts.max(initial=0), 1) * 1.05)
            axes.locator_params(axis="y", nbins=4, integer=True)
            axes.grid(axis="y")
        clock.mark(lower)
        figure.subplots_adjust(left=0.12, right=0.98, top=0.92, bottom=0.16, hspace=0.32)
        return svg(figure, "Launches and zone alerts over time")


def lead_times(quality: AlertQuality) -> str:
    """Per time to shelter: the lead of needed alerts, against what the zone needs."""
    classes = np.unique(quality.shelter_time_s)
    with drawing("lead-times"):
        figure, (axes,) = blank(0.95 + 0.38 * max(len(classes), 1))
        for row, needs_s in enumerate(classes):
            _lead_row(axes, row, float(needs_s), quality.lead_s[quality.shelter_time_s == needs_s])
        axes.set_yticks(range(len(classes)), [f"{needs_s:.0f} s" for needs_s in classes])
        axes.set_ylim(len(classes) - 0.4, -0.6)
        axes.set_ylabel("needs")
        axes.set_xlim(*_lead_limits(quality))
        axes.set_xlabel("seconds from hearing the alert to the fall")
        axes.grid(axis="x")
        figure.subplots_adjust(left=0.16, right=0.83, top=0.97, bottom=0.4 / figure.get_figheight())
        return svg(figure, "Lead time of needed alerts by the zone's time to shelter")


def _lead_row(axes: Any, row: int, needs_s: float, lead_s: Floats) -> None:
    late = lead_s < needs_s
    p10, p50, p90 = np.percentile(lead_s, (10, 50, 90))
    if len(lead_s) <= MOST_DOTS:
        colours = np.where(late, COLOURS["hit zone"], COLOURS["intercepted"])
        axes.scatter(lead_s, np.full(len(lead_s), row + 0.2), s=5, c=colours, alpha=0.5, lw=0)
    axes.plot([p10, p90], [row, row], color=INK, lw=1.6, solid_capstyle="butt")
    axes.plot([p50], [row], "o", color=INK, ms=4)
    axes.plot([needs_s, needs_s], [row - 0.38, row + 0.38], color=COLOURS["hit zone"], lw=1.8)
    share = f"{100 * (1 - late.mean()):.0f} %"
    axes.text(1.02, row, f"{share}\nof {len(lead_s):,}", transform=axes.get_yaxis_transform(),
              va="center", fontsize=7.5, color=QUIET)  # fmt: skip


def _lead_limits(quality: AlertQuality) -> tuple[float, float]:
    if not len(quality.lead_s):
        return 0.0, 60.0
    low, high = np.percentile(quality.lead_s, (1, 95))
    most = max(1.2 * high, float(quality.shelter_time_s.max()))
    return float(min(low, 0.0)) - 2.0, most + 4.0


def prediction_errors(bins: list[dict[str, Any]]) -> str:
    """Median and 90th percentile of the impact error as the impact comes nearer."""
    held = [b for b in reversed(bins) if b["predictions"]]
    with drawing("prediction-errors"):
        figure, (axes,) = blank(2.3)
        for key, style, words in (
            ("p90_m", "--", "nine in ten below"),
            ("median_m", "-", "median"),
        ):
            values = [max(b[key], 1.0) for b in held]
            axes.plot(values, "o" + style, color=COLOURS["launch"], ms=3, lw=1.2)
            if values:
                at = len(values) // 2
                axes.annotate(
                    words, (at, values[at]), (4, 6), textcoords="offset points", fontsize=8
                )
        if held:
            _metres_log(axes, [b["median_m"] for b in held], [b["p90_m"] for b in held])
        axes.set_xticks(range(len(held)), [f"{b['from_s']:.0f}–\n{b['to_s']:.0f}" for b in held])
        axes.set_xlabel("seconds before impact")
        axes.set_ylabel("metres")
        axes.grid(axis="y")
        figure.subplots_adjust(left=0.18, right=0.97, top=0.95, bottom=0.25)
        return svg(figure, "Error of predicted impacts by seconds before impact")


def _metres_log(axes: Any, lowest: list[float], highest: list[float]) -> None:
    axes.set_yscale("log")
    low, high = max(min(lowest), 1.0) / 1.5, max(max(highest), 1.0) * 1.9
    steps = (1, 2, 5) if high < 500 * low else (1,)
    ticks = [m * 10**e for e in range(7) for m in steps if low <= m * 10**e <= high]
    axes.set_yticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.set_yticks([], minor=True)
    axes.set_ylim(low, high)


def magazines(batteries: tuple[Battery, ...], shots: Shots, clock: Clock) -> str:
    """What each battery held over time, one strip per battery."""
    shown = batteries[:MOST_STRIPS]
    time_s, battery, left = magazine_history(batteries, shots)
    with drawing("magazines"):
        figure, (axes,) = blank(0.6 + 0.27 * max(len(shown), 2))
        for row, held in enumerate(shown):
            _strip(axes, row, held, time_s[battery == row], left[battery == row], clock)
        axes.set_yticks(range(len(shown)), [held.id for held in shown])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(shown) - 0.45, -0.75)
        axes.spines["left"].set_visible(False)
        clock.mark(axes, most=4)
        figure.subplots_adjust(
            left=0.29, right=0.78, top=0.99, bottom=0.42 / figure.get_figheight()
        )
        return svg(figure, "Interceptors ready at each battery over time")


def _strip(axes: Any, row: int, held: Battery, time_s: Floats, left: Ints, clock: Clock) -> None:
    edges = np.concatenate([np.clip(time_s, clock.start_s, clock.end_s), [clock.end_s]])
    # Heights upside down: the axis counts batteries downwards.
    top = row + 0.4 - 0.8 * left / max(held.interceptors, 1)
    axes.stairs(np.full(1, row - 0.4), edges[[0, -1]], baseline=row + 0.4, fill=True, color=FAINT)
    axes.stairs(top, edges, baseline=row + 0.4, fill=True, color=COLOURS["launch"])
    words = f"{held.interceptors}, least {int(left.min())}"
    axes.text(1.02, row, words, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5,
              color=QUIET)  # fmt: skip
