"""From predicted impacts to messages: alert, update, cancel, all-clear."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Alerts, Decisions, Impacts, Zones
from mantlet.warning.messages import ALERT, ALL_CLEAR, CANCEL, UPDATE, Batch, announce
from mantlet.warning.outlook import Outlook, look_ahead
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


@dataclass(frozen=True)
class Warner:
    """Decides which zones are told to take shelter. Every message is an Exercise.

    A zone has at most one open alert. It opens when the combined odds of an impact reach the
    policy's threshold; an update follows when the earliest impact time moves or a further track
    joins. It ends in a cancel if its reason vanished before any predicted impact was due (tracks
    destroyed, or now predicted elsewhere), otherwise in an all-clear.
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
            Tracks held destroyed at this tick; their predictions are dropped. A track left out
            again counts again.

        Returns
        -------
        state, Alerts, Decisions
            Messages of this tick in zone order; verdicts that changed, in the order of `impacts`.
        """
        idle = not len(impacts) and not len(state.pair_track)
        if idle and time_s < state.next_end_s[0]:
            return state, _NO_ALERTS, _NO_DECISIONS
        gone = _among(impacts.track_id, destroyed)
        landed = np.asarray(impacts.status == "landed", np.bool_)
        _take_in(state, impacts, odds, landed & ~gone, destroyed)
        outlook = self._settle(state, time_s)
        batch = self._messages(state, outlook, time_s)
        alerts = self._announce(state, batch, outlook) if len(batch.zone) else _NO_ALERTS
        if not len(impacts):
            return state, alerts, _NO_DECISIONS
        return state, alerts, judge(
            state, impacts, odds, outlook, landed, gone, self.zones.zone_id,
            self.policy.threshold, time_s,
        )  # fmt: skip

    def due(self, state: WarnerState, until_s: float) -> tuple[WarnerState, Alerts]:
        """Messages that fall due up to `until_s` while nothing is observed, in time order.

        Pending predictions whose time comes count as impacts; alerts end at their proper times,
        not at `until_s`. With `until_s` infinite every open alert ends.
        """
        outlook = self._settle(state, until_s)
        ends_s = self._ends(state, outlook)
        zone = np.flatnonzero(ends_s <= until_s)
        zone = zone[np.isfinite(ends_s[zone])]
        state.next_end_s[0] = np.delete(ends_s, zone).min(initial=np.inf)
        if not len(zone):
            return state, _NO_ALERTS
        zone = zone[np.argsort(ends_s[zone], kind="stable")]
        batch = Batch(zone, _ending_kind(state, zone), ends_s[zone])
        return state, self._announce(state, batch, outlook)

    def _settle(self, state: WarnerState, time_s: float) -> Outlook:
        """Let impacts come that are due, then note since when each zone is in or out of danger."""
        due = state.pair_impact_s <= time_s
        if due.any():
            _let_come(state, due)
        outlook = look_ahead(state)
        above = outlook.probability >= self.policy.threshold
        below = outlook.probability < self.policy.cancel_level
        state.above_since_s = np.where(above, np.minimum(state.above_since_s, time_s), np.inf)
        state.below_since_s = np.where(below, np.minimum(state.below_since_s, time_s), np.inf)
        return outlook

    def _messages(self, state: WarnerState, outlook: Outlook, time_s: float) -> Batch:
        """What to say at this tick; a zone gets at most one message."""
        policy, is_open = self.policy, state.alert_id >= 0
        opens = ~is_open & (time_s - state.above_since_s >= policy.confirm_s)
        moved = np.abs(outlook.earliest_s - state.told_impact_s) > policy.update_s
        updates = is_open & (outlook.probability >= policy.threshold)
        updates &= moved | _joined(state, outlook, policy.threshold)
        ends_s = self._ends(state, outlook)
        ends = ends_s <= time_s
        zone = np.flatnonzero(opens | updates | ends)
        kind = np.where(opens[zone], ALERT, np.where(updates[zone], UPDATE, ALL_CLEAR))
        kind[ends[zone]] = _ending_kind(state, zone[ends[zone]])
        state.next_end_s[0] = np.where(ends, np.inf, ends_s).min(initial=np.inf)
        return Batch(zone, kind, np.full(len(zone), time_s))

    def _ends(self, state: WarnerState, outlook: Outlook) -> Floats:
        """When each open alert ends as things stand; inf while it has its reason, or is closed."""
        awaited = np.isinf(state.last_impact_s)
        below = outlook.probability < self.policy.cancel_level
        cancel_s = state.below_since_s + self.policy.cancel_after_s
        clear_s = np.where(below, state.last_impact_s + self.policy.hold_s, np.inf)
        return np.where(state.alert_id >= 0, np.where(awaited, cancel_s, clear_s), np.inf)

    def _announce(self, state: WarnerState, batch: Batch, outlook: Outlook) -> Alerts:
        return announce(state, batch, outlook, self.zones.zone_id, self.policy.delivery_s)


_SMALL = 20_000
"""Below this many comparisons, comparing all pairs is several times faster than `np.isin`."""


def _among(values: Ints, chosen: Ints) -> Flags:
    if len(values) * len(chosen) < _SMALL:
        found: Flags = (values[:, None] == chosen).any(axis=1)
        return found
    return np.isin(values, chosen)


def _take_in(
    state: WarnerState, impacts: Impacts, odds: ZoneOdds, usable: Flags, destroyed: Ints
) -> None:
    """Replace the pairs of every track with a usable prediction; drop those of destroyed tracks."""
    replaced = _among(state.pair_track, impacts.track_id[usable])
    replaced |= _among(state.pair_track, destroyed)
    if replaced.any():
        state.keep_pairs(~replaced)
    fresh = usable[odds.row] & (odds.probability > 0)
    if not fresh.any():
        return
    row = odds.row[fresh]
    state.pair_track = np.concatenate([state.pair_track, impacts.track_id[row]])
    state.pair_zone = np.concatenate([state.pair_zone, odds.zone[fresh]])
    state.pair_probability = np.concatenate([state.pair_probability, odds.probability[fresh]])
    state.pair_impact_s = np.concatenate([state.pair_impact_s, impacts.impact_time_s[row]])


def _let_come(state: WarnerState, due: Flags) -> None:
    """The predicted impacts of these pairs are over.

    They start the hold of an open alert, unless the zone was already on its way to a cancel:
    what is left there is the far tail of a prediction elsewhere.
    """
    zone = state.pair_zone[due]
    expected = (state.alert_id[zone] >= 0) & np.isinf(state.below_since_s[zone])
    np.maximum.at(state.last_impact_s, zone[expected], state.pair_impact_s[due][expected])
    state.keep_pairs(~due)


def _joined(state: WarnerState, outlook: Outlook, threshold: float) -> Flags:
    """Zones with an open alert that a further track now threatens by itself."""
    joined = np.zeros(len(state.alert_id), np.bool_)
    strong = outlook.carrying & (state.pair_probability >= threshold)
    strong &= state.alert_id[state.pair_zone] >= 0
    if strong.any():
        zone, track = state.pair_zone[strong], state.pair_track[strong]
        zones = len(state.alert_id)
        told = _among(track * zones + zone, state.told_track * zones + state.told_zone)
        joined[zone[~told]] = True
    return joined


def _ending_kind(state: WarnerState, zone: Ints) -> Ints:
    return np.where(np.isinf(state.last_impact_s[zone]), CANCEL, ALL_CLEAR)
