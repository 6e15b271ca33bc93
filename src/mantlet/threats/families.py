"""Families of trajectories: what flights of a class look like from the side, as paths alone."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.flight import fly_knots
from mantlet.threats._bank import Bank, Starts, bank
from mantlet.threats.catalogue import CLASSES
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site, degrees_from_ecef, ground_distance_m
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]

_PLACE = Site(30.0, 0.0)
_POINTS = 81
_NEAR_THE_GROUND_S = 1e-6  # inside the flight by more than rounding


def family(class_id: str, count: int = 12) -> tuple[tuple[Floats, Floats], ...]:
    """Distance along the ground and height [km] of some notional flights of a class.

    `count` flights spread evenly over the ranges of the class's bank, in still air, northward
    from 30 degrees. Shapes only: no start, no time and no speed goes with them.

    Raises
    ------
    KeyError
        If there is no such class, or it is debris, which no bank holds.
    """
    flights = _bank(class_id)
    rows = np.linspace(0, len(flights.range_m) - 1, count).round().astype(np.int64)
    paths = _flown(class_id, flights.starts.take(rows))
    return tuple(_path(paths, row) for row in range(count))


def time_in_air_s(class_id: str, from_share: float = 0.0) -> tuple[float, float, float]:
    """Shortest, median and longest time in the air [s] of a class's notional flights.

    Of those that come down beyond `from_share` of the class's longest range. KeyError as in
    `family`.
    """
    flights = _bank(class_id)
    far = flights.range_m >= 1000.0 * from_share * CLASSES[class_id].range_max_km
    times = _flown(class_id, flights.starts.take(np.flatnonzero(far))).end_time_s
    return float(times.min()), float(np.median(times)), float(times.max())


def _bank(class_id: str) -> Bank:
    if CLASSES[class_id].kind == "debris":
        raise KeyError(class_id)
    return bank(class_id)


def _flown(class_id: str, starts: Starts) -> Trajectories:
    kind, n = CLASSES[class_id], len(starts.climb_rad)
    origin, axes = np.tile(_PLACE.ecef_m, (n, 1)), np.tile(_PLACE.axes, (n, 1, 1))
    *_, offsets, knots = fly_knots(
        starts.states(origin, axes, np.zeros(n)),
        np.zeros(n),
        np.full(n, kind.drag_m2kg),
        np.full(n, kind.family),
        starts.boost_mps2,
        starts.boost_s,
        STANDARD_AIR.packed,
    )
    return Trajectories(offsets, knots)


def _path(paths: Trajectories, row: int) -> tuple[Floats, Floats]:
    times = np.linspace(0.0, paths.end_time_s[row] - _NEAR_THE_GROUND_S, _POINTS)
    only = np.array([row])
    points = np.vstack([paths.states_at(only, float(time))[:, :3] for time in times])
    lat, lon, height_m = degrees_from_ecef(points)
    along_m = ground_distance_m(_PLACE.lat_deg, _PLACE.lon_deg, lat, lon)
    return along_m / 1000.0, height_m / 1000.0
