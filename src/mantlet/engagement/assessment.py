"""What the defence is told of its shots: an observation that can err. Truth side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.resolver import NOTHING, Resolution
from mantlet.kernels.draws import ASSESSMENT
from mantlet.ports.draws import Draws
from mantlet.tables import Assessments
from mantlet.tables.errors import InputError

Ints = NDArray[np.int64]

_AT_NOTHING = 1
"""Stream of the draws for shots that reached nothing, keyed by shot instead."""


@dataclass(frozen=True)
class Observation:
    """How well the outcome of a shot is seen. All values are notional.

    Attributes
    ----------
    look_s : float
        Seconds from the intercept time until the observation arrives.
    unknown : float
        Probability that nothing can be said.
    false_hit : float
        Probability that a miss is seen as a hit.
    false_miss : float
        Probability that a kill is seen as a miss.
    """

    look_s: float = 3.0
    unknown: float = 0.05
    false_hit: float = 0.02
    false_miss: float = 0.05

    def __post_init__(self) -> None:
        for name in ("unknown", "false_hit", "false_miss"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"observation: {name} must be between 0 and 1")
        if self.unknown + max(self.false_hit, self.false_miss) > 1.0:
            raise InputError("observation: unknown and a wrong answer add up to more than 1")
        if not self.look_s >= 0.0:
            raise InputError("observation: look_s must be 0 or more")


def observe(
    resolution: Resolution,
    object_keys: Ints,
    shot_keys: Ints,
    observation: Observation,
    draws: Draws,
) -> Assessments:
    """One observation for every shot resolved, in order of the time it arrives.

    The draws hang on what was reached and the shot's ordinal at it, as the kill draws do; for a
    shot that reached nothing, on the shot. Neither row numbers nor shot numbers count, but the
    keys of `draw_keys`: `object_keys` by row of the true objects, `shot_keys` by row of the
    resolution. Shots that reached the same piece of debris are seen alike.
    """
    seen = []
    for i, row in enumerate(resolution.reached.tolist()):
        if row == NOTHING:
            u = draws.uniform(ASSESSMENT, int(shot_keys[i]), stream=_AT_NOTHING)[0]
        else:
            ordinal = int(resolution.ordinal[i])
            u = draws.uniform(ASSESSMENT, int(object_keys[row]), scan=ordinal)[0]
        seen.append(_seen(bool(resolution.killed[i]), float(u), observation))
    arrives = resolution.time_s + observation.look_s
    order = np.lexsort((resolution.shot_id, arrives))
    return Assessments.trusted(
        shot_id=resolution.shot_id[order],
        time_s=arrives[order],
        observed=np.array(seen, object)[order],
    )


def _seen(killed: bool, u: float, observation: Observation) -> str:
    """What is said of a shot, `u` being uniform in (0, 1)."""
    if u < observation.unknown:
        return "unknown"
    wrong = observation.false_miss if killed else observation.false_hit
    is_hit = killed != (u < observation.unknown + wrong)
    return "hit" if is_hit else "miss"
