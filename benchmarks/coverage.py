"""Speed of coverage products: `python benchmarks/coverage.py [SCENARIO] [CLASS]`.

CPU time of the one thread, warm: the bands of one radar as a map page asks for them when it is
moved, the same behind a terrain mask that is new each time, the warning times of every zone, and
the faults of one scan of a thousand plots.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from mantlet.analysis.coverage import coverage_geojson, warning_times
from mantlet.analysis.coverage.product import usual_class
from mantlet.ports.draws import Draws
from mantlet.scenario.load import load_scenario
from mantlet.sensing import Faults, Radar
from mantlet.tables import PlotOrigins, Plots
from mantlet.world.terrain import Terrain

PLOTS = 1_000


def measure(what: str, work: Callable[[int], object], times: int = 7) -> None:
    taken = []
    for k in range(times + 1):
        begin = time.thread_time()
        work(k)
        taken.append(1e3 * (time.thread_time() - begin))
    print(f"{what:48s} median {np.median(taken[1:]):9.2f} ms, worst {max(taken[1:]):9.2f} ms")


def hills(radar: Radar) -> Terrain:
    """A degree either way around a radar, a point every three arc seconds."""
    n, step = 2_401, 1 / 1_200
    south, west = radar.site.lat_deg - 1.0, radar.site.lon_deg - 1.0
    axis = np.arange(n) * step
    return Terrain(south, west, step, -250.0 + 100.0 * np.sin(40.0 * axis)[:, None] * np.cos(axis))


def moved(radar: Radar, k: int) -> Radar:
    return replace(radar, site=replace(radar.site, lon_deg=radar.site.lon_deg + 0.001 * k))


def plots_of_a_scan() -> tuple[Plots, PlotOrigins]:
    rng, number = np.random.default_rng(1), np.arange(PLOTS)
    plots = Plots(
        plot_id=number,
        radar_id=np.full(PLOTS, "r", dtype=object),
        scan=np.full(PLOTS, 5),
        time_s=np.full(PLOTS, 5.0),
        range_m=rng.uniform(1e3, 1e5, PLOTS),
        azimuth_rad=np.sort(rng.uniform(0.0, 6.28, PLOTS)),
        elevation_rad=rng.uniform(0.0, 1.0, PLOTS),
        range_rate_mps=np.full(PLOTS, np.nan),
        snr_db=np.full(PLOTS, 20.0),
    )
    return plots, PlotOrigins(plot_id=number, threat_ids=np.full((PLOTS, 2), -1))


if __name__ == "__main__":
    scenario = load_scenario(sys.argv[1] if len(sys.argv) > 1 else "may-2021")
    name = sys.argv[2] if len(sys.argv) > 2 else usual_class(scenario)
    radar = scenario.radars[0]
    measure("one radar, moved", lambda k: coverage_geojson(scenario, moved(radar, k), 1e3, name))
    high = replace(radar, terrain=hills(radar))
    measure(
        "one radar, moved, with a new terrain mask",
        lambda k: coverage_geojson(scenario, moved(high, k), 1e3, name),
    )
    measure(
        f"warning times, {len(scenario.zones)} zones, {name}",
        lambda k: warning_times(scenario, name),
        times=3,
    )
    faults = Faults(1.0, 0.1, loss_probability=0.1, duplicate_probability=0.1, late_probability=0.1)
    plots, origins = plots_of_a_scan()
    measure(
        f"faults of a scan, {PLOTS} plots",
        lambda k: faults.befall(plots, origins, stream=7, time_s=5.0, draws=Draws(k)),
        times=200,
    )
