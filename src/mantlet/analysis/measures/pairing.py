"""Which track is on which true object: one optimal pairing per instant, within a cut-off.

Only pairs nearer than the cut-off are ever looked at (a k-d tree with the instant as a fourth
axis), and they fall apart into small independent groups: nearly all of them are single pairs, the
rest go to SciPy's assignment. So the whole of a run costs about as much as sorting it.

References: A. S. Rahmathullah, A. F. Garcia-Fernandez, L. Svensson, "Generalized optimal
sub-pattern assignment metric", Fusion 2017 (the cost); K. Bernardin, R. Stiefelhagen, "Evaluating
multiple object tracking performance: the CLEAR MOT metrics", EURASIP JIVP 2008 (the lasting one).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.points import Followed, Points, Truth, track_points, truth_points

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CUTOFF_M = 500.0
"""Default cut-off: far beyond the errors of settled tracks, well below a lost track's."""


@dataclass(frozen=True)
class Pairs:
    """k pairs by row of `tracks` and `truth` (those they were found in), and their distances."""

    tracks: Points
    truth: Points
    track_row: Ints
    truth_row: Ints
    distance_m: Floats

    def __len__(self) -> int:
        return len(self.track_row)

    def take(self, rows: Ints | NDArray[np.bool_]) -> "Pairs":
        """Some of the pairs."""
        return Pairs(
            self.tracks,
            self.truth,
            self.track_row[rows],
            self.truth_row[rows],
            self.distance_m[rows],
        )


def close_pairs(tracks: Followed, truth: Truth, cutoff_m: float = CUTOFF_M) -> Pairs:
    """Every pair of one instant nearer than the cut-off, by track row, then truth row.

    Raises
    ------
    ValueError
        If the cut-off is not positive.
    """
    from scipy.spatial import KDTree

    if not 0.0 < cutoff_m < np.inf:
        raise ValueError(f"cutoff_m {cutoff_m}: must be positive")
    followed, true = track_points(tracks), truth_points(truth)
    nothing = np.empty(0, np.int64)
    if not (len(followed) and len(true)):
        return Pairs(followed, true, nothing, nothing, np.empty(0))
    centre = true.position_m.mean(axis=0)
    instants = np.unique(np.concatenate([followed.ticks, true.ticks]))
    trees = []
    for points in (followed, true):
        apart = np.searchsorted(instants, points.ticks) * (4.0 * cutoff_m)
        trees.append(KDTree(np.column_stack([points.position_m - centre, apart])))
    near = trees[0].sparse_distance_matrix(trees[1], cutoff_m, output_type="ndarray")
    near = near[np.lexsort((near["j"], near["i"]))]
    i, j = near["i"].astype(np.int64), near["j"].astype(np.int64)
    distance_m = np.sqrt(((followed.position_m[i] - true.position_m[j]) ** 2).sum(axis=1))
    return Pairs(followed, true, i, j, distance_m).take(distance_m < cutoff_m)


def pair(tracks: Followed, truth: Truth, cutoff_m: float = CUTOFF_M, order: float = 2.0) -> Pairs:
    """One-to-one pairs that minimise GOSPA (and OSPA) of `order` at every instant by itself."""
    return best_pairs(close_pairs(tracks, truth, cutoff_m), cutoff_m, order)


def nearest(pairs: Pairs) -> Pairs:
    """For each track its nearest true object: several tracks may share one (SIAP's view)."""
    by_track = np.lexsort((pairs.truth_row, pairs.distance_m, pairs.track_row))
    track = pairs.track_row[by_track]
    return pairs.take(by_track[np.diff(track, prepend=-1) != 0])


def lasting(pairs: Pairs, cutoff_m: float = CUTOFF_M) -> Pairs:
    """One-to-one pairs that stay while they can (CLEAR MOT): for counting changes of identity.

    A true object keeps the track it was last paired with as long as that is within the cut-off;
    what is left is paired optimally.
    """
    ticks = pairs.truth.ticks[pairs.truth_row]
    by_time = np.argsort(ticks, kind="stable")
    bounds = np.flatnonzero(np.diff(ticks[by_time])) + 1
    _, object_of = np.unique(pairs.truth.id, return_inverse=True)
    holder = np.full(len(pairs.truth) and int(object_of.max()) + 1, -1, dtype=np.int64)
    track_id = pairs.tracks.id
    kept: list[Ints] = []
    for rows in np.split(by_time, bounds) if len(by_time) else []:
        whose, by = object_of[pairs.truth_row[rows]], track_id[pairs.track_row[rows]]
        stay = rows[holder[whose] == by]
        stay = stay[np.unique(track_id[pairs.track_row[stay]], return_index=True)[1]]
        free = ~np.isin(pairs.track_row[rows], pairs.track_row[stay])
        free &= ~np.isin(pairs.truth_row[rows], pairs.truth_row[stay])
        fresh = rows[free][_chosen(pairs.take(rows[free]), cutoff_m, 2.0)]
        chosen = np.concatenate([stay, fresh])
        holder[object_of[pairs.truth_row[chosen]]] = track_id[pairs.track_row[chosen]]
        kept.append(chosen)
    return pairs.take(np.sort(np.concatenate([np.empty(0, np.int64), *kept])))


def best_pairs(pairs: Pairs, cutoff_m: float, order: float) -> Pairs:
    """Of all close pairs the one-to-one set with the least sum of distance^p - cutoff^p."""
    return pairs.take(_chosen(pairs, cutoff_m, order))


def _chosen(pairs: Pairs, cutoff_m: float, order: float) -> Ints:
    """Positions, in order, of the pairs that an optimal one-to-one pairing keeps."""
    if not len(pairs):
        return np.empty(0, np.int64)
    gain = cutoff_m**order - pairs.distance_m**order
    group = _groups(pairs)
    lone = np.flatnonzero(np.bincount(group)[group] == 1)
    crowded = np.flatnonzero(np.bincount(group)[group] > 1)
    crowded = crowded[np.argsort(group[crowded], kind="stable")]
    cuts = np.flatnonzero(np.diff(group[crowded])) + 1
    chosen = [
        rows[_assign(pairs.track_row[rows], pairs.truth_row[rows], gain[rows])]
        for rows in (np.split(crowded, cuts) if len(crowded) else [])
    ]
    return np.sort(np.concatenate([lone, *chosen]))


def _groups(pairs: Pairs) -> Ints:
    """The connected group of each pair."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n = len(pairs.tracks)
    size = n + len(pairs.truth)
    ones = np.ones(len(pairs), dtype=np.int8)
    graph = coo_array((ones, (pairs.track_row, n + pairs.truth_row)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    return np.asarray(label[pairs.track_row], dtype=np.int64)


def _assign(track: Ints, truth: Ints, gain: Floats) -> Ints:
    """Which edges of one group to keep; an edge that is not there gains nothing."""
    from scipy.optimize import linear_sum_assignment

    _, i = np.unique(track, return_inverse=True)
    _, j = np.unique(truth, return_inverse=True)
    table = np.zeros((int(i.max()) + 1, int(j.max()) + 1))
    edge = np.full(table.shape, -1, dtype=np.int64)
    table[i, j], edge[i, j] = gain, np.arange(len(gain))
    found = edge[linear_sum_assignment(table, maximize=True)]
    return found[found >= 0]
