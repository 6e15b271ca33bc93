"""The pace of a run that goes on: one clock, which its watchers steer and its thread obeys."""

import threading
import time
from collections.abc import Callable

SLOWEST, FASTEST = 0.1, 3600.0


class Pace:
    """Run seconds per wall second; pauses, steps, and waits for the run where it lags.

    All methods may be called from any thread. The clock never passes `AHEAD_S` beyond the last
    decision published: what is shown between two decisions is their extrapolation.
    """

    AHEAD_S = 1.0

    def __init__(
        self, start_s: float, speed: float = 1.0, wall: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall = wall
        self._changed = threading.Condition(threading.RLock())
        self._shown_s = self._edge_s = start_s
        self._since = wall()
        self._playing = True
        self._stopped = False
        self._steps = 0
        self._speed = 1.0
        self.set_speed(speed)

    @property
    def speed(self) -> float:
        """Run seconds per wall second."""
        return self._speed

    @property
    def playing(self) -> bool:
        """Whether it runs."""
        return self._playing

    def time_s(self) -> float:
        """The time of the run now."""
        with self._changed:
            return min(self._now(), self._edge_s + self.AHEAD_S)

    def play(self) -> None:
        """Go on."""
        self._set(playing=True)

    def pause(self) -> None:
        """Stand still at the last decision."""
        self._set(playing=False)

    def step(self, ticks: int) -> None:
        """Pause, then take this many decisions."""
        with self._changed:
            self._set(playing=False)
            self._steps += ticks
            self._changed.notify_all()

    def set_speed(self, speed: float) -> None:
        """Change the speed.

        Raises
        ------
        ValueError
            If it lies outside 0.1 to 3,600.
        """
        if not SLOWEST <= speed <= FASTEST:
            raise ValueError(f"speed {speed:g}: choose from {SLOWEST:g} to {FASTEST:g}")
        with self._changed:
            self._rebase(self._now())
            self._speed = speed
            self._changed.notify_all()

    def stop(self) -> None:
        """Let nobody wait any more."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def wait_for(self, time_s: float) -> bool:
        """Return when the clock has come to a time: True, or False if it was stopped."""
        with self._changed:
            while not self._stopped:
                if self._steps > 0:
                    self._steps -= 1
                    self._rebase(time_s)
                    return True
                left_s = (time_s - self._now()) / self._speed
                if self._playing and left_s <= 0.0:
                    return True
                self._changed.wait(left_s if self._playing else None)
        return False

    def published(self, time_s: float) -> None:
        """A decision can be seen; a clock that ran ahead of it waits."""
        with self._changed:
            self._edge_s = time_s
            if self._now() > time_s + self.AHEAD_S:
                self._rebase(time_s)

    def skip_to(self, time_s: float) -> None:
        """Leave out the time up to here: nothing flies."""
        with self._changed:
            self._edge_s = time_s
            self._rebase(time_s)

    def _now(self) -> float:
        if not self._playing:
            return self._shown_s
        return self._shown_s + self._speed * (self._wall() - self._since)

    def _rebase(self, time_s: float) -> None:
        self._shown_s, self._since = time_s, self._wall()

    def _set(self, *, playing: bool) -> None:
        with self._changed:
            self._rebase(min(self._now(), self._edge_s + self.AHEAD_S))
            if self._playing and not playing:
                self._shown_s = self._edge_s
            self._playing = playing
            self._changed.notify_all()
