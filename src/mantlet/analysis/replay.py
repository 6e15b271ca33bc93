"""The replay: a run, or its busiest minutes, as one page that plays in any browser, offline."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.replay_busiest import action_span, busiest_window, run_span
from mantlet.analysis.replay_data import (
    alert_columns,
    plot_columns,
    shot_columns,
    threat_columns,
    track_columns,
)
from mantlet.analysis.replay_frame import Frame
from mantlet.analysis.replay_ground import outline_columns, zone_columns
from mantlet.analysis.replay_pack import codes, pack
from mantlet.analysis.replay_page import build_page
from mantlet.analysis.replay_scene import Scene, magazine_history, scene_of
from mantlet.analysis.replay_window import LAST_NUMBER, Columns, Window
from mantlet.tables import Shots
from mantlet.tables.run import RunTables
from mantlet.world.earth import Site, degrees_from_ecef

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

WHOLE_RUN_S = 1200.0
"""Runs up to this long are shown whole; of longer ones the busiest stretch."""

BUSIEST_S = 300.0

LEAST_REACH_M = 10_000.0
LEAST_TOP_M = 3_000.0
"""Map and heights are never drawn tighter than this, however little happens."""

NEARLY_NORTH = 0.35
"""East component below which the altitude view's axis counts as north-south."""

VIEW_SHARE = (2.0, 98.0)
"""Percentiles of the true positions in the first view: one stray flight does not rule it."""

Floats = NDArray[np.float64]


def write_replay(
    tables: RunTables,
    scenario: "Scenario",
    seed: int,
    path: Path,
    start_s: float | None = None,
    duration_s: float | None = None,
) -> None:
    """Write the replay of a run as one self-contained HTML page.

    Parameters
    ----------
    tables : RunTables
        Everything the run left behind.
    scenario, seed
        What was run: its radars, batteries and outlines are drawn, its title shown.
    path : Path
        The file to write. The same inputs give the same bytes.
    start_s, duration_s : float, optional
        The stretch to show [s]. By default the whole run, or of a run over twenty minutes the
        five minutes with most in the air.
    """
    page = replay_page(tables, scene_of(scenario, seed), start_s, duration_s)
    path.write_text(page, encoding="utf-8", newline="\n")


def replay_page(
    tables: RunTables,
    scene: Scene,
    start_s: float | None = None,
    duration_s: float | None = None,
) -> str:
    """The page `write_replay` writes, as text."""
    window = choose_window(tables, scene, start_s, duration_s)
    header, data = pack(_columns(tables, scene, window))
    return build_page(scene.title, _facts(tables, scene, window, header), data)


def choose_window(
    tables: RunTables, scene: Scene, start_s: float | None, duration_s: float | None
) -> Window:
    """The stretch of time to show and the map frame that holds what moves in it."""
    start, end = _stretch(tables, start_s, duration_s)
    frame = Frame(*_centre(tables, scene, start, end))
    states = tables.states.take((tables.states.time_s >= start) & (tables.states.time_s <= end))
    east, north, height = frame.place_ecef(states.position_m)
    seen = [np.hypot(*_spot(radar.site, frame)) + radar.range_max_m for radar in scene.radars]
    reach = np.concatenate([np.abs(east), np.abs(north), seen, [LEAST_REACH_M]]).max()
    top = np.concatenate([height, tables.shots.aim_height_m, [LEAST_TOP_M]]).max()
    return Window(
        start_s=start,
        end_s=end,
        frame=frame,
        map_step_m=float(np.ceil(reach / LAST_NUMBER)),
        height_step_m=float(1.5 * top / np.iinfo(np.uint16).max),
    )


def _stretch(
    tables: RunTables, start_s: float | None, duration_s: float | None
) -> tuple[float, float]:
    begin, end = run_span(tables.threats, tables.intervals)
    if start_s is not None:
        return start_s, start_s + (duration_s or min(BUSIEST_S, max(end - start_s, 1.0)))
    if duration_s is not None or end - begin > WHOLE_RUN_S:
        return busiest_window(
            tables.threats, tables.shots, tables.intervals, duration_s or BUSIEST_S
        )
    return action_span(tables.threats, tables.outcomes, begin, end)


def _spot(site: Site, frame: Frame) -> tuple[Floats, Floats]:
    return frame.place(np.array(site.lat_deg), np.array(site.lon_deg))


def _centre(tables: RunTables, scene: Scene, start: float, end: float) -> tuple[float, float]:
    """Latitude and longitude of the middle of what happens; of the sites where nothing does."""
    west, south, east, north = _bounds_deg(tables, scene, start, end)
    return float((south + north) / 2), float((west + east) / 2)


def _bounds_deg(
    tables: RunTables, scene: Scene, start: float, end: float
) -> tuple[float, float, float, float]:
    kept = (tables.states.time_s >= start) & (tables.states.time_s <= end)
    lat, lon, _ = degrees_from_ecef(tables.states.position_m[kept])
    sites = [radar.site for radar in scene.radars]
    sites += [battery.site for battery in scene.batteries]
    if lat.size:
        lat, lon = np.percentile(lat, VIEW_SHARE), np.percentile(lon, VIEW_SHARE)
    lats = np.concatenate([lat, [site.lat_deg for site in sites]])
    lons = np.concatenate([lon, [site.lon_deg for site in sites]])
    if not lats.size:
        lats, lons = tables.zones.lat_deg, tables.zones.lon_deg
    if not lats.size:
        return 0.0, 0.0, 0.0, 0.0
    return float(lons.min()), float(lats.min()), float(lons.max()), float(lats.max())


def _columns(tables: RunTables, scene: Scene, window: Window) -> Columns:
    return {
        **plot_columns(tables.plots, tables.plot_origins, scene.sites, window),
        **track_columns(tables.tracks, tables.impacts, window),
        **threat_columns(tables.threats, tables.states, tables.outcomes, tables.zones, window),
        **shot_columns(
            tables.shots,
            tables.assessments,
            tables.outcomes,
            tuple(mark.id for mark in scene.batteries),
            window,
        ),
        **alert_columns(tables.alerts, tables.zones, window),
        **zone_columns(tables.zones, window),
        **outline_columns(scene.outlines, window),
        **_magazine_columns(tables.shots, scene, window),
    }


def _magazine_columns(shots: Shots, scene: Scene, window: Window) -> Columns:
    """What each battery held, from before the window on."""
    time_s, battery, left = magazine_history(scene.batteries, shots)
    kept = time_s <= window.end_s
    return {
        "magazines.time": window.moments(np.maximum(time_s[kept], window.start_s - 1.0)),
        "magazines.battery": codes(battery[kept]),
        "magazines.left": codes(left[kept], np.int32),
    }


def _facts(
    tables: RunTables, scene: Scene, window: Window, header: list[dict[str, Any]]
) -> dict[str, Any]:
    """Everything but the columns: what a person reads, and how the columns are to be read."""
    begin, end = run_span(tables.threats, tables.intervals)
    west, south, east, north = _bounds_deg(tables, scene, window.start_s, window.end_s)
    x, y = window.frame.place(np.array([south, north]), np.array([west, east]))
    return {
        "title": scene.title,
        "epoch": scene.epoch,
        "seed": scene.seed,
        "start": window.start_s,
        "duration": window.end_s - window.start_s,
        "run": [begin, end],
        "excerpt": bool(end - begin > WHOLE_RUN_S),
        "mapStep": window.map_step_m,
        "view": [float(x[0]), float(y[0]), float(x[1]), float(y[1])],
        "axis": _main_axis(tables, window),
        "zoneNames": list(tables.zones.name),
        **scene.describe(window.frame),
        "columns": header,
    }


def _main_axis(tables: RunTables, window: Window) -> list[float]:
    """Unit vector along which most of the motion runs: the altitude view's horizontal."""
    states = tables.states.take(window.holds(tables.states.time_s))
    order = np.lexsort((states.time_s, states.threat_id))
    identity = states.threat_id[order]
    east, north, _ = window.frame.place_ecef(states.position_m[order])
    same = np.diff(identity) == 0
    steps = np.stack([np.diff(east)[same], np.diff(north)[same]], axis=1)
    if not len(steps):
        return [1.0, 0.0]
    spread = steps.T @ steps
    angle = 0.5 * np.arctan2(2 * spread[0, 1], spread[0, 0] - spread[1, 1])
    axis = np.array([np.cos(angle), np.sin(angle)])
    # East stays on the right, as on the map above it; a north-south scene runs with the motion.
    if (axis[0] if abs(axis[0]) > NEARLY_NORTH else (steps @ axis).sum()) < 0:
        axis = -axis
    return [round(float(axis[0]), 6), round(float(axis[1]), 6)]
