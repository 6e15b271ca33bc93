"""How soon, how completely and under how many names each true object was followed.

The measures that EUROCONTROL asks of surveillance systems (EUROCONTROL-SPEC-0147, ESASSP, ed.
1.2, 2021, and EUROCAE ED-87E: probability of update, long gaps), carried over to objects
that live for a minute: "an update" is an instant at which a reported track is on the object, and
updates are expected from the object's first track on. Identities are counted on pairs that stay
while they can (Bernardin, Stiefelhagen, 2008), so two tracks that come near each other do not
swap names by a hair.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.pairing import CUTOFF_M, Pairs, close_pairs, lasting
from mantlet.analysis.measures.points import Followed, Truth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LONG_GAP = 3
"""So many missed updates in a row make a long gap: updates are then more than three intervals and
a tenth apart (ESASSP)."""


@dataclass(frozen=True)
class Continuity:
    """One row per true object, by rising id.

    `instants`: at which it should have been followed; `followed`: at which it was. `identities`:
    different tracks on it, 0 if none ever was. `switches`: changes from one track to another.
    `confirm_s`, `confirm_instants`: from its first instant to the first on which a track is on
    it (NaN, -1 if none ever was). `expected`, `updated`: instants from that first one on, and
    those with an update. `long_gap_instants`: missed ones that stand in long gaps.
    """

    object_id: Ints
    instants: Ints
    followed: Ints
    identities: Ints
    switches: Ints
    confirm_s: Floats
    confirm_instants: Ints
    expected: Ints
    updated: Ints
    long_gap_instants: Ints

    @property
    def coverage(self) -> float:
        """Share of the objects' instants at which a track was on them."""
        return _share(self.followed.sum(), self.instants.sum())

    @property
    def identities_per_object(self) -> float:
        """Mean number of tracks that an object had, over those that had any."""
        return _share(self.identities.sum(), (self.identities > 0).sum())

    @property
    def never_followed(self) -> int:
        """Objects that no track was ever on."""
        return int((self.identities == 0).sum())

    @property
    def probability_of_update(self) -> float:
        """Share of the expected updates that came."""
        return _share(self.updated.sum(), self.expected.sum())

    @property
    def long_gap_share(self) -> float:
        """Share of the expected updates that were missed in long gaps."""
        return _share(self.long_gap_instants.sum(), self.expected.sum())

    @property
    def unbroken(self) -> float:
        """Share of all objects that had one track, and no long gap in it."""
        good = (self.identities == 1) & (self.long_gap_instants == 0)
        return _share(good.sum(), len(self.object_id))

    @property
    def median_confirm_instants(self) -> float:
        """Median instants until an object is followed; those that never are come last."""
        if not len(self.object_id):
            return float("nan")
        waited = np.where(self.confirm_instants < 0, np.inf, self.confirm_instants)
        return float(np.quantile(waited, 0.5, method="higher"))


def continuity(
    tracks: Followed, truth: Truth, cutoff_m: float = CUTOFF_M, long_gap: int = LONG_GAP
) -> Continuity:
    """Continuity of every true object."""
    return of_lasting(lasting(close_pairs(tracks, truth, cutoff_m), cutoff_m), long_gap)


def of_lasting(pairs: Pairs, long_gap: int = LONG_GAP) -> Continuity:
    """The same, from one-to-one pairs already found."""
    truth = pairs.truth
    holder = np.full(len(truth), -1, dtype=np.int64)
    names, named = np.unique(pairs.tracks.id, return_inverse=True)
    holder[pairs.truth_row] = named[pairs.track_row] if len(names) else -1
    order = np.lexsort((truth.ticks, truth.id))
    objects, first = np.unique(truth.id[order], return_index=True)
    lives = np.split(order, first[1:]) if len(objects) else []
    rows = [_life(holder[life], truth.time_s[life], long_gap) for life in lives]
    columns = np.array(rows, dtype=np.float64).reshape(-1, 9).T
    whole = np.nan_to_num(columns, nan=-1.0).astype(np.int64)
    return Continuity(
        object_id=objects,
        instants=whole[0],
        followed=whole[1],
        identities=whole[2],
        switches=whole[3],
        confirm_s=columns[4],
        confirm_instants=whole[5],
        expected=whole[6],
        updated=whole[7],
        long_gap_instants=whole[8],
    )


def _life(holder: Ints, time_s: Floats, long_gap: int) -> tuple[float, ...]:
    """The columns after `object_id`, of one object whose track at each instant is `holder`."""
    on = np.flatnonzero(holder >= 0)
    if not len(on):
        return (len(holder), 0, 0, 0, np.nan, -1, 0, 0, 0)
    held = holder[on]
    first = int(on[0])
    return (
        len(holder),
        len(on),
        len(np.unique(held)),
        int((np.diff(held) != 0).sum()),
        float(time_s[first] - time_s[0]),
        first,
        len(holder) - first,
        len(on),
        _in_long_gaps(holder[first:] < 0, long_gap),
    )


def _in_long_gaps(missed: NDArray[np.bool_], long_gap: int) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], missed, [False]])))
    lengths = edges[1::2] - edges[::2]
    return int(lengths[lengths >= long_gap].sum())


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")
