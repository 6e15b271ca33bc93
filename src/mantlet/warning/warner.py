"""From predicted impacts to messages: alert, update, cancel, all-clear."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import alerting
from mantlet.kernels.alerting import ALL_CLEAR, CANCEL
from mantlet.tables import Alerts, Decisions, Impacts, Zones, for_kernel
from mantlet.tables.base import Array
from mantlet.warning.messages import Batch, announce
from mantlet.warning.outlook import Outlook
from mantlet.warning.policy import WarningPolicy
from mantlet.warning.state import WarnerState
from mantlet.warning.verdicts import judge
from mantlet.world.zones import ZoneOdds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_NO_ALERTS = Alerts.empty()
_NO_DECISIONS = Decisions.empty()
_NO_TRACKS = np.empty(0, np.int64)
_NOTHING_AHEAD = Outlook(np.zeros(1), np.full(1, np.inf), np.empty(0, np.bool_))
"""Stands in where no track has odds anywhere and no pair is pending: no zone is looked up."""


@dataclass(frozen=True)
class Warner:
    """Decides which zones are told to take shelter. Every message is an Exercise.

    A zone has at most one open alert. It opens when the combined odds of an impact that people
    can still hear of before it comes reach the policy's threshold; an update follows when the
    earliest impact time moves or a further track joins. It ends in a cancel if its reason
    vanished before any predicted impact was due (tracks destroyed, or now predicted elsewhere),
    otherwise in an all-clear.
    """

    zones: Zones
    policy: WarningPolicy = field(default_factory=WarningPolicy)

    def start(self) -> WarnerState:
        """The state before the first prediction."""
        return WarnerState.empty(len(self.zones))

    def step(
        self,
        state: WarnerState,
        impacts: Impacts,
        odds: ZoneOdds,
        time_s: float,
        destroyed: Ints = _NO_TRACKS,
    ) -> tuple[WarnerState, Alerts, Decisions]:
        """One decision tick.

        Parameters
        ----------
        state : WarnerState
            From `start` or the step before; spent afterwards (copy it first to fork a run).
        impacts : Impacts, n rows
            Present predictions, at most one row per track; only landed ones can raise an alert.
        odds : ZoneOdds
            Probability that row i of `impacts` falls in zone j, sparse.
        time_s : float
            Now, scenario clock [s]; must not decrease from call to call.
        destroyed : int64, (k,)
            Tracks held destroyed. Kill observations can err, so a prediction is dropped only
            when its track is not reported any more either: what flies on was not destroyed.

        Returns
        -------
        state, Alerts, Decisions
            Messages of this tick in zone order; verdicts that changed, in the order of `impacts`,
            then those of destroyed tracks.
        """
        idle = not len(impacts) and not len(state.pair_track)
        if idle and time_s < state.next_end_s[0]:
            return state, _NO_ALERTS, _NO_DECISIONS
        landed = np.asarray(impacts.status == "landed", np.bool_)
        alerts, outlook, dropped = _NO_ALERTS, _NOTHING_AHEAD, _NO_TRACKS
        if len(odds) or len(state.pair_track) or time_s >= state.next_end_s[0]:
            dropped = _take_in(state, impacts, odds, landed, destroyed)
            outlook, say, _, messages, state.next_end_s[0] = self._settle(state, time_s)
            if messages:
                zone = np.flatnonzero(say)
                batch = Batch(zone, say[zone], np.full(len(zone), time_s))
                alerts = self._announce(state, batch, outlook)
        if not len(impacts) and not len(dropped):
            return state, alerts, _NO_DECISIONS
        decisions = judge(
            state, impacts, odds, outlook, landed, dropped, self.zones.zone_id,
            self.policy, time_s,
        )  # fmt: skip
        return state, alerts, decisions

    def due(self, state: WarnerState, until_s: float) -> tuple[WarnerState, Alerts]:
        """Messages that fall due up to `until_s` while nothing is observed, in time order.

        Pending predictions whose time comes count as impacts; alerts end at their proper times,
        not at `until_s`. With `until_s` infinite every open alert ends.
        """
        outlook, _, ends_s, _, _ = self._settle(state, until_s)
        zone = np.flatnonzero(ends_s <= until_s)
        zone = zone[np.isfinite(ends_s[zone])]
        state.next_end_s[0] = np.delete(ends_s, zone).min(initial=np.inf)
        if not len(zone):
            return state, _NO_ALERTS
        zone = zone[np.argsort(ends_s[zone], kind="stable")]
        kind = np.where(np.isinf(state.last_impact_s[zone]), CANCEL, ALL_CLEAR)
        return state, self._announce(state, Batch(zone, kind, ends_s[zone]), outlook)

    def _settle(
        self, state: WarnerState, time_s: float
    ) -> tuple[Outlook, Ints, Floats, int, float]:
        """Let impacts come that are due, then see what is ahead and what there is to say.

        Outlook, code by zone, end by zone, number of messages, end of the next alert to end.
        """
        ahead, probability, earliest_s, carrying, say, ends_s, messages, next_s = alerting.settle(
            state.pair_track, state.pair_zone, state.pair_probability, state.pair_impact_s,
            state.told_zone, state.told_track, state.alert_id, state.above_since_s,
            state.below_since_s, state.told_impact_s, state.told_time_s, state.last_impact_s,
            self._limits, time_s, time_s + self.policy.delivery_s,
        )  # fmt: skip
        if len(carrying) < len(ahead):
            state.keep_pairs(ahead)
        return Outlook(probability, earliest_s, carrying), say, ends_s, messages, next_s

    @cached_property
    def _limits(self) -> Floats:
        return self.policy.limits

    def _announce(self, state: WarnerState, batch: Batch, outlook: Outlook) -> Alerts:
        return announce(state, batch, outlook, self.zones.zone_id, self.policy.delivery_s)


def _take_in(
    state: WarnerState, impacts: Impacts, odds: ZoneOdds, usable: Flags, destroyed: Ints
) -> Ints:
    """Renew the pairs of every track with a usable prediction; returns destroyed tracks dropped."""
    track_id = _own(impacts.track_id, np.int64)
    dropped, gone = _NO_TRACKS, np.zeros(len(state.pair_track), np.bool_)
    if len(destroyed):
        gone = alerting.gone_pairs(state.pair_track, track_id, _own(destroyed, np.int64))
        dropped = np.unique(state.pair_track[gone])
    state.pair_track, state.pair_zone, state.pair_probability, state.pair_impact_s = (
        alerting.renew_pairs(
            state.pair_track, state.pair_zone, state.pair_probability, state.pair_impact_s, gone,
            track_id, usable, _own(impacts.impact_time_s, np.float64),
            odds.row, odds.zone, odds.probability,
        )
    )  # fmt: skip
    return dropped


def _own(column: Array, kind: type[np.generic]) -> Array:
    """The column as kernels are compiled for it: table columns are read-only."""
    return for_kernel(column, kind)
