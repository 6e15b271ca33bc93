"""SIAP: completeness, ambiguity, spuriousness, accuracy and continuity of a picture.

Reference: P. Votruba, R. Nisley, R. Rothrock, B. Zombro, "Single Integrated Air Picture (SIAP)
Metrics Implementation", October 2001. Every track is assigned to
the nearest true object within the cut-off, so several tracks may be on one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.measures.pairing import CUTOFF_M, Pairs, close_pairs, nearest
from mantlet.analysis.measures.points import Followed, Truth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Siap:
    """Over the whole time. Ratios are NaN where there is nothing to divide by.

    `completeness`: share of object-instants with a track on them. `ambiguity`: tracks per
    tracked object. `spuriousness`: share of track-instants on no object. `position_accuracy_m`,
    `velocity_accuracy_mps`: mean error of assigned tracks (velocity NaN if none was given).
    `longest_segment`: each object's longest time on one and the same track, over its lifetime,
    summed over objects.
    """

    completeness: float
    ambiguity: float
    spuriousness: float
    position_accuracy_m: float
    velocity_accuracy_mps: float
    longest_segment: float


def siap(tracks: Followed, truth: Truth, cutoff_m: float = CUTOFF_M) -> Siap:
    """The SIAP measures of tracks against truth, each track assigned to its nearest object."""
    return of_assignment(nearest(close_pairs(tracks, truth, cutoff_m)))


def of_assignment(pairs: Pairs) -> Siap:
    """The same, of any assignment of tracks to objects."""
    tracks, truth = pairs.tracks, pairs.truth
    tracked = len(np.unique(pairs.truth_row))
    return Siap(
        completeness=_ratio(tracked, len(truth)),
        ambiguity=_ratio(len(pairs), tracked),
        spuriousness=_ratio(len(tracks) - len(pairs), len(tracks)),
        position_accuracy_m=_ratio(float(pairs.distance_m.sum()), len(pairs)),
        velocity_accuracy_mps=_ratio(_speed_errors(pairs), len(pairs)),
        longest_segment=_ratio(*_segments(pairs)),
    )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _speed_errors(pairs: Pairs) -> float:
    mine, theirs = pairs.tracks.velocity_mps, pairs.truth.velocity_mps
    if mine is None or theirs is None:
        return float("nan")
    apart = mine[pairs.track_row] - theirs[pairs.truth_row]
    return float(np.sqrt((apart**2).sum(axis=1)).sum())


def _segments(pairs: Pairs) -> tuple[float, float]:
    """Sum of the longest segments, and of the lifetimes, both from first to last instant [s]."""
    truth = pairs.truth
    objects, whose = np.unique(truth.id, return_inverse=True)
    first, last = np.full(len(objects), np.inf), np.full(len(objects), -np.inf)
    np.minimum.at(first, whose, truth.time_s)
    np.maximum.at(last, whose, truth.time_s)
    longest = np.zeros(len(objects))
    start, end, whom = _runs(pairs, whose)
    np.maximum.at(longest, whom, end - start)
    return float(longest.sum()), float((last - first).sum())


def _runs(pairs: Pairs, whose: Ints) -> tuple[Floats, Floats, Ints]:
    """Start and end [s] of each unbroken run of one track on one object, and the object.

    Unbroken: at every instant at which the object is in the truth.
    """
    truth = pairs.truth
    at = np.empty(len(truth), dtype=np.int64)
    at[np.lexsort((truth.ticks, whose))] = np.arange(len(truth))  # next instant: next number
    track, step, whom = (
        pairs.tracks.id[pairs.track_row],
        at[pairs.truth_row],
        whose[pairs.truth_row],
    )
    order = np.lexsort((step, track, whom))
    track, step, whom = track[order], step[order], whom[order]
    time_s = truth.time_s[pairs.truth_row][order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (np.diff(track) != 0) | (np.diff(whom) != 0) | (np.diff(step) != 1)
    begin = np.flatnonzero(new)
    finish = np.append(begin[1:], len(order)) - 1 if len(order) else begin
    return time_s[begin], time_s[finish], whom[begin]
