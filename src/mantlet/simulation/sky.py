"""What is truly in the air: threats, debris, own interceptors. Never shown to decisions."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.debris import Pieces
from mantlet.engagement.interceptors import Flying
from mantlet.sensing.objects import Objects, from_all_sides
from mantlet.tables import Threats
from mantlet.threats.flights import Barrage
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INTERCEPTOR_ID = 2_000_000_000
"""Object ids of own interceptors start here; those of threats and debris stay far below."""

INTERCEPTOR_RCS_M2 = (0.016, 0.063, 0.032)
"""Notional radar cross-section of an interceptor from the nose, the side and the tail."""


def interceptor_objects(flying: Flying, draw_key: Ints, times_s: Floats) -> tuple[Objects, Ints]:
    """Own interceptors between launch and intercept: they fly as planned.

    `draw_key` has one entry for each shot of `flying`. All times one after the other, and with
    each object the index of its time.
    """
    shots, then_s = flying.shots, times_s[:, None]
    look, up = np.nonzero((shots.launch_time_s <= then_s) & (shots.intercept_time_s > then_s))
    position_m, velocity_mps = flying.states(then_s)
    own = Objects(
        INTERCEPTOR_ID + shots.shot_id[up],
        draw_key[up],
        position_m[look, up],
        velocity_mps[look, up],
        np.full((len(up), 3), INTERCEPTOR_RCS_M2),
    )
    return own, look


@dataclass
class Sky:
    """All flights of a run. Rows are threats in launch order, then debris as it appears."""

    threats: Threats
    trajectories: Trajectories
    rcs_m2: Floats
    """From nose, side and tail, shape (n, 3)."""
    draw_key: Ints
    """Whose draws each row's are: its threat and piece, not when it appeared (`draw_keys`)."""
    end_s: Floats
    """When each row leaves the air: impact, or the moment it was destroyed."""
    candidates: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    """Rows that can be in the air during the interval entered: keeps the search per scan short."""
    until_s: float = -np.inf
    """Its end."""

    @classmethod
    def of(cls, barrage: Barrage) -> "Sky":
        """The sky before anything was shot down."""
        threats = barrage.threats
        return cls(
            threats,
            barrage.trajectories,
            barrage.rcs_m2,
            np.array(threats.threat_id, np.int64),
            threats.impact_time_s.copy(),
        )

    def enter(self, start_s: float, end_s: float) -> None:
        """Begin an interval."""
        launch, self.until_s = self.threats.launch_time_s, end_s
        self.candidates = np.nonzero((launch <= end_s) & (self.end_s >= start_s))[0]

    def in_air(self, times_s: Floats) -> tuple[Ints, Ints]:
        """Rows in the air at times inside the interval entered, and the index of each's time."""
        rows, then_s = self.candidates, times_s[:, None]
        launched = self.threats.launch_time_s[rows] <= then_s
        look, aloft = np.nonzero(launched & (self.end_s[rows] > then_s))
        return rows[aloft], look

    def states(self, rows: Ints, times_s: float | Floats) -> Floats:
        """ECEF position and velocity of rows at a time, or one each, shape (n, 6)."""
        return self.trajectories.states_at(rows, times_s)

    def objects(self, times_s: Floats) -> tuple[Objects, Ints]:
        """What flies, time after time, and with each object the index of its time."""
        rows, look = self.in_air(times_s)
        states = self.states(rows, times_s[look])
        keys, rcs_m2 = self.draw_key[rows], self.rcs_m2.take(rows, axis=0)
        return Objects(rows, keys, states[:, :3], states[:, 3:], rcs_m2), look

    def destroy(self, rows: Ints, times_s: Floats) -> None:
        """Rows that were hit leave the air."""
        self.end_s[rows] = times_s

    def add_debris(self, debris: Pieces) -> None:
        """Pieces of something that broke up join the sky; their ids are their rows."""
        first = len(self.threats)
        self.threats = Threats.concat([self.threats, debris.threats])
        self.trajectories = self.trajectories.append(debris.trajectories)
        self.rcs_m2 = np.concatenate([self.rcs_m2, from_all_sides(debris.rcs_m2)])
        self.draw_key = np.concatenate([self.draw_key, debris.draw_key])
        self.end_s = np.concatenate([self.end_s, debris.threats.impact_time_s])
        fresh = np.arange(first, len(self.threats))
        self.candidates = np.concatenate([self.candidates, fresh])
