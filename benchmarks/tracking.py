"""Speed of tracking and impact prediction: `python benchmarks/tracking.py`.

Catalogue rockets, the package's own radar, one second a scan. Plots are made beforehand; what is
timed, as CPU time of the one thread, is `Tracker.step` (all of it, Python included) and
`Tracker.impacts`. An untimed pass comes first, so nothing is compiled on the clock. Seeded: the
same plots every time.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from mantlet.kernels.assignment import assign_sparse
from mantlet.ports.draws import Draws
from mantlet.sensing.radar import Objects, Radar
from mantlet.tables import Plots, Zones
from mantlet.threats.flights import Barrage, draw_threats
from mantlet.threats.raids import Area, Toward, Volley
from mantlet.threats.salvos import plan
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site

SITE = Site(31.60, 34.60, 60.0)
MIXTURE = {"rocket-20": 0.5, "rocket-40": 0.5}
SEED = 1


def barrage(count: int, duration_s: float) -> Barrage:
    volley = Volley("v", 0.0, duration_s, count, MIXTURE, "north", Toward(31.6, 34.6, 4.0))
    ring = np.array([[31.74, 34.55], [31.74, 34.65], [31.83, 34.65], [31.83, 34.55]])
    draws = Draws(SEED)
    areas = {"north": Area("north", (ring,))}
    return draw_threats(plan((volley,), draws), areas, Zones.empty(), draws, STANDARD_AIR)


def scans(radar: Radar, sky: Barrage, last_s: int) -> Iterator[Plots]:
    draws, first = Draws(SEED), 0
    for scan in range(last_s):
        threats = sky.threats
        rows = np.nonzero((threats.launch_time_s <= scan) & (scan < threats.impact_time_s))[0]
        states = sky.trajectories.states_at(rows, float(scan))
        objects = Objects(rows, rows, states[:, :3].copy(), states[:, 3:].copy(), sky.rcs_m2[rows])
        plots, _ = radar.scan(objects, scan=scan, time_s=scan, draws=draws, first_plot_id=first)
        first += len(plots)
        yield plots


def timed(function: Callable[[], Any], into: list[float]) -> Any:
    begin = time.thread_time()
    result = function()
    into.append(1e3 * (time.thread_time() - begin))
    return result


def measure(count: int, duration_s: float, false_plots: float, last_s: int) -> None:
    radar = Radar("r1", SITE, range_max_m=60_000.0, false_plots_per_scan=false_plots)
    figures = RadarFigures(
        "r1", SITE, range_max_m=60_000.0, elevation_max_deg=75.0, **radar.nominal()
    )
    tracker = Tracker((figures,), STANDARD_AIR)
    made = list(scans(radar, barrage(count, duration_s), last_s))
    for _ in range(2):  # the first pass compiles
        step_ms: list[float] = []
        predict_ms: list[float] = []
        tracks = []
        state = tracker.start()
        for scan, plots in enumerate(made):
            state = timed(partial(tracker.step, state, plots, 0, scan), step_ms)
            report = tracker.report(state, scan)
            timed(partial(tracker.impacts, state, report), predict_ms)
            tracks.append(len(report))
    show(count, false_plots, made, np.array(step_ms), np.array(predict_ms), np.array(tracks))


def show(count, false_plots, made, step_ms, predict_ms, tracks) -> None:
    plots = sum(map(len, made))
    both = step_ms + predict_ms
    print(
        f"{count:5d} objects {false_plots:4.0f} false/scan | {plots:6d} plots"
        f" | {1e3 * plots / step_ms.sum():9,.0f} plots/s"
        f" | step p50 {np.median(step_ms):6.3f} p99 {np.percentile(step_ms, 99):6.3f} ms"
        f" | with impacts p99 {np.percentile(both, 99):6.3f} ms, up to {tracks.max():3d} tracks"
        f" | {1e3 * predict_ms[tracks > 0].sum() / tracks.sum():5.1f} us per impact"
    )


def assignment(rows: int = 500, columns: int = 800, near: int = 4) -> None:
    """Sparse problems as gating leaves them: a few edges a row, in clusters."""
    rng = np.random.default_rng(SEED)
    centre = rng.integers(0, columns - near, rows)
    column = np.sort((centre[:, None] + np.arange(near)[None, :]), axis=1).reshape(-1)
    cost = rng.normal(0.0, 5.0, rows * near)
    start = np.arange(0, rows * near + 1, near)
    taken: list[float] = []
    for _ in range(50):
        timed(partial(assign_sparse, start, column, cost, columns, 0.0), taken)
    print(f"assignment {rows} x {columns}, {near} edges a row: {np.median(taken):.3f} ms")


if __name__ == "__main__":
    measure(200, 60.0, 20.0, 120)
    measure(500, 10.0, 20.0, 100)
    measure(1_000, 40.0, 20.0, 100)
    measure(1, 1.0, 5.0, 3_600)
    assignment()
