"""Interception rates under every stated definition: what is counted, out of what, seen by whom."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.intervals import Rate
from mantlet.tables import Assessments, Decisions, Shots

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class TrueCounts:
    """Launched threats, by what truly happened to them."""

    fired: int
    threatening: int
    threatening_intercepted: int
    engaged: int
    intercepted: int


@dataclass(frozen=True)
class SeenCounts:
    """Tracks, as the defence itself saw them: it never knows which of them were real."""

    confirmed: int
    threatening: int
    engaged: int
    hit: int
    """Engaged tracks with at least one shot observed to hit."""
    not_missed: int
    """Engaged tracks with at least one shot not observed to miss: "unknown" taken for success."""


def seen_counts(
    confirmed: int, shots: Shots, assessments: Assessments, decisions: Decisions
) -> SeenCounts:
    """What the defence could count by itself."""
    judged = (decisions.stage == "engagement") & (decisions.probability >= decisions.threshold)
    judged &= decisions.verdict != "hold: debris-like"
    order = np.argsort(shots.shot_id, kind="stable")
    track = shots.track_id[order][np.searchsorted(shots.shot_id[order], assessments.shot_id)]
    return SeenCounts(
        confirmed=confirmed,
        threatening=len(np.union1d(decisions.track_id[judged], shots.track_id)),
        engaged=len(np.unique(shots.track_id)),
        hit=len(np.unique(track[assessments.observed == "hit"])),
        not_missed=len(np.unique(track[assessments.observed != "miss"])),
    )


def rates(true: TrueCounts, seen: SeenCounts) -> dict[str, dict[str, Any]]:
    """Every rate by name, each with numerator, denominator, Wilson 95 % interval and meaning."""
    named = {**_true_rates(true), **_seen_rates(seen)}
    return {name: rate.as_json() for name, rate in named.items()}


def _true_rates(true: TrueCounts) -> dict[str, Rate]:
    return {
        "true, of engaged": Rate(
            true.intercepted, true.engaged, "destroyed, of the threats at which a shot was fired"
        ),
        "true, of threatening": Rate(
            true.threatening_intercepted,
            true.threatening,
            "destroyed, of the threats that would have come down in a populated zone",
        ),
        "true, of fired": Rate(true.intercepted, true.fired, "destroyed, of everything fired"),
    }


def _seen_rates(seen: SeenCounts) -> dict[str, Rate]:
    denominators = {
        "of engaged": (seen.engaged, "the tracks at which a shot was fired"),
        "of threatening": (seen.threatening, "the tracks the defence judged threatening"),
        "of fired": (seen.confirmed, "all confirmed tracks, debris and false ones included"),
    }
    numerators = {
        "observed": (seen.hit, "seen to be hit"),
        "claimed": (seen.not_missed, "not seen to be missed (unclear counted as success)"),
    }
    return {
        f"{who}, {of_what}": Rate(min(n, d), d, f"{done}, of {all_of}")
        for who, (n, done) in numerators.items()
        for of_what, (d, all_of) in denominators.items()
    }
