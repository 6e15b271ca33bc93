"""How the radars of a bench scene see its flights."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.flights import TrueFlights
from mantlet.analysis.bench.scene import Look, Scene
from mantlet.ports.draws import Draws, stream_of
from mantlet.sensing.faults import Faults
from mantlet.sensing.radar import Objects, Radar
from mantlet.tables import PlotOrigins, Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import Air
from mantlet.world.earth import Site

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DETECTION_PROBABILITY = 0.9
SIGMA_RANGE_M, SIGMA_ANGLE_RAD = 10.0, 0.002
RANGE_M = (1_000.0, 60_000.0)
ELEVATION_DEG = (0.5, 80.0)
PERIOD_S = 1.0


@dataclass(frozen=True)
class Seeing:
    """How the radars of a scene see, all alike. The tracker is told of false plots and tolerances.

    `resolution_m` and `beamwidth_deg` of the cells in which echoes merge; `dark_s` a stretch
    without scans; `bias`, the size of the tolerances told, added to range [m], azimuth and
    elevation [rad] of every plot; `late_share` of the plots come evenly up to `late_s` after their
    scan.
    """

    false_plots_per_scan: float = 20.0
    resolution_m: float = 1e-3
    beamwidth_deg: float = 1e-4
    dark_s: tuple[float, float] = (0.0, 0.0)
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)
    late_share: float = 0.0
    late_s: float = 5.0


def watch(
    flights: TrueFlights, sites: Sequence[Site], air: Air, seeing: Seeing, seed: int
) -> Scene:
    """See the flights with the package's radars, each once a second, in turn.

    Every object echoes so that it is detected with probability 0.9 at any range, and the errors
    are 10 m and 2 mrad throughout: radars whose figures say all there is to know, so that a
    tracker can be judged by them. The instants of `flights` have to be a second over the number
    of sites apart.
    """
    radars = [_radar(number, site, seeing) for number, site in enumerate(sites)]
    looks: list[Look | None] = []
    waiting = Plots.empty()
    first = 0
    detected = np.zeros(flights.states.shape[:2])
    for k, now in enumerate(flights.time_s.tolist()):
        if seeing.dark_s[0] <= now < seeing.dark_s[1]:
            looks.append(None)
            continue
        number = k % len(radars)
        seen, origins = _scan(radars[number], flights, k, seed, first)
        first += len(seen)
        whose = origins.threat_ids
        detected[whose[whose >= 0], k] = 1.0
        late, waiting = _arrived(waiting, now)
        in_time, more = _arrived(_biased(seen, seeing.bias), now)
        waiting = Plots.concat([waiting, more]) if len(waiting) else more
        looks.append(Look(number, in_time, late, _row_of(in_time, origins, len(flights))))
    figures = tuple(
        _figures(radar, number / len(radars), seeing) for number, radar in enumerate(radars)
    )
    return Scene(figures, air, tuple(looks), detected, flights)


def _radar(number: int, site: Site, seeing: Seeing) -> Radar:
    late_s = seeing.late_s
    return Radar(
        f"bench-{number + 1}" if number else "bench",
        site,
        period_s=PERIOD_S,
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
        faults=Faults(late_probability=seeing.late_share, late_min_s=1e-3, late_max_s=late_s),
    )


def _figures(radar: Radar, offset_s: float, seeing: Seeing) -> RadarFigures:
    return RadarFigures(
        radar.id,
        radar.site,
        period_s=PERIOD_S,
        offset_s=offset_s * PERIOD_S,
        sigma_range_m=SIGMA_RANGE_M,
        sigma_azimuth_rad=SIGMA_ANGLE_RAD,
        sigma_elevation_rad=SIGMA_ANGLE_RAD,
        detection_probability=DETECTION_PROBABILITY,
        threshold_snr_db=radar.nominal()["threshold_snr_db"],
        false_plots_per_scan=seeing.false_plots_per_scan,
        range_min_m=RANGE_M[0],
        range_max_m=RANGE_M[1],
        elevation_min_deg=ELEVATION_DEG[0],
        elevation_max_deg=ELEVATION_DEG[1],
        tolerance_range_m=abs(seeing.bias[0]),
        tolerance_azimuth_rad=abs(seeing.bias[1]),
        tolerance_elevation_rad=abs(seeing.bias[2]),
    )


def _scan(
    radar: Radar, flights: TrueFlights, k: int, seed: int, first: int
) -> tuple[Plots, PlotOrigins]:
    who = np.flatnonzero(np.isfinite(flights.states[:, k, 0]))
    objects = _objects(radar, who, flights.states[who, k])
    now, draws = float(flights.time_s[k]), Draws(seed)
    plots, origins = radar.scan(objects, scan=k, time_s=now, draws=draws, first_plot_id=first)
    return radar.faults.befall(plots, origins, stream=stream_of(radar.id), time_s=now, draws=draws)


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


def _arrived(plots: Plots, now: float) -> tuple[Plots, Plots]:
    """Those that are there by now, and those still under way."""
    if not plots.holds("arrival_s"):
        return plots, plots.take(slice(0, 0))
    late = plots.arrival_s > now
    return plots.take(~late), plots.take(late)


def _row_of(plots: Plots, origins: PlotOrigins, flights: int) -> Ints:
    """Which row is of each flight and of no other, (flights,); -1 where none is."""
    found = np.full(flights, -1, dtype=np.int64)
    rows = np.searchsorted(origins.plot_id, plots.plot_id)
    whose = origins.threat_ids[rows]
    alone = np.flatnonzero((whose >= 0).sum(axis=1) == 1)
    found[whose[alone].max(axis=1, initial=-1)] = alone
    return found
