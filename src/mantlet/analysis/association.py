"""Which true object each track followed: for the assessor only, after the run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.nearest import nearest_at_once
from mantlet.tables import States, Tracks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NOTHING = -1

GATE_M = 1_000.0
"""A track further than this from every true object at a decision time follows none then.

Wide against the errors of confirmed tracks (tens to a few hundred metres), narrow against the
kilometres by which a false track misses.
"""


@dataclass(frozen=True)
class Following:
    """Per reported row and per track, the true object followed (a threat id, or NOTHING)."""

    row_threat: Ints
    track_id: Ints
    track_threat: Ints

    def of_tracks(self, track_id: Ints) -> Ints:
        """The object followed by each of these tracks; NOTHING for unknown ones."""
        if not len(self.track_id):
            return np.full(len(track_id), NOTHING)
        at = np.minimum(np.searchsorted(self.track_id, track_id), len(self.track_id) - 1)
        return np.where(self.track_id[at] == track_id, self.track_threat[at], NOTHING)


def follow(tracks: Tracks, states: States, gate_m: float = GATE_M) -> Following:
    """The nearest true object of each reported row within a gate, and each track's majority.

    Parameters
    ----------
    tracks : Tracks, n rows
        Reports at decision times; tentative ones are left out.
    states : States
        True states at the same times.
    gate_m : float
        Largest distance [m].

    Returns
    -------
    Following
        `row_threat` has one entry per row of `tracks` (NOTHING for tentative ones). A track
        follows the object most of its rows are nearest to (the lower id on a tie), or NOTHING if
        most of its rows are near none.
    """
    row_threat = np.full(len(tracks), NOTHING)
    told = np.flatnonzero(tracks.status != "tentative")
    if len(told) and len(states):
        row_threat[told] = _nearest(tracks.state[told, :3], tracks.time_s[told], states, gate_m)
    return Following(row_threat, *_majority(tracks.track_id[told], row_threat[told]))


def _nearest(position_m: Floats, time_s: Floats, states: States, gate_m: float) -> Ints:
    mine, theirs = np.argsort(time_s, kind="stable"), np.argsort(states.time_s, kind="stable")
    at = nearest_at_once(
        position_m[mine], time_s[mine], states.position_m[theirs], states.time_s[theirs], gate_m
    )
    threat = np.full(len(time_s), NOTHING)
    threat[mine] = np.where(at >= 0, states.threat_id[theirs[at]], NOTHING)
    return threat


def _majority(track_id: Ints, threat_id: Ints) -> tuple[Ints, Ints]:
    """Tracks in order, and the most frequent object of each."""
    order = np.lexsort((threat_id, track_id))
    track, threat = track_id[order], threat_id[order]
    first = np.flatnonzero((np.diff(track, prepend=-2) != 0) | (np.diff(threat, prepend=-2) != 0))
    count = np.diff(np.append(first, len(track)))
    best = first[np.lexsort((-count, track[first]))]  # stable: the lower id on a tie
    chosen = best[np.diff(track[best], prepend=-2) != 0]
    return track[chosen], threat[chosen]
