"""Speed of sensing: `python benchmarks/sensing.py`.

One radar at default settings looks at a sky full of objects. What is timed, as CPU time of the
one thread, is `Radar.scan`, all of it, Python and tables included. Untimed scans come first, so
nothing is compiled on the clock. Seeded: the same skies every time.
"""

import time

import numpy as np

from mantlet.ports.draws import Draws
from mantlet.sensing.radar import Objects, Radar
from mantlet.world.earth import Site

SITE = Site(31.60, 34.60, 60.0)
DRAWS = Draws(1)


def sky(count: int, spread_m: float) -> Objects:
    """Objects 20 km north, 6 km up, spread evenly over a cube; all strong enough to be seen."""
    rng = np.random.default_rng(1)
    local = np.array([0.0, 20_000.0, 6_000.0]) + spread_m * (rng.random((count, 3)) - 0.5)
    velocity = np.array([50.0, -300.0, 30.0]) + rng.normal(0.0, 20.0, (count, 3))
    rows = np.arange(count)
    position = SITE.ecef_m + local @ SITE.axes
    return Objects(rows, rows, position, velocity @ SITE.axes, np.full(count, 10.0))


def measure(what: str, count: int, false_plots: float, spread_m: float = 8_000.0) -> None:
    radar = Radar("r1", SITE, false_plots_per_scan=false_plots)
    objects = sky(count, spread_m)
    taken, seen = [], []
    for scan in range(2_000):
        begin = time.thread_time()
        plots, _ = radar.scan(objects, scan=scan, time_s=scan, draws=DRAWS, first_plot_id=0)
        taken.append(1e3 * (time.thread_time() - begin))
        seen.append(len(plots))
    ms = np.array(taken[200:])
    print(
        f"{what:28s} {count:4d} objects {false_plots:4.0f} false plots | {np.mean(seen):6.1f} plots"
        f" | p50 {np.median(ms):6.3f} p99 {np.percentile(ms, 99):6.3f} ms"
    )


if __name__ == "__main__":
    measure("empty sky", 0, 0.0)
    measure("quiet sky", 0, 5.0)
    measure("one raid", 20, 5.0)
    measure("full sky", 500, 500.0)
    measure("full sky in 1 km, merging", 500, 500.0, 1_000.0)
