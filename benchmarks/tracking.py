"""Speed of tracking and impact prediction: `python benchmarks/tracking.py`.

Catalogue rockets, the package's own radar, one second a scan. Plots are made beforehand; what is
timed, as CPU time of the one thread, is `Tracker.step` (all of it, Python included) and
`Tracker.impacts`. An untimed pass comes first, so nothing is compiled on the clock. Seeded: the
same plots every time.

So many objects live at once: all are launched within ten seconds. `salvo` are the scans until 15 s
after the last launch, when every track is young; `settled` those after, while eight in ten still
fly. `200 over 60 s` is the stated load for plots per second.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
SALVO_S, YOUNG_S = 10.0, 15.0


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


@dataclass
class Timing:
    """Of every scan, over all timed passes [ms], with the tracks there were."""

    step_ms: list[float] = field(default_factory=list)
    predict_ms: list[float] = field(default_factory=list)
    tracks: list[int] = field(default_factory=list)
    scan: list[int] = field(default_factory=list)


def run(made: list[Plots], radar: Radar, passes: int) -> Timing:
    figures = RadarFigures(
        "r1", SITE, range_max_m=60_000.0, elevation_max_deg=75.0, **radar.nominal()
    )
    tracker = Tracker((figures,), STANDARD_AIR)
    for number in range(passes + 1):
        if number <= 1:  # the first pass compiles
            found = Timing()
        state = tracker.start()
        for scan, plots in enumerate(made):
            state = timed(partial(tracker.step, state, plots, 0, scan), found.step_ms)
            report = tracker.report(state, scan)
            timed(partial(tracker.impacts, state, report), found.predict_ms)
            found.tracks.append(len(report))
            found.scan.append(scan)
    return found


def measure(count: int, duration_s: float, false_plots: float, last_s: int) -> None:
    radar = Radar("r1", SITE, range_max_m=60_000.0, false_plots_per_scan=false_plots)
    made = list(scans(radar, barrage(count, duration_s), last_s))
    found = run(made, radar, 1)
    title = f"{count} over {duration_s:.0f} s"
    show(title, found, np.ones(last_s, dtype=np.bool_), sum(map(len, made)))


def live(count: int, passes: int = 3) -> None:
    radar = Radar("r1", SITE, range_max_m=60_000.0, false_plots_per_scan=20.0)
    made = list(scans(radar, barrage(count, SALVO_S), 60))
    found = run(made, radar, passes)
    scan, tracks = np.array(found.scan), np.array(found.tracks)
    young = (scan < SALVO_S + YOUNG_S) & (tracks > 0)
    settled = (scan >= SALVO_S + YOUNG_S) & (tracks >= 0.8 * tracks.max())
    for words, which in (("salvo", young), ("settled", settled)):
        plots = sum(len(made[k]) for k in scan[which])
        show(f"{count} {words}", found, which, plots)


def show(title: str, found: Timing, which: np.ndarray, plots: int) -> None:
    step_ms, predict_ms = np.array(found.step_ms)[which], np.array(found.predict_ms)[which]
    tracks, both = np.array(found.tracks)[which], step_ms + predict_ms
    print(
        f"{title:14s} up to {tracks.max(initial=0):5d} tracks, {len(both):4d} scans"
        f" | {1e3 * plots / step_ms.sum():9,.0f} plots/s"
        f" | step p50 {np.median(step_ms):6.2f} p99 {np.percentile(step_ms, 99):6.2f} ms"
        f" | with impacts p50 {np.median(both):6.2f} p99 {np.percentile(both, 99):6.2f} ms"
        f" | {1e3 * predict_ms.sum() / max(tracks.sum(), 1):5.1f} us per impact"
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


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    print(f"before: {load()}")
    measure(200, 60.0, 20.0, 120)
    for objects in (200, 500, 1_000):
        live(objects)
    measure(1, 1.0, 5.0, 3_600)
    assignment()
    print(f"after: {load()}")
