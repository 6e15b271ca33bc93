"""Why each track was or was not alerted: one row whenever the verdict on it changes."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.alerting import judge_rows
from mantlet.tables import Decisions, Impacts
from mantlet.warning.outlook import Outlook
from mantlet.warning.policy import WarningPolicy
from mantlet.warning.state import WarnerState
from mantlet.world.zones import ZoneOdds

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

VERDICTS = np.array(
    [
        "no alert: open ground",
        "no alert: below threshold",
        "no alert: unconfirmed",
        "alert",
        "no alert: no landing predicted",
        "no alert: destroyed",
        "no alert: too late",
    ],
    dtype=object,
)
ALERTED, NO_LANDING, DESTROYED, TOO_LATE = 3, 4, 5, 6
"""The codes up to ALERTED are those of `kernels.alerting.judge_rows`."""

_NONE = Decisions.empty()


def judge(
    state: WarnerState,
    impacts: Impacts,
    odds: ZoneOdds,
    outlook: Outlook,
    landed: Flags,
    dropped: Ints,
    zone_ids: Ints,
    policy: WarningPolicy,
    time_s: float,
) -> Decisions:
    """The verdicts that changed at this tick, then one for each destroyed track `dropped`.

    A row names the zone that mattered most to its track (-1 if none) and that zone's combined
    probability, held against the threshold. A track is too late, rather than below it, if its
    own odds would do but the impact comes before an alert would be heard.
    """
    threshold = policy.threshold
    verdict, main = judge_rows(
        odds.row, odds.zone, odds.probability, state.alert_id, outlook.probability, threshold,
        len(impacts),
    )  # fmt: skip
    late = (impacts.impact_time_s <= time_s + policy.delivery_s) & (verdict < ALERTED)
    if late.any():
        likely = np.zeros(len(impacts), np.bool_)
        likely[odds.row[odds.probability >= threshold]] = True
        verdict[late & likely] = TOO_LATE
    verdict[~landed] = NO_LANDING
    changed = np.flatnonzero(verdict != _known(state, impacts.track_id))
    state.known_track, state.known_verdict = impacts.track_id, verdict
    if not len(changed) and not len(dropped):
        return _NONE
    codes = np.append(verdict[changed], np.full(len(dropped), DESTROYED))
    zone = np.append(main[changed], np.full(len(dropped), -1))
    touched = zone >= 0
    return Decisions.trusted(
        time_s=np.full(len(codes), time_s),
        track_id=np.append(impacts.track_id[changed], dropped),
        stage=np.full(len(codes), "warning", object),
        verdict=VERDICTS[codes],
        zone_id=np.where(touched, zone_ids[zone], -1),
        battery_id=np.full(len(codes), "", object),
        shot_id=np.full(len(codes), -1),
        probability=np.where(touched, outlook.probability[zone], 0.0),
        threshold=np.full(len(codes), threshold),
    )


def _known(state: WarnerState, track_id: Ints) -> Ints:
    """The verdict last given on each track, -1 if none."""
    if np.array_equal(track_id, state.known_track):
        return state.known_verdict
    known = np.full(len(track_id), -1)
    if len(state.known_track):
        order = np.argsort(state.known_track, kind="stable")
        at = np.searchsorted(state.known_track, track_id, sorter=order)
        row = order[np.minimum(at, len(order) - 1)]
        same = state.known_track[row] == track_id
        known[same] = state.known_verdict[row[same]]
    return known
