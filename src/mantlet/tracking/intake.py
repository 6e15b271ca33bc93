"""The plots of a scan as the tracker takes them: numbers only, in one order, none twice."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Plots, for_kernel
from mantlet.tracking.health import book

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FARTHEST_M = 1e8


@dataclass(frozen=True, eq=False)
class Scan:
    """One scan of one radar: what the filter needs of it. Plots rise by range."""

    time_s: float
    radar: int
    plot_id: Ints
    range_m: Floats
    azimuth_rad: Floats
    elevation_rad: Floats
    range_rate_mps: Floats
    snr_db: Floats
    own_m: Floats

    def __len__(self) -> int:
        return len(self.plot_id)

    def take(self, rows: Ints | NDArray[np.bool_]) -> "Scan":
        """Some of the plots."""
        return Scan(
            self.time_s,
            self.radar,
            self.plot_id[rows],
            self.range_m[rows],
            self.azimuth_rad[rows],
            self.elevation_rad[rows],
            self.range_rate_mps[rows],
            self.snr_db[rows],
            self.own_m,
        )

    def with_plots(self, more: "Scan", counts: Ints) -> "Scan":
        """Join plots that came late, in the order they would have had."""
        joined: dict[str, Any] = {
            name: np.concatenate([getattr(self, name), getattr(more, name)]) for name in _COLUMNS
        }
        return _in_order(replace(self, **joined), counts)


_COLUMNS = (
    "plot_id",
    "range_m",
    "azimuth_rad",
    "elevation_rad",
    "range_rate_mps",
    "snr_db",
)


def scan_of(
    plots: Plots, radar: int, time_s: float, own_m: Floats, most: int, window_s: float, counts: Ints
) -> Scan:
    """The usable plots of a scan; what is refused or shed is counted in `counts`, in place.

    At most `most` plots are kept, the strongest ones: a radar that sends more is saturated, and
    what stands out of the noise is likeliest real.
    """
    scan = Scan(
        time_s,
        radar,
        plots.plot_id,
        plots.range_m,
        plots.azimuth_rad,
        plots.elevation_rad,
        plots.range_rate_mps,
        plots.snr_db,
        for_kernel(own_m),
    )
    if len(plots):
        scan = _sound(scan, plots.time_s, window_s, counts)
    if len(scan) > most:
        scan = _strongest(scan, most, counts)
    return _in_order(scan, counts)


def _sound(scan: Scan, plot_time_s: Floats, window_s: float, counts: Ints) -> Scan:
    """Without the plots that are no measurement."""
    if _all_sound(scan, plot_time_s, window_s):
        return scan
    total = scan.range_m + scan.azimuth_rad + scan.elevation_rad + plot_time_s
    near = np.abs(plot_time_s - scan.time_s) <= window_s
    within = (scan.range_m > 0.0) & (scan.range_m < _FARTHEST_M)
    within &= np.abs(scan.elevation_rad) <= 0.5 * math.pi
    finite = np.isfinite(total)
    book(counts, "not_a_number", int((~finite).sum()))
    book(counts, "out_of_range", int((finite & ~within).sum()))
    book(counts, "misdated", int((finite & within & ~near).sum()))
    return scan.take(finite & within & near)


def _all_sound(scan: Scan, plot_time_s: Floats, window_s: float) -> bool:
    """Whether every plot is a measurement, as nearly always: by extremes, which NaN spreads to."""
    return bool(
        scan.range_m.min() > 0.0
        and scan.range_m.max() < _FARTHEST_M
        and scan.elevation_rad.min() >= -0.5 * math.pi
        and scan.elevation_rad.max() <= 0.5 * math.pi
        and math.isfinite(scan.azimuth_rad.sum())
        and plot_time_s.min() - scan.time_s >= -window_s
        and plot_time_s.max() - scan.time_s <= window_s
    )


def _strongest(scan: Scan, most: int, counts: Ints) -> Scan:
    book(counts, "shed", len(scan) - most)
    weakness = np.where(np.isnan(scan.snr_db), np.inf, -scan.snr_db)
    order = np.lexsort((scan.plot_id, scan.range_m, weakness))
    return scan.take(np.sort(order[:most]))


def _in_order(scan: Scan, counts: Ints) -> Scan:
    """By range, and of equal measurements the one with the lowest number; always copies.

    A table's columns are read-only, for which the kernels would be compiled once more.
    The full order is only taken where two ranges are the same to the last bit.
    """
    scan = scan.take(scan.range_m.argsort(kind="stable"))
    r = scan.range_m
    if not (r[1:] == r[:-1]).any():
        return scan
    scan = scan.take(np.lexsort((scan.plot_id, scan.elevation_rad, scan.azimuth_rad, scan.range_m)))
    new = np.ones(len(scan), dtype=np.bool_)
    for column in (scan.range_m, scan.azimuth_rad, scan.elevation_rad):
        new[1:] &= column[1:] == column[:-1]
    new[1:] = ~new[1:]
    new[0] = True
    book(counts, "duplicate", int((~new).sum()))
    return scan.take(new) if not new.all() else scan
