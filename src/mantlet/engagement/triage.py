"""Threat evaluation: which tracks may be fired at now, and why the others may not."""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement import verdicts
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.state import PlannerState
from mantlet.tables import Tracks
from mantlet.world.zones import ZoneOdds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


_LET_GO = 0.5
"""The decision is not begun anew while the probability stays above this share of the threshold:
predictions of young tracks waver about it."""


_MEASURED_LOG_SIGMA = 0.6
"""A tracker that knows nothing starts from about 1: below this the plots have spoken."""


def threat_probability(odds: ZoneOdds, populated: Bools, tracks: int) -> Floats:
    """Probability that each track falls in any populated zone, shape (tracks,), at most 1."""
    if not len(odds):
        return np.zeros(tracks)
    counted = populated[odds.zone]
    rows, shares = odds.row[counted], odds.probability[counted]
    return np.minimum(np.bincount(rows, weights=shares, minlength=tracks), 1.0)


def debris_like(tracks: Tracks, suspect: Bools, doctrine: Doctrine) -> Bools:
    """Whether each track's estimated ballistic coefficient marks it as debris, shape (n,).

    A track must be *surely* light to be called debris; one that was born at an own intercept
    must be surely heavy not to be. That, and any slow track, must be so by measurement and not
    by the tracker's prior: what falls at its terminal speed shows little of its drag.
    """
    velocity = tracks.state[:, 3:6]
    slow = (velocity * velocity).sum(axis=1) < doctrine.debris_speed_mps**2
    log_sigma = np.sqrt(tracks.covariance[:, 27])
    excess = tracks.state[:, 6] - math.log(doctrine.debris_coefficient_kgm2)
    margin = doctrine.debris_sigmas * log_sigma
    unmeasured = (suspect | slow) & (log_sigma > _MEASURED_LOG_SIGMA)
    return np.asarray(unmeasured | (excess < np.where(suspect, margin, -margin)), np.bool_)


def triage(
    state: PlannerState,
    rows: Ints,
    tracks: Tracks,
    probability: Floats,
    doctrine: Doctrine,
    time_s: float,
) -> Ints:
    """Verdict on each live track before batteries are asked; ENGAGE means "if one can".

    `rows` are the tracks' rows in `state`, whose clocks of threat are brought up to `time_s`.
    """
    threatening = probability >= doctrine.threat_probability
    since = state.threat_since_s[rows]
    since[probability < _LET_GO * doctrine.threat_probability] = np.inf
    since[threatening] = np.minimum(since[threatening], time_s)
    state.threat_since_s[rows] = since
    verdict = np.full(len(rows), verdicts.OPEN_GROUND, np.int64)
    if threatening.any():
        ready = _readiness(state, rows, tracks, since, doctrine, time_s)
        verdict[threatening] = ready[threatening]
    if state.shot_open.any():
        waiting = np.zeros(len(state.track_id), np.bool_)
        waiting[np.searchsorted(state.track_id, state.shot_track[state.shot_open])] = True
        verdict[waiting[rows]] = verdicts.AWAITING
    verdict[state.hit[rows]] = verdicts.HIT
    return verdict


def _readiness(
    state: PlannerState,
    rows: Ints,
    tracks: Tracks,
    since_s: Floats,
    doctrine: Doctrine,
    time_s: float,
) -> Ints:
    """Verdict on each live track as if it threatened something; the last reason counts."""
    fired = state.fired[rows]
    verdict = np.full(len(rows), verdicts.ENGAGE, np.int64)
    verdict[fired >= doctrine.shots_max] = verdicts.SHOTS_SPENT
    verdict[tracks.status != "confirmed"] = verdicts.COASTING
    verdict[(fired == 0) & (time_s - since_s < doctrine.decision_s)] = verdicts.DECIDING
    verdict[time_s - state.first_s[rows] < doctrine.age_min_s] = verdicts.YOUNG
    verdict[debris_like(tracks, state.suspect[rows], doctrine)] = verdicts.DEBRIS_LIKE
    return verdict
