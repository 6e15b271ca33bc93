"""Why: a track at a time, from what was recorded of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.live.events import Event, number
from mantlet.live.places import (
    axes_at,
    ellipses,
    local_covariance,
    placed,
    position_covariance,
)
from mantlet.live.recording import LANDED, STATUS
from mantlet.live.sentences import decision_words, moment
from mantlet.live.shows import Show
from mantlet.tables import Impacts, Tracks
from mantlet.tracking.impact import predict_paths
from mantlet.world.zones import zone_odds

Array = NDArray[Any]
Explanation = dict[str, Any]

MOST_PLOTS = 500
MOST_DECISIONS = 200
PATH_S = 300
PATH_POINTS = 100


class UnknownObjectError(Exception):
    """There is no such object in the run up to that time."""


def whole(identity: str) -> int:
    """The number of an object that has one."""
    try:
        return int(identity)
    except ValueError:
        raise UnknownObjectError(f"{identity!r} is no number") from None


def fact(name: str, value: Any, unit: str = "") -> dict[str, Any]:
    """One line of a table of facts."""
    return {"name": name, "value": value, "unit": unit}


def track_rows(show: Show, track_id: int, time_s: float) -> Array:
    """Rows of a track up to a time."""
    tracks = show.recording["tracks"]
    upto = int(np.searchsorted(tracks["clock_s"], time_s, side="right"))
    return np.flatnonzero(tracks["track_id"][:upto] == track_id)


def explain_track(show: Show, identity: str, time_s: float) -> Explanation:
    """Its state, its plots, where it is predicted to land, and every decision on it."""
    track_id = whole(identity)
    rows = track_rows(show, track_id, time_s)
    if not len(rows):
        raise UnknownObjectError(f"track {track_id} is not known at that time")
    row = int(rows[-1])
    decisions = decisions_on(show, track_id, time_s)
    return {
        "title": f"Track {track_id}",
        "sentences": _track_sentences(show, track_id, decisions),
        "facts": _track_facts(show, rows),
        "decisions": decisions,
        "plots": _plots_of(show, rows),
        **_state(show, row),
        **_prediction(show, track_id, row),
        "trail": trail(show, "tracks", rows),
        "related": _related(show, track_id, time_s),
    }


def decisions_on(show: Show, track_id: int, time_s: float) -> list[Event]:
    """Decisions on a track up to a time, oldest first."""
    decisions, words = show.recording["decisions"], show.events
    upto = int(np.searchsorted(decisions["clock_s"], time_s, side="right"))
    rows = np.flatnonzero(decisions["track_id"][:upto] == track_id)[-MOST_DECISIONS:]
    return [words.decision(int(row)) for row in rows]


def _track_sentences(show: Show, track_id: int, decisions: list[Event]) -> list[str]:
    """The latest decision of each stage, then what came before, all in the record's terms."""
    epoch = show.recording.scenario.epoch
    latest = {decision["stage"]: decision for decision in decisions}
    said = [decision_words(latest[stage], epoch) for stage in latest]
    alerted = [d for d in decisions if d["verdict"] == "alert" and d is not latest["warning"]]
    said += [decision_words(decision, epoch) for decision in alerted[-1:]]
    fired = [d for d in decisions if d["verdict"] == "engage" and d is not latest["engagement"]]
    said += [decision_words(decision, epoch) for decision in fired[-1:]]
    return said or [f"No decision on track {track_id} is recorded up to this time."]


def _track_facts(show: Show, rows: Array) -> list[dict[str, Any]]:
    tracks = show.recording["tracks"]
    first, last = int(rows[0]), int(rows[-1])
    epoch = show.recording.scenario.epoch
    speed = float(np.linalg.norm(tracks["velocity"][last]))
    return [
        fact("Status", STATUS[int(tracks["status"][last])]),
        fact("First reported", moment(epoch, float(tracks["clock_s"][first]))),
        fact("Last reported", moment(epoch, float(tracks["clock_s"][last]))),
        fact("Height", round(float(tracks["place"][last, 2])), "m"),
        fact("Speed", round(speed), "m/s"),
        fact("Ballistic coefficient", round(float(np.exp(tracks["state"][last, 6]))), "kg/m2"),
        fact("Log likelihood against clutter", round(float(tracks["log_likelihood"][last]), 1)),
    ]


def _plots_of(show: Show, rows: Array) -> list[dict[str, Any]]:
    """The plots a track is recorded to rest on: the latest one at each of its decisions."""
    used = np.unique(show.recording["tracks"]["last_plot_id"][rows])
    used = used[used >= 0][-MOST_PLOTS:]
    plots, words = show.recording["plots"], show.recording.words["radars"].texts
    row = np.minimum(used, len(plots) - 1)  # numbered in file order, which is that of the rows
    row = row[plots["plot_id"][row] == used]
    places = show.snapshots.plot_places(row)
    return [
        {
            "plot_id": int(plots["plot_id"][k]),
            "time_s": float(plots["clock_s"][k]),
            "radar": words[int(plots["radar"][k])],
            "lon": float(place[0]),
            "lat": float(place[1]),
            "height_m": float(place[2]),
        }
        for k, place in zip(row.tolist(), places, strict=True)
    ]


def _state(show: Show, row: int) -> Explanation:
    tracks = show.recording["tracks"]
    place, velocity = tracks["place"][row].tolist(), tracks["velocity"][row].tolist()
    packed = tracks["covariance"][row].astype(float)
    axes = axes_at(tracks["place"][row : row + 1].astype(float))
    spread = local_covariance(axes, position_covariance(packed[None]))[0]
    full = np.zeros((7, 7))
    full[np.triu_indices(7)] = packed
    moving = local_covariance(axes, (full + np.triu(full, 1).T)[None, 3:6, 3:6])[0]
    major, minor, angle = ellipses(*(spread[i, j][None] for i, j in ((0, 0), (0, 1), (1, 1))))[0]
    return {
        "state": {
            **dict(zip(("lon", "lat", "height_m", "ve", "vn", "vu"), [*place, *velocity],
                       strict=True)),
            "speed_mps": float(np.linalg.norm(velocity)),
            "status": STATUS[int(tracks["status"][row])],
        },
        "covariance": {
            "position_enu_m2": [number(v) for v in spread[np.triu_indices(3)]],
            "velocity_sigma_mps": [number(v) for v in np.sqrt(np.maximum(np.diag(moving), 0.0))],
            "ballistic_kgm2": number(np.exp(tracks["state"][row, 6])),
            "ballistic_factor_1sigma": number(np.exp(np.sqrt(max(packed[27], 0.0)))),
        },
        "ellipse": {
            "major_m": number(major),
            "minor_m": number(minor),
            "angle_rad": number(angle),
            "sigma_height_m": number(np.sqrt(max(spread[2, 2], 0.0))),
        },
    }  # fmt: skip


def _prediction(show: Show, track_id: int, row: int) -> Explanation:
    """The impact predicted at the track's last report, its path, and the odds by zone."""
    tick = float(show.recording["tracks"]["clock_s"][row])
    impacts, rows = show.recording["impacts"], show.snapshots.rows_at("impacts", tick)
    found = rows.start + np.flatnonzero(impacts["track_id"][rows] == track_id)
    if not len(found) or impacts["status"][found[0]] != LANDED.index("landed"):
        return {"prediction": None, "zones": []}
    at = int(found[0])
    major, minor, angle = (number(v) for v in impacts["ellipse"][at])
    return {
        "prediction": {
            "lon": float(impacts["place"][at, 0]),
            "lat": float(impacts["place"][at, 1]),
            "impact_time_s": float(impacts["impact_time_s"][at]),
            "sigma_s": number(impacts["sigma_s"][at]),
            "major_m": major,
            "minor_m": minor,
            "angle_rad": angle,
            "path": _path(show, row),
        },
        "zones": _zone_odds(show, at),
    }


def _path(show: Show, row: int) -> list[list[float]]:
    """Where the track is predicted to fly until it lands: its own state carried on."""
    tracks = show.recording["tracks"]
    one = Tracks.trusted(track_id=np.zeros(1, np.int64), state=np.array(tracks["state"][[row]]))
    points = predict_paths(one, show.recording.scenario.air, 1.0, PATH_S)[0]
    points = points[np.isfinite(points).all(axis=1)]
    points = points[:: max(1, len(points) // PATH_POINTS)]
    path: list[list[float]] = placed(points).tolist() if len(points) else []
    return path


def _zone_odds(show: Show, row: int) -> list[dict[str, Any]]:
    """Probability of impact by zone, by the same function that the warner decided with."""
    impacts, scenario = show.recording["impacts"], show.recording.scenario
    one = Impacts.trusted(
        track_id=np.zeros(1, np.int64),
        lat_deg=impacts["place"][[row], 1].astype(float),
        lon_deg=impacts["place"][[row], 0].astype(float),
        covariance_m2=impacts["covariance_m2"][[row]].astype(float),
        status=np.array(["landed"], object),
    )
    odds = zone_odds(one, show.zone_map, scenario.policy.margin_m)
    order = np.argsort(-odds.probability, kind="stable")
    return [
        {
            "row": int(zone),
            "zone_id": int(scenario.zones.zone_id[zone]),
            "name": scenario.zones.name[zone],
            "probability": float(probability),
        }
        for zone, probability in zip(odds.zone[order], odds.probability[order], strict=True)
    ]


def trail(show: Show, name: str, rows: Array) -> list[list[float]]:
    """Time, longitude, latitude and height of rows of tracks or states."""
    table = show.recording[name]
    places = table["place"][rows].astype(float)
    return [
        [float(t), *(round(v, 6) for v in place)]
        for t, place in zip(table["clock_s"][rows].tolist(), places.tolist(), strict=True)
    ]


def _related(show: Show, track_id: int, time_s: float) -> list[str]:
    shots, alerts = show.recording["shots"], show.recording["alerts"]
    fired = (shots["track_id"] == track_id) & (shots["decision_time_s"] <= time_s)
    upto = int(np.searchsorted(alerts["clock_s"], time_s, side="right"))
    told = [k for k in range(upto) if track_id in show.recording.alert_tracks[k]]
    named = dict.fromkeys(int(alerts["alert_id"][k]) for k in told)
    return [
        *(f"interceptor:{shot}" for shot in shots["shot_id"][fired].tolist()),
        *(f"alert:{alert}" for alert in named),
    ]
