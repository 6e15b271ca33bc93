"""Writing messages: what an alert, update, cancel or all-clear says, and what it leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.alerting import ALERT, CANCEL, UPDATE
from mantlet.tables import Alerts
from mantlet.warning.lead import lead_time_s
from mantlet.warning.outlook import Outlook
from mantlet.warning.state import CLOSED, WarnerState

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

KINDS = np.array(["", "alert", "update", "cancel", "all-clear"], dtype=object)
"""Text of each code of `kernels.alerting`."""


@dataclass(frozen=True)
class Batch:
    """Messages about to be sent, in the order of their ids: zone index, kind code, time."""

    zone: Ints
    kind: Ints
    time_s: Floats

    @property
    def tells_of_impact(self) -> NDArray[np.bool_]:
        """Alerts and updates, as against the two kinds that end an alert."""
        return self.kind <= UPDATE


def announce(
    state: WarnerState, batch: Batch, outlook: Outlook, zone_ids: Ints, delivery_s: float
) -> Alerts:
    """The messages as a table; `state` then remembers who has been told what."""
    _number_alerts(state, batch)
    impact_s = _impact_times(state, batch, outlook)
    message, track = _rests_on(state, batch, outlook)
    count = len(batch.zone)
    first = int(state.next_message[0])
    alerts = Alerts.trusted(
        alert_id=state.alert_id[batch.zone],
        message_id=np.arange(first, first + count),
        kind=KINDS[batch.kind],
        zone_id=zone_ids[batch.zone],
        time_s=batch.time_s,
        impact_time_s=impact_s,
        lead_s=lead_time_s(impact_s, batch.time_s, delivery_s),
        probability=outlook.probability[batch.zone],
        track_ids=_padded(message, track, count),
    )
    state.next_message = state.next_message + count
    _remember(state, batch, impact_s, message, track)
    return alerts


def _number_alerts(state: WarnerState, batch: Batch) -> None:
    opened = batch.zone[batch.kind == ALERT]
    first = int(state.next_alert[0])
    state.alert_id[opened] = np.arange(first, first + len(opened))
    state.next_alert = state.next_alert + len(opened)


def _impact_times(state: WarnerState, batch: Batch, outlook: Outlook) -> Floats:
    ending = np.where(
        batch.kind == CANCEL, state.told_impact_s[batch.zone], state.last_impact_s[batch.zone]
    )
    return np.where(batch.tells_of_impact, outlook.earliest_s[batch.zone], ending)


def _rests_on(state: WarnerState, batch: Batch, outlook: Outlook) -> tuple[Ints, Ints]:
    """Message number and track, sorted: carrying tracks, or all told of when it ends."""
    telling = np.full(len(state.alert_id), -1)
    ending = telling.copy()
    number, tells = np.arange(len(batch.zone)), batch.tells_of_impact
    telling[batch.zone[tells]] = number[tells]
    ending[batch.zone[~tells]] = number[~tells]
    pair_message = np.where(outlook.carrying, telling[state.pair_zone], -1)
    told_message = ending[state.told_zone]
    message = np.concatenate([pair_message[pair_message >= 0], told_message[told_message >= 0]])
    track = np.concatenate(
        [state.pair_track[pair_message >= 0], state.told_track[told_message >= 0]]
    )
    order = np.lexsort((track, message))
    return message[order], track[order]


def _padded(message: Ints, track: Ints, count: int) -> Ints:
    lengths = np.bincount(message, minlength=count)
    padded = np.full((count, int(lengths.max(initial=0))), -1, np.int64)
    padded[np.arange(padded.shape[1])[None, :] < lengths[:, None]] = track
    return padded


def _remember(
    state: WarnerState, batch: Batch, impact_s: Floats, message: Ints, track: Ints
) -> None:
    """Told tracks add up over the messages of one alert, and go with it."""
    zones = len(state.alert_id)
    ended = np.zeros(zones, np.bool_)
    ended[batch.zone[~batch.tells_of_impact]] = True
    tells = batch.tells_of_impact[message]
    fresh = batch.zone[message][tells] + zones * track[tells]
    kept = ~ended[state.told_zone]
    told = np.union1d(state.told_zone[kept] + zones * state.told_track[kept], fresh)
    state.told_zone, state.told_track = told % zones, told // zones
    state.told_impact_s[batch.zone], state.told_time_s[batch.zone] = impact_s, batch.time_s
    state.alert_id[ended] = CLOSED
    for column in (state.told_impact_s, state.told_time_s, state.last_impact_s):
        column[ended] = -np.inf
