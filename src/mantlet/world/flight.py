"""Flights for a library user: bodies in, falls out, and every mistake named with its fix."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mantlet.kernels import flight as kernel
from mantlet.kernels.dynamics import GIVEN, ground_height
from mantlet.kernels.terrain import clearance
from mantlet.tables.errors import InputError
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.drag import FAMILIES, DragCurve
from mantlet.world.terrain import Terrain
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flights:
    """n flights to the ground.

    `impact_time_s` (n,) [s], `impact` (n, 6) the state there [m, m/s], `apogee_m` (n,) the
    greatest height over the ellipsoid [m], and the whole paths.
    """

    impact_time_s: Floats
    impact: Floats
    apogee_m: Floats
    trajectories: Trajectories


def fly(
    states: Floats,
    *,
    mass_kg: ArrayLike,
    area_m2: ArrayLike,
    form_factor: ArrayLike = 1.0,
    curve: str | DragCurve = "rocket",
    boost_mps2: ArrayLike = 0.0,
    boost_s: ArrayLike = 0.0,
    time_s: ArrayLike = 0.0,
    air: Air = STANDARD_AIR,
    terrain: Terrain | None = None,
    max_flight_s: float = 600.0,
) -> Flights:
    """Fly bodies from given states to the ground.

    Parameters
    ----------
    states : (n, 6)
        ECEF position [m] and velocity [m/s]; with `Air(flat=True)` east, north, up.
    mass_kg, area_m2, form_factor : float or (n,)
        Mass [kg], reference area [m2] and what the drag curve is multiplied with.
    curve : str or DragCurve
        One of the generic families ("rocket", "shell", "mortar", "debris"), or a table.
    boost_mps2, boost_s : float or (n,)
        Thrust per mass along the velocity [m/s2] and how long [s].
    time_s : float or (n,)
        When the states hold [s].
    air, terrain : Air, Terrain
        The air, and the relief if the ground is not the ellipsoid.
    max_flight_s : float
        A flight that takes longer is refused [s].

    Returns
    -------
    Flights
        Within 0.1 m at impact of the equation of motion's exact answer, up to 160 km.

    Raises
    ------
    InputError
        Naming field, row and fix: numbers that are not finite, no mass, a start below the ground
        (by a metre or more; less is taken for rounding, and the flight begins there),
        thrust without a direction, a flight that does not come down. Nothing is flown in part;
        for batches in which bad rows may stand, `mantlet.kernels.flight.fly` gives a status
        per row.
    """
    states = _numbers("states", states)
    if states.ndim != 2 or states.shape[1] != 6:
        raise InputError(f"states: shape {states.shape}\n    fix: give (n, 6), position, velocity")
    given = {"mass_kg": mass_kg, "area_m2": area_m2, "form_factor": form_factor}
    given |= {"boost_mps2": boost_mps2, "boost_s": boost_s, "time_s": time_s}
    columns = {name: _column(name, value, len(states)) for name, value in given.items()}
    _refuse_bad_rows(states, columns)
    longest_s = _numbers("max_flight_s", max_flight_s)
    if longest_s.shape != () or not 0.0 < longest_s < np.inf:
        raise InputError(f"max_flight_s {max_flight_s}\n    fix: give seconds, above zero")
    max_flight_s = float(longest_s)
    family, packed = _family(curve, air)
    _refuse_mixed_modes(air, terrain)
    status, time, impact, apogee, offsets, knots = kernel.fly_knots(
        states,
        columns["time_s"],
        columns["area_m2"] * columns["form_factor"] / columns["mass_kg"],
        np.full(len(states), family),
        columns["boost_mps2"],
        columns["boost_s"],
        packed,
        max_flight_s,
        terrain=None if terrain is None else terrain.packed,
    )
    _refuse_unlanded(status, states, air, terrain, max_flight_s)
    return Flights(time, impact, apogee, Trajectories(offsets, knots))


def _numbers(name: str, value: ArrayLike) -> Floats:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"{name}: not all of it is numbers\n    fix: give numbers") from None


def _column(name: str, value: ArrayLike, rows: int) -> Floats:
    numbers = _numbers(name, value)
    try:
        return np.broadcast_to(numbers, rows)
    except ValueError:
        raise InputError(f"{name}: shape {np.shape(value)}, expected ({rows},)") from None


_RULES: dict[str, tuple[Callable[[Floats], NDArray[np.bool_]], str]] = {
    "mass_kg": (lambda x: x > 0.0, "give the mass in kilograms, above zero"),
    "area_m2": (lambda x: x >= 0.0, "give the area in square metres, zero for no drag"),
    "form_factor": (lambda x: x >= 0.0, "give what the drag curve is multiplied with"),
    "boost_mps2": (lambda x: x >= 0.0, "give thrust over mass, zero for none"),
    "boost_s": (lambda x: x >= 0.0, "give how long the motor burns, zero for none"),
    "time_s": (np.isfinite, "give seconds"),
}


def _refuse_bad_rows(states: Floats, columns: dict[str, Floats]) -> None:
    """The first field with a row that cannot be, and its fix."""
    wrong = ~np.isfinite(states).all(axis=1)
    if wrong.any():
        raise InputError(
            f"states, row {wrong.argmax()}: a number is not finite\n"
            "    fix: leave the row out, or give position [m] and velocity [m/s]"
        )
    for name, (rule, fix) in _RULES.items():
        wrong = ~(np.isfinite(columns[name]) & rule(columns[name]))
        if wrong.any():
            row = int(wrong.argmax())
            raise InputError(f"{name}, row {row}: {columns[name][row]}\n    fix: {fix}")
    idle = (columns["boost_mps2"] > 0.0) & (states[:, 3:] == 0.0).all(axis=1)
    if idle.any():
        raise InputError(
            f"boost_mps2, row {idle.argmax()}: thrust acts along the velocity, which is zero\n"
            "    fix: start with a small velocity in the direction of the thrust"
        )


def _family(curve: str | DragCurve, air: Air) -> tuple[int, Floats]:
    """The family's number, and the air with the curve's table behind it where there is one."""
    if isinstance(curve, DragCurve):
        return GIVEN, np.concatenate([air.packed, curve.packed])
    if curve not in FAMILIES:
        raise InputError(f"curve {curve!r}\n    fix: choose from: {', '.join(FAMILIES)}")
    return FAMILIES[curve], air.packed


def _refuse_mixed_modes(air: Air, terrain: Terrain | None) -> None:
    if terrain is not None and terrain.flat != air.flat:
        raise InputError(
            f"terrain: flat is {terrain.flat}, the air's is {air.flat}\n"
            "    fix: give both over a plane, or both over the Earth"
        )


def _refuse_unlanded(
    status: NDArray[np.int8],
    states: Floats,
    air: Air,
    terrain: Terrain | None,
    max_flight_s: float,
) -> None:
    if (status == kernel.LANDED).all():
        return
    row = int((status != kernel.LANDED).argmax())
    if status[row] == kernel.ALOFT:
        raise InputError(
            f"states, row {row}: has not come down after {max_flight_s:g} s\n"
            "    fix: check the units of its velocity, or raise max_flight_s"
        )
    x, y, z = states[row, :3]
    if terrain is None:
        ground, above = "plane" if air.flat else "ellipsoid", ground_height(x, y, z, air.flat)
    else:
        ground, above = "relief", clearance(x, y, z, air.flat, terrain.packed)
    if above <= kernel.DEPTH_M:
        raise InputError(
            f"states, row {row}: starts below the ground, {above:.0f} m over the {ground}\n"
            "    fix: start on the ground or above it; heights are not those over the sea"
        )
    raise InputError(
        f"states, row {row}: cannot be followed to the ground\n"
        "    fix: check the units of its position and velocity, its mass and area"
    )
