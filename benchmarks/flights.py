"""Flights per second, paired with other programs in one run: `python benchmarks/flights.py`.

10,000 rockets, shells and mortar bombs over the rotating Earth in wind, each judged against the
same flight at a tolerance a hundred times finer (which agrees with DOP853 to millimetres,
tests/kernels/test_flight.py). CPU time, best of five, compiling not counted. Then threads and
processes, a million flights streamed, what compiling costs, and the others: those of
`benchmarks/peers.txt` that are installed.
"""

import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache

import numpy as np

from mantlet.kernels.flight import RTOL, fly
from mantlet.world.air import Air
from mantlet.world.earth import Site

COUNT = 10_000
AIR = Air(wind=((0.0, 5.0, 0.0), (10_000.0, 20.0, 3.0)))
SITE = Site(31.5, 34.45)
TOLERANCES = (1e-9, 1e-10, 4e-11, RTOL)
COLD = """
import time; import numpy as np; from mantlet.kernels import flight, trajectory
from mantlet.world.air import STANDARD_AIR; from mantlet.world.earth import ecef_from_degrees
state = np.hstack([ecef_from_degrees(31.5, 34.45), [[100.0, 200.0, 300.0]]])
zero = np.zeros(1); begin = time.process_time()
flown = flight.fly_knots(state, zero, zero, np.zeros(1, int), zero, zero, STANDARD_AIR.packed)
trajectory.states_at(flown[4], flown[5], np.zeros(1, int), np.ones(1))
print(time.process_time() - begin)
"""


@cache
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


def batch(_: int) -> float:
    """Fly the batch once; CPU time [s] of this thread."""
    columns = flights()
    begin = time.thread_time()
    fly(*columns, AIR.packed)
    return time.thread_time() - begin


def accuracy() -> None:
    columns = flights()
    exact = fly(*columns, AIR.packed, rtol=RTOL / 100)
    print(f"{COUNT:,} flights, mean {exact[1].mean():.1f} s")
    print(f"{'rtol':>8} {'flights/s':>10} {'max error m':>12} {'median m':>9}")
    for rtol in TOLERANCES:
        impact = fly(*columns, AIR.packed, rtol=rtol)[2]
        error = np.linalg.norm(impact[:, :3] - exact[2][:, :3], axis=1)
        rate = COUNT / best_cpu_s(lambda rtol=rtol: fly(*columns, AIR.packed, rtol=rtol))
        print(f"{rtol:8.0e} {rate:10,.0f} {error.max():12.3f} {np.median(error):9.4f}")


def side_by_side(name: str, workers: Executor, count: int) -> None:
    """Batches on `count` workers at once: the speed of each, and how many were busy on average."""
    list(workers.map(batch, range(8 * count)))  # started, and the compiled code loaded
    begin = time.perf_counter()
    spent = list(workers.map(batch, range(8 * count)))
    wall = time.perf_counter() - begin
    each = COUNT * len(spent) / sum(spent)
    print(
        f"{count} {name:10} {each:9,.0f} flights/s a CPU second each, {sum(spent) / wall:.2f} busy"
    )


def million(_: object = None) -> tuple[float, float]:
    """Fly a million in batches, keeping nothing; flights a CPU second, peak memory [MB]."""
    begin, landed = time.process_time(), 0
    for seed in range(1_000_000 // COUNT):
        landed += int((fly(*flights.__wrapped__(seed), AIR.packed)[0] == 0).sum())
    rate = landed / (time.process_time() - begin)
    return rate, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def compiling() -> None:
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"XDG_CACHE_HOME": cache}
        environment.pop("NUMBA_CACHE_DIR", None)
        for name in ("cold", "cached"):
            done = subprocess.run(
                [sys.executable, "-c", COLD],
                env=environment,
                check=True,
                text=True,
                stdout=subprocess.PIPE,
            )
            print(f"fly_knots and states_at, {name}: {float(done.stdout):.2f} s CPU")


def campaign() -> None:
    from mantlet.ports.draws import Draws
    from mantlet.scenario.load import load_scenario
    from mantlet.threats.flights import draw_threats
    from mantlet.threats.salvos import plan

    scenario, draws = load_scenario("may-2021"), Draws(1)
    given = plan(scenario.raids, draws), scenario.areas, scenario.zones, draws, scenario.air
    draw_threats(*given)
    spent = best_cpu_s(lambda: draw_threats(*given))
    print(f"may-2021: every flight drawn and flown in {spent:.2f} s")


def main() -> None:
    from flight_peers import peers

    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start")
    accuracy()
    spawned = multiprocessing.get_context("spawn")
    for count in (1, 2):
        with ThreadPoolExecutor(count) as workers:
            side_by_side("thread" if count == 1 else "threads", workers, count)
    for count in (1, 2):
        with ProcessPoolExecutor(count, mp_context=spawned) as workers:
            side_by_side("process" if count == 1 else "processes", workers, count)
    with ProcessPoolExecutor(1, mp_context=spawned) as workers:
        rate, peak = workers.submit(million).result()
        print(f"a million, streamed: {rate:,.0f} flights/s a CPU second, at most {peak:.0f} MB")
    compiling()
    for name, rate, model in peers():
        print(f"{name:32} {rate:9,.0f} flights/s  {model}")
    campaign()


if __name__ == "__main__":
    main()
