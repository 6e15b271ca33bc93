"""Speed of sensing: `python benchmarks/sensing.py`.

One radar at default settings looks at a sky full of objects. What is timed, as CPU time of the
one thread, is `Radar.scan`, all of it, Python and tables included. Untimed scans come first, so
nothing is compiled on the clock. Seeded: the same skies every time.

Beside it, where it is installed (extra `stonesoup`), Stone Soup's radar of the same measures: the
same objects, noise and clutter, but no radar equation, no fluctuation, no resolution cells.
"""

import importlib.util
import time

import numpy as np

from mantlet.ports.draws import Draws
from mantlet.sensing import Objects, Radar
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


def peer(count: int, false_plots: int, spread_m: float = 8_000.0, scans: int = 12) -> None:
    from stonesoup.models.clutter.clutter import ClutterModel
    from stonesoup.sensor.radar.radar import RadarElevationBearingRange
    from stonesoup.types.array import StateVector
    from stonesoup.types.groundtruth import GroundTruthState

    rng = np.random.default_rng(1)
    local = np.array([0.0, 20_000.0, 6_000.0]) + spread_m * (rng.random((count, 3)) - 0.5)
    truths = {GroundTruthState(StateVector([x, 50.0, y, -300.0, z, 30.0])) for x, y, z in local}
    box = ((-1e5, 1e5), (-1e5, 1e5), (0.0, 5e4))
    radar = RadarElevationBearingRange(
        position_mapping=(0, 2, 4),
        noise_covar=np.diag([1e-3, 1e-3, 10.0]) ** 2,
        ndim_state=6,
        position=np.array([[0.0], [0.0], [0.0]]),
        clutter_model=ClutterModel(clutter_rate=false_plots, dist_params=box, seed=1),
        max_range=1e5,
        seed=1,
    )
    taken = []
    for _ in range(scans):
        begin = time.thread_time()
        seen = radar.measure(truths, noise=True)
        taken.append(1e3 * (time.thread_time() - begin))
    print(
        f"{'Stone Soup, the same sky':28s} {count:4d} objects {false_plots:4d} false plots"
        f" | {len(seen):6d} plots | p50 {np.median(taken[2:]):6.1f} ms"
    )


if __name__ == "__main__":
    measure("empty sky", 0, 0.0)
    measure("quiet sky", 0, 5.0)
    measure("one raid", 20, 5.0)
    measure("full sky", 500, 500.0)
    measure("full sky in 1 km, merging", 500, 500.0, 1_000.0)
    if importlib.util.find_spec("stonesoup"):
        peer(500, 500)
