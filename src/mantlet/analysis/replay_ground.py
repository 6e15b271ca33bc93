"""The ground under a replay: zones, land and borders as outlines on its map."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.analysis.replay_pack import codes
from mantlet.analysis.replay_scene import Outline
from mantlet.analysis.replay_window import Columns, Window, rows_of
from mantlet.tables import Zones

Array = NDArray[Any]
Floats = NDArray[np.float64]


def zone_rows(zone_id: Array, zones: Zones) -> Array:
    """Row of each zone identity in `zones`; -1 where there is none."""
    order = np.argsort(zones.zone_id, kind="stable")
    row = rows_of(np.asarray(zone_id, dtype=np.int64), zones.zone_id[order])
    return np.where(row >= 0, order[row], -1) if len(zones) else row


def zone_columns(zones: Zones, window: Window) -> Columns:
    """Outlines of the zones that lie on the map (others have none), and who lives in them."""
    outlines = [_zone_outline(shape, window) for shape in shapely.from_wkb(zones.polygon)]
    east, north = window.frame.place(zones.lat_deg, zones.lon_deg)
    reach = window.reach_m
    return {
        **_joined("zones", "outline", outlines, window),
        **window.east_north("zones", np.clip(east, -reach, reach), np.clip(north, -reach, reach)),
        "zones.people": codes(zones.population, np.int32),
        "zones.shelter": codes(zones.shelter_time_s, np.int32),
    }


def _zone_outline(shape: Any, window: Window) -> Floats:
    part = max(shapely.get_parts(shape), key=shapely.area)
    ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
    local = _on_map(ring, window)
    if (np.abs(local) > window.reach_m).any():
        return local[:0]
    smooth = shapely.simplify(shapely.linearrings(local), window.map_step_m)
    return np.asarray(shapely.get_coordinates(smooth))


def _on_map(points_deg: Floats, window: Window) -> Floats:
    return np.stack(window.frame.place(points_deg[:, 1], points_deg[:, 0]), axis=1)


def outline_columns(outlines: tuple[Outline, ...], window: Window) -> Columns:
    """Land and borders, cut at the map's reach and smoothed by ten of its steps."""
    parts = [(part, outline.land) for outline in outlines for part in _clipped(outline, window)]
    return {
        **_joined("land", "coast", [part for part, _ in parts], window),
        "land.filled": codes(np.array([land for _, land in parts])),
    }


def _clipped(outline: Outline, window: Window) -> list[Floats]:
    local = _on_map(outline.points_deg, window)
    shape = shapely.polygons(local) if outline.land else shapely.linestrings(local)
    reach = window.reach_m
    smooth = shapely.simplify(shape, 10 * window.map_step_m)
    cut = shapely.get_parts(shapely.clip_by_rect(smooth, -reach, -reach, reach, reach))
    return [shapely.get_coordinates(part) for part in cut if not shapely.is_empty(part)]


def _joined(owner: str, name: str, rings: list[Floats], window: Window) -> Columns:
    points = np.concatenate(rings) if rings else np.empty((0, 2))
    counts = np.cumsum([0, *(len(ring) for ring in rings)])
    return {
        f"{owner}.first": codes(counts, np.int32),
        **window.east_north(name, points[:, 0], points[:, 1]),
    }
