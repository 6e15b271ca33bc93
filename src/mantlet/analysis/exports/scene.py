"""What map formats show of a run: tracks, predicted impacts, interceptors, alerts and ends.

Points are WGS-84 degrees and heights above its ellipsoid [m]; times are seconds of the run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mantlet.analysis.exports.saved import Progress, SavedRun
from mantlet.analysis.replay_frame import ellipse
from mantlet.tables import Alerts, Outcomes, Shots, Threats
from mantlet.world.earth import degrees_from_ecef

Array = NDArray[Any]
Floats = NDArray[np.float64]

LIKELY = 2.4477
"""Semi-axes over standard deviations of the ellipse that holds 95 % of a plane normal."""


@dataclass(frozen=True)
class TrackPath:
    """A track, its tentative rows left out: `ecef_m` (k, 3) and degrees, heights and times (k,)."""

    track_id: int
    time_s: Floats
    ecef_m: Floats
    lat_deg: Floats
    lon_deg: Floats
    height_m: Floats


@dataclass(frozen=True)
class ImpactPath:
    """A track's predicted impacts as they were made: ellipses of 95 %, all of shape (k,).

    `turn_rad` is that of the longer axis from east, anticlockwise, without jumps.
    """

    track_id: int
    time_s: Floats
    impact_time_s: Floats
    lat_deg: Floats
    lon_deg: Floats
    major_m: Floats
    minor_m: Floats
    turn_rad: Floats


@dataclass(frozen=True)
class Flyout:
    """An interceptor, drawn straight from its battery to the point it is sent to."""

    shot_id: int
    track_id: int
    battery_id: str
    time_s: tuple[float, float]
    lat_deg: tuple[float, float]
    lon_deg: tuple[float, float]
    height_m: tuple[float, float]


@dataclass(frozen=True)
class Alert:
    """An alert from its first message to its cancellation or all-clear (or the end of the run)."""

    alert_id: int
    zone_id: int
    start_s: float
    end_s: float
    impact_time_s: float
    probability: float


@dataclass(frozen=True)
class End:
    """The one true fate of a threat, where and when."""

    threat_id: int
    class_id: str
    fate: str
    time_s: float
    lat_deg: float
    lon_deg: float
    height_m: float


def track_paths(run: SavedRun, progress: Progress) -> Iterator[TrackPath]:
    """The tracks of the window, by identity: the first half of the work that is told."""
    held = _gathered(run, "tracks", ["track_id", "time_s", "status", "state"], _positions)
    lat, lon, height = degrees_from_ecef(held["ecef_m"])
    each = _each(held["track_id"], held["time_s"])
    for k, rows in enumerate(each):
        progress(0.5 * k / len(each), 1.0, "tracks")
        yield TrackPath(
            int(held["track_id"][rows[0]]),
            held["time_s"][rows],
            held["ecef_m"][rows],
            lat[rows],
            lon[rows],
            height[rows],
        )


def impact_paths(run: SavedRun, progress: Progress) -> Iterator[ImpactPath]:
    """The impact predictions of the window that found a landing, by track: the second half."""
    keys = ["track_id", "time_s", "impact_time_s", "lat_deg", "lon_deg", "covariance_m2", "status"]
    held = _gathered(run, "impacts", keys, _landings)
    major, minor, angle = ellipse(*held["covariance_m2"].T)
    each = _each(held["track_id"], held["time_s"])
    for k, rows in enumerate(each):
        progress(0.5 + 0.5 * k / len(each), 1.0, "predicted impacts")
        turn = np.unwrap(angle[rows], period=np.pi)
        yield ImpactPath(
            int(held["track_id"][rows[0]]),
            held["time_s"][rows],
            held["impact_time_s"][rows],
            held["lat_deg"][rows],
            held["lon_deg"][rows],
            LIKELY * major[rows],
            LIKELY * minor[rows],
            turn,
        )


def _gathered(
    run: SavedRun, name: str, keys: list[str], cut: Callable[[pa.RecordBatch], dict[str, Array]]
) -> dict[str, Array]:
    """Columns of a table, batch by batch: what `cut` leaves of each is all that is held."""
    parts = [cut(batch) for batch in run.columns(name, keys)]
    parts = parts or [cut(run.nothing(name, keys))]
    return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def _texts(batch: Any, key: str) -> Array:
    return np.asarray(batch.column(key).to_numpy(zero_copy_only=False), dtype=object)


def _wide(batch: Any, key: str, width: int) -> Floats:
    flat = batch.column(key).flatten().to_numpy()
    return np.asarray(flat, dtype=np.float64).reshape(-1, width)


def _positions(batch: Any) -> dict[str, Array]:
    kept = _texts(batch, "status") != "tentative"
    return {
        "track_id": batch.column("track_id").to_numpy()[kept],
        "time_s": batch.column("time_s").to_numpy()[kept],
        "ecef_m": _wide(batch, "state", 7)[kept, :3],
    }


def _landings(batch: Any) -> dict[str, Array]:
    kept = _texts(batch, "status") == "landed"
    plain = ("track_id", "time_s", "impact_time_s", "lat_deg", "lon_deg")
    held = {key: batch.column(key).to_numpy()[kept] for key in plain}
    return held | {"covariance_m2": _wide(batch, "covariance_m2", 3)[kept]}


def _each(identity: Array, time_s: Floats) -> list[Array]:
    """The rows of each identity in order of time."""
    order = np.lexsort((time_s, identity))
    bounds = np.flatnonzero(np.diff(identity[order])) + 1
    return [rows for rows in np.split(order, bounds) if len(rows)]


def flyouts(run: SavedRun) -> list[Flyout]:
    """The interceptors launched in the window."""
    shots = run.table(Shots)
    sites = {battery.id: battery.site for battery in run.scenario.batteries}
    return [
        Flyout(
            int(shots.shot_id[k]),
            int(shots.track_id[k]),
            str(shots.battery_id[k]),
            (float(shots.launch_time_s[k]), float(shots.intercept_time_s[k])),
            (site.lat_deg, float(shots.aim_lat_deg[k])),
            (site.lon_deg, float(shots.aim_lon_deg[k])),
            (site.height_m, float(shots.aim_height_m[k])),
        )
        for k in range(len(shots))
        for site in [sites[str(shots.battery_id[k])]]
    ]


def alerts_of(run: SavedRun) -> list[Alert]:
    """The alerts that were open at any time of the window, in the order they began."""
    messages = Alerts.from_arrow(run.open("alerts").read())
    messages = messages.take(np.lexsort((messages.message_id, messages.time_s)))
    opened: dict[int, int] = {}
    closed: dict[int, float] = {}
    for row, (alert_id, kind) in enumerate(zip(messages.alert_id, messages.kind, strict=True)):
        if kind == "alert":
            opened.setdefault(int(alert_id), row)
        elif kind in ("cancel", "all-clear"):
            closed[int(alert_id)] = float(messages.time_s[row])
    never_s = max(run.end_s, float(messages.time_s.max(initial=run.end_s)))
    alerts = [
        Alert(
            alert_id,
            int(messages.zone_id[row]),
            float(messages.time_s[row]),
            closed.get(alert_id, never_s),
            float(messages.impact_time_s[row]),
            float(messages.probability[row]),
        )
        for alert_id, row in opened.items()
    ]
    first_s, last_s = run.window
    return [a for a in alerts if a.start_s <= last_s and a.end_s >= first_s]


def ends_of(run: SavedRun) -> list[End]:
    """How each threat ended within the window: truth, in order of time."""
    outcomes = run.table(Outcomes)
    threats = Threats.from_arrow(run.open("threats").read())
    shots = Shots.from_arrow(run.open("shots").read())
    row_of = {int(number): row for row, number in enumerate(threats.threat_id)}
    shot_of = {int(number): row for row, number in enumerate(shots.shot_id)}
    found = []
    for k in np.argsort(outcomes.time_s, kind="stable"):
        row, shot = row_of[int(outcomes.threat_id[k])], shot_of.get(int(outcomes.shot_id[k]))
        where = (threats.impact_lat_deg[row], threats.impact_lon_deg[row], 0.0)
        if shot is not None:
            where = (shots.aim_lat_deg[shot], shots.aim_lon_deg[shot], shots.aim_height_m[shot])
        found.append(
            End(
                int(threats.threat_id[row]),
                str(threats.class_id[row]),
                str(outcomes.fate[k]),
                float(outcomes.time_s[k]),
                *map(float, where),
            )
        )
    return found
