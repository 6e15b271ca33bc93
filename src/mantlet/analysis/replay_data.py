"""From the tables of a run to the columns a replay draws: one window of time, on a flat map."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from mantlet.analysis.replay_frame import ellipse, plot_positions
from mantlet.analysis.replay_ground import zone_rows
from mantlet.analysis.replay_pack import codes, lengths, whole
from mantlet.analysis.replay_window import Columns, Window, rows_of
from mantlet.tables import (
    Alerts,
    Assessments,
    Impacts,
    Outcomes,
    PlotOrigins,
    Plots,
    Shots,
    States,
    Threats,
    Tracks,
    Zones,
)
from mantlet.world.earth import Site

Array = NDArray[Any]
Floats = NDArray[np.float64]

STATUS = {"tentative": 0, "confirmed": 1, "coasting": 2, "closed": 3}
KIND = {"rocket": 0, "shell": 1, "mortar": 2, "debris": 3}
FATE = {"intercepted": 0, "hit zone": 1, "open ground": 2, "sea": 3, "fell short": 4}
MESSAGE = {"alert": 0, "update": 1, "cancel": 2, "all-clear": 3}
OBSERVED = {"none": 0, "hit": 1, "miss": 2, "unknown": 3}
UNKNOWN = 255

INTERCEPTOR_OBJECT = 2_000_000_000
"""Object identities from here on are the defence's own interceptors."""

ANGLE_STEP = np.pi / 250


def in_order(names: dict[str, int], texts: Array) -> Array:
    """The code of each text; an unknown one gets 255."""
    return np.fromiter((names.get(text, UNKNOWN) for text in texts), np.int64, len(texts))


def _groups(identity: Array) -> tuple[Array, Array]:
    """First row of each run of equal identities, closed by the row count, and the identities."""
    first = np.flatnonzero(np.diff(identity, prepend=-1))
    return np.append(first, identity.size), identity[first]


def plot_columns(
    plots: Plots, origins: PlotOrigins, sites: dict[str, Site], window: Window
) -> Columns:
    """Every plot of the window from a radar in `sites`, in time order, and what it really was."""
    plots = plots.take(window.holds(plots.time_s))
    ids = np.array(sorted(sites))
    radar = rows_of(plots.radar_id.astype(str), ids) if len(plots) else np.empty(0, np.int64)
    points = np.zeros((len(plots), 3))
    for row, name in enumerate(ids):
        mine = radar == row
        points[mine] = plot_positions(
            sites[name],
            plots.range_m[mine],
            plots.azimuth_rad[mine],
            plots.elevation_rad[mine],
        )
    order = np.argsort(plots.time_s, kind="stable")
    order = order[radar[order] >= 0]
    east, north, height = window.frame.place_ecef(points[order])
    return {
        "plots.time": window.sample_times(plots.time_s[order]),
        **window.east_north("plots", east, north),
        "plots.height": window.heights(height),
        "plots.truth": codes(_plot_truth(plots.plot_id[order], origins)),
    }


def _plot_truth(plot_id: Array, origins: PlotOrigins) -> Array:
    """0 false, 1 a threat or its debris, 2 an own interceptor, 3 not recorded."""
    order = np.argsort(origins.plot_id, kind="stable")
    row = rows_of(plot_id, origins.plot_id[order])
    if not len(origins):
        return np.full(plot_id.size, 3)
    first = origins.threat_ids[order][row, 0]
    truth = np.where(first < 0, 0, np.where(first >= INTERCEPTOR_OBJECT, 2, 1))
    return np.where(row < 0, 3, truth)


def track_columns(tracks: Tracks, impacts: Impacts, window: Window) -> Columns:
    """Track samples, grouped by track, each with its prediction of the impact if it had one."""
    kept = window.holds(tracks.time_s) & (tracks.status != "tentative")
    tracks = tracks.take(kept)
    tracks = tracks.take(np.lexsort((tracks.time_s, tracks.track_id)))
    first, track_id = _groups(tracks.track_id)
    east, north, height = window.frame.place_ecef(tracks.state[:, :3])
    covariance = window.frame.turn_covariance(_position_covariance(tracks.covariance))
    major, minor, angle = ellipse(covariance[:, 0, 0], covariance[:, 0, 1], covariance[:, 1, 1])
    return {
        "tracks.id": codes(track_id, np.int32),
        "tracks.first": codes(first, np.int32),
        "samples.time": window.sample_times(tracks.time_s),
        **window.east_north("samples", east, north),
        "samples.height": window.heights(height),
        "samples.major": lengths(major),
        "samples.minor": lengths(minor),
        "samples.angle": whole(angle, ANGLE_STEP, np.uint8),
        "samples.sigmaHeight": lengths(np.sqrt(np.maximum(covariance[:, 2, 2], 0.0))),
        "samples.status": codes(in_order(STATUS, tracks.status)),
        **_impact_columns(tracks, impacts, window),
    }


def _position_covariance(packed: Floats) -> Floats:
    """The position block, shape (n, 3, 3), of packed 7 x 7 upper triangles, shape (n, 28)."""
    return packed[:, [0, 1, 2, 1, 7, 8, 2, 8, 13]].reshape(-1, 3, 3)


def _impact_columns(tracks: Tracks, impacts: Impacts, window: Window) -> Columns:
    """The prediction made for each track sample; axes 0 where none was made."""
    impacts = impacts.take(window.holds(impacts.time_s) & (impacts.status == "landed"))
    key = _sample_key(impacts.track_id, impacts.time_s, window)
    order = np.argsort(key, kind="stable")
    row = rows_of(_sample_key(tracks.track_id, tracks.time_s, window), key[order])
    found = row >= 0
    table = impacts.take(order[row[found]])
    filled = np.zeros((5, len(tracks)))
    filled[0, found], filled[1, found] = window.frame.place(table.lat_deg, table.lon_deg)
    filled[2:, found] = ellipse(*table.covariance_m2.T)
    impact_s = np.full(len(tracks), np.nan)
    impact_s[found] = table.impact_time_s
    return {
        **window.east_north("samples.impact", filled[0], filled[1]),
        "samples.impact.major": lengths(filled[2]),
        "samples.impact.minor": lengths(np.where(filled[2] > 0, np.maximum(filled[3], 1.0), 0.0)),
        "samples.impact.angle": whole(filled[4], ANGLE_STEP, np.uint8),
        "samples.impact.time": window.moments(impact_s),
    }


def _sample_key(track_id: Array, time_s: Floats, window: Window) -> Array:
    centiseconds = np.rint((time_s - window.start_s) * 100).astype(np.int64)
    return track_id.astype(np.int64) * 10_000_000 + centiseconds


def threat_columns(
    threats: Threats, states: States, outcomes: Outcomes, zones: Zones, window: Window
) -> Columns:
    """True flights, grouped by threat, and what became of each (truth)."""
    by_threat = outcomes.take(np.argsort(outcomes.threat_id, kind="stable"))
    threats = threats.take(np.argsort(threats.threat_id, kind="stable"))
    fate = rows_of(threats.threat_id, by_threat.threat_id)
    known = fate >= 0
    end_s = threats.impact_time_s.copy()
    end_s[known] = by_threat.time_s[fate[known]]
    kept = (threats.launch_time_s <= window.end_s) & (end_s >= window.start_s)
    threats, fate, end_s = threats.take(kept), fate[kept], end_s[kept]
    if len(outcomes):
        fates = np.where(fate >= 0, in_order(FATE, by_threat.fate)[fate], UNKNOWN)
        zone = np.where(fate >= 0, by_threat.zone_id[fate], -1)
    else:
        fates, zone = np.full(len(threats), UNKNOWN), np.full(len(threats), -1)
    east, north = window.frame.place(threats.impact_lat_deg, threats.impact_lon_deg)
    return {
        "threats.id": codes(threats.threat_id, np.int32),
        "threats.kind": codes(in_order(KIND, threats.kind)),
        "threats.launch": window.moments(threats.launch_time_s),
        "threats.end": window.moments(end_s),
        "threats.fate": codes(fates),
        "threats.zone": codes(zone_rows(zone, zones), np.int32),
        "threats.threatening": codes(_threatened(threats, zones)),
        **window.east_north("threats", east, north),
        **_state_columns(threats.threat_id, states, window),
    }


def _threatened(threats: Threats, zones: Zones) -> Array:
    """1 where the undisturbed flight would have ended in a zone."""
    tree = shapely.STRtree(shapely.from_wkb(zones.polygon))
    points = shapely.points(threats.impact_lon_deg, threats.impact_lat_deg)
    inside = np.zeros(len(threats), dtype=np.int64)
    inside[tree.query(points, predicate="within")[0]] = 1
    return inside


def _state_columns(threat_id: Array, states: States, window: Window) -> Columns:
    states = states.take(window.holds(states.time_s))
    row = rows_of(states.threat_id, threat_id)
    order = np.lexsort((states.time_s, row))
    order = order[row[order] >= 0]
    states, row = states.take(order), row[order]
    first = np.searchsorted(row, np.arange(threat_id.size + 1))
    east, north, height = window.frame.place_ecef(states.position_m)
    return {
        "threats.first": codes(first, np.int32),
        "states.time": window.sample_times(states.time_s),
        **window.east_north("states", east, north),
        "states.height": window.heights(height),
    }


def shot_columns(
    shots: Shots,
    assessments: Assessments,
    outcomes: Outcomes,
    batteries: tuple[str, ...],
    window: Window,
) -> Columns:
    """Interceptors in the air during the window, what was observed of each and what was true."""
    shots = shots.take(
        (shots.intercept_time_s >= window.start_s) & (shots.launch_time_s <= window.end_s)
    )
    shots = shots.take(np.lexsort((shots.shot_id, shots.intercept_time_s)))
    east, north = window.frame.place(shots.aim_lat_deg, shots.aim_lon_deg)
    kills = np.sort(outcomes.shot_id[outcomes.shot_id >= 0])
    seen = assessments.take(np.argsort(assessments.shot_id, kind="stable"))
    row = rows_of(shots.shot_id, seen.shot_id)
    seen_s, seen_as = np.full(len(shots), np.nan), np.zeros(len(shots), dtype=np.int64)
    seen_s[row >= 0] = seen.time_s[row[row >= 0]]
    seen_as[row >= 0] = in_order(OBSERVED, seen.observed[row[row >= 0]])
    battery = {name: place for place, name in enumerate(batteries)}
    return {
        "shots.id": codes(shots.shot_id, np.int32),
        "shots.track": codes(shots.track_id, np.int32),
        "shots.battery": codes(in_order(battery, shots.battery_id)),
        "shots.launch": window.moments(shots.launch_time_s),
        "shots.end": window.moments(shots.intercept_time_s),
        **window.east_north("shots", east, north),
        "shots.height": window.heights(shots.aim_height_m),
        "shots.kill": codes(rows_of(shots.shot_id, kills) >= 0),
        "shots.seenAt": window.moments(seen_s),
        "shots.seenAs": codes(seen_as),
        "shots.wave": codes(shots.wave),
    }


def alert_columns(alerts: Alerts, zones: Zones, window: Window) -> Columns:
    """Messages of the window, and before them the latest earlier one to each zone."""
    alerts = alerts.take(np.lexsort((alerts.message_id, alerts.time_s)))
    alerts = alerts.take(alerts.time_s <= window.end_s)
    earlier = np.flatnonzero(alerts.time_s < window.start_s)
    latest = {int(alerts.zone_id[row]): int(row) for row in earlier}
    kept = np.array(sorted(latest.values()) + list(range(earlier.size, len(alerts))), dtype=int)
    alerts = alerts.take(kept)
    return {
        "alerts.zone": codes(zone_rows(alerts.zone_id, zones), np.int32),
        "alerts.time": window.moments(alerts.time_s),
        "alerts.kind": codes(in_order(MESSAGE, alerts.kind)),
        "alerts.impact": window.moments(alerts.impact_time_s),
        "alerts.probability": whole(np.nan_to_num(alerts.probability), 0.005, np.uint8),
    }
