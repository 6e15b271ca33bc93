"""How well threats were followed, and how far off the predicted impacts were."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.association import NOTHING, Following
from mantlet.analysis.intervals import rounded
from mantlet.tables import Impacts, Outcomes, States, Threats, Tracks
from mantlet.world.earth import ground_distance_m

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BIN_EDGES_S = (0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0)
"""Impact errors are told apart by the seconds left before the impact."""


@dataclass(frozen=True)
class TrackQuality:
    """Of all confirmed tracks: what they followed, and how completely threats were followed."""

    confirmed: int
    false: int
    of_debris: int
    threats_tracked: int
    unbroken: int
    """Threats followed by exactly one confirmed track."""
    seconds_aloft: int
    """Decision ticks at which a launched threat was in the air."""
    seconds_followed: int
    """... and a confirmed or coasting track was on it."""


def track_quality(
    tracks: Tracks, following: Following, threats: Threats, states: States
) -> TrackQuality:
    """Count tracks and the threats they followed. Debris and false tracks are told apart."""
    launched = threats.parent_id < 0
    confirmed = np.unique(tracks.track_id[tracks.status == "confirmed"])
    followed = following.of_tracks(confirmed)
    real = followed[followed != NOTHING]
    of_launched = real[launched[real]]
    per_threat = np.bincount(of_launched, minlength=len(threats))
    on = following.row_threat
    on_launched = on[(on != NOTHING) & launched[np.maximum(on, 0)]]
    when = tracks.time_s[(on != NOTHING) & launched[np.maximum(on, 0)]]
    pairs = np.unique(np.column_stack([on_launched, np.rint(when * 1000).astype(np.int64)]), axis=0)
    return TrackQuality(
        confirmed=len(confirmed),
        false=int((followed == NOTHING).sum()),
        of_debris=len(real) - len(of_launched),
        threats_tracked=int((per_threat > 0).sum()),
        unbroken=int((per_threat == 1).sum()),
        seconds_aloft=int(launched[states.threat_id].sum()),
        seconds_followed=len(pairs),
    )


@dataclass(frozen=True)
class ImpactErrors:
    """One entry per prediction of a launched threat's impact, made while it flew undisturbed."""

    error_m: Floats
    seconds_left: Floats

    def by_seconds_left(self) -> list[dict[str, Any]]:
        """Median and 90th percentile of the error in each bin of seconds before impact."""
        which = np.digitize(self.seconds_left, BIN_EDGES_S) - 1
        return [
            _bin(self.error_m[which == k], BIN_EDGES_S[k], BIN_EDGES_S[k + 1])
            for k in range(len(BIN_EDGES_S) - 1)
        ]


def impact_errors(
    impacts: Impacts, following: Following, threats: Threats, outcomes: Outcomes
) -> ImpactErrors:
    """Distance of each predicted impact from where the followed threat would have come down [m].

    Only predictions that landed, of tracks that follow a launched threat, up to the moment it
    left the air.
    """
    threat = following.of_tracks(impacts.track_id)
    at = np.maximum(threat, 0)
    usable = (threat != NOTHING) & (impacts.status == "landed")
    if len(threats):
        usable &= (threats.parent_id[at] < 0) & (impacts.time_s <= outcomes.time_s[at])
    impacts, at = impacts.take(usable), at[usable]
    error_m = ground_distance_m(
        impacts.lat_deg, impacts.lon_deg, threats.impact_lat_deg[at], threats.impact_lon_deg[at]
    )
    return ImpactErrors(error_m, threats.impact_time_s[at] - impacts.time_s)


def _bin(errors_m: Floats, start_s: float, end_s: float) -> dict[str, Any]:
    median, p90 = np.percentile(errors_m, (50, 90)) if len(errors_m) else (np.nan, np.nan)
    return {
        "from_s": start_s,
        "to_s": end_s,
        "predictions": len(errors_m),
        "median_m": rounded(median, 3),
        "p90_m": rounded(p90, 3),
    }
