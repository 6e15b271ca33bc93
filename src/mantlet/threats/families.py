"""Families of trajectories: what flights of a class look like from the side, as paths alone."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.flight import fly_knots
from mantlet.threats._bank import bank
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
    kind = CLASSES[class_id]
    if kind.kind == "debris":
        raise KeyError(class_id)
    flights = bank(class_id)
    rows = np.linspace(0, len(flights.range_m) - 1, count).round().astype(np.int64)
    starts = flights.starts.take(rows)
    origin, axes = np.tile(_PLACE.ecef_m, (count, 1)), np.tile(_PLACE.axes, (count, 1, 1))
    states = starts.states(origin, axes, np.zeros(count))
    *_, offsets, knots = fly_knots(
        states,
        np.zeros(count),
        np.full(count, kind.drag_m2kg),
        np.full(count, kind.family),
        starts.boost_mps2,
        starts.boost_s,
        STANDARD_AIR.packed,
    )
    paths = Trajectories(offsets, knots)
    return tuple(_path(paths, row) for row in range(count))


def _path(paths: Trajectories, row: int) -> tuple[Floats, Floats]:
    times = np.linspace(0.0, paths.end_time_s[row] - _NEAR_THE_GROUND_S, _POINTS)
    only = np.array([row])
    points = np.vstack([paths.states_at(only, float(time))[:, :3] for time in times])
    lat, lon, height_m = degrees_from_ecef(points)
    along_m = ground_distance_m(_PLACE.lat_deg, _PLACE.lon_deg, lat, lon)
    return along_m / 1000.0, height_m / 1000.0
