"""The plots of a scan as the tracker takes them: numbers only, in one order, none twice."""

import math
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.scan_intake import COLUMNS, RANGE, SNR, sift
from mantlet.tables import Plots, for_kernel
from mantlet.tracking.health import book

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_columns_of = attrgetter(
    "range_m", "azimuth_rad", "elevation_rad", "range_rate_mps", "snr_db", "time_s"
)


@dataclass(slots=True, eq=False)
class Scan:
    """One scan of one radar: what the filter needs of it. Plots rise by range.

    `columns` (6, n) are those of `kernels.scan_intake`; `own_m` (m, 3) as in `Tracker.step`.
    """

    time_s: float
    radar: int
    plot_id: Ints
    columns: Floats
    own_m: Floats

    def __len__(self) -> int:
        return self.plot_id.size

    def take(self, rows: Ints | slice) -> "Scan":
        """Some of the plots."""
        columns, plot_id = for_kernel(self.columns[:, rows]), self.plot_id[rows]
        return Scan(self.time_s, self.radar, plot_id, columns, self.own_m)

    def with_plots(self, more: "Scan", most: int, counts: Ints) -> "Scan":
        """Join plots that came late, in the order they would have had; at most `most` in all."""
        plot_id = np.concatenate([self.plot_id, more.plot_id])
        columns = np.concatenate([self.columns, more.columns], axis=1)
        joined = Scan(self.time_s, self.radar, plot_id, columns, self.own_m)
        return _bearable(_sifted(joined, math.inf, counts), most, counts)


def scan_of(
    plots: Plots, radar: int, time_s: float, own_m: Floats, most: int, window_s: float, counts: Ints
) -> Scan:
    """The usable plots of a scan; what is refused or shed is counted in `counts`, in place.

    At most `most` plots are kept, the strongest ones: a radar that sends more is saturated, and
    what stands out of the noise is likeliest real.
    """
    plot_id = np.array(plots.plot_id, dtype=np.int64)
    columns = np.concatenate(_columns_of(plots)).reshape(COLUMNS, plot_id.size)
    scan = Scan(time_s, radar, plot_id, columns, for_kernel(own_m))
    return _bearable(_sifted(scan, window_s, counts), most, counts)


def _sifted(scan: Scan, window_s: float, counts: Ints) -> Scan:
    """Without the plots that are no measurement, in order; the arrays handed in are used up."""
    kept = sift(scan.columns, scan.plot_id, scan.time_s, window_s, counts)
    return scan if kept == len(scan) else scan.take(slice(kept))


def _bearable(scan: Scan, most: int, counts: Ints) -> Scan:
    """The strongest plots, if there are too many."""
    if len(scan) <= most:
        return scan
    book(counts, "shed", len(scan) - most)
    snr_db = scan.columns[SNR]
    weakness = np.where(np.isnan(snr_db), np.inf, -snr_db)
    order = np.lexsort((scan.plot_id, scan.columns[RANGE], weakness))
    return scan.take(np.sort(order[:most]))
