"""What shots really do. Truth side: only the simulation calls this."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import COMMON_CAUSE, KILL
from mantlet.ports.draws import Draws
from mantlet.tables import Shots
from mantlet.tables.errors import InputError
from mantlet.world.earth import ecef_from_degrees
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOTHING = -1
"""As a reached row: the shot found nothing there."""


@dataclass(frozen=True)
class Lethality:
    """What a shot does to what it reaches. Notional: these are inputs, never results.

    Attributes
    ----------
    kill_probability : float
        Of one shot that finds a threat within reach, if no common cause fails it.
    common_cause : float
        Probability that every shot at one threat fails together (a threat of a kind the
        interceptor cannot deal with): n shots at it stop it with
        (1 - common_cause)(1 - (1 - kill_probability)^n).
    reach_m : float
        Greatest distance between the aim point and the true object at the time of intercept.
    """

    kill_probability: float = 0.8
    common_cause: float = 0.02
    reach_m: float = 400.0

    def __post_init__(self) -> None:
        for name in ("kill_probability", "common_cause"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"lethality: {name} must be between 0 and 1")
        if not self.reach_m > 0.0:
            raise InputError("lethality: reach_m must be above 0")


@dataclass(frozen=True)
class Resolution:
    """What became of each shot, in the order given; arrays of shape (s,)."""

    shot_id: Ints
    time_s: Floats
    """Intercept time."""
    reached: Ints
    """Row of the true object that was nearest within reach; -1 if there was none."""
    ordinal: Ints
    """How many shots had reached that object before."""
    miss_m: Floats
    """Distance from the aim point to that object; NaN if there was none."""
    killed: Bools

    @property
    def killed_rows(self) -> Ints:
        """Rows of the objects destroyed."""
        return self.reached[self.killed]


def kills(threat_id: int, ordinal: int, lethality: Lethality, draws: Draws) -> bool:
    """Whether shot number `ordinal` (from 0) that reaches a threat destroys it.

    The draws hang on the threat and the ordinal, never on the battery or the shot: moving or
    adding a battery leaves them as they were.
    """
    if draws.uniform(COMMON_CAUSE, threat_id)[0] < lethality.common_cause:
        return False
    return bool(draws.uniform(KILL, threat_id, scan=ordinal)[0] < lethality.kill_probability)


def resolve(
    shots: Shots,
    trajectories: Trajectories,
    end_s: Floats,
    candidates: Ints,
    vulnerable: Bools,
    reached_before: Ints,
    lethality: Lethality,
    draws: Draws,
) -> Resolution:
    """Resolve the shots due, earliest intercept first: a kill spares later shots of the batch.

    Parameters
    ----------
    shots : Shots, s rows
        Those whose intercept time has come.
    trajectories : Trajectories, n rows
        Of every true object; a row's number is its threat identity.
    end_s : (n,) array
        When each object leaves the air: impact, or its destruction earlier [s].
    candidates : (m,) array
        Rows that can be in the air at these times.
    vulnerable : (n,) array
        False for debris: a shot whose nearest object it is, is wasted.
    reached_before : (n,) array
        How many shots have reached each object so far; not changed.
    lethality, draws
        What a shot does, and chance.
    """
    n = len(shots)
    aims = ecef_from_degrees(shots.aim_lat_deg, shots.aim_lon_deg, shots.aim_height_m)
    reached, ordinal = np.full(n, NOTHING, np.int64), np.zeros(n, np.int64)
    miss_m, killed = np.full(n, np.nan), np.zeros(n, np.bool_)
    gone: set[int] = set()
    hits: dict[int, int] = {}
    for i in np.lexsort((shots.shot_id, shots.intercept_time_s)):
        time_s = float(shots.intercept_time_s[i])
        rows = np.array(
            [r for r in candidates[end_s[candidates] > time_s] if r not in gone], np.int64
        )
        row, distance_m = _nearest(trajectories, rows, aims[i], time_s)
        if row == NOTHING or distance_m > lethality.reach_m:
            continue
        reached[i], miss_m[i] = row, distance_m
        if not vulnerable[row]:
            continue
        ordinal[i] = int(reached_before[row]) + hits.get(row, 0)
        hits[row] = hits.get(row, 0) + 1
        killed[i] = kills(row, int(ordinal[i]), lethality, draws)
        if killed[i]:
            gone.add(row)
    return Resolution(
        np.array(shots.shot_id), np.array(shots.intercept_time_s), reached, ordinal, miss_m, killed
    )


def _nearest(
    trajectories: Trajectories, rows: Ints, aim_m: Floats, time_s: float
) -> tuple[int, float]:
    """Row nearest to a point among those in the air (the first among equals), and how far [m]."""
    away = trajectories.states_at(rows, time_s)[:, :3] - aim_m
    distance = np.sqrt((away * away).sum(axis=1))
    distance[np.isnan(distance)] = np.inf
    if not len(distance) or not np.isfinite(distance.min()):
        return NOTHING, np.inf
    nearest = int(distance.argmin())
    return int(rows[nearest]), float(distance[nearest])
