"""Threat evaluation, one track at a time: which may be fired at now, and why the others may not.

The settings of `engagement.doctrine` come in as `limits`; tracks as a planner remembers them
(`engagement.state`) and as they are reported now.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Places in `limits`.
(
    THREAT,
    AGE_S,
    DECISION_S,
    SHOTS_MAX,
    DEBRIS_LN,
    DEBRIS_SIGMAS,
    DEBRIS_SPEED_MPS,
) = range(7)

# Verdicts on a track.
(
    NONE,
    ENGAGE,
    OPEN_GROUND,
    YOUNG,
    COASTING,
    DECIDING,
    NO_ENVELOPE,
    NOT_YET,
    OUT_OF_TIME,
    MAGAZINE_EMPTY,
    IMPRECISE,
    AWAITING,
    SHOTS_SPENT,
    DEBRIS_LIKE,
    OUTBID,
    HIT,
) = range(16)

NOT_LIVE, UNKNOWN = -1, -2
"""Instead of a row: a track that is closed, and one never seen."""

LET_GO = 0.5
"""The decision is not begun anew while the probability stays above this share of the threshold:
predictions of young tracks waver about it."""

_MEASURED_LOG_SIGMA = 0.6
"""A tracker that knows nothing starts from about 1: below this the plots have spoken."""


@kernel
def row_of(track: int, known: Ints) -> int:
    """Row of an identity in a sorted column; UNKNOWN if it is not there."""
    low, high = 0, known.size
    while low < high:
        middle = (low + high) // 2
        if known[middle] < track:
            low = middle + 1
        else:
            high = middle
    return low if low < known.size and known[low] == track else UNKNOWN


@kernel
def rows_of(
    known: Ints, last_s: Floats, track_id: Ints, live: Flags, time_s: float, forget_s: float
) -> tuple[Ints, bool]:
    """Rows of the tracks reported now among those `known`, and whether these are as they should be.

    They are not if one of the reported is unknown or one of the known was not reported for
    `forget_s`. If they are, the tracks in these rows count as reported at `time_s`.
    """
    row, right = np.empty(track_id.size, np.int64), True
    for i in range(known.size):
        right &= last_s[i] + forget_s >= time_s
    for k in range(track_id.size):
        row[k] = row_of(track_id[k], known) if live[k] else NOT_LIVE
        right &= row[k] != UNKNOWN
    if right:
        for k in range(track_id.size):
            if row[k] >= 0:
                last_s[row[k]] = time_s
    return row, right


@kernel
def debris_like(state: Floats, log_sigma: float, suspect: bool, limits: Floats) -> bool:
    """Whether a track's estimated ballistic coefficient marks it as debris.

    A track must be *surely* light to be called debris; one that was born at an own intercept
    must be surely heavy not to be. That, and any slow track, must be so by measurement and not
    by the tracker's prior: what falls at its terminal speed shows little of its drag.
    """
    speed2 = state[3] * state[3] + state[4] * state[4] + state[5] * state[5]
    slow = speed2 < limits[DEBRIS_SPEED_MPS] ** 2
    if (suspect or slow) and log_sigma > _MEASURED_LOG_SIGMA:
        return True
    margin = limits[DEBRIS_SIGMAS] * log_sigma
    return bool(state[6] - limits[DEBRIS_LN] < (margin if suspect else -margin))


@kernel
def readiness(
    debris: bool,
    seen_s: float,
    threatening_s: float,
    confirmed: bool,
    fired: int,
    limits: Floats,
) -> int:
    """Verdict on a track that threatens something: the first reason against a shot counts.

    `seen_s` and `threatening_s` are how long it has been seen and been a threat [s].
    """
    if debris:
        return DEBRIS_LIKE
    if seen_s < limits[AGE_S]:
        return YOUNG
    if fired == 0 and threatening_s < limits[DECISION_S]:
        return DECIDING
    if not confirmed:
        return COASTING
    if fired >= limits[SHOTS_MAX]:
        return SHOTS_SPENT
    return ENGAGE


@kernel
def threat_probability(
    row: Ints, zone: Ints, odds: Floats, populated: Flags, tracks: int
) -> Floats:
    """Probability that each track falls in any populated zone, shape (tracks,), at most 1.

    `row`, `zone` and `odds` are sparse (`world.zones.ZoneOdds`).
    """
    total = np.zeros(tracks)
    for j in range(row.size):
        if populated[zone[j]]:
            total[row[j]] += odds[j]
    for k in range(tracks):
        total[k] = min(total[k], 1.0)
    return total


@kernel
def triage(
    row: Ints,
    states: Floats,
    covariance: Floats,
    confirmed: Flags,
    odds_row: Ints,
    odds_zone: Ints,
    odds: Floats,
    populated: Flags,
    first_s: Floats,
    threat_since_s: Floats,
    said: Ints,
    fired: Ints,
    hit: Flags,
    suspect: Flags,
    waiting: Ints,
    limits: Floats,
    time_s: float,
) -> tuple[Ints, Floats, int, int]:
    """Verdict on each track (n), NONE for those not live, and its odds of a fall among people (n).

    Then how many verdicts are ENGAGE, and how many are not what was `said` last.

    `states` (n, 7), `covariance` (n, 28) and `confirmed` (n) hold now; `odds_row`, `odds_zone`
    and `odds` are sparse. Of the state, by its rows `row` (n): `first_s`, `threat_since_s`
    (written), `said`, `fired`, `hit` and `suspect`; `waiting` are rows with a shot to be assessed.
    """
    verdict, wanted, changed = np.full(row.size, NONE), 0, 0
    probability = threat_probability(odds_row, odds_zone, odds, populated, row.size)
    for k in range(row.size):
        i = row[k]
        if i < 0:
            continue
        threatening = probability[k] >= limits[THREAT]
        if probability[k] < LET_GO * limits[THREAT]:
            threat_since_s[i] = math.inf
        if threatening:
            threat_since_s[i] = min(threat_since_s[i], time_s)
        verdict[k] = OPEN_GROUND
        if threatening:
            debris = debris_like(states[k], math.sqrt(covariance[k, 27]), suspect[i], limits)
            verdict[k] = readiness(
                debris, time_s - first_s[i], time_s - threat_since_s[i], confirmed[k], fired[i],
                limits,
            )  # fmt: skip
        for shot in range(waiting.size):
            if waiting[shot] == i:
                verdict[k] = AWAITING
        if hit[i]:
            verdict[k] = HIT
        wanted += verdict[k] == ENGAGE
        changed += verdict[k] != said[i]
    return verdict, probability, wanted, changed
