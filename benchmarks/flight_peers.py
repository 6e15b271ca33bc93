"""Other programs on flights of the same kind, each as its own manual has it.

Only SciPy's integrator flies the very same model; the others have their own, so their speed is
told and their impact points are not compared. Those that are not installed are left out.
"""

import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from mantlet.kernels.dynamics import acceleration, ground_height
from mantlet.world.air import Air

Row = tuple[str, float, str]

AIR = Air(wind=((0.0, 5.0, 0.0), (10_000.0, 20.0, 3.0)))


def peers() -> Iterator[Row]:
    """Name, flights a CPU second and a word on the model of every peer there is."""
    yield "SciPy DOP853, compiled equation", _rate(_dop853, 20), "this model, rtol 1e-9"
    yield "SciPy DOP853, NumPy equation", _rate(_numpy_dop853, 3), "this model, rtol 1e-9"
    if importlib.util.find_spec("rocketpy"):
        yield "RocketPy, 3 DOF", _rate(_rocketpy(), 20), "its own, constant drag coefficient"
    if importlib.util.find_spec("py_ballisticcalc"):
        for engine, count in (("python+rk4", 2), ("scipy+dop853", 20), ("cython+rk4", 20)):
            fire = _ballisticcalc(engine)
            if fire is not None:
                yield f"py-ballisticcalc, {engine}", _rate(fire, count), "its own, G7 drag"


def _rate(flight: Callable[[float], object], count: int) -> float:
    """Flights a CPU second, at climbs from 40 to 50 degrees."""
    flight(45.0)
    begin = time.process_time()
    for climb_deg in np.linspace(40.0, 50.0, count):
        flight(float(climb_deg))
    return count / (time.process_time() - begin)


def _start(climb_deg: float) -> np.ndarray:
    from mantlet.world.earth import Site

    site, climb = Site(31.5, 34.45), np.radians(climb_deg)
    return np.hstack(
        [site.ecef_m, 450.0 * (np.cos(climb) * site.axes[1] + np.sin(climb) * site.axes[2])]
    )


def _dop853(climb_deg: float) -> object:
    packed = AIR.packed

    def rate(_: float, s: np.ndarray) -> tuple[float, ...]:
        x, y, z, u, v, w = s.tolist()
        return (u, v, w, *acceleration(x, y, z, u, v, w, 1e-4, 1, packed))

    def ground(t: float, s: np.ndarray) -> float:
        return ground_height(s[0], s[1], s[2], False) if t > 0.0 else 1.0

    ground.terminal, ground.direction = True, -1.0  # type: ignore[attr-defined]
    options: Any = {"method": "DOP853", "rtol": 1e-9, "atol": 1e-6, "events": ground}
    return solve_ivp(rate, (0.0, 600.0), _start(climb_deg), **options)


def _numpy_dop853(climb_deg: float) -> object:
    reference = str(Path(__file__).parents[1] / "tests" / "reference")
    if reference not in sys.path:
        sys.path.append(reference)
    import point_mass

    return point_mass.fly(_start(climb_deg), 1e-4, 1, 0.0, 0.0, AIR, rtol=1e-9)


def _rocketpy() -> Callable[[float], object]:
    from rocketpy import Environment, Flight, PointMassMotor, PointMassRocket

    environment = Environment()
    environment.set_atmospheric_model(type="standard_atmosphere")

    def flight(climb_deg: float) -> object:
        motor = PointMassMotor(
            thrust_source=12_000.0, dry_mass=0.1, propellant_initial_mass=1.0, burn_time=1.5
        )
        rocket = PointMassRocket(0.06, 39.0, 0.0, lambda _: 0.4, lambda _: 0.4)
        rocket.add_motor(motor, position=0)
        return Flight(
            rocket=rocket,
            environment=environment,
            rail_length=0.1,
            inclination=climb_deg,
            heading=0.0,
            simulation_mode="3 DOF",
        )

    return flight


def _ballisticcalc(engine: str) -> Callable[[float], object] | None:
    from py_ballisticcalc import (
        Ammo,
        Angular,
        Atmo,
        Calculator,
        Distance,
        DragModel,
        Shot,
        TableG7,
        Velocity,
        Weapon,
        Weight,
    )

    logging.getLogger("py_balcalc").setLevel(logging.CRITICAL)
    drag = DragModel(3.0, TableG7, Weight.Kilogram(40.0), Distance.Millimeter(155))
    far = Distance.Kilometer(40)

    def flight(climb_deg: float) -> object:
        shot = Shot(
            weapon=Weapon(),
            ammo=Ammo(drag, Velocity.MPS(450)),
            relative_angle=Angular.Degree(climb_deg),
            atmo=Atmo.icao(),
        )
        return Calculator(engine=engine).fire(
            shot, trajectory_range=far, trajectory_step=far, raise_range_error=False
        )

    try:
        flight(45.0)
    except ValueError:  # this engine is not installed
        return None
    return flight
