"""Threat evaluation: which tracks may be fired at now, and why the others may not.

The rule itself, one track at a time, stands in `kernels.triage`.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement.state import PlannerState
from mantlet.kernels import triage as kernels
from mantlet.tables import Tracks, for_kernel
from mantlet.world.zones import ZoneOdds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NO_ROWS = np.empty(0, np.int64)


def triage(
    state: PlannerState,
    rows: Ints,
    tracks: Tracks,
    confirmed: Bools,
    odds: ZoneOdds,
    populated: Bools,
    limits: Floats,
    time_s: float,
) -> tuple[Ints, Floats, int, int]:
    """Verdict on each track before batteries are asked; ENGAGE means "if one can".

    `rows` are the tracks' rows in `state` (NONE where there is none), whose clocks of threat are
    brought up to `time_s`; `odds` are those of their impacts, `populated` the zones that count;
    `limits` is `Doctrine.limits`. Also the probability of a fall in any of these zones, how many
    verdicts are ENGAGE, and how many are new.
    """
    waiting = _NO_ROWS
    if len(state.shot_id):
        waiting = np.searchsorted(state.track_id, state.shot_track[state.shot_open])
    return kernels.triage(
        rows,
        for_kernel(tracks.state),
        for_kernel(tracks.covariance),
        confirmed,
        odds.row,
        odds.zone,
        odds.probability,
        populated,
        state.first_s,
        state.threat_since_s,
        state.verdict,
        state.fired,
        state.hit,
        state.suspect,
        waiting,
        limits,
        time_s,
    )
