"""What the warner remembers between two decision ticks: plain arrays."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSED = -1
"""In `alert_id`: no open alert."""


@dataclass
class WarnerState:
    """One row per zone, one per (track, zone) whose impact is still to come, one per track told of.

    A pair outlives its track: the last prediction stands until its impact time, because radars
    lose a falling object near the horizon, seconds before it lands.
    """

    # per zone, in the order of the Zones table
    alert_id: Ints
    above_since_s: Floats
    """Since when the probability has been at or above the threshold; inf if it is not."""
    below_since_s: Floats
    """Since when it has been below the cancel level; inf if it is not."""
    told_impact_s: Floats
    """Earliest impact time of the zone's latest message; -inf if no alert is open."""
    told_time_s: Floats
    """When that message was sent; -inf if no alert is open."""
    last_impact_s: Floats
    """Latest predicted impact that was let come during the open alert; -inf if none."""
    # pending predictions, one row per track and zone
    pair_track: Ints
    pair_zone: Ints
    pair_probability: Floats
    pair_impact_s: Floats
    # the tracks that the messages of each open alert have rested on
    told_zone: Ints
    told_track: Ints
    # the latest verdict on each track
    known_track: Ints
    known_verdict: Ints
    # scalars, as arrays of one
    next_alert: Ints
    next_message: Ints
    next_end_s: Floats
    """No open alert can end before this time unless a prediction changes."""

    @classmethod
    def empty(cls, zones: int) -> "WarnerState":
        """Nothing predicted, nobody told."""
        none_i, none_f = np.empty(0, np.int64), np.empty(0)
        return cls(
            alert_id=np.full(zones, CLOSED, np.int64),
            above_since_s=np.full(zones, np.inf),
            below_since_s=np.full(zones, np.inf),
            told_impact_s=np.full(zones, -np.inf),
            told_time_s=np.full(zones, -np.inf),
            last_impact_s=np.full(zones, -np.inf),
            pair_track=none_i,
            pair_zone=none_i,
            pair_probability=none_f,
            pair_impact_s=none_f,
            told_zone=none_i,
            told_track=none_i,
            known_track=none_i,
            known_verdict=none_i,
            next_alert=np.zeros(1, np.int64),
            next_message=np.zeros(1, np.int64),
            next_end_s=np.full(1, np.inf),
        )

    def copy(self) -> "WarnerState":
        """An independent state."""
        return WarnerState(**{f.name: getattr(self, f.name).copy() for f in fields(self)})

    def keep_pairs(self, kept: NDArray[np.bool_]) -> None:
        """Drop the other pairs."""
        self.pair_track = self.pair_track[kept]
        self.pair_zone = self.pair_zone[kept]
        self.pair_probability = self.pair_probability[kept]
        self.pair_impact_s = self.pair_impact_s[kept]
