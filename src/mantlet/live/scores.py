"""The score so far, under each definition the summary has: at the end they are the same numbers."""

import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.alert_quality import falls_of
from mantlet.analysis.association import NOTHING, follow
from mantlet.analysis.rates import SeenCounts, TrueCounts, rates
from mantlet.live.recording import FATES, OBSERVED, STAGES, STATUS, Recording
from mantlet.tables import States, Threats, Tracks
from mantlet.world.earth import ecef_from_degrees

Array = NDArray[Any]

TRUE_ENGAGED = "true, of engaged"
DEFAULT = "true, of threatening"

PATIENCE_S = 2.0
"""A run that goes on is counted again at most this often [s of the wall clock]."""

TRACKS_AT_ONCE = 256
"""What they followed is sought for so many together: memory stays small in a long run."""

NEVER = np.inf


class Scores:
    """When each thing that counts came to count, so that any time is a search."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._times: dict[str, Array] = {}
        self._counted: tuple[int, ...] = ()
        self._counted_at = -np.inf
        self._with_engaged = False
        self._counting = threading.Lock()

    def at(self, time_s: float, definition: str = DEFAULT) -> dict[str, Any]:
        """The score at a time.

        The true rates count threats whose flight is over by then; what the defence has seen is
        counted as it was told.

        Raises
        ------
        ValueError
            If there is no such definition.
        """
        if definition not in DEFINITIONS:
            raise ValueError(f"{definition!r}: choose from {'; '.join(DEFINITIONS)}")
        with self._counting:
            self._count(with_engaged=definition == TRUE_ENGAGED)
            times = dict(self._times)
        n = {key: int(np.searchsorted(moments, time_s, side="right"))
             for key, moments in times.items()}  # fmt: skip
        found = _rates(n)[definition]
        return {
            "definition": definition,
            "meaning": found["meaning"],
            "numerator": found["numerator"],
            "denominator": found["denominator"],
            "rate": found["rate"],
            "interval": None if found["low"] is None else [found["low"], found["high"]],
            "counts": {
                "tracks": n["confirmed"],
                "alerts": n["alerts"],
                "shots": n["shots"],
                "hits_observed": n["hit"],
                "launched": n["launched"],
                "intercepted": n["intercepted"],
                "leaked": n["leaked"],
            },
        }

    def _count(self, *, with_engaged: bool) -> None:
        lengths = tuple(len(columns) for columns in self._recording.tables.values())
        fresh = self._counted and time.monotonic() < self._counted_at + PATIENCE_S
        if lengths != self._counted and not fresh:
            self._times = {**self._seen(), **self._true()}
            self._counted, self._counted_at = lengths, time.monotonic()
            self._with_engaged = False
        if with_engaged and not self._with_engaged:
            self._times["true engaged"] = self._engaged()
            self._with_engaged = True

    def _seen(self) -> dict[str, Array]:
        tables = self._recording.tables
        decisions, shots, seen = tables["decisions"], tables["shots"], tables["assessments"]
        tracks = tables["tracks"]
        confirmed = tracks["status"] == STATUS.index("confirmed")
        judged = decisions["stage"] == STAGES.index("engagement")
        judged &= decisions["probability"] >= decisions["threshold"]
        judged &= decisions["verdict"] != self._recording.words["decisions.verdict"].code(
            "hold: debris-like"
        )
        shot_track, fired_s = shots["track_id"], shots["clock_s"]
        whose = _looked_up(seen["shot_id"], shots["shot_id"], shot_track)
        return {
            "confirmed": _firsts(tracks["track_id"][confirmed], tracks["clock_s"][confirmed]),
            "threatening": _firsts(
                np.concatenate([decisions["track_id"][judged], shot_track]),
                np.concatenate([decisions["clock_s"][judged], fired_s]),
            ),
            "engaged": _firsts(shot_track, fired_s),
            "hit": _firsts(*_kept(seen["observed"] == OBSERVED.index("hit"), whose, seen)),
            "not missed": _firsts(*_kept(seen["observed"] != OBSERVED.index("miss"), whose, seen)),
            "shots": np.array(fired_s),
            "alerts": tables["alerts"]["clock_s"][tables["alerts"]["kind"] == 0],
        }

    def _true(self) -> dict[str, Array]:
        tables = self._recording.tables
        threats, outcomes = tables["threats"], tables["outcomes"]
        own = threats["parent_id"] < 0
        over_s = self._over_s()
        hit = outcomes["fate"] == FATES.index("intercepted")
        leaked = outcomes["fate"] == FATES.index("hit zone")
        stopped_s = np.full(len(own), NEVER)
        stopped_s[outcomes["threat_id"][hit]] = outcomes["time_s"][hit]
        leaked_s = np.full(len(own), NEVER)
        leaked_s[outcomes["threat_id"][leaked]] = outcomes["time_s"][leaked]
        threatens = falls_of(self._threats(), self._recording.scenario.zones).threat
        return {
            "launched": np.sort(threats["launch_time_s"][own]),
            "fired": np.sort(over_s[own]),
            "true threatening": np.sort(over_s[threatens]),
            "threatening intercepted": np.sort(stopped_s[threatens]),
            "intercepted": np.sort(stopped_s[own]),
            "leaked": np.sort(leaked_s[own]),
            "true engaged": np.empty(0),
        }

    def _over_s(self) -> Array:
        """When the flight of each threat ended; `NEVER` if it has not."""
        outcomes = self._recording["outcomes"]
        over_s = np.full(len(self._recording["threats"]), NEVER)
        over_s[outcomes["threat_id"]] = outcomes["time_s"]
        return over_s

    def _threats(self) -> Threats:
        threats = self._recording["threats"]
        keys = ("parent_id", "impact_lat_deg", "impact_lon_deg")
        return Threats.trusted(**{key: np.array(threats[key]) for key in keys})

    def _engaged(self) -> Array:
        """When the flight of each threat ended that a shot was fired at, as the summary has it."""
        outcomes = self._recording["outcomes"]
        threats = self._recording["threats"]
        engaged = np.zeros(len(threats), np.bool_)
        engaged[self._followed_by_shots()] = True
        engaged[outcomes["threat_id"][outcomes["fate"] == FATES.index("intercepted")]] = True
        return np.sort(self._over_s()[engaged & (threats["parent_id"] < 0)])

    def _followed_by_shots(self) -> Array:
        """True objects that tracks shot at have followed, a few tracks at a time."""
        shot_at = np.unique(self._recording["shots"]["track_id"])
        starts = range(0, len(shot_at), TRACKS_AT_ONCE)
        parts = [self._followed(shot_at[k : k + TRACKS_AT_ONCE]) for k in starts]
        return np.concatenate([np.empty(0, np.int64), *parts])

    def _followed(self, track_id: Array) -> Array:
        """True objects that these tracks have followed."""
        tracks, states = self._recording["tracks"], self._recording["states"]
        rows = np.flatnonzero(np.isin(tracks["track_id"], track_id))
        told = Tracks.trusted(
            track_id=tracks["track_id"][rows].astype(np.int64),
            time_s=tracks["clock_s"][rows],
            state=tracks["state"][rows],
            status=np.array(STATUS, object)[tracks["status"][rows]],
        )
        then = np.flatnonzero(np.isin(states["clock_s"], np.unique(told.time_s)))
        lon, lat, height = states["place"][then].astype(float).T
        truth = States.trusted(
            threat_id=states["threat_id"][then].astype(np.int64),
            time_s=states["clock_s"][then],
            position_m=ecef_from_degrees(lat, lon, height),
        )
        threats = follow(told, truth).of_tracks(track_id)
        self._recording.forget()
        found: Array = threats[threats != NOTHING]
        return found


def _rates(n: dict[str, int]) -> dict[str, dict[str, Any]]:
    # Not counted unless asked for: a rate above one would be refused.
    engaged = max(n["true engaged"], n["intercepted"])
    true = TrueCounts(
        fired=n["fired"],
        threatening=n["true threatening"],
        threatening_intercepted=n["threatening intercepted"],
        engaged=engaged,
        intercepted=n["intercepted"],
    )
    seen = SeenCounts(
        confirmed=n["confirmed"],
        threatening=n["threatening"],
        engaged=n["engaged"],
        hit=n["hit"],
        not_missed=n["not missed"],
    )
    return rates(true, seen)


def _firsts(identity: Array, time_s: Array) -> Array:
    """The first time of each identity, sorted."""
    order = np.lexsort((time_s, identity))
    first = np.flatnonzero(np.diff(identity[order], prepend=-1))
    return np.sort(time_s[order][first])


def _kept(mask: Array, whose: Array, seen: Any) -> tuple[Array, Array]:
    return whose[mask], seen["clock_s"][mask]


def _looked_up(wanted: Array, identity: Array, values: Array) -> Array:
    order = np.argsort(identity, kind="stable")
    return values[order][np.searchsorted(identity[order], wanted)]


_NOTHING_YET = rates(TrueCounts(0, 0, 0, 0, 0), SeenCounts(0, 0, 0, 0, 0))

DEFINITIONS = {name: rate["meaning"] for name, rate in _NOTHING_YET.items()}
"""What each definition counts, in words."""
