"""Flights over a plane in exponential air: the frame in which trackers are usually compared.

`n` objects start at even odds within 60 s in a square of 10 km, 20 km north of the radar, and
head its way within 30 degrees; elevation 35 to 60 degrees, ballistic coefficient 5 to 20 t/m2
(log-uniform), wanted range 5 to 40 km. All notional.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.flights import TrueFlights, differences, shifted, with_last_row
from mantlet.kernels.impact import PLANE_DEGREE_M
from mantlet.world import exponential_air

Floats = NDArray[np.float64]

_STEPS_PER_SCAN = 4
_SLOWEST_MPS, _FASTEST_MPS = 80.0, 1_200.0


def plane_flights(count: int, seed: int, spread_s: float = 60.0) -> TrueFlights:
    """Draw the flights and fly them; instants are whole seconds until the last one is down."""
    rng = np.random.default_rng([seed, count])
    starts, wanted_m = _starts(rng, count)
    begin_s = rng.uniform(0.0, spread_s, count)
    _reach(starts, wanted_m)
    every = shifted(starts)
    landed, seconds = exponential_air.fall(every, 0.25)
    impact_time_s = begin_s + seconds[:count]
    time_s = np.arange(np.ceil(impact_time_s.max()) + 1.0)
    path = _path(every, np.tile(begin_s, 15), time_s)
    flying = (time_s >= begin_s[:, None]) & (time_s < impact_time_s[:, None])
    path[np.tile(~flying, (15, 1))] = np.nan
    return TrueFlights(
        time_s=time_s,
        states=path[:count],
        sensitivity=with_last_row(differences(path)),
        impact_time_s=impact_time_s,
        impact_deg=landed[:count, 1::-1] / PLANE_DEGREE_M,
        impact_gradient=differences(landed[:, :2]),
        plane=True,
    )


def _starts(rng: np.random.Generator, count: int) -> tuple[Floats, Floats]:
    """Starts (n, 7) of speed one, and the range each should have [m]."""
    starts = np.zeros((count, 7))
    starts[:, 0] = rng.uniform(-5e3, 5e3, count)
    starts[:, 1] = rng.uniform(15e3, 25e3, count)
    beta = np.exp(rng.uniform(np.log(5e3), np.log(20e3), count))
    starts[:, 6] = exponential_air.ln_k_of_beta(beta)
    climb = np.radians(rng.uniform(35.0, 60.0, count))
    to_radar = np.arctan2(-starts[:, 0], -starts[:, 1])
    heading = to_radar + np.radians(rng.uniform(-30.0, 30.0, count))
    starts[:, 3] = np.cos(climb) * np.sin(heading)
    starts[:, 4] = np.cos(climb) * np.cos(heading)
    starts[:, 5] = np.sin(climb)
    return starts, rng.uniform(5e3, 40e3, count)


def _reach(starts: Floats, wanted_m: Floats) -> None:
    """Give each start the speed that carries it the wanted range (bisection), in place."""
    direction = starts[:, 3:6].copy()
    low, high = np.full(len(starts), _SLOWEST_MPS), np.full(len(starts), _FASTEST_MPS)
    for _ in range(16):
        speed = 0.5 * (low + high)
        starts[:, 3:6] = speed[:, None] * direction
        landed, _ = exponential_air.fall(starts, 1.0)
        reach = np.sqrt(((landed[:, :2] - starts[:, :2]) ** 2).sum(axis=1))
        short = reach < wanted_m
        low, high = np.where(short, speed, low), np.where(short, high, speed)


def _path(starts: Floats, begin_s: Floats, time_s: Floats) -> Floats:
    """States (rows, k, 6) at the instants; meaningless before the start."""
    found = np.empty((len(starts), len(time_s), 6))
    at, clock = starts.copy(), begin_s.copy()
    for k, now in enumerate(time_s):
        left = np.maximum(now - clock, 0.0)
        for _ in range(_STEPS_PER_SCAN):
            at = exponential_air.advance(at, left / _STEPS_PER_SCAN)
        clock += left
        found[:, k] = at[:, :6]
    return found
