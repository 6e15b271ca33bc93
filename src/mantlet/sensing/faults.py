"""What goes wrong between a radar and whoever uses its plots: each fault with its stated rate."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import FAULT, FAULT_BURST
from mantlet.ports.draws import Draws
from mantlet.tables import PlotOrigins, Plots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LATEST_S = 60.0
"""Longest delay of a plot."""


@dataclass(frozen=True)
class Faults:
    """The faults of one radar, none by default. Whoever tracks is told of none of them.

    Faults befall plots, true and false alike, after the radar's own errors, and do not depend on
    each other. Every plot draws for itself, by what it measured: another object, radar or scan
    changes nothing for it.

    Parameters
    ----------
    bias_range_m, bias_azimuth_deg, bias_elevation_deg : float
        Registration: added to every plot.
    bias_time_s : float
        The radar's clock is so far ahead: what a plot says of a time was so long before it [s].
        Between radars only differences count, so none needs to be behind.
    outages : tuple of (start, end)
        No plots from scans at start <= time < end, scenario clock [s].
    loss_probability : float
        Share of the plots that get lost.
    loss_burst_scans : int
        0: each plot gets lost by itself. Otherwise all plots of so many scans in a row do, as
        when a line fails; the share lost stays the same.
    duplicate_probability : float
        Share of the plots that are sent twice.
    late_probability : float
        Share of the plots (second copies count for themselves) that arrive after their scan.
    late_min_s, late_max_s : float
        How long after: evenly between [s].

    Raises
    ------
    ValueError
        Naming the field, if a value cannot be.
    """

    bias_range_m: float = 0.0
    bias_azimuth_deg: float = 0.0
    bias_elevation_deg: float = 0.0
    bias_time_s: float = 0.0
    outages: tuple[tuple[float, float], ...] = ()
    loss_probability: float = 0.0
    loss_burst_scans: int = 0
    duplicate_probability: float = 0.0
    late_probability: float = 0.0
    late_min_s: float = 0.5
    late_max_s: float = 3.0

    def __post_init__(self) -> None:
        for name in ("bias_range_m", "bias_azimuth_deg", "bias_elevation_deg"):
            if not math.isfinite(getattr(self, name)):
                raise ValueError(f"{name} {getattr(self, name)}: must be finite")
        if not 0.0 <= self.bias_time_s <= LATEST_S:
            raise ValueError(f"bias_time_s {self.bias_time_s}: not within 0 and {LATEST_S:g}")
        for name in ("loss_probability", "duplicate_probability", "late_probability"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} {getattr(self, name)}: not within 0 and 1")
        if self.loss_burst_scans < 0:
            raise ValueError(f"loss_burst_scans {self.loss_burst_scans}: negative")
        if not 0.0 < self.late_min_s <= self.late_max_s <= LATEST_S:
            raise ValueError(
                f"late_min_s {self.late_min_s:g} and late_max_s {self.late_max_s:g}: "
                f"must rise, above 0 and up to {LATEST_S:g}"
            )
        for start_s, end_s in self.outages:
            if not -math.inf < start_s < end_s < math.inf:
                raise ValueError(f"outages: {start_s:g} to {end_s:g} does not end after its start")

    @property
    def none(self) -> bool:
        """Whether nothing ever goes wrong."""
        return not (
            self.bias_range_m
            or self.bias_azimuth_deg
            or self.bias_elevation_deg
            or self.outages
            or self.loss_probability
            or self.duplicate_probability
            or self.late_probability
        )

    def befall(
        self, plots: Plots, origins: PlotOrigins, *, stream: int, time_s: float, draws: Draws
    ) -> tuple[Plots, PlotOrigins]:
        """What is left of the plots of one scan, and of the note of their origins.

        Parameters
        ----------
        plots, origins : Plots, PlotOrigins
            Of one scan, row by row.
        stream : int
            The radar's stream of draws (`ports.draws.stream_of` its id).
        time_s : float
            Of the scan [s].
        draws : Draws
            Keyed by the radar, the scan and the bits of the measured range.

        Returns
        -------
        Plots, PlotOrigins
            By measured azimuth, as the radar's own; numbered on from the first number given.
            `arrival_s` is NaN for what arrives with its scan. `bias_time_s` is not applied here:
            it is for whoever says what the radar saw at which time.
        """
        if self.none or not len(plots):
            return plots, origins
        scan, first = int(plots.scan[0]), int(plots.plot_id[0])
        if self._silent(time_s) or self._cut_off(stream, scan, draws):
            return plots.take(slice(0, 0)), origins.take(slice(0, 0))
        chance = _chances(plots, stream, scan, draws)
        rows, late = self._sent(chance)
        sent = self._displaced(plots.take(rows), time_s, late)
        order = np.argsort(sent.azimuth_rad, kind="stable")
        number = np.arange(first, first + order.size)
        return (
            sent.take(order, plot_id=number),
            PlotOrigins.trusted(plot_id=number, threat_ids=origins.threat_ids[rows[order]]),
        )

    def _silent(self, time_s: float) -> bool:
        return any(start_s <= time_s < end_s for start_s, end_s in self.outages)

    def _cut_off(self, stream: int, scan: int, draws: Draws) -> bool:
        """Whether a burst that began with this scan or one of those before it is still on."""
        n = self.loss_burst_scans
        if n == 0 or self.loss_probability == 0.0:
            return False
        # A scan is spared if none of n began one, so that (1 - begin)^n = 1 - loss.
        begin = -math.expm1(math.log1p(-self.loss_probability) / n) if self._not_all else 1.0
        scans = np.arange(scan - n + 1, scan + 1)
        streams = np.full(n, stream)
        chance = draws.uniform_rows(
            FAULT_BURST, np.zeros(n, dtype=np.int64), stream=streams, scan=scans, count=1
        )
        return bool((chance < begin).any())

    @property
    def _not_all(self) -> bool:
        return self.loss_probability < 1.0

    def _sent(self, chance: Floats) -> tuple[Ints, Floats]:
        """Which rows are sent, some twice, and the delay of each [s], NaN if it is in time."""
        lost = (chance[:, _LOSS] < self.loss_probability) & (self.loss_burst_scans == 0)
        kept = np.flatnonzero(~lost)
        twice = kept[chance[kept, _TWICE] < self.duplicate_probability]
        rows = np.concatenate([kept, twice])
        lot = np.concatenate([chance[kept, _LATE], chance[twice, _LATE_COPY]])
        way = np.concatenate([chance[kept, _DELAY], chance[twice, _DELAY_COPY]])
        delay_s = self.late_min_s + way * (self.late_max_s - self.late_min_s)
        return rows, np.where(lot < self.late_probability, delay_s, np.nan)

    def _displaced(self, plots: Plots, time_s: float, delay_s: Floats) -> Plots:
        turn = plots.azimuth_rad + math.radians(self.bias_azimuth_deg)
        if self.bias_azimuth_deg:
            turn = np.mod(turn, 2.0 * math.pi)
        changed = {
            "range_m": plots.range_m + self.bias_range_m,
            "azimuth_rad": turn,
            "elevation_rad": plots.elevation_rad + math.radians(self.bias_elevation_deg),
        }
        if not np.isnan(delay_s).all():
            changed["arrival_s"] = time_s + delay_s
        return plots.with_columns(**changed)


NO_FAULTS = Faults()
"""Of a radar that nothing happens to."""

_LOSS, _TWICE, _LATE, _DELAY, _LATE_COPY, _DELAY_COPY = range(6)


def _chances(plots: Plots, stream: int, scan: int, draws: Draws) -> Floats:
    """Six uniforms for each plot, (n, 6)."""
    bits = np.ascontiguousarray(plots.range_m).view(np.int64)
    entity = (bits ^ (bits >> 32)) & 0xFFFFFFFF
    n = len(plots)
    return draws.uniform_rows(
        FAULT, entity, stream=np.full(n, stream), scan=np.full(n, scan), count=6
    )
