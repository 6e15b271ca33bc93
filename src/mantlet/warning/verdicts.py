"""Why each track was or was not alerted: one row whenever the verdict on it changes."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.alerting import DESTROYED, judge_tracks
from mantlet.tables import Decisions, Impacts, for_kernel
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
"""Text of each verdict of `kernels.alerting`, by its code."""

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
    verdict, main, changed = judge_tracks(
        odds.row, odds.zone, odds.probability, state.alert_id, outlook.probability, threshold,
        for_kernel(impacts.track_id, np.int64), landed, for_kernel(impacts.impact_time_s),
        time_s + policy.delivery_s, state.known_track, state.known_verdict,
    )  # fmt: skip
    state.known_track = for_kernel(impacts.track_id, np.int64)
    state.known_verdict = verdict
    if not len(changed) and not len(dropped):
        return _NONE
    codes, zone, track_id = verdict[changed], main[changed], state.known_track[changed]
    if len(dropped):
        codes = np.append(codes, np.full(len(dropped), DESTROYED))
        zone = np.append(zone, np.full(len(dropped), -1))
        track_id = np.append(track_id, dropped)
    touched = zone >= 0
    return Decisions.trusted(
        time_s=np.full(len(codes), time_s),
        track_id=track_id,
        stage=np.full(len(codes), "warning", object),
        verdict=VERDICTS[codes],
        zone_id=np.where(touched, zone_ids[zone], -1),
        battery_id=np.full(len(codes), "", object),
        shot_id=np.full(len(codes), -1),
        probability=np.where(touched, outlook.probability[zone], 0.0),
        threshold=np.full(len(codes), threshold),
    )
