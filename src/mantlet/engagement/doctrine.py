"""When to fire, at what, how often: the settings of the planner."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError


@dataclass(frozen=True)
class Doctrine:
    """Shoot-look-shoot in defence of populated zones. All values are notional unless sourced.

    Timing: a track is confirmed a few scans after it is first seen; the minimum age, the
    operator's decision (about 5 s, S21) and the launch delay bring detection to launch to
    15-20 s, inside the published 15 s (S20) and 25 s (S19). Most mortar bombs fly about 15 s
    (S12), so most cannot be engaged.

    Attributes
    ----------
    threat_probability : float
        Engage only if the probability of falling in a populated zone is at least this. At 0.3
        the campaign of May 2021 has as many leakers as at 0.1, for 570 interceptors fewer.
    kill_probability : float
        Of one shot that comes within reach, as the planner assumes it.
    reach_m : float
        Distance of the aim point within which a shot can work, as the planner assumes it. A few
        hundred metres, because the aim point is fixed at the decision and no guidance is
        modelled: predictions at the shots of a campaign, 13-28 s ahead, erred by 110 m in the
        median and by 290 m in one of ten.
    age_min_s : float
        Seconds a track must have been reported before it may be engaged.
    decision_s : float
        Seconds from the first threatening prediction to the first shot.
    launch_delay_s : float
        Seconds from the order to the launch.
    look_s : float
        Seconds from intercept to its assessment.
    assessment_patience_s : float
        An assessment this late counts as "unknown".
    salvo : int
        Shots at once when no second look is possible ("usually two", S22).
    shots_max : int
        Most shots at one track.
    reach_probability_min : float
        While a later shot remains possible, wait for a better track if the aim point would be
        within reach with less than this probability.
    debris_coefficient_kgm2 : float
        Objects with a ballistic coefficient below this are taken for debris.
    debris_sigmas : float
        How sure the estimate must be, in standard deviations of its logarithm.
    debris_near_m, debris_near_s : float
        A track that is born this close to an own intercept, in space and time, is taken for
        debris until its ballistic coefficient is surely above the limit.
    debris_speed_mps : float
        A track slower than this is taken for debris until its coefficient is measured.
    scarcity : float
        Weight of an empty magazine against certain loss of a zone, when batteries compete.
    """

    threat_probability: float = 0.3
    kill_probability: float = 0.8
    reach_m: float = 400.0
    age_min_s: float = 3.0
    decision_s: float = 5.0
    launch_delay_s: float = 1.0
    look_s: float = 3.0
    assessment_patience_s: float = 5.0
    salvo: int = 2
    shots_max: int = 4
    reach_probability_min: float = 0.8
    debris_coefficient_kgm2: float = 250.0
    debris_sigmas: float = 1.3
    debris_near_m: float = 1_500.0
    debris_near_s: float = 8.0
    debris_speed_mps: float = 150.0
    scarcity: float = 0.02

    def __post_init__(self) -> None:
        for name in ("threat_probability", "kill_probability", "reach_probability_min"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"doctrine: {name} must be between 0 and 1")
        for name in ("age_min_s", "decision_s", "launch_delay_s", "look_s", "reach_m", "scarcity"):
            if not getattr(self, name) >= 0.0:
                raise InputError(f"doctrine: {name} must be 0 or more")
        if not 1 <= self.salvo <= self.shots_max:
            raise InputError("doctrine: salvo must be at least 1 and at most shots_max")

    @cached_property
    def limits(self) -> NDArray[np.float64]:
        """The settings of triage as its kernel takes them (see `kernels.triage`)."""
        return np.array(
            [
                self.threat_probability,
                self.age_min_s,
                self.decision_s,
                self.shots_max,
                math.log(self.debris_coefficient_kgm2),
                self.debris_sigmas,
                self.debris_speed_mps,
            ]
        )
