"""What the defence is told of its shots: an observation that can err. Truth side."""

from dataclasses import dataclass

import numpy as np

from mantlet.engagement.resolver import NOTHING, Resolution
from mantlet.kernels.draws import ASSESSMENT
from mantlet.ports.draws import Draws
from mantlet.tables import Assessments
from mantlet.tables.errors import InputError

_AT_NOTHING = 1
"""Stream of the draws for shots that reached no threat, keyed by shot instead."""


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


def observe(resolution: Resolution, observation: Observation, draws: Draws) -> Assessments:
    """One observation for every shot resolved, in order of the time it arrives.

    The draws hang on the threat and the shot's ordinal at it, as the kill draws do; for a shot
    that reached no threat, on the shot.
    """
    seen = [_seen(resolution, i, observation, draws) for i in range(len(resolution.shot_id))]
    arrives = resolution.time_s + observation.look_s
    order = np.lexsort((resolution.shot_id, arrives))
    return Assessments.trusted(
        shot_id=resolution.shot_id[order],
        time_s=arrives[order],
        observed=np.array(seen, object)[order],
    )


def _seen(resolution: Resolution, i: int, observation: Observation, draws: Draws) -> str:
    reached, killed = int(resolution.reached[i]), bool(resolution.killed[i])
    if reached == NOTHING:
        u = draws.uniform(ASSESSMENT, int(resolution.shot_id[i]), stream=_AT_NOTHING)[0]
    else:
        u = draws.uniform(ASSESSMENT, reached, scan=int(resolution.ordinal[i]))[0]
    if u < observation.unknown:
        return "unknown"
    wrong = observation.false_miss if killed else observation.false_hit
    is_hit = killed != (u < observation.unknown + wrong)
    return "hit" if is_hit else "miss"
