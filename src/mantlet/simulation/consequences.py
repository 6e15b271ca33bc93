"""What the shots of a run do to the sky, and what the defence is told of it."""

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.assessment import Observation, observe
from mantlet.engagement.debris import break_up
from mantlet.engagement.draw_keys import shot_keys
from mantlet.engagement.outcomes import NO_SHOT
from mantlet.engagement.resolver import NOTHING, Lethality, Resolution, resolve
from mantlet.ports.draws import Draws
from mantlet.simulation.sky import Sky
from mantlet.tables import Assessments, Recorder, Shots
from mantlet.world.air import Air
from mantlet.world.terrain import Terrain

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_NO_SHOTS = Shots.empty()
_NO_ASSESSMENTS = Assessments.empty()


class Consequences:
    """Shots on their way, hits, debris, and observations on their way back. Truth."""

    def __init__(
        self,
        lethality: Lethality,
        observation: Observation,
        air: Air,
        draws: Draws,
        terrain: Terrain | None = None,
    ) -> None:
        self._lethality = lethality
        self._observation = observation
        self._air = air
        self._terrain = terrain
        self._draws = draws
        self._pending = _NO_SHOTS
        self.next_s = np.inf
        """When the next shot reaches its point."""
        self._waiting = _NO_ASSESSMENTS
        self._told = Recorder(Assessments)
        self._reached: Ints = np.empty(0, np.int64)
        self._shot_keys: dict[int, int] = {}
        self._killed_by: dict[int, int] = {}
        self.fired = 0
        self.hits = 0

    def fire(self, shots: Shots) -> None:
        """Shots are on their way: all that were decided at one tick."""
        if not len(shots):
            return
        self.fired += len(shots)
        self._shot_keys.update(zip(shots.shot_id.tolist(), shot_keys(shots).tolist(), strict=True))
        self._pending = Shots.concat([self._pending, shots])
        self.next_s = float(self._pending.intercept_time_s.min())

    def due(self, time_s: float) -> bool:
        """Whether the intercept time of any shot has come."""
        return self.next_s <= time_s

    def resolve(self, sky: Sky, time_s: float) -> None:
        """Settle every shot whose intercept time has come."""
        if not self.due(time_s):
            return
        due = self._pending.intercept_time_s <= time_s
        shots, self._pending = self._pending.take(due), self._pending.take(~due)
        self.next_s = float(self._pending.intercept_time_s.min(initial=np.inf))
        self._grow(len(sky.threats))
        resolution = resolve(
            shots,
            sky.trajectories,
            sky.end_s,
            sky.candidates,
            sky.threats.parent_id < 0,
            self._reached,
            self._lethality,
            self._draws,
        )
        self._count(resolution)
        self._break_up(sky, resolution)
        fresh = observe(
            resolution,
            sky.draw_key,
            self.shot_keys(resolution.shot_id),
            self._observation,
            self._draws,
        )
        waiting = Assessments.concat([self._waiting, fresh])
        self._waiting = waiting.take(np.lexsort((waiting.shot_id, waiting.time_s)))

    def observed(self, time_s: float) -> Assessments:
        """Observations that have arrived by now and were not handed over before."""
        if not len(self._waiting):
            return _NO_ASSESSMENTS
        arrived = int(np.searchsorted(self._waiting.time_s, time_s, side="right"))
        told = self._waiting.take(slice(0, arrived))
        self._waiting = self._waiting.take(slice(arrived, None))
        self._told.add(told)
        return told

    def assessments(self) -> Assessments:
        """Every observation of the run, in the order it was handed over."""
        return self._told.build()

    def shot_keys(self, shot_id: Ints) -> Ints:
        """Whose draws those of shots fired are, whatever their numbers (see `draw_keys`)."""
        return np.array([self._shot_keys[shot] for shot in shot_id.tolist()], np.int64)

    def killing_shots(self, rows: int) -> Ints:
        """Shot that destroyed each of the first `rows` threats; -1 for none."""
        shots = np.full(rows, NO_SHOT, np.int64)
        for row, shot in self._killed_by.items():
            shots[row] = shot
        return shots

    def _count(self, resolution: Resolution) -> None:
        np.add.at(self._reached, resolution.reached[resolution.reached != NOTHING], 1)
        for row, shot in zip(
            resolution.reached[resolution.killed].tolist(),
            resolution.shot_id[resolution.killed].tolist(),
            strict=True,
        ):
            self._killed_by[row] = shot
            self.hits += 1

    def _break_up(self, sky: Sky, resolution: Resolution) -> None:
        rows = resolution.killed_rows
        if not len(rows):
            return
        times = resolution.time_s[resolution.killed]
        pieces = break_up(
            sky.threats,
            rows,
            times,
            sky.trajectories,
            len(sky.threats),
            self._air,
            self._draws,
            self._terrain,
        )
        sky.destroy(rows, times)
        sky.add_debris(pieces)

    def _grow(self, rows: int) -> None:
        self._reached = np.concatenate(
            [self._reached, np.zeros(rows - len(self._reached), np.int64)]
        )
