"""The verdict on a track at a time: the last row of the Decisions table up to then."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.live.recording import STAGES, Recording

Array = NDArray[Any]


class Verdicts:
    """Decisions, looked up by stage, track and time."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._built: tuple[int, list[Array], list[Array]] = (-1, [], [])

    def rows(self, stage: int, track_id: Array, time_s: float) -> Array:
        """Row of the latest decision of a stage on each track up to a time; -1 for none."""
        _, orders, all_keys = self._sorted()
        order, keys = orders[stage], all_keys[stage]
        if not len(order):
            return np.full(len(track_id), -1)
        decisions = self._recording["decisions"]
        at = np.searchsorted(keys, _key(track_id, np.full(len(track_id), time_s)), side="right") - 1
        row = order[np.maximum(at, 0)]
        return np.where((at >= 0) & (decisions["track_id"][row] == track_id), row, -1)

    def at(self, track_id: Array, time_s: float) -> tuple[Array, Array, Array]:
        """Codes of the warning and engagement verdicts (-1: none yet), and the warning's odds."""
        decisions = self._recording["decisions"]
        verdict, probability = decisions["verdict"], decisions["probability"]
        warned = self.rows(0, track_id, time_s)
        engaged = self.rows(1, track_id, time_s)
        if not len(verdict):
            return warned, engaged, np.full(len(track_id), np.nan)
        return (
            np.where(warned >= 0, verdict[warned], -1),
            np.where(engaged >= 0, verdict[engaged], -1),
            np.where(warned >= 0, probability[warned], np.nan),
        )

    def _sorted(self) -> tuple[int, list[Array], list[Array]]:
        """Rows of each stage by track and time, and their keys; made anew when there are more."""
        decisions = self._recording["decisions"]
        count = len(decisions)
        if count == self._built[0]:
            return self._built
        stage, track_id = decisions["stage"][:count], decisions["track_id"][:count]
        clock = decisions["clock_s"][:count]
        rows = [np.flatnonzero(stage == code) for code in range(len(STAGES))]
        keys = [_key(track_id[mine], clock[mine]) for mine in rows]
        orders = [np.argsort(key, kind="stable") for key in keys]
        self._built = (
            count,
            [mine[order] for mine, order in zip(rows, orders, strict=True)],
            [key[order] for key, order in zip(keys, orders, strict=True)],
        )
        return self._built


def _key(track_id: Array, time_s: Array) -> Array:
    """Track, then time in milliseconds: below 2^40 ms, which is 34 years."""
    return (track_id.astype(np.int64) << 40) + np.rint(time_s * 1000.0).astype(np.int64)
