"""Flights per second on one core, with the error at impact: `python benchmarks/flights.py`.

10,000 rockets, shells and mortar bombs over the rotating Earth in wind, each judged against the
same flight at a tolerance four hundred times finer (which agrees with DOP853 to millimetres,
tests/kernels/test_flight.py). CPU time of one process, best of five; compiling not counted.
"""

import time
from collections.abc import Callable

import numpy as np

from mantlet.kernels.flight import RTOL, fly
from mantlet.ports.draws import Draws
from mantlet.scenario.load import load_scenario
from mantlet.threats.flights import draw_threats
from mantlet.threats.salvos import plan
from mantlet.world.air import Air
from mantlet.world.earth import Site

COUNT = 10_000
AIR = Air(wind=((0.0, 5.0, 0.0), (10_000.0, 20.0, 3.0)))
SITE = Site(31.5, 34.45)
TOLERANCES = (1e-9, 1e-10, RTOL, 1e-11)


def flights(seed: int = 1) -> tuple[np.ndarray, ...]:
    """What `fly` takes: mean flight about a minute and 13 km."""
    rng = np.random.default_rng(seed)
    heading, climb = rng.uniform(0, 2 * np.pi, COUNT), np.radians(rng.uniform(35, 60, COUNT))
    local = np.stack(
        [np.cos(climb) * np.sin(heading), np.cos(climb) * np.cos(heading), np.sin(climb)], axis=1
    )
    family = rng.integers(0, 3, COUNT)
    rocket = family == 0
    speed = np.where(rocket, 40.0, rng.uniform(200, 600, COUNT))
    states = np.hstack([np.tile(SITE.ecef_m, (COUNT, 1)), speed[:, None] * (local @ SITE.axes)])
    drag = 1.0 / np.exp(rng.uniform(np.log(5e3), np.log(2e4), COUNT))
    boost = np.where(rocket, rng.uniform(130, 400, COUNT), 0.0)
    return states, np.zeros(COUNT), drag, family, boost, np.where(rocket, 1.5, 0.0)


def best_cpu_s(work: Callable[[], object], times: int = 5) -> float:
    """Least CPU time [s] of a few calls."""
    spent = []
    for _ in range(times):
        begin = time.process_time()
        work()
        spent.append(time.process_time() - begin)
    return min(spent)


def main() -> None:
    columns = flights()
    exact = fly(*columns, AIR.packed, rtol=RTOL / 400)
    print(f"{COUNT:,} flights, mean {exact[1].mean():.1f} s")
    print(f"{'rtol':>8} {'flights/s':>10} {'max error m':>12} {'median m':>9}")
    for rtol in TOLERANCES:
        impact = fly(*columns, AIR.packed, rtol=rtol)[2]
        error = np.linalg.norm(impact[:, :3] - exact[2][:, :3], axis=1)
        rate = COUNT / best_cpu_s(lambda rtol=rtol: fly(*columns, AIR.packed, rtol=rtol))
        print(f"{rtol:8.0e} {rate:10,.0f} {error.max():12.3f} {np.median(error):9.4f}")
    scenario, draws = load_scenario("may-2021"), Draws(1)
    salvos = plan(scenario.raids, draws)
    given = salvos, scenario.areas, scenario.zones, draws, scenario.air
    draw_threats(*given)
    spent = best_cpu_s(lambda: draw_threats(*given))
    print(f"may-2021: every flight drawn and flown in {spent:.2f} s")


if __name__ == "__main__":
    main()
