"""The engagement planner: one decision per second, from tracks to shots."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.engagement import verdicts
from mantlet.engagement.battery import Battery
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.firing import Candidates, Order, order_shots
from mantlet.engagement.magazine import Magazines
from mantlet.engagement.opportunities import Reach
from mantlet.engagement.state import PlannerState
from mantlet.engagement.triage import triage
from mantlet.tables import Assessments, Decisions, Impacts, Shots, Tracks, Zones
from mantlet.world.earth import degrees_from_ecef
from mantlet.world.zones import ZoneOdds

__all__ = ["Planner", "PlannerState"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_NO_SHOTS = Shots.empty()
_NO_DECISIONS = Decisions.empty()


@dataclass(frozen=True)
class Planner:
    """Shoot-look-shoot with the batteries given, in defence of the populated zones.

    Each tick: hear what was observed of earlier shots, leave alone what is predicted into open
    ground, find where each remaining track could be met, and give launchers to tracks so that
    the expected probability of a fall in a populated zone is least.
    """

    batteries: tuple[Battery, ...]
    doctrine: Doctrine
    zones: Zones

    def start(self) -> PlannerState:
        """Full magazines, nothing seen."""
        return PlannerState.empty(Magazines.full(self.batteries))

    @cached_property
    def _populated(self) -> Bools:
        return np.asarray(self.zones.population > 0)

    @cached_property
    def _reach(self) -> Reach:
        return Reach.of(self.batteries)

    def step(
        self,
        state: PlannerState,
        tracks: Tracks,
        impacts: Impacts,
        odds: ZoneOdds,
        fly: Callable[[Ints], Floats],
        path_step_s: float,
        assessments: Assessments,
        time_s: float,
    ) -> tuple[PlannerState, Shots, Decisions]:
        """Decide on every track at one tick.

        Parameters
        ----------
        state : PlannerState
            Spent by the call: copy it first to fork a run.
        tracks : Tracks, n rows
            As reported now.
        impacts : Impacts, n rows
            Their predicted impacts, in the same order.
        odds : ZoneOdds
            Of those impacts.
        fly : function of (w,) rows of `tracks`
            Their predicted ECEF positions (w, k, 3) [m], `path_step_s` apart, the first one step
            from now; NaN on the ground. Asked only about tracks that may be fired at now.
        path_step_s : float
            [s]
        assessments : Assessments
            Observations that have arrived since the last call.
        time_s : float
            Now, scenario clock [s].

        Returns
        -------
        state, Shots, Decisions
            A decision row for each shot and for each track whose verdict changed.
        """
        if not len(tracks) and not len(assessments) and not len(state.shot_id):
            return state, _NO_SHOTS, _NO_DECISIONS
        doctrine = self.doctrine
        if len(state.shot_id):
            state.hear(assessments, time_s, doctrine.look_s + doctrine.assessment_patience_s)
            state.forget_shots(time_s, doctrine.debris_near_s)
        if not len(tracks):
            return state, _NO_SHOTS, _NO_DECISIONS
        confirmed = np.asarray(tracks.status == "confirmed", np.bool_)
        live = confirmed | np.asarray(tracks.status == "coasting", np.bool_)
        rows = state.enrol(
            tracks.track_id,
            live,
            tracks.state[:, :3],
            doctrine.debris_near_m,
            doctrine.debris_near_s,
            time_s,
        )
        if not len(state.track_id):  # nothing reported is live, nor was anything of late
            return state, _NO_SHOTS, _NO_DECISIONS
        verdict, probability, wanted, fresh = triage(
            state, rows, tracks, confirmed, odds, self._populated, doctrine.limits, time_s
        )
        if not wanted and not fresh:
            return state, _NO_SHOTS, _NO_DECISIONS
        orders = self._engage(state, rows, tracks, probability, fly, path_step_s, verdict, time_s)
        changed = np.flatnonzero(live & (verdict != state.verdict[rows]))
        state.verdict[rows[changed]] = verdict[changed]
        if not len(changed) and not orders:
            return state, _NO_SHOTS, _NO_DECISIONS
        shots = self._shots(orders, tracks, time_s)
        decisions = self._decisions(orders, changed, verdict, tracks, odds, probability, time_s)
        return state, shots, decisions

    def _engage(
        self,
        state: PlannerState,
        rows: Ints,
        tracks: Tracks,
        probability: Floats,
        fly: Callable[[Ints], Floats],
        path_step_s: float,
        verdict: Ints,
        time_s: float,
    ) -> tuple[Order, ...]:
        """Shots at the tracks that triage let through; `verdict` is brought up to date."""
        wanted = np.flatnonzero(verdict == verdicts.ENGAGE)
        if not len(wanted):
            return ()
        paths = fly(wanted)
        near_m = 2.0 * self.doctrine.reach_m
        adopted = state.adopt(rows[wanted], tracks.track_id, paths, path_step_s, near_m, time_s)
        verdict[wanted[adopted]] = verdicts.AWAITING
        candidates = Candidates(
            wanted,
            rows[wanted],
            probability[wanted],
            tracks.state[wanted],
            tracks.covariance[wanted],
            paths,
        ).take(~adopted)
        if not len(candidates.row):
            return ()
        state.magazines.reload(time_s)
        orders, reasons = order_shots(
            state, self._reach, self.doctrine, candidates, path_step_s, time_s
        )
        verdict[candidates.row] = reasons
        return orders

    def _shots(self, orders: tuple[Order, ...], tracks: Tracks, time_s: float) -> Shots:
        if not orders:
            return _NO_SHOTS
        lat_deg, lon_deg, height_m = degrees_from_ecef(np.array([o.aim_m for o in orders]))
        return Shots.trusted(
            shot_id=np.array([o.shot_id for o in orders], np.int64),
            battery_id=np.array([self.batteries[o.battery].id for o in orders], object),
            track_id=tracks.track_id[[o.row for o in orders]],
            decision_time_s=np.full(len(orders), time_s),
            launch_time_s=np.array([o.launch_s for o in orders]),
            intercept_time_s=np.array([o.intercept_s for o in orders]),
            aim_lat_deg=lat_deg,
            aim_lon_deg=lon_deg,
            aim_height_m=height_m,
            kill_probability=np.array([o.kill_probability for o in orders]),
            wave=np.array([o.wave for o in orders], np.int64),
        )

    def _decisions(
        self,
        orders: tuple[Order, ...],
        changed: Ints,
        verdict: Ints,
        tracks: Tracks,
        odds: ZoneOdds,
        probability: Floats,
        time_s: float,
    ) -> Decisions:
        """Rows in the order of the tracks: those changed, and every shot."""
        fired = {order.row for order in orders}
        held = [(int(row), "", -1) for row in changed if int(row) not in fired]
        shot = [(order.row, self.batteries[order.battery].id, order.shot_id) for order in orders]
        lines = sorted(held + shot, key=lambda line: (line[0], line[2]))
        rows = np.array([line[0] for line in lines], np.int64)
        return Decisions.trusted(
            time_s=np.full(len(lines), time_s),
            track_id=tracks.track_id[rows],
            stage=np.full(len(lines), "engagement", object),
            verdict=np.array([verdicts.WORDS[v] for v in verdict[rows]], object),
            zone_id=np.array([self._main_zone(odds, int(row)) for row in rows], np.int64),
            battery_id=np.array([line[1] for line in lines], object),
            shot_id=np.array([line[2] for line in lines], np.int64),
            probability=probability[rows],
            threshold=np.full(len(lines), self.doctrine.threat_probability),
        )

    def _main_zone(self, odds: ZoneOdds, row: int) -> int:
        """The populated zone most likely to be hit, by identity; -1 if there is none."""
        start, end = np.searchsorted(odds.row, [row, row + 1])
        zones = odds.zone[start:end]
        weights = odds.probability[start:end] * self._populated[zones]
        if not len(weights) or weights.max() <= 0.0:
            return -1
        return int(self.zones.zone_id[zones[int(weights.argmax())]])
