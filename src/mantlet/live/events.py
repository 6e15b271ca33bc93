"""Everything that happens in a run, in one order: alerts, decisions, shots, fates."""

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.live.columns import Columns
from mantlet.live.recording import FATES, MESSAGES, OBSERVED, STAGES, Recording

Array = NDArray[Any]
Event = dict[str, Any]

SOURCES = ("launches", "alerts", "decisions", "shots", "assessments", "outcomes")
"""Tables that events come from; those of one moment stand in this order."""

TRUTH = ("launch", "outcome")
"""Kinds that only an observer of the truth sees."""

KINDS = (*MESSAGES, "decision", "shot", "observed", *TRUTH)

HITS = "hit"
"""In a question, stands for outcomes whose fate is an interception."""


class Events:
    """The events of a recording, numbered in the order they are shown."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._done = dict.fromkeys(SOURCES, 0)
        self._index = Columns()
        self._index.append(_index_rows(np.empty(0), np.empty(0, np.int8), np.empty(0, np.int64)))
        self._latest = -np.inf
        self._updating = threading.Lock()
        zones = recording.scenario.zones
        self._zone = {zone: row for row, zone in enumerate(zones.zone_id.tolist())}
        self._makers: tuple[Callable[[int], Event], ...] = (
            self._launch,
            self.alert,
            self.decision,
            self.shot,
            self._observed,
            self._outcome,
        )

    def __len__(self) -> int:
        self.update()
        return len(self._index)

    def update(self) -> None:
        """Take in what the recording has got since the last call."""
        with self._updating:
            self._update()

    def _update(self) -> None:
        parts = []
        for code, name in enumerate(SOURCES):
            table, done = self._recording[name], self._done[name]
            count = len(table)
            if count > done:
                rows = np.arange(done, count)
                parts.append((table["clock_s"][rows], np.full(len(rows), code, np.int8), rows))
                self._done[name] = count
        if not parts:
            return
        times, codes, rows = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((codes, times))
        clock = np.maximum.accumulate(np.append(self._latest, times[order]))[1:]
        self._latest = clock[-1]
        self._index.append(_index_rows(clock, codes[order], rows[order]))

    def passed(self, time_s: float) -> int:
        """How many events there are up to a time."""
        self.update()
        return int(np.searchsorted(self._index["clock_s"], time_s, side="right"))

    def select(self, low: int, high: int, kinds: Iterable[str], limit: int) -> list[Event]:
        """The first events of these kinds among those numbered from `low` to before `high`."""
        wanted, found = frozenset(kinds), []
        for number in self._candidates(low, high, wanted):
            event = self.event(int(number))
            if event["kind"] in wanted or (HITS in wanted and event.get("fate") == FATES[0]):
                found.append(event)
                if len(found) == limit:
                    break
        return found

    def latest(self, before: int, kinds: Iterable[str], limit: int) -> list[Event]:
        """The last events of these kinds numbered below `before`, oldest first."""
        wanted, found = frozenset(kinds), []
        for number in self._candidates(0, before, wanted)[::-1]:
            event = self.event(int(number))
            if event["kind"] in wanted or (HITS in wanted and event.get("fate") == FATES[0]):
                found.append(event)
                if len(found) == limit:
                    break
        return found[::-1]

    def _candidates(self, low: int, high: int, wanted: frozenset[str]) -> Array:
        codes = self._index["code"][low:high]
        holds = np.array([bool(wanted & kinds) for kinds in _KINDS_OF])
        return low + np.flatnonzero(holds[codes])

    def event(self, number: int) -> Event:
        """One event by its number."""
        source, row = int(self._index["code"][number]), int(self._index["row"][number])
        return {"seq": number, **self._makers[source](row)}

    def _named_zone(self, zone_id: int) -> dict[str, Any]:
        row = self._zone.get(zone_id, -1)
        name = str(self._recording.scenario.zones.name[row]) if row >= 0 else None
        return {"zone": row, "zone_id": zone_id, "name": name}

    def _launch(self, row: int) -> Event:
        launches, threats = self._recording["launches"], self._recording["threats"]
        threat = int(launches["threat_id"][row])
        words = self._recording.words["threats.class_id"].texts
        return {
            "time_s": float(threats["launch_time_s"][threat]),
            "kind": "launch",
            "threat_id": threat,
            "parent_id": int(threats["parent_id"][threat]),
            "class": words[int(threats["class_id"][threat])],
            "lon": float(threats["launch_lon_deg"][threat]),
            "lat": float(threats["launch_lat_deg"][threat]),
        }

    def alert(self, row: int) -> Event:
        """A row of its table as an event, without its number."""
        alerts = self._recording["alerts"]
        return {
            "time_s": float(alerts["time_s"][row]),
            "kind": MESSAGES[int(alerts["kind"][row])],
            "message_id": int(alerts["message_id"][row]),
            "alert_id": int(alerts["alert_id"][row]),
            **self._named_zone(int(alerts["zone_id"][row])),
            "impact_time_s": number(alerts["impact_time_s"][row]),
            "lead_s": number(alerts["lead_s"][row]),
            "probability": number(alerts["probability"][row]),
            "tracks": list(self._recording.alert_tracks[row]),
            "exercise": True,
        }

    def decision(self, row: int) -> Event:
        """A row of its table as an event, without its number."""
        decisions, words = self._recording["decisions"], self._recording.words
        return {
            "time_s": float(decisions["time_s"][row]),
            "kind": "decision",
            "track_id": int(decisions["track_id"][row]),
            "stage": STAGES[int(decisions["stage"][row])],
            "verdict": words["decisions.verdict"].texts[int(decisions["verdict"][row])],
            **self._named_zone(int(decisions["zone_id"][row])),
            "battery": words["batteries"].texts[int(decisions["battery_id"][row])] or None,
            "shot_id": int(decisions["shot_id"][row]),
            "probability": number(decisions["probability"][row]),
            "threshold": number(decisions["threshold"][row]),
        }

    def shot(self, row: int) -> Event:
        """A row of its table as an event, without its number."""
        shots, words = self._recording["shots"], self._recording.words
        return {
            "time_s": float(shots["decision_time_s"][row]),
            "kind": "shot",
            "shot_id": int(shots["shot_id"][row]),
            "battery": words["batteries"].texts[int(shots["battery_id"][row])],
            "track_id": int(shots["track_id"][row]),
            "launch_time_s": float(shots["launch_time_s"][row]),
            "intercept_time_s": float(shots["intercept_time_s"][row]),
            **self._aim(row),
            "kill_probability": number(shots["kill_probability"][row]),
            "wave": int(shots["wave"][row]),
        }

    def _aim(self, shot: int) -> dict[str, float]:
        shots = self._recording["shots"]
        return {
            "lon": float(shots["aim_lon_deg"][shot]),
            "lat": float(shots["aim_lat_deg"][shot]),
            "height_m": float(shots["aim_height_m"][shot]),
        }

    def _observed(self, row: int) -> Event:
        assessments = self._recording["assessments"]
        shot_id = int(assessments["shot_id"][row])
        shot = self._shot_row(shot_id)
        return {
            "time_s": float(assessments["time_s"][row]),
            "kind": "observed",
            "shot_id": shot_id,
            "track_id": int(self._recording["shots"]["track_id"][shot]),
            "observed": OBSERVED[int(assessments["observed"][row])],
            **self._aim(shot),
        }

    def _shot_row(self, shot_id: int) -> int:
        """Shots are numbered in the order they were decided, which is that of the table."""
        identity = self._recording["shots"]["shot_id"]
        if shot_id < len(identity) and identity[shot_id] == shot_id:
            return shot_id
        return int(np.flatnonzero(identity == shot_id)[0])

    def _outcome(self, row: int) -> Event:
        outcomes = self._recording["outcomes"]
        shot_id, threat = int(outcomes["shot_id"][row]), int(outcomes["threat_id"][row])
        fate = FATES[int(outcomes["fate"][row])]
        return {
            "time_s": float(outcomes["time_s"][row]),
            "kind": "outcome",
            "threat_id": threat,
            "fate": fate,
            **self._named_zone(int(outcomes["zone_id"][row])),
            "shot_id": shot_id,
            **(self._aim(self._shot_row(shot_id)) if shot_id >= 0 else self._fall(threat)),
        }

    def _fall(self, threat: int) -> dict[str, float]:
        threats = self._recording["threats"]
        return {
            "lon": float(threats["impact_lon_deg"][threat]),
            "lat": float(threats["impact_lat_deg"][threat]),
            "height_m": 0.0,
        }


_KINDS_OF = (
    frozenset({"launch"}),
    frozenset(MESSAGES),
    frozenset({"decision"}),
    frozenset({"shot"}),
    frozenset({"observed"}),
    frozenset({"outcome", HITS}),
)


def _index_rows(clock_s: Array, code: Array, row: Array) -> dict[str, Array]:
    return {"clock_s": clock_s, "code": code, "row": row}


def number(value: Any) -> float | None:
    """A number as JSON can hold it: null where there is none."""
    found = float(value)
    return found if np.isfinite(found) else None


def as_json(content: Any) -> str:
    """Compact JSON; a NaN in it is a fault."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
