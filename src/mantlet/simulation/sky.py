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

NONE_UP = Objects.none()


def interceptor_objects(flying: Flying, draw_key: Ints, time_s: float) -> Objects:
    """Own interceptors between launch and intercept: they fly as planned.

    `draw_key` has one entry for each shot of `flying`.
    """
    shots = flying.shots
    up = (shots.launch_time_s <= time_s) & (shots.intercept_time_s > time_s)
    if not up.any():
        return NONE_UP
    position_m, velocity_mps = flying.states(time_s)
    ids = INTERCEPTOR_ID + shots.shot_id[up]
    return Objects(
        ids,
        draw_key[up],
        position_m[up],
        velocity_mps[up],
        np.full((len(ids), 3), INTERCEPTOR_RCS_M2),
    )


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

    def objects(self, time_s: float, interceptors: Objects = NONE_UP) -> Objects:
        """Everything a radar could see: what flies, then own interceptors."""
        rows = self.in_air(time_s)
        if not len(rows):
            return interceptors
        states = self.states(rows, time_s)
        keys, rcs_m2 = self.draw_key[rows], self.rcs_m2.take(rows, axis=0)
        if not len(interceptors.object_id):
            return Objects(rows, keys, states[:, :3], states[:, 3:], rcs_m2)
        return Objects(
            np.concatenate([rows, interceptors.object_id]),
            np.concatenate([keys, interceptors.draw_key]),
            np.concatenate([states[:, :3], interceptors.position_m]),
            np.concatenate([states[:, 3:], interceptors.velocity_mps]),
            np.concatenate([rcs_m2, interceptors.rcs_m2]),
        )

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
