"""What the planner remembers between two decision ticks: plain arrays."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.magazine import Magazines
from mantlet.kernels.triage import UNKNOWN, rows_of
from mantlet.tables import Assessments

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

FORGET_S = 120.0
"""A track not reported for this long is forgotten: by then it has landed."""

_TRACK = (
    "track_id", "first_s", "last_s", "threat_since_s", "verdict", "fired", "waves",
    "hit", "suspect",
)  # fmt: skip
_SHOT = (
    "shot_id", "shot_track", "shot_ordered_s", "shot_intercept_s", "shot_aim_m", "shot_open",
)  # fmt: skip


@dataclass
class PlannerState:
    """One row per track reported of late, sorted by identity, and one per shot still of interest.

    Rows of tracks long gone are dropped, so the arrays stay as short as the raid is wide.
    """

    # per track
    track_id: Ints
    first_s: Floats
    last_s: Floats
    threat_since_s: Floats
    """Since when it has been threatening; inf if it is not."""
    verdict: Ints
    fired: Ints
    waves: Ints
    """How often it was fired at; shots ordered together are one wave."""
    hit: Bools
    suspect: Bools
    """Born near an own intercept: taken for debris until proved otherwise."""
    # per shot, in order of identity
    shot_id: Ints
    shot_track: Ints
    shot_ordered_s: Floats
    shot_intercept_s: Floats
    shot_aim_m: Floats
    shot_open: Bools
    """Not yet assessed."""
    # scalars and magazines
    next_shot: Ints
    magazines: Magazines

    @classmethod
    def empty(cls, magazines: Magazines) -> "PlannerState":
        """Nothing seen, nothing fired."""
        ints, floats, bools = np.empty(0, np.int64), np.empty(0), np.empty(0, np.bool_)
        return cls(
            ints, floats, floats, floats, ints, ints, ints, bools, bools,
            ints, ints, floats, floats, np.empty((0, 3)), bools,
            np.zeros(1, np.int64), magazines,
        )  # fmt: skip

    def copy(self) -> "PlannerState":
        """An independent state: what happens to one no longer touches the other."""
        arrays = {f.name: getattr(self, f.name).copy() for f in fields(self)}
        return replace(self, **arrays)

    @property
    def destroyed_tracks(self) -> Ints:
        """Identities of the tracks assessed as hit."""
        return self.track_id[self.hit]

    def enrol(
        self,
        track_id: Ints,
        live: Bools,
        position_m: Floats,
        near_m: float,
        near_s: float,
        time_s: float,
    ) -> Ints:
        """Rows of the tracks reported now, NOT_LIVE for the closed ones.

        New ones are added, judged by where they were born; those not reported for long, and at
        which no shot is on its way, are dropped.
        """
        rows, right = rows_of(self.track_id, self.last_s, track_id, live, time_s, FORGET_S)
        if not right:
            self._forget_tracks(time_s)
            rows, _ = rows_of(self.track_id, self.last_s, track_id, live, time_s, np.inf)
            fresh = rows == UNKNOWN
            if fresh.any():
                self._add(track_id[fresh], position_m[fresh], near_m, near_s, time_s)
                rows, _ = rows_of(self.track_id, self.last_s, track_id, live, time_s, np.inf)
        return rows

    def _add(
        self, track_id: Ints, position_m: Floats, near_m: float, near_s: float, time_s: float
    ) -> None:
        n = len(track_id)
        own = np.abs(time_s - near_s / 2 - self.shot_intercept_s) <= near_s / 2
        away = position_m[:, None, :] - self.shot_aim_m[None, own, :]
        suspect = ((away * away).sum(axis=2) <= near_m * near_m).any(axis=1)
        merged = np.concatenate([self.track_id, track_id])
        order = np.argsort(merged, kind="stable")
        self.track_id = merged[order]
        for name, fresh in (
            ("first_s", np.full(n, time_s)),
            ("last_s", np.full(n, time_s)),
            ("threat_since_s", np.full(n, np.inf)),
            ("verdict", np.zeros(n, np.int64)),
            ("fired", np.zeros(n, np.int64)),
            ("waves", np.zeros(n, np.int64)),
            ("hit", np.zeros(n, np.bool_)),
            ("suspect", suspect),
        ):
            setattr(self, name, np.concatenate([getattr(self, name), fresh])[order])

    def forget_shots(self, time_s: float, shot_memory_s: float) -> None:
        """Drop the shots that no longer matter."""
        gone = (self.shot_intercept_s + shot_memory_s < time_s) & ~self.shot_open
        if gone.any():
            self._keep(_SHOT, ~gone)

    def _forget_tracks(self, time_s: float) -> None:
        stale = self.last_s + FORGET_S < time_s
        if stale.any():
            self._keep(_TRACK, ~stale | np.isin(self.track_id, self.shot_track))

    def _keep(self, names: tuple[str, ...], rows: Bools) -> None:
        for name in names:
            setattr(self, name, getattr(self, name)[rows])

    def hear(self, told: Assessments, time_s: float, patience_s: float) -> None:
        """Close the shots assessed, and those whose assessment is overdue (as unknown)."""
        if len(told):
            assessed = np.isin(self.shot_id, told.shot_id) & self.shot_open
            hits = np.isin(self.shot_id, told.shot_id[told.observed == "hit"]) & assessed
            self.hit |= np.isin(self.track_id, self.shot_track[hits])
            self.shot_open &= ~assessed
        self.shot_open &= self.shot_intercept_s + patience_s >= time_s

    def remember_shot(self, row: int, time_s: float, intercept_s: float, aim_m: Floats) -> int:
        """Note a shot ordered now at the track in `row`; returns its identity."""
        shot = int(self.next_shot[0])
        self.next_shot[0] += 1
        self.shot_id = np.append(self.shot_id, shot)
        self.shot_track = np.append(self.shot_track, self.track_id[row])
        self.shot_ordered_s = np.append(self.shot_ordered_s, time_s)
        self.shot_intercept_s = np.append(self.shot_intercept_s, intercept_s)
        self.shot_aim_m = np.concatenate([self.shot_aim_m, aim_m.reshape(1, 3)])
        self.shot_open = np.append(self.shot_open, True)
        self.fired[row] += 1
        return shot

    def adopt(
        self,
        rows: Ints,
        live: Ints,
        paths_m: Floats,
        path_step_s: float,
        near_m: float,
        time_s: float,
    ) -> Bools:
        """Give shots on their way at lost tracks to the tracks that took their place.

        A track that breaks and starts again under a new identity would be fired at twice. A
        track in `rows` born after the order, whose path passes within `near_m` of the aim point
        at the time of intercept, takes the shot over. `live` holds the identities reported now,
        `paths_m` (w, k, 3) the paths of `rows`. Returns which of `rows` did, (w,).
        """
        adopted = np.zeros(len(rows), np.bool_)
        if not self.shot_open.any():
            return adopted
        lost = self.shot_open & (self.shot_intercept_s > time_s) & ~np.isin(self.shot_track, live)
        for shot in np.nonzero(lost)[0]:
            k = round((self.shot_intercept_s[shot] - time_s) / path_step_s) - 1
            if not 0 <= k < paths_m.shape[1]:
                continue
            away = paths_m[:, k] - self.shot_aim_m[shot]
            distance = np.sqrt((away * away).sum(axis=1))
            distance[np.isnan(distance) | (self.first_s[rows] <= self.shot_ordered_s[shot])] = (
                np.inf
            )
            nearest = int(distance.argmin())
            if distance[nearest] <= near_m:
                self.shot_track[shot] = self.track_id[rows[nearest]]
                self.fired[rows[nearest]] += 1
                adopted[nearest] = True
        return adopted
