"""Notional flights and simple radars for tracker tests, apart from the package's own sensing.

The package's radar model is left out on purpose: an independent one, in NumPy, tests the tracker
against the figures that it is told.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from mantlet.kernels.flight import fly_knots
from mantlet.kernels.geodesy import ecef_from_geodetic, enu_axes
from mantlet.kernels.trajectory import states_at
from mantlet.tables import Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import Site

SITE = Site(31.6, 34.6, 60.0)


@dataclass(frozen=True)
class Flights:
    """True flights with their knots; row i begins at `start_s[i]` and lands at `end_s[i]`."""

    start_s: np.ndarray
    end_s: np.ndarray
    impact_m: np.ndarray
    offsets: np.ndarray
    knots: np.ndarray

    def alive(self, time_s: float) -> np.ndarray:
        return np.nonzero((self.start_s <= time_s) & (time_s < self.end_s))[0]

    def states(self, rows: np.ndarray, time_s: float) -> np.ndarray:
        return states_at(self.offsets, self.knots, rows, np.full(rows.size, time_s))


def make_flights(
    count: int,
    *,
    seed: int = 1,
    family: int = 0,
    spread_s: float = 60.0,
    beta: tuple[float, float] = (1_500.0, 7_000.0),
    height_m: float = 1.0,
    air: Air = STANDARD_AIR,
) -> Flights:
    """Unpowered flights, 10 to 30 km long, that begin 20 km north of `SITE` and head its way."""
    rng = np.random.default_rng(seed)
    states = np.empty((count, 6))
    for row in states:
        lat = math.radians(SITE.lat_deg + rng.uniform(0.14, 0.22))
        lon = math.radians(SITE.lon_deg + rng.uniform(-0.06, 0.06))
        axes = np.array(enu_axes(lat, lon)).reshape(3, 3)
        bearing, climb, speed = rng.uniform([2.7, 0.65, 330.0], [3.6, 0.95, 560.0])
        level = speed * math.cos(climb)
        local = [level * math.sin(bearing), level * math.cos(bearing), speed * math.sin(climb)]
        row[:3] = ecef_from_geodetic(lat, lon, height_m)
        row[3:] = np.array(local) @ axes
    none = np.zeros(count)
    start_s = rng.uniform(0.0, spread_s, count)
    drag = np.exp(-rng.uniform(np.log(beta[0]), np.log(beta[1]), count))
    families = np.full(count, family, dtype=np.int64)
    _, end_s, impact, _, offsets, knots = fly_knots(
        states, start_s, drag, families, none, none, air.packed
    )
    return Flights(start_s, end_s, impact[:, :3], offsets, knots)


@dataclass
class Eye:
    """A radar by its figures: what it makes of positions, with its own generator."""

    figures: RadarFigures
    rng: np.random.Generator
    plots_made: int = 0

    def look(self, position_m: np.ndarray, time_s: float) -> tuple[Plots, np.ndarray]:
        """Plots of one scan, and the index of the object behind each (-1: false)."""
        f, rng = self.figures, self.rng
        local = (position_m - f.site.ecef_m) @ f.site.axes.T
        r = np.linalg.norm(local, axis=1)
        azimuth = np.arctan2(local[:, 0], local[:, 1])
        elevation = np.arcsin(local[:, 2] / r)
        low, high = np.radians([f.elevation_min_deg, f.elevation_max_deg])
        seen = (
            (f.range_min_m <= r) & (r <= f.range_max_m) & (low <= elevation) & (elevation <= high)
        )
        seen &= rng.random(len(r)) < f.detection_probability
        n, false = int(seen.sum()), int(rng.poisson(f.false_plots_per_scan))
        measured = np.column_stack([r, azimuth, elevation])[seen]
        measured += rng.normal(size=(n, 3)) * [
            f.sigma_range_m,
            f.sigma_azimuth_rad,
            f.sigma_elevation_rad,
        ]
        clutter = rng.uniform(
            [f.range_min_m, -math.pi, low], [f.range_max_m, math.pi, high], (false, 3)
        )
        origin = np.concatenate([np.nonzero(seen)[0], np.full(false, -1)])
        return self.plots(np.vstack([measured, clutter]), time_s), origin

    def plots(self, measured: np.ndarray, time_s: float) -> Plots:
        """A table of plots from rows of range, azimuth and elevation."""
        n = len(measured)
        first = self.plots_made
        self.plots_made += n
        return Plots(
            plot_id=np.arange(first, first + n),
            radar_id=np.array([self.figures.id] * n, dtype=object),
            scan=np.zeros(n, dtype=np.int64),
            time_s=np.full(n, time_s),
            range_m=measured[:, 0],
            azimuth_rad=measured[:, 1] % (2 * math.pi),
            elevation_rad=measured[:, 2],
            range_rate_mps=np.full(n, np.nan),
            snr_db=np.full(n, 20.0),
        )


@pytest.fixture(scope="session")
def flights() -> Callable[..., Flights]:
    return make_flights


@pytest.fixture(scope="session")
def eye() -> Callable[..., Eye]:
    def made(seed: int = 1, **figures: float) -> Eye:
        settings = {"false_plots_per_scan": 0.0, **figures}
        return Eye(RadarFigures("r1", SITE, **settings), np.random.default_rng(seed))

    return made
