"""Time: seconds since the scenario's epoch, from the wall or from a test."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time on the scenario clock [s] and waits for it. It never runs backwards."""

    def now_s(self) -> float:
        """Seconds since the scenario's epoch."""

    def wait_until(self, time_s: float) -> None:
        """Return at `time_s`, or at once if that is past."""


class WallClock:
    """Real time. Set once from the machine's UTC; later corrections of that do not move it."""

    def __init__(self, epoch: datetime) -> None:
        if epoch.tzinfo is None:
            raise ValueError("epoch: a time zone is needed, UTC for example")
        self._offset_s = time.time() - epoch.timestamp() - time.monotonic()

    def now_s(self) -> float:
        """Seconds since the epoch."""
        return time.monotonic() + self._offset_s

    def wait_until(self, time_s: float) -> None:
        """Sleep until `time_s`."""
        time.sleep(max(0.0, time_s - self.now_s()))


@dataclass
class SimulatedClock:
    """Time that passes only when somebody waits for it."""

    time_s: float = 0.0
    waits_s: list[float] = field(default_factory=list)
    """Every time that was waited for, in order."""

    def now_s(self) -> float:
        """The present simulated time."""
        return self.time_s

    def wait_until(self, time_s: float) -> None:
        """Jump to `time_s`, never back."""
        self.waits_s.append(time_s)
        self.time_s = max(self.time_s, time_s)
