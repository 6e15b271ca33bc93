"""Which zones are under an alert at a time, and how long people there still have."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.live.frames import Block
from mantlet.live.kept import Kept
from mantlet.live.recording import MESSAGES, Recording

Array = NDArray[Any]

ALERT, UPDATE = MESSAGES.index("alert"), MESSAGES.index("update")


class Spells:
    """Alerts from first message to last, in the order they began."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._built = -1
        self._row = {
            zone: row for row, zone in enumerate(recording.scenario.zones.zone_id.tolist())
        }
        self.alert_id = self.zone = np.empty(0, np.int64)
        self.start_s = self.end_s = np.empty(0)
        self._kept: Kept[tuple[Array, Array, Array]] = Kept()

    def open_at(self, time_s: float) -> Array:
        """Spells that are open at a time."""
        self._build()
        begun = int(np.searchsorted(self.start_s, time_s, side="right"))
        return np.flatnonzero(self.end_s[:begun] > time_s)

    def block(self, time_s: float) -> Block:
        """Zones with an open alert."""
        alerts = self._recording["alerts"]
        passed = int(np.searchsorted(alerts["clock_s"], time_s, side="right"))
        # Only a message changes anything.
        spells, impact_s, probability = self._kept.get(
            (passed, len(alerts)), lambda: self._open(time_s, passed)
        )
        return {
            "row": self.zone[spells],
            "alert_id": self.alert_id[spells],
            "seconds_left": impact_s - time_s,
            "probability": probability,
        }

    def _open(self, time_s: float, passed: int) -> tuple[Array, Array, Array]:
        spells = self.open_at(time_s)
        return spells, *self._told(spells, passed)

    def _told(self, spells: Array, passed: int) -> tuple[Array, Array]:
        """Earliest impact and its probability as last told to each zone."""
        if not len(spells):
            return np.empty(0), np.empty(0)
        alerts = self._recording["alerts"]
        low = int(np.searchsorted(alerts["clock_s"], self.start_s[spells].min()))
        rows = np.arange(low, passed)
        rows = rows[alerts["kind"][rows] <= UPDATE]
        latest = np.full(int(self.alert_id.max()) + 1, -1)
        latest[alerts["alert_id"][rows]] = rows
        row = latest[self.alert_id[spells]]
        return alerts["impact_time_s"][row], alerts["probability"][row]

    def _build(self) -> None:
        alerts = self._recording["alerts"]
        count = len(alerts)
        if count == self._built:
            return
        kind, clock = alerts["kind"][:count], alerts["clock_s"][:count]
        begins = np.flatnonzero(kind == ALERT)
        ends = np.flatnonzero(kind > UPDATE)
        identity = alerts["alert_id"][:count]
        end_s = np.full(int(identity.max(initial=-1)) + 1, np.inf)
        end_s[identity[ends]] = clock[ends]
        self.alert_id = identity[begins]
        self.zone = np.array([self._row[z] for z in alerts["zone_id"][begins].tolist()], np.int64)
        self.start_s, self.end_s = clock[begins], end_s[self.alert_id]
        self._built = count
