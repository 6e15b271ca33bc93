"""A bench scene: what the radars told of true flights, and what a tracker is judged by."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.flights import TrueFlights
from mantlet.analysis.measures.bound import cramer_rao, from_start, plot_information
from mantlet.analysis.measures.points import Points
from mantlet.tables import Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import Air

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PLOTS_FOR_A_BOUND = 3


@dataclass(frozen=True)
class Look:
    """What reached the tracker at one instant: a scan of one radar, and stragglers.

    `radar` is its number. `plots` came with the scan; `late` are of earlier scans, of any radar,
    and have come since the look before. `row_of` (n,) says which of `plots` is of each flight and
    of it alone, -1 where none is.
    """

    radar: int
    plots: Plots
    late: Plots
    row_of: Ints


@dataclass(frozen=True)
class Scene:
    """What a tracker is given, and what it is judged by.

    `radars` and `air` are what it is told, which need not be so. `looks` has one entry per
    instant of the flights, None where nobody looked; `detected` (n, k) is 1 where a plot of a
    flight was made, late or not.
    """

    radars: tuple[RadarFigures, ...]
    air: Air
    looks: tuple[Look | None, ...]
    detected: Floats
    flights: TrueFlights

    @property
    def plots(self) -> tuple[Plots | None, ...]:
        """What came in time, by instant."""
        return tuple(None if look is None else look.plots for look in self.looks)

    @cached_property
    def cover(self) -> Flags:
        """(n, k): from the first to the last instant in coverage, the hole overhead included."""
        inside = np.zeros(self.flights.states.shape[:2], dtype=np.bool_)
        for radar in self.radars:
            inside |= _inside(radar, self.flights.states[:, :, :3])
        since = np.maximum.accumulate(inside, axis=1)
        until = np.maximum.accumulate(inside[:, ::-1], axis=1)[:, ::-1]
        return np.asarray(since & until)

    @cached_property
    def truth(self) -> Points:
        """Every flight at every instant of `cover`."""
        who, when = np.nonzero(self.cover)
        states = self.flights.states[who, when]
        return Points(who, self.flights.time_s[when], states[:, :3], states[:, 3:])

    @cached_property
    def out_of_sight(self) -> Points:
        """Every flight at every other instant at which it is in the air: nobody has to follow it.

        A track that does is neither right nor wrong.
        """
        who, when = np.nonzero(np.isfinite(self.flights.states[:, :, 0]) & ~self.cover)
        states = self.flights.states[who, when]
        return Points(who, self.flights.time_s[when], states[:, :3], states[:, 3:])

    @cached_property
    def bound(self) -> Floats:
        """Lower bound of the covariance at each instant, (n, k, 7, 7).

        NaN when not in the air and before the third plot: with fewer, it is the prior that
        speaks. Late plots count from when they were made: a tracker can at best have been patient.
        """
        sensitivity = self.flights.sensitivity
        known = np.asarray(np.isfinite(sensitivity).all(axis=(2, 3)))
        found = cramer_rao(from_start(sensitivity), self._told(known), self.detected * known)
        found[~(known & (np.cumsum(self.detected, axis=1) >= PLOTS_FOR_A_BOUND))] = np.nan
        return found

    def _told(self, known: Flags) -> Floats:
        """What a plot of each flight and instant would tell, (n, k, 3, 3), by who looked then."""
        position = np.where(known[:, :, None], self.flights.states[:, :, :3], 1.0)
        told = np.zeros((*position.shape[:2], 3, 3))
        who = np.array([-1 if look is None else look.radar for look in self.looks])
        for number, f in enumerate(self.radars):
            at = np.flatnonzero(who == number)
            sigmas = (f.sigma_range_m, f.sigma_azimuth_rad, f.sigma_elevation_rad)
            points = position[:, at].reshape(-1, 3)
            each = plot_information(points, f.site.ecef_m, f.site.axes, *sigmas)
            told[:, at] = each.reshape(len(position), len(at), 3, 3)
        return told

    def impact_bound(self, who: Ints, when: Ints) -> Floats:
        """Lower bound of the covariance of the impact point (m, 2, 2) [m2], by instant known."""
        flights = self.flights
        back = np.linalg.solve(
            flights.sensitivity[who, when].transpose(0, 2, 1),
            flights.impact_gradient[who].transpose(0, 2, 1),
        )
        gradient = back.transpose(0, 2, 1)
        return np.asarray(np.einsum("nij,njk,nlk->nil", gradient, self.bound[who, when], gradient))


def _inside(f: RadarFigures, position_m: Floats) -> Flags:
    """(n, k): whether a radar's coverage holds each position (n, k, 3); not where it is NaN."""
    local = np.einsum("nkj,ij->nki", position_m - f.site.ecef_m, f.site.axes)
    slant = np.sqrt((local**2).sum(axis=2))
    with np.errstate(invalid="ignore"):
        up = np.degrees(np.arcsin(local[:, :, 2] / slant))
        inside = (slant >= f.range_min_m) & (slant <= f.range_max_m)
        inside &= (up >= f.elevation_min_deg) & (up <= f.elevation_max_deg)
    return np.asarray(inside)
