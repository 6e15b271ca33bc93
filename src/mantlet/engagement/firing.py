"""Who fires at what: launchers given to tracks at the least expected loss."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement import verdicts
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.opportunities import Opportunities, Reach, find_opportunities
from mantlet.engagement.precision import prediction_sigma_m, reach_probability
from mantlet.engagement.state import PlannerState
from mantlet.kernels.assignment import assign

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TICK_S = 1.0
"""Decisions are taken once a second: a launch due within the next second is ordered now."""


@dataclass(frozen=True)
class Candidates:
    """The w tracks that may be fired at now."""

    row: Ints
    """Among the tracks reported, (w,)."""
    state_row: Ints
    """In the planner's state, (w,)."""
    probability: Floats
    """Of falling in a populated zone, (w,)."""
    states: Floats
    """Position, velocity, log ballistic coefficient, (w, 7)."""
    covariance: Floats
    """(w, 28)."""
    paths_m: Floats
    """Predicted ECEF positions, (w, k, 3) [m]."""

    def take(self, which: Bools) -> "Candidates":
        """Some of them."""
        return Candidates(
            self.row[which],
            self.state_row[which],
            self.probability[which],
            self.states[which],
            self.covariance[which],
            self.paths_m[which],
        )


@dataclass(frozen=True)
class Order:
    """One shot: `row` among the tracks reported, `battery` among the batteries."""

    shot_id: int
    row: int
    battery: int
    launch_s: float
    intercept_s: float
    aim_m: Floats
    """ECEF, (3,) [m]."""
    kill_probability: float
    wave: int


@dataclass(frozen=True)
class Worth:
    """For w candidates and b batteries: what a shot ordered now would be worth, (w, b)."""

    allowed: Bools
    success: Floats
    second: Bools
    """A second look and shot would still be possible after this one."""


def order_shots(
    state: PlannerState,
    reach: Reach,
    doctrine: Doctrine,
    candidates: Candidates,
    path_step_s: float,
    time_s: float,
) -> tuple[tuple[Order, ...], Ints]:
    """Shots at the candidates, and the verdict on each of them, shape (w,).

    Each launcher fires at most once a tick; a track gets one shot, or a salvo when no second
    look is possible. Launchers are given to shots so that the expected probability of a fall in
    a populated zone, plus a small price on emptying magazines, is least.
    """
    times_s = time_s + path_step_s * np.arange(1, candidates.paths_m.shape[1] + 1)
    free = state.magazines.loaded_launchers()
    earliest_s = time_s + doctrine.launch_delay_s
    chances = find_opportunities(candidates.paths_m, times_s, reach, free > 0, earliest_s)
    worth = _weigh(chances, candidates, doctrine, time_s)
    verdict = _reasons(chances, worth, free > 0)
    # Whoever may be fired at and gets no launcher below was outbid.
    verdict[verdict == verdicts.ENGAGE] = verdicts.OUTBID
    who, by = choose_launchers(worth, candidates, state, free, doctrine)
    orders = _fire(state, candidates, chances, worth, who, by, time_s)
    verdict[who] = verdicts.ENGAGE
    return orders, verdict


def _weigh(
    chances: Opportunities, candidates: Candidates, doctrine: Doctrine, time_s: float
) -> Worth:
    ahead_s = chances.intercept_s - time_s
    sigma_m = prediction_sigma_m(candidates.states, candidates.covariance, ahead_s)
    near = reach_probability(sigma_m, doctrine.reach_m)
    again_s = chances.intercept_s + doctrine.look_s + TICK_S + doctrine.launch_delay_s
    second = again_s <= chances.latest_launch_s[:, None]
    early = chances.entering & (chances.launch_s > time_s + doctrine.launch_delay_s + TICK_S)
    # A track gets better with every scan: while a later shot remains possible, wait for it.
    later = time_s + doctrine.launch_delay_s + 2.0 * TICK_S <= chances.latest_launch_s[:, None]
    vague = (near < doctrine.reach_probability_min) & later
    allowed = (chances.point >= 0) & ~early & ~vague
    return Worth(allowed, doctrine.kill_probability * near, second)


def _reasons(chances: Opportunities, worth: Worth, loaded: Bools) -> Ints:
    """Verdict on each candidate as far as reach and magazines decide it, shape (w,)."""
    feasible = chances.point >= 0
    reason = np.full(len(feasible), verdicts.NO_ENVELOPE, np.int64)
    reason[chances.reachable.any(axis=1)] = verdicts.MAGAZINE_EMPTY
    reason[(chances.reachable & loaded).any(axis=1)] = verdicts.OUT_OF_TIME
    reason[feasible.any(axis=1)] = verdicts.IMPRECISE
    reason[(feasible & chances.entering).any(axis=1)] = verdicts.NOT_YET
    reason[worth.allowed.any(axis=1)] = verdicts.ENGAGE
    return reason


def choose_launchers(
    worth: Worth, candidates: Candidates, state: PlannerState, free: Ints, doctrine: Doctrine
) -> tuple[Ints, Ints]:
    """Pairs (candidate, battery), in order of candidates: the least expected loss.

    Every shot wanted is a row, every launcher that can fire a column. A first shot leaves
    value (1 - p), and again (1 - p) of that where a second shot can still follow; the second
    of a salvo works on what the first is expected to leave.
    """
    row, nth = _wanted_shots(worth, state.fired[candidates.state_row], doctrine)
    slots = np.repeat(np.arange(len(free)), free)
    if not len(row) or not len(slots):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    best = np.where(worth.allowed, worth.success, 0.0).max(axis=1)
    at_stake = candidates.probability[row] * (1.0 - best[row]) ** nth
    leak = 1.0 - worth.success
    leak = np.where(worth.second, leak * (1.0 - doctrine.kill_probability), leak)
    price = doctrine.scarcity * (1.0 - state.magazines.fill_share())
    cost = np.where(worth.allowed, leak, np.inf)[row] * at_stake[:, None] + price
    # Leaving a row alone costs what is at stake; the kernel wants one cost for all rows.
    gain = cost - at_stake[:, None]
    slot = assign(np.ascontiguousarray(gain[:, slots]), 0.0)
    won = slot >= 0
    return row[won], slots[slot[won]]


def _wanted_shots(worth: Worth, fired: Ints, doctrine: Doctrine) -> tuple[Ints, Ints]:
    """Candidate of each shot wanted, and its number within the salvo; both (shots,)."""
    can = worth.allowed.any(axis=1)
    no_second = can & ~(worth.allowed & worth.second).any(axis=1)
    count = np.where(no_second, np.minimum(doctrine.salvo, doctrine.shots_max - fired), 1)
    count[~can] = 0
    candidate = np.repeat(np.arange(len(count)), count)
    return candidate, np.arange(len(candidate)) - np.repeat(np.cumsum(count) - count, count)


def _fire(
    state: PlannerState,
    candidates: Candidates,
    chances: Opportunities,
    worth: Worth,
    who: Ints,
    by: Ints,
    time_s: float,
) -> tuple[Order, ...]:
    """Take the rounds and note the shots."""
    used = np.zeros(state.magazines.rounds.shape, np.bool_)
    orders = []
    for w, b in zip(who.tolist(), by.tolist(), strict=True):
        k = int(chances.point[w, b])
        state_row = int(candidates.state_row[w])
        launch_s = float(chances.launch_s[w, b])
        intercept_s = float(chances.intercept_s[w, b])
        state.magazines.take(b, launch_s, used)
        aim_m = candidates.paths_m[w, k]
        shot = state.remember_shot(state_row, time_s, intercept_s, aim_m)
        order = Order(
            shot_id=shot,
            row=int(candidates.row[w]),
            battery=b,
            launch_s=launch_s,
            intercept_s=intercept_s,
            aim_m=aim_m,
            kill_probability=float(worth.success[w, b]),
            wave=int(state.waves[state_row]),
        )
        orders.append(order)
    state.waves[candidates.state_row[np.unique(who)]] += 1
    return tuple(orders)
