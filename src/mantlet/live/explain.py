"""Why: any object at a time, from what was recorded of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.live.events import Event
from mantlet.live.explain_track import (
    Explanation,
    UnknownObjectError,
    decisions_on,
    explain_track,
    fact,
    trail,
    whole,
)
from mantlet.live.recording import FATES, OBSERVED
from mantlet.live.sentences import decision_words, moment, percent
from mantlet.live.shows import Show

Array = NDArray[Any]


def explain(show: Show, name: str, time_s: float) -> Explanation:
    """What is known of an object, such as `track:17`, at a time.

    Raises
    ------
    UnknownObjectError
        If the run has no such object up to then.
    """
    kind, _, identity = name.partition(":")
    maker = _KINDS.get(kind)
    if maker is None or not identity:
        raise UnknownObjectError(f"{name!r}: name one of {', '.join(_KINDS)} with its id")
    found = maker(show, identity, time_s)
    return {"object": name, "time_s": time_s, **found}


def _interceptor(show: Show, identity: str, time_s: float) -> Explanation:
    shots = show.recording["shots"]
    found = np.flatnonzero(
        (shots["shot_id"] == whole(identity)) & (shots["decision_time_s"] <= time_s)
    )
    if not len(found):
        raise UnknownObjectError(f"interceptor {identity} is not known at that time")
    shot = show.events.shot(int(found[0]))
    epoch = show.recording.scenario.epoch
    ordinal = ("first", "second", "third")
    wave = ordinal[shot["wave"]] if shot["wave"] < len(ordinal) else f"{shot['wave'] + 1}th"
    said = [
        f"{moment(epoch, shot['time_s'])}: battery {shot['battery']} was told to fire at track "
        f"{shot['track_id']}, the {wave} shot at it, at a point where the track was predicted; "
        f"the planner assumed a kill probability of {percent(shot['kill_probability'])}."
    ]
    reasons = [d for d in decisions_on(show, shot["track_id"], time_s)
               if d["shot_id"] == shot["shot_id"]]  # fmt: skip
    said += [decision_words(reason, epoch) for reason in reasons]
    observed = _observation(show, shot["shot_id"], time_s)
    if observed is not None:
        when, what = observed
        said.append(f"{moment(epoch, when)}: observed: {what}. Observations may be wrong.")
    return {
        "title": f"Interceptor {identity}",
        "sentences": said,
        "facts": [
            fact("Battery", shot["battery"]),
            fact("At track", shot["track_id"]),
            fact("Launch", moment(epoch, shot["launch_time_s"])),
            fact("At the aim point", moment(epoch, shot["intercept_time_s"])),
            fact("Aim height", round(shot["height_m"]), "m"),
            fact("Observed", "not yet" if observed is None else observed[1]),
        ],
        "decisions": reasons,
        "aim": {key: shot[key] for key in ("lon", "lat", "height_m")},
        "related": [f"track:{shot['track_id']}", f"battery:{shot['battery']}"],
    }


def _observation(show: Show, shot_id: int, time_s: float) -> tuple[float, str] | None:
    seen = show.recording["assessments"]
    rows = np.flatnonzero((seen["shot_id"] == shot_id) & (seen["clock_s"] <= time_s))
    if not len(rows):
        return None
    return float(seen["time_s"][rows[-1]]), OBSERVED[int(seen["observed"][rows[-1]])]


def _zone(show: Show, identity: str, time_s: float) -> Explanation:
    zone_id = whole(identity)
    zones, epoch = show.recording.scenario.zones, show.recording.scenario.epoch
    row = show.snapshots.zone_rows.get(zone_id)
    if row is None:
        raise UnknownObjectError(f"there is no zone {zone_id}")
    alerts = show.recording["alerts"]
    upto = int(np.searchsorted(alerts["clock_s"], time_s, side="right"))
    told = [show.events.alert(int(k))
            for k in np.flatnonzero(alerts["zone_id"][:upto] == zone_id)[-50:]]  # fmt: skip
    decided = _decisions_about(show, zone_id, time_s)
    said = [_message_words(message, epoch) for message in told[-1:]]
    said = said or [f"{zones.name[row]} has not been alerted up to this time."]
    said += [f"Track {d['track_id']}, {decision_words(d, epoch)}" for d in decided[-3:]]
    return {
        "title": str(zones.name[row]),
        "sentences": said,
        "facts": [
            fact("Residents", round(float(zones.population[row]))),
            fact("Time to shelter", round(float(zones.shelter_time_s[row])), "s"),
            fact("Messages so far", len(told)),
        ],
        "alerts": told,
        "decisions": decided,
        "related": [f"track:{track}" for track in (told[-1]["tracks"] if told else [])],
    }


def _decisions_about(show: Show, zone_id: int, time_s: float) -> list[Event]:
    decisions = show.recording["decisions"]
    upto = int(np.searchsorted(decisions["clock_s"], time_s, side="right"))
    rows = np.flatnonzero(decisions["zone_id"][:upto] == zone_id)[-20:]
    return [show.events.decision(int(row)) for row in rows]


def _message_words(message: Event, epoch: Any) -> str:
    tracks = ", ".join(map(str, message["tracks"])) or "none"
    if message["kind"] in ("cancel", "all-clear"):
        return f"{moment(epoch, message['time_s'])}: {message['kind']} (exercise)."
    return (
        f"{moment(epoch, message['time_s'])}: {message['kind']} (exercise), probability of an "
        f"impact {percent(message['probability'])}, expected at "
        f"{moment(epoch, message['impact_time_s'])}, resting on tracks {tracks}."
    )


def _alert(show: Show, identity: str, time_s: float) -> Explanation:
    alerts, epoch = show.recording["alerts"], show.recording.scenario.epoch
    upto = int(np.searchsorted(alerts["clock_s"], time_s, side="right"))
    rows = np.flatnonzero(alerts["alert_id"][:upto] == whole(identity))
    if not len(rows):
        raise UnknownObjectError(f"alert {identity} is not known at that time")
    told = [show.events.alert(int(row)) for row in rows]
    tracks = list(dict.fromkeys(track for message in told for track in message["tracks"]))
    return {
        "title": f"Alert {identity}: {told[0]['name']} (exercise)",
        "sentences": [_message_words(message, epoch) for message in told],
        "facts": [
            fact("Zone", told[0]["name"]),
            fact("Lead time of the first message", round(told[0]["lead_s"] or 0.0), "s"),
        ],
        "alerts": told,
        "related": [f"zone:{told[0]['zone_id']}", *(f"track:{track}" for track in tracks)],
    }


def _battery(show: Show, identity: str, time_s: float) -> Explanation:
    known = {battery.id: row for row, battery in enumerate(show.recording.scenario.batteries)}
    if identity not in known:
        raise UnknownObjectError(f"there is no battery {identity!r}")
    row = known[identity]
    battery = show.recording.scenario.batteries[row]
    shots = show.recording["shots"]
    mine = (shots["battery_id"] == show.recording.words["batteries"].code(identity)) & (
        shots["decision_time_s"] <= time_s
    )
    fired = [show.events.shot(int(k)) for k in np.flatnonzero(mine)[-50:]]
    left = int(show.snapshots.blocks(time_s)["batteries"]["left"][row])
    return {
        "title": f"Battery {identity}",
        "sentences": [f"{int(mine.sum())} shots so far; {left} of {battery.interceptors} loaded."],
        "facts": [
            fact("Loaded", left),
            fact("Launchers", battery.launchers),
            fact("Reload", battery.reload_min, "min"),
            fact("Reach", battery.envelope.range_max_m, "m"),
        ],
        "shots": fired,
        "related": [f"interceptor:{shot['shot_id']}" for shot in fired[-10:]],
    }


def _radar(show: Show, identity: str, time_s: float) -> Explanation:
    known = {radar.id: radar for radar in show.recording.scenario.radars}
    if identity not in known:
        raise UnknownObjectError(f"there is no radar {identity!r}")
    radar, plots = known[identity], show.recording["plots"]
    low, high = np.searchsorted(plots["clock_s"], [time_s - radar.period_s, time_s], side="right")
    code = show.recording.words["radars"].code(identity)
    last = int((plots["radar"][low:high] == code).sum())
    return {
        "title": f"Radar {identity}",
        "sentences": [f"{last} plots in the last {radar.period_s:g} s, true and false ones."],
        "facts": [
            fact("Reach", radar.range_max_m, "m"),
            fact("Period", radar.period_s, "s"),
            fact("False plots expected per scan", radar.false_plots_per_scan),
        ],
        "related": [],
    }


def _threat(show: Show, identity: str, time_s: float) -> Explanation:
    """The truth about a flight: known to the assessor, never to the defence."""
    threat_id = whole(identity)
    launches, threats = show.recording["launches"], show.recording["threats"]
    upto = int(np.searchsorted(launches["clock_s"], time_s, side="right"))
    if threat_id not in launches["threat_id"][:upto]:
        raise UnknownObjectError(f"threat {threat_id} has not been launched at that time")
    epoch, words = show.recording.scenario.epoch, show.recording.words
    outcomes = show.recording["outcomes"]
    ended = np.flatnonzero((outcomes["threat_id"] == threat_id) & (outcomes["time_s"] <= time_s))
    fate = FATES[int(outcomes["fate"][ended[0]])] if len(ended) else "in the air"
    states = show.recording["states"]
    upto = int(np.searchsorted(states["clock_s"], time_s, side="right"))
    rows = np.flatnonzero(states["threat_id"][:upto] == threat_id)
    parent = int(threats["parent_id"][threat_id])
    return {
        "title": f"Threat {threat_id} (truth)",
        "sentences": [f"Truth, unknown to the defence. Fate: {fate}."],
        "facts": [
            fact("Class", words["threats.class_id"].texts[int(threats["class_id"][threat_id])]),
            fact("Launch", moment(epoch, float(threats["launch_time_s"][threat_id]))),
            fact("Apogee", round(float(threats["apogee_m"][threat_id])), "m"),
            fact("Fate", fate),
        ],
        "trail": trail(show, "states", rows),
        "related": [f"threat:{parent}"] if parent >= 0 else [],
    }


def _plot(show: Show, identity: str, time_s: float) -> Explanation:
    plot_id, plots = whole(identity), show.recording["plots"]
    known = 0 <= plot_id < len(plots) and plots["plot_id"][plot_id] == plot_id
    if not known or plots["clock_s"][plot_id] > time_s:
        raise UnknownObjectError(f"plot {plot_id} is not known at that time")
    radar = show.recording.words["radars"].texts[int(plots["radar"][plot_id])]
    range_m, azimuth, elevation = plots["polar"][plot_id].tolist()
    place = show.snapshots.plot_places(np.array([plot_id]))[0]
    return {
        "title": f"Plot {plot_id}",
        "sentences": [f"One detection of radar {radar}; it may be false."],
        "facts": [
            fact("Range", round(range_m), "m"),
            fact("Azimuth", round(float(np.degrees(azimuth)), 2), "deg"),
            fact("Elevation", round(float(np.degrees(elevation)), 2), "deg"),
            fact("Height", round(float(place[2])), "m"),
            fact("Signal to noise", round(float(plots["snr_db"][plot_id]), 1), "dB"),
        ],
        "related": [f"radar:{radar}"],
    }


_KINDS: dict[str, Callable[[Show, str, float], Explanation]] = {
    "track": explain_track,
    "interceptor": _interceptor,
    "threat": _threat,
    "zone": _zone,
    "battery": _battery,
    "radar": _radar,
    "alert": _alert,
    "plot": _plot,
}
