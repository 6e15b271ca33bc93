"""Predicted impacts against zones: who is in danger, since when, and what there is to say.

A *pair* is one track's pending prediction for one zone. Zones are rows 0..n-1. Nothing here
decides on a policy: thresholds and times come in as `limits` (see `THRESHOLD` and the others).
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Places in `limits`.
THRESHOLD, CANCEL_LEVEL, CONFIRM_S, UPDATE_S, UPDATE_GAP_S, CANCEL_AFTER_S, HOLD_S = range(7)

# What there is to say to a zone.
NOTHING, ALERT, UPDATE, CANCEL, ALL_CLEAR = range(5)

# Verdicts on a track.
OPEN_GROUND, BELOW, UNCONFIRMED, ALERTED, NO_LANDING, DESTROYED, TOO_LATE = range(7)

CARRYING_SHARE = 0.25
"""A track carries a zone's alert if its own odds reach this share of the zone's largest odds.

Without it, one stray track with odds of a few in a thousand would set the time people are told.
"""

_ALMOST_CERTAIN = 1.0 - 1e-12  # keeps the logarithm of the odds against it finite


@kernel
def _holds(values: Ints, wanted: int) -> bool:
    found = False
    for value in values:
        found |= value == wanted
    return found


@kernel
def gone_pairs(pair_track: Ints, track_id: Ints, destroyed: Ints) -> Flags:
    """Pairs of tracks held destroyed that are not reported (`track_id`) any more."""
    gone = np.empty(pair_track.size, np.bool_)
    for i in range(pair_track.size):
        gone[i] = _holds(destroyed, pair_track[i]) and not _holds(track_id, pair_track[i])
    return gone


@kernel
def renew_pairs(
    pair_track: Ints,
    pair_zone: Ints,
    pair_probability: Floats,
    pair_impact_s: Floats,
    gone: Flags,
    track_id: Ints,
    usable: Flags,
    impact_s: Floats,
    row: Ints,
    zone: Ints,
    probability: Floats,
) -> tuple[Ints, Ints, Floats, Floats]:
    """Pairs after new predictions: old ones of other tracks, then the new ones.

    `track_id`, `usable` and `impact_s` are per prediction; `row`, `zone` and `probability` its
    odds, sparse. The pairs of usable tracks are replaced, those marked `gone` dropped.
    """
    kept = np.empty(pair_track.size, np.bool_)
    count = 0
    for i in range(pair_track.size):
        kept[i] = not gone[i]
        for k in range(track_id.size):
            if usable[k] and track_id[k] == pair_track[i]:
                kept[i] = False
        count += kept[i]
    for j in range(row.size):
        count += usable[row[j]] and probability[j] > 0.0
    track, where = np.empty(count, np.int64), np.empty(count, np.int64)
    odds, when = np.empty(count), np.empty(count)
    at = 0
    for i in range(pair_track.size):
        if kept[i]:
            track[at], where[at] = pair_track[i], pair_zone[i]
            odds[at], when[at] = pair_probability[i], pair_impact_s[i]
            at += 1
    for j in range(row.size):
        if usable[row[j]] and probability[j] > 0.0:
            track[at], where[at] = track_id[row[j]], zone[j]
            odds[at], when[at] = probability[j], impact_s[row[j]]
            at += 1
    return track, where, odds, when


@kernel
def let_come(
    pair_zone: Ints,
    pair_impact_s: Floats,
    alert_id: Ints,
    below_since_s: Floats,
    last_impact_s: Floats,
    time_s: float,
) -> Flags:
    """Note impacts whose time has come in `last_impact_s`; returns which pairs are still ahead.

    They start the hold of an open alert, unless the zone was already on its way to a cancel:
    what is left there is the far tail of a prediction elsewhere.
    """
    ahead = np.empty(pair_zone.size, np.bool_)
    for i in range(pair_zone.size):
        ahead[i] = pair_impact_s[i] > time_s
        z = pair_zone[i]
        if not ahead[i] and alert_id[z] >= 0 and below_since_s[z] == math.inf:
            last_impact_s[z] = max(last_impact_s[z], pair_impact_s[i])
    return ahead


@kernel
def outlook(
    pair_zone: Ints, pair_probability: Floats, pair_impact_s: Floats, zones: int
) -> tuple[Floats, Floats, Flags]:
    """Per zone: probability of at least one impact, earliest time; per pair: whether it carries.

    Probability is 1 - prod(1 - p): errors of different tracks are taken as independent. The
    earliest time is that of the carrying pairs (inf if none).
    """
    probability, largest = np.zeros(zones), np.zeros(zones)
    earliest_s = np.full(zones, math.inf)
    carrying = np.empty(pair_zone.size, np.bool_)
    for i in range(pair_zone.size):
        z = pair_zone[i]
        probability[z] += math.log1p(-min(pair_probability[i], _ALMOST_CERTAIN))
        largest[z] = max(largest[z], pair_probability[i])
    for z in range(zones):
        if probability[z] < 0.0:
            probability[z] = -math.expm1(probability[z])
    for i in range(pair_zone.size):
        z = pair_zone[i]
        carrying[i] = pair_probability[i] >= CARRYING_SHARE * largest[z]
        if carrying[i]:
            earliest_s[z] = min(earliest_s[z], pair_impact_s[i])
    return probability, earliest_s, carrying


@kernel
def judge_zones(
    probability: Floats,
    earliest_s: Floats,
    alert_id: Ints,
    above_since_s: Floats,
    below_since_s: Floats,
    told_impact_s: Floats,
    told_time_s: Floats,
    last_impact_s: Floats,
    joined: Flags,
    limits: Floats,
    time_s: float,
) -> tuple[Ints, Floats]:
    """What to say to each zone at `time_s`, and when its alert ends as things stand.

    Writes `above_since_s` and `below_since_s` in place. An earlier impact is told at once; a later
    one, or a further track (`joined` marks the zones), only if the last message is old enough.
    Returns codes and times (inf while an alert has its reason, or none is open).
    """
    zones = probability.size
    say, ends_s = np.zeros(zones, np.int64), np.full(zones, math.inf)
    for z in range(zones):
        above = probability[z] >= limits[THRESHOLD]
        below = probability[z] < limits[CANCEL_LEVEL]
        above_since_s[z] = min(above_since_s[z], time_s) if above else math.inf
        below_since_s[z] = min(below_since_s[z], time_s) if below else math.inf
        if alert_id[z] < 0:
            if above and time_s - above_since_s[z] >= limits[CONFIRM_S]:
                say[z] = ALERT
            continue
        awaited = last_impact_s[z] == -math.inf
        if awaited:
            ends_s[z] = below_since_s[z] + limits[CANCEL_AFTER_S]
        elif below:
            ends_s[z] = last_impact_s[z] + limits[HOLD_S]
        if ends_s[z] <= time_s:
            say[z] = CANCEL if awaited else ALL_CLEAR
        elif above:
            later_s = earliest_s[z] - told_impact_s[z]
            rested = time_s - told_time_s[z] >= limits[UPDATE_GAP_S]
            if later_s < -limits[UPDATE_S] or (
                rested and (joined[z] or later_s > limits[UPDATE_S])
            ):
                say[z] = UPDATE
    return say, ends_s


@kernel
def newly_joined(
    pair_track: Ints,
    pair_zone: Ints,
    pair_probability: Floats,
    carrying: Flags,
    told_zone: Ints,
    told_track: Ints,
    alert_id: Ints,
    threshold: float,
) -> Flags:
    """Zones with an open alert that a track not told of threatens by itself."""
    joined = np.zeros(alert_id.size, np.bool_)
    for i in range(pair_track.size):
        z = pair_zone[i]
        if alert_id[z] < 0 or not carrying[i] or pair_probability[i] < threshold:
            continue
        told = False
        for k in range(told_zone.size):
            if told_zone[k] == z and told_track[k] == pair_track[i]:
                told = True
        if not told:
            joined[z] = True
    return joined


@kernel
def judge_rows(
    row: Ints,
    zone: Ints,
    odds: Floats,
    alert_id: Ints,
    probability: Floats,
    threshold: float,
    rows: int,
) -> tuple[Ints, Ints]:
    """Per prediction: OPEN_GROUND, BELOW the threshold, UNCONFIRMED or ALERTED; and its zone.

    The zone is the one with the highest verdict, among those the one with the largest odds (the
    first of equals); -1 if it touches none.
    """
    verdict, main, most = np.zeros(rows, np.int64), np.full(rows, -1), np.zeros(rows)
    for j in range(row.size):
        if odds[j] <= 0.0:
            continue
        i, z = row[j], zone[j]
        level = BELOW
        if alert_id[z] >= 0:
            level = ALERTED
        elif probability[z] >= threshold:
            level = UNCONFIRMED
        if level > verdict[i] or (level == verdict[i] and odds[j] > most[i]):
            verdict[i], main[i], most[i] = level, z, odds[j]
    return verdict, main


@kernel
def judge_tracks(
    row: Ints,
    zone: Ints,
    odds: Floats,
    alert_id: Ints,
    probability: Floats,
    threshold: float,
    track_id: Ints,
    landed: Flags,
    impact_s: Floats,
    heard_s: float,
    known_track: Ints,
    known_verdict: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Verdict and zone of each prediction, and the rows of those that changed.

    `judge_rows`, but for predictions that do not land, and for those that are too late: their own
    odds would do, but the impact comes before an alert would be heard (`heard_s`). `known_track`
    and `known_verdict` are what was said at the tick before.
    """
    rows = track_id.size
    verdict, main = judge_rows(row, zone, odds, alert_id, probability, threshold, rows)
    for j in range(row.size):
        i = row[j]
        if odds[j] >= threshold and impact_s[i] <= heard_s and verdict[i] < ALERTED:
            verdict[i] = TOO_LATE
    changed, count = np.empty(rows, np.int64), 0
    for i in range(rows):
        if not landed[i]:
            verdict[i] = NO_LANDING
        if verdict[i] != _said_of(track_id[i], i, known_track, known_verdict):
            changed[count] = i
            count += 1
    return verdict, main, changed[:count]


@kernel
def _said_of(track: int, likely: int, known_track: Ints, known_verdict: Ints) -> int:
    """The verdict last given on a track, most likely in row `likely`; -1 if none."""
    if likely < known_track.size and known_track[likely] == track:
        return int(known_verdict[likely])
    for i in range(known_track.size):
        if known_track[i] == track:
            return int(known_verdict[i])
    return -1


@kernel
def settle(
    pair_track: Ints,
    pair_zone: Ints,
    pair_probability: Floats,
    pair_impact_s: Floats,
    told_zone: Ints,
    told_track: Ints,
    alert_id: Ints,
    above_since_s: Floats,
    below_since_s: Floats,
    told_impact_s: Floats,
    told_time_s: Floats,
    last_impact_s: Floats,
    limits: Floats,
    time_s: float,
    heard_s: float,
) -> tuple[Flags, Floats, Floats, Flags, Ints, Floats, int, float]:
    """Let impacts come that are due, then see what is ahead and what there is to say.

    The rules above, one after the other: which pairs are still ahead; of these the `outlook` by
    zone and which carry; what to say and when alerts end. In a zone without an open alert only
    impacts after `heard_s` count. Writes the last impact and the clocks of the zones. The last two
    are the number of zones with something to say to, and when the next alert of others ends.
    """
    ahead = let_come(pair_zone, pair_impact_s, alert_id, below_since_s, last_impact_s, time_s)
    count = 0
    for i in range(ahead.size):
        count += ahead[i]
    track, zone = np.empty(count, np.int64), np.empty(count, np.int64)
    own, odds, when = np.empty(count), np.empty(count), np.empty(count)
    at = 0
    for i in range(ahead.size):
        if ahead[i]:
            track[at], zone[at], when[at] = pair_track[i], pair_zone[i], pair_impact_s[i]
            own[at] = pair_probability[i]
            unheard = alert_id[zone[at]] < 0 and when[at] <= heard_s
            odds[at] = 0.0 if unheard else own[at]
            at += 1
    probability, earliest_s, carrying = outlook(zone, odds, when, alert_id.size)
    joined = newly_joined(
        track, zone, own, carrying, told_zone, told_track, alert_id, limits[THRESHOLD]
    )
    say, ends_s = judge_zones(
        probability, earliest_s, alert_id, above_since_s, below_since_s, told_impact_s,
        told_time_s, last_impact_s, joined, limits, time_s,
    )  # fmt: skip
    messages, next_s = 0, math.inf
    for z in range(say.size):
        messages += say[z] != NOTHING
        if ends_s[z] > time_s:
            next_s = min(next_s, ends_s[z])
    return ahead, probability, earliest_s, carrying, say, ends_s, messages, next_s
