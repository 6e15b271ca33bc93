"""What is truly in the air: threats, debris, own interceptors. Never shown to decisions."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.radar import Objects
from mantlet.tables import Threats
from mantlet.threats.flights import Barrage
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INTERCEPTOR_ID = 2_000_000_000
"""Object ids of own interceptors start here; those of threats and debris stay far below."""

INTERCEPTOR_RCS_M2 = 0.05
"""Notional radar cross-section of an interceptor."""


@dataclass
class Sky:
    """All flights of a run. Rows are threats in launch order, then debris as it appears."""

    threats: Threats
    trajectories: Trajectories
    rcs_m2: Floats
    end_s: Floats
    """When each row leaves the air: impact, or the moment it was destroyed."""
    candidates: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Rows that can be in the air during the interval entered: keeps the search per scan short."""

    @classmethod
    def of(cls, barrage: Barrage) -> "Sky":
        """The sky before anything was shot down."""
        threats = barrage.threats
        return cls(threats, barrage.trajectories, barrage.rcs_m2, threats.impact_time_s.copy())

    def enter(self, start_s: float, end_s: float) -> None:
        """Begin an interval."""
        launch = self.threats.launch_time_s
        self.candidates = np.nonzero((launch <= end_s) & (self.end_s >= start_s))[0]

    def in_air(self, time_s: float) -> Ints:
        """Rows in the air at a time inside the interval entered."""
        rows = self.candidates
        aloft = (self.threats.launch_time_s[rows] <= time_s) & (self.end_s[rows] > time_s)
        return rows[aloft]

    def states(self, rows: Ints, time_s: float) -> Floats:
        """ECEF position and velocity of rows, shape (n, 6)."""
        return self.trajectories.states_at(rows, time_s)

    def objects(self, time_s: float, interceptors_m: Floats, interceptor_ids: Ints) -> Objects:
        """Everything a radar could see."""
        rows = self.in_air(time_s)
        states = self.states(rows, time_s)
        n = len(interceptor_ids)
        if not n:
            return Objects(rows, states[:, :3], states[:, 3:], self.rcs_m2[rows])
        return Objects(
            np.concatenate([rows, INTERCEPTOR_ID + interceptor_ids]),
            np.concatenate([states[:, :3], interceptors_m]),
            np.concatenate([states[:, 3:], np.zeros((n, 3))]),
            np.concatenate([self.rcs_m2[rows], np.full(n, INTERCEPTOR_RCS_M2)]),
        )

    def destroy(self, rows: Ints, times_s: Floats) -> None:
        """Rows that were hit leave the air."""
        self.end_s[rows] = times_s

    def add_debris(self, debris: Threats, trajectories: Trajectories, rcs_m2: Floats) -> None:
        """Pieces of something that broke up join the sky; their ids are their rows."""
        first = len(self.threats)
        self.threats = Threats.concat([self.threats, debris])
        self.trajectories = self.trajectories.append(trajectories)
        self.rcs_m2 = np.concatenate([self.rcs_m2, rcs_m2])
        self.end_s = np.concatenate([self.end_s, debris.impact_time_s])
        fresh = np.arange(first, len(self.threats))
        self.candidates = np.concatenate([self.candidates, fresh])
