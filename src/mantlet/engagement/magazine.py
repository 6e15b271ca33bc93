"""Rounds in launchers: plain arrays that never go below zero."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.battery import UNLIMITED, Battery

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SECONDS_PER_MINUTE = 60.0


@dataclass
class Magazines:
    """Rounds of every launcher of every battery; rows are batteries, columns launchers.

    Batteries with fewer launchers are padded with launchers of capacity 0.
    """

    rounds: Ints
    capacity: Ints
    ready_s: Floats
    """When a launcher being reloaded is ready; inf if it is not being reloaded."""
    stock: Ints
    """Rounds held for reloads, by battery; -1 if unlimited."""
    reload_s: Floats

    @classmethod
    def full(cls, batteries: tuple[Battery, ...]) -> "Magazines":
        """All launchers loaded."""
        width = max((battery.launchers for battery in batteries), default=0)
        capacity = np.zeros((len(batteries), width), np.int64)
        for row, battery in enumerate(batteries):
            share, rest = divmod(battery.interceptors, battery.launchers)
            capacity[row, : battery.launchers] = share
            capacity[row, :rest] += 1
        return cls(
            capacity.copy(),
            capacity,
            np.full(capacity.shape, np.inf),
            np.array([battery.stock for battery in batteries], np.int64),
            np.array([battery.reload_min * SECONDS_PER_MINUTE for battery in batteries]),
        )

    def copy(self) -> "Magazines":
        """Independent arrays (the capacity, never written, is shared)."""
        return Magazines(
            self.rounds.copy(), self.capacity, self.ready_s.copy(), self.stock.copy(), self.reload_s
        )

    def reload(self, time_s: float) -> None:
        """Fill the launchers whose reload has ended by `time_s`, earliest first."""
        if not (self.ready_s <= time_s).any():
            return
        order = np.argsort(self.ready_s, axis=None, kind="stable")
        for cell in order[: int((self.ready_s <= time_s).sum())]:
            row, column = divmod(int(cell), self.rounds.shape[1])
            self._fill(row, column)

    def _fill(self, row: int, column: int) -> None:
        loaded = int(self.capacity[row, column])
        if self.stock[row] != UNLIMITED:
            loaded = min(loaded, int(self.stock[row]))
            self.stock[row] -= loaded
        self.rounds[row, column] = loaded
        self.ready_s[row, column] = np.inf

    def loaded_launchers(self) -> Ints:
        """Launchers with a round in them, by battery."""
        return np.asarray((self.rounds > 0).sum(axis=1), np.int64)

    def fill_share(self) -> Floats:
        """Share of each battery's capacity that is loaded, 0 to 1."""
        held = self.capacity.sum(axis=1)
        return np.asarray(self.rounds.sum(axis=1) / np.maximum(held, 1), np.float64)

    def take(self, battery: int, launch_s: float, spare: NDArray[np.bool_]) -> None:
        """Take one round from the emptiest loaded launcher not `spare`-d, and mark it used.

        Emptying one launcher before the next starts its reload early while others still hold.
        `spare` (batteries, launchers) marks launchers that already fired at this tick.

        Raises
        ------
        ValueError
            If no launcher of the battery can fire.
        """
        usable = (self.rounds[battery] > 0) & ~spare[battery]
        if not usable.any():
            raise ValueError(f"battery {battery} has no launcher that can fire")
        column = int(np.argmin(np.where(usable, self.rounds[battery], np.iinfo(np.int64).max)))
        spare[battery, column] = True
        self.rounds[battery, column] -= 1
        if self.rounds[battery, column] == 0 and self.stock[battery] != 0:
            self.ready_s[battery, column] = launch_s + self.reload_s[battery]
