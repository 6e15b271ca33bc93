"""A bench scene: true flights, a radar that sees them, and what a tracker is told of both."""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.flights import TrueFlights
from mantlet.analysis.measures.bound import cramer_rao, from_start, plot_information
from mantlet.analysis.measures.points import Points
from mantlet.ports.draws import Draws
from mantlet.sensing.radar import Objects, Radar
from mantlet.tables import Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import Air
from mantlet.world.earth import Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DETECTION_PROBABILITY = 0.9
SIGMA_RANGE_M, SIGMA_ANGLE_RAD = 10.0, 0.002
PLOTS_FOR_A_BOUND = 3
RANGE_M = (1_000.0, 60_000.0)
ELEVATION_DEG = (0.5, 80.0)


@dataclass(frozen=True)
class Seeing:
    """How the radar of a scene sees.

    `resolution_m` and `beamwidth_deg` of the cells in which echoes merge; `dark_s` a stretch
    without scans; `bias` added to range [m], azimuth and elevation [rad] of every plot, of which
    the tracker is not told.
    """

    false_plots_per_scan: float = 20.0
    resolution_m: float = 1e-3
    beamwidth_deg: float = 1e-4
    dark_s: tuple[float, float] = (0.0, 0.0)
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Scene:
    """What a tracker is given, and what it is judged by.

    `plots` has one entry per instant of the flights, None where the radar did not look;
    `detected` (n, k) is 1 where a plot of a flight was among them.
    """

    figures: RadarFigures
    air: Air
    plots: tuple[Plots | None, ...]
    detected: Floats
    flights: TrueFlights

    @cached_property
    def cover(self) -> NDArray[np.bool_]:
        """(n, k): from the first to the last instant in coverage, the hole overhead included."""
        f, local = self.figures, self._local
        slant = np.sqrt((local**2).sum(axis=2))
        with np.errstate(invalid="ignore"):
            up = np.degrees(np.arcsin(local[:, :, 2] / slant))
            inside = (slant >= f.range_min_m) & (slant <= f.range_max_m)
            inside &= (up >= f.elevation_min_deg) & (up <= f.elevation_max_deg)
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

        NaN when not in the air and before the third plot: with fewer, it is the prior that speaks.
        """
        f, flights = self.figures, self.flights
        n, k = self.detected.shape
        known = np.asarray(np.isfinite(flights.sensitivity).all(axis=(2, 3)))
        position = np.where(known[:, :, None], flights.states[:, :, :3], 1.0)
        told = plot_information(
            position.reshape(-1, 3),
            f.site.ecef_m,
            f.site.axes,
            f.sigma_range_m,
            f.sigma_azimuth_rad,
            f.sigma_elevation_rad,
        ).reshape(n, k, 3, 3)
        found = cramer_rao(from_start(flights.sensitivity), told, self.detected * known)
        found[~(known & (np.cumsum(self.detected, axis=1) >= PLOTS_FOR_A_BOUND))] = np.nan
        return found

    def impact_bound(self, who: Ints, when: Ints) -> Floats:
        """Lower bound of the covariance of the impact point (m, 2, 2) [m2], by instant known."""
        flights = self.flights
        back = np.linalg.solve(
            flights.sensitivity[who, when].transpose(0, 2, 1),
            flights.impact_gradient[who].transpose(0, 2, 1),
        )
        gradient = back.transpose(0, 2, 1)
        return np.asarray(np.einsum("nij,njk,nlk->nil", gradient, self.bound[who, when], gradient))

    @property
    def _local(self) -> Floats:
        site = self.figures.site
        apart = self.flights.states[:, :, :3] - site.ecef_m
        return np.asarray(np.einsum("nkj,ij->nki", apart, site.axes))


def watch(flights: TrueFlights, site: Site, air: Air, seeing: Seeing, seed: int) -> Scene:
    """See the flights with the package's radar, once a second.

    Every object echoes so that it is detected with probability 0.9 at any range, and the errors
    are 10 m and 2 mrad throughout: a radar whose figures say all there is to know, so that a
    tracker can be judged by them.
    """
    radar = _radar(site, seeing)
    plots: list[Plots | None] = []
    first = 0
    detected = np.zeros(flights.states.shape[:2])
    for k, now in enumerate(flights.time_s.tolist()):
        if seeing.dark_s[0] <= now < seeing.dark_s[1]:
            plots.append(None)
            continue
        who = np.flatnonzero(np.isfinite(flights.states[:, k, 0]))
        objects = _objects(radar, who, flights.states[who, k])
        seen, origins = radar.scan(
            objects, scan=k, time_s=now, draws=Draws(seed), first_plot_id=first
        )
        first += len(seen)
        whose = origins.threat_ids
        detected[whose[whose >= 0], k] = 1.0
        plots.append(_biased(seen, seeing.bias))
    return Scene(_figures(site, seeing), air, tuple(plots), detected, flights)


def _radar(site: Site, seeing: Seeing) -> Radar:
    return Radar(
        "bench",
        site,
        range_min_m=RANGE_M[0],
        range_max_m=RANGE_M[1],
        elevation_min_deg=ELEVATION_DEG[0],
        elevation_max_deg=ELEVATION_DEG[1],
        refraction="none",
        sigma_range_m=SIGMA_RANGE_M,
        sigma_azimuth_rad=SIGMA_ANGLE_RAD,
        sigma_elevation_rad=SIGMA_ANGLE_RAD,
        range_resolution_m=seeing.resolution_m,
        azimuth_beamwidth_deg=seeing.beamwidth_deg,
        elevation_beamwidth_deg=seeing.beamwidth_deg,
        false_plots_per_scan=seeing.false_plots_per_scan,
    )


def _figures(site: Site, seeing: Seeing) -> RadarFigures:
    return RadarFigures(
        "bench",
        site,
        sigma_range_m=SIGMA_RANGE_M,
        sigma_azimuth_rad=SIGMA_ANGLE_RAD,
        sigma_elevation_rad=SIGMA_ANGLE_RAD,
        detection_probability=DETECTION_PROBABILITY,
        false_plots_per_scan=seeing.false_plots_per_scan,
        range_min_m=RANGE_M[0],
        range_max_m=RANGE_M[1],
        elevation_min_deg=ELEVATION_DEG[0],
        elevation_max_deg=ELEVATION_DEG[1],
    )


def _objects(radar: Radar, who: Ints, states: Floats) -> Objects:
    """Echoes that make the same signal-to-noise ratio at any range (Swerling 1: closed form)."""
    wanted = math.log(radar.false_alarm_probability) / math.log(DETECTION_PROBABILITY) - 1.0
    slant = np.sqrt(((states[:, :3] - radar.site.ecef_m) ** 2).sum(axis=1))
    rcs_m2 = np.array([wanted / radar.snr(1.0, r) for r in slant.tolist()], dtype=np.float64)
    return Objects(who, who, states[:, :3].copy(), states[:, 3:].copy(), rcs_m2)


def _biased(plots: Plots, bias: tuple[float, float, float]) -> Plots:
    if not any(bias):
        return plots
    return replace(
        plots,
        range_m=plots.range_m + bias[0],
        azimuth_rad=(plots.azimuth_rad + bias[1]) % (2.0 * math.pi),
        elevation_rad=plots.elevation_rad + bias[2],
    )
