"""One tracker's reports on one scene, as figures beside the bound."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.innovations import innovation_squares
from mantlet.analysis.bench.running import Outcome
from mantlet.analysis.bench.scene import Scene
from mantlet.analysis.measures.continuity import of_lasting
from mantlet.analysis.measures.errors import (
    consistency,
    covariances,
    error_vectors,
    errors,
    normalised_squares,
    rms,
)
from mantlet.analysis.measures.impact_points import LEVELS, ImpactMisses, impact_misses
from mantlet.analysis.measures.pairing import (
    CUTOFF_M,
    Pairs,
    best_pairs,
    close_pairs,
    lasting,
    nearest,
)
from mantlet.analysis.measures.points import Points, live_rows, track_points
from mantlet.analysis.measures.set_distance import SetDistances, of_pairs
from mantlet.analysis.measures.siap import of_assignment
from mantlet.kernels.impact import PLANE_DEGREE_M
from mantlet.tables import Impacts, Tracks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Figures: TypeAlias = dict[str, float]


@dataclass(frozen=True)
class Judged:
    """One run: its `figures`, and what they were taken of, for pictures.

    `nees_age` instants since an object was first followed, beside `nees` (6 degrees of freedom);
    `nis_time_s` beside `nis` (3).
    """

    figures: Figures
    sets: SetDistances
    nees_age: Floats
    nees: Floats
    nis_time_s: Floats
    nis: Floats
    misses: ImpactMisses


SECONDS_LEFT = (10, 20, 30, 45)
"""Impact errors are told so long before impact."""

FIRST_INSTANTS = 5
"""The young part of a track: so many instants from its first on."""

_DRAWS = 200


def score(scene: Scene, outcome: Outcome) -> Figures:
    """Every figure of the bench's table, by name with its unit. NaN where there is nothing."""
    return judge(scene, outcome).figures


def judge(scene: Scene, outcome: Outcome) -> Judged:
    """The figures, and what they were taken of."""
    tracks, rows = _judged(scene, outcome.tracks)
    close = close_pairs(tracks, scene.truth)
    best = best_pairs(close, CUTOFF_M, 2.0)
    sets = of_pairs(best)
    kinematic, age, squares = _kinematics(scene, best, covariances(outcome.tracks)[rows])
    nis_time_s, nis = innovation_squares(scene, outcome.expected)
    predicted = outcome.impacts.take(live_rows(outcome.tracks)[rows])
    impact, misses = _impacts(scene, best, predicted)
    figures = _picture(sets, close) | _lives(lasting(close)) | kinematic
    figures |= {"plots": float(outcome.plots)}
    figures |= {"nis": _mean(nis) / 3.0, "nis_inside": consistency(nis, nis_time_s, 3).inside}
    return Judged(figures | impact, sets, age, squares, nis_time_s, nis, misses)


def _judged(scene: Scene, tracks: Tracks) -> tuple[Points, Ints]:
    """Tracks as points, and their rows: all but those that only follow what is out of sight."""
    points = track_points(tracks)
    unseen = close_pairs(points, scene.out_of_sight).track_row
    seen = close_pairs(points, scene.truth).track_row
    rows = np.setdiff1d(np.arange(len(points)), np.setdiff1d(unseen, seen))
    return points.take(rows), rows


def _picture(sets: SetDistances, close: Pairs) -> Figures:
    picture = of_assignment(nearest(close))
    names = np.unique(close.tracks.id)
    return {
        "gospa_m": sets.mean_gospa_m,
        "gospa_localisation_m": float(np.sqrt(sets.localisation).mean()),
        "missed_per_scan": float(sets.missed_count.mean()),
        "false_per_scan": float(sets.false_count.mean()),
        "ospa_m": sets.mean_ospa_m,
        "completeness": picture.completeness,
        "ambiguity": picture.ambiguity,
        "spuriousness": picture.spuriousness,
        "longest_segment": picture.longest_segment,
        "false_tracks": float(len(np.setdiff1d(names, close.tracks.id[close.track_row]))),
    }


def _lives(stays: Pairs) -> Figures:
    lives = of_lasting(stays)
    return {
        "coverage": lives.coverage,
        "identities_per_object": lives.identities_per_object,
        "identity_switches": float(lives.switches.sum()),
        "never_followed": float(lives.never_followed),
        "confirm_scans": lives.median_confirm_instants,
        "probability_of_update": lives.probability_of_update,
        "long_gap_share": lives.long_gap_share,
        "unbroken": lives.unbroken,
    }


def _kinematics(scene: Scene, best: Pairs, covariance: Floats) -> tuple[Figures, Floats, Floats]:
    """Figures, and of each pair its age in instants and its NEES."""
    who, when = _where(scene, best)
    bound = scene.bound[who, when]
    held = np.asarray(np.isfinite(bound).all(axis=(1, 2)))
    pairs, bound, who, when = best.take(held), bound[held], who[held], when[held]
    all_errors = errors(pairs)
    position = np.sqrt(np.einsum("nii->n", bound[:, :3, :3]))
    speed = np.sqrt(np.einsum("nii->n", bound[:, 3:6, 3:6]))
    age = _age(who, when)
    young = age < FIRST_INSTANTS
    error = error_vectors(pairs)
    squares = normalised_squares(error, covariance[pairs.track_row, :6, :6])
    figures = {
        "position_rms_m": all_errors.position_rms_m,
        "position_rms_bound_m": rms(position),
        "position_median_m": all_errors.position_median_m,
        "position_median_bound_m": _typical(bound[:, :3, :3]),
        "velocity_rms_mps": all_errors.velocity_rms_mps,
        "velocity_rms_bound_mps": rms(speed),
        "velocity_median_mps": all_errors.velocity_median_mps,
        "velocity_median_bound_mps": _typical(bound[:, 3:6, 3:6]),
        "young_position_rms_m": rms(pairs.distance_m[young]),
        "young_position_rms_bound_m": rms(position[young]),
        "young_velocity_rms_mps": rms(np.sqrt((error[young, 3:] ** 2).sum(axis=1))),
        "young_velocity_rms_bound_mps": rms(speed[young]),
        "nees": _mean(squares) / 6.0,
        "nees_inside": consistency(squares, when.astype(np.float64), 6).inside,
    }
    return figures, age.astype(np.float64), squares


def _where(scene: Scene, pairs: Pairs) -> tuple[Ints, Ints]:
    """Flight and instant of each pair."""
    rows = pairs.truth_row
    when = np.searchsorted(scene.flights.time_s, pairs.truth.time_s[rows])
    return pairs.truth.id[rows], when.astype(np.int64)


def _age(who: Ints, when: Ints) -> Ints:
    """Instants since each flight was first paired."""
    first = np.full(int(who.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, who, when)
    return np.asarray(when - first[who])


def _typical(covariance: Floats) -> float:
    """Median length of an error drawn once from every covariance: what the bound allows."""
    known = np.isfinite(covariance).all(axis=(1, 2))
    if not known.any():
        return float("nan")
    values, _ = np.linalg.eigh(covariance[known])
    draws = np.random.default_rng(0).normal(size=(_DRAWS, 1, covariance.shape[1]))
    lengths = np.sqrt((np.maximum(values, 0.0) * draws**2).sum(axis=2))
    return float(np.median(lengths))


def _impacts(scene: Scene, best: Pairs, predicted: Impacts) -> tuple[Figures, ImpactMisses]:
    impacts = predicted.take(best.track_row)
    landed = np.asarray(impacts.status == "landed")
    who, when = _where(scene, best.take(landed))
    every = _misses(impacts.take(landed), scene, who)
    apart = np.abs(every.seconds_left[:, None] - np.array(SECONDS_LEFT))
    wanted = np.asarray(apart.min(axis=1, initial=np.inf) <= 0.5)
    misses = every.take(wanted)
    limit = scene.impact_bound(who[wanted], when[wanted])
    found: Figures = {}
    for seconds in SECONDS_LEFT:
        at = np.abs(misses.seconds_left - seconds) <= 0.5
        found[f"impact_{seconds}s_m"] = _median(misses.distance_m[at])
        found[f"impact_{seconds}s_bound_m"] = _typical(limit[at])
    held = misses.take(np.isfinite(misses.squares)).coverage()
    found |= {
        f"impact_region_{round(100 * level)}": share
        for level, share in zip(LEVELS, held, strict=True)
    }
    return found, every


def _misses(impacts: Impacts, scene: Scene, who: Ints) -> ImpactMisses:
    flights = scene.flights
    lat, lon = flights.impact_deg[who].T
    if not flights.plane:
        return impact_misses(impacts, lat, lon, flights.impact_time_s[who])
    ee, en, nn = impacts.covariance_m2.T
    return ImpactMisses(
        seconds_left=flights.impact_time_s[who] - impacts.time_s,
        miss_m=PLANE_DEGREE_M * np.column_stack([impacts.lon_deg - lon, impacts.lat_deg - lat]),
        covariance_m2=np.stack([np.column_stack([ee, en]), np.column_stack([en, nn])], axis=1),
        time_error_s=impacts.impact_time_s - flights.impact_time_s[who],
    )


def _mean(squares: Floats) -> float:
    known = squares[np.isfinite(squares)]
    return float(known.mean()) if len(known) else float("nan")


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else float("nan")
