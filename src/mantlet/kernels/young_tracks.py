"""Young tracks in a crowd: several hypotheses each, existence, and soft claims on plots.

Where many objects appear close together, the second plot of one often lies in the wide gates of
others, and who decides at once decides wrongly. A young track here is one component of a labelled
multi-Bernoulli density: it exists with some probability and holds up to five hypotheses of which
plots were its own, in the places where a confirmed track keeps its models. Claims on plots are
settled by belief propagation, which never gives a plot away twice on the whole, and wrong
hypotheses die when the next plots do not lie on their way. A track is confirmed once it surely
exists and one hypothesis is left.

References: S. Reuter, B.-T. Vo, B.-N. Vo, K. Dietmayer, "The labeled multi-Bernoulli filter",
IEEE Trans. SP 62 (12), 2014; J. L. Williams, "Marginal multi-Bernoulli filters", IEEE Trans. AES
51 (3), 2015.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.association import LN_2PI_3, THRUST_SHARE, reach
from mantlet.kernels.claims import Claims, settle
from mantlet.kernels.compiled import kernel
from mantlet.kernels.measurement import DETECTION, covers, plot_sigma, slant_range
from mantlet.kernels.new_objects import climb_odds
from mantlet.kernels.plot_update import update_with
from mantlet.kernels.scan_plots import ScanPlots, any_within, first_at_least
from mantlet.kernels.track_life import book_hit, book_miss, confirm, plausible
from mantlet.kernels.track_models import MODELS, join, likeliest
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_rows import AT, BORN, HIT, LAST_PLOT, TrackRows
from mantlet.kernels.tuning import Tuning

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MOST = 40  # hypotheses times plots that one young track may weigh in a scan
_EXISTS = 0.98  # confirmed above
_SURE = 0.95  # share of the leading hypothesis of a track that may be confirmed
_RARE = 1e-3  # hypotheses below this share go
_KNOWN_SPEED_MPS = 150.0  # a velocity less sure than this rests on a single plot
_MOST_LOGIT = 14.0
_RATES_MPS = 1_000.0  # over so much the range rates of false plots spread (notional)
_NOT_WORTH = 0.001  # less likely objects begin no track


class Branches(NamedTuple):
    """Row k: how the hypotheses of young track k may go on, `used[k]` of them."""

    used: Ints
    """(tracks)"""
    hypothesis: Ints
    """(tracks, most)"""
    plot: Ints
    """(tracks, most)"""
    thrust_m2: Floats
    """(tracks, most) variance [m2] of a motor burning since the last plot; 0 for none"""
    weight: Floats
    """(tracks, most) likelihood against false or new, existence and hypothesis included"""


@kernel
def step_young(
    tracks: TrackRows,
    rows: Ints,
    radars: Floats,
    index: int,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    work: Floats,
    score: Floats,
) -> None:
    """Take in one scan for the tentative tracks `rows`, in place.

    `score` (plots) gets the log odds with which a track would begin at each.
    """
    n, radar = rows.size, radars[index]
    branches = Branches(
        np.zeros(n, np.int64),
        np.empty((n, _MOST), np.int64),
        np.empty((n, _MOST), np.int64),
        np.empty((n, _MOST)),
        np.empty((n, _MOST)),
    )
    claims = Claims(
        np.arange(n) * _MOST,
        np.zeros(n, np.int64),
        np.empty(n * _MOST, np.int64),
        np.empty(n * _MOST),
        np.empty(n),
    )
    for k in range(n):
        detection = branch(tracks, rows[k], k, radar, plots, tuning, air, time_s, work, branches)
        claims.absent[k] = 1.0 - existence(tracks.score[rows[k]]) * detection
        collect(branches, claims, k)
    share = np.empty(n * _MOST)
    free = settle(claims, plots.slant.size, share)
    room = np.empty((MODELS, STATES)), np.empty((MODELS, STATES, STATES)), np.empty(MODELS)
    for k in range(n):
        i = rows[k]
        detection = (1.0 - claims.absent[k]) / existence(tracks.score[i])
        hit = go_on(
            tracks, i, k, branches, claims, share, detection, radar, plots, time_s, room, work
        )
        if hit:
            book_hit(tracks, i, time_s)
            if ready(tracks, i, tuning):
                lead_alone(tracks, i, plots)
                confirm(tracks, i, tuning, air, time_s)
        else:
            book_miss(tracks, i, radars, index, tuning, air, time_s)
    for j in range(plots.slant.size):
        score[j] = first_score(free[j], plots.ln_new[j])


@kernel
def first_score(free: float, ln_new: float) -> float:
    """Log odds that a plot which is no young track's with probability `free` is a new object's."""
    exists = free * existence(ln_new)
    if exists < _NOT_WORTH:
        return -math.inf
    return math.log(exists / (1.0 - exists))


@kernel
def existence(logit: float) -> float:
    """Probability from its log odds."""
    return 1.0 / (1.0 + math.exp(-logit))


@kernel
def branch(
    tracks: TrackRows,
    i: int,
    k: int,
    radar: Floats,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    work: Floats,
    branches: Branches,
) -> float:
    """Predict a track's hypotheses and list how they may go on; the probability of detection.

    A track without any plot in reach is left where it is: most begin at false plots.
    """
    clocks, weight = tracks.clocks[i], tracks.weight[i]
    lead, ahead = tracks.mean[i, likeliest(weight)], time_s - clocks[AT]
    x, y, z = lead[0] + ahead * lead[3], lead[1] + ahead * lead[4], lead[2] + ahead * lead[5]
    if not covers(radar, x, y, z):
        return 0.0
    near = False
    for m in range(MODELS):
        if weight[m] > 0.0 and not near:
            near = in_reach(tracks.mean[i, m], tracks.cov[i, m], ahead, radar, plots, tuning)
    if near:
        burning = time_s - clocks[BORN] <= tuning.thrust_s
        thrust_m2 = tuning.thrust_noise * (time_s - clocks[HIT]) ** 3 / 3.0 if burning else 0.0
        scale = existence(tracks.score[i]) * radar[DETECTION]
        for m in range(MODELS):
            if weight[m] > 0.0:
                mean, cov = tracks.mean[i, m], tracks.cov[i, m]
                ekf.predict(mean, cov, ahead, 0.0, 0, tuning.law, air, work)
                alone = cov[3, 3] + cov[4, 4] + cov[5, 5] > 1.5 * tuning.speed_sigma_mps**2
                gap_s = time_s - clocks[BORN] if alone else 0.0
                add_branches(
                    mean, cov, m, k, scale * weight[m], thrust_m2, radar, plots, tuning, branches,
                    gap_s,
                )  # fmt: skip
        clocks[AT] = time_s
    return float(radar[DETECTION])


@kernel
def in_reach(
    mean: Floats, cov: Floats, ahead: float, radar: Floats, plots: ScanPlots, tuning: Tuning
) -> bool:
    """Whether a plot lies where a hypothesis could be by now."""
    x, y, z = mean[0] + ahead * mean[3], mean[1] + ahead * mean[4], mean[2] + ahead * mean[5]
    slant = slant_range(radar, x, y, z)
    far = reach(cov, ahead, tuning.law.noise, plot_sigma(radar, slant), tuning.gate)
    return any_within(plots, x, y, z, slant, far)


@kernel
def add_branches(
    mean: Floats,
    cov: Floats,
    m: int,
    k: int,
    scale: float,
    thrust_m2: float,
    radar: Floats,
    plots: ScanPlots,
    tuning: Tuning,
    branches: Branches,
    first_gap_s: float,
) -> None:
    """List the plots in one hypothesis' gate, with and without thrust since the last one."""
    inverse = np.empty(6)
    slant = slant_range(radar, mean[0], mean[1], mean[2])
    far = reach(cov, 0.0, 0.0, plot_sigma(radar, slant), tuning.gate)
    far += math.sqrt(tuning.gate * thrust_m2)
    kinds = 2 if thrust_m2 > 0.0 else 1
    for j in range(first_at_least(plots.slant, slant - far), plots.slant.size):
        if plots.slant[j] > slant + far:
            break
        if plots.taken[j] == 1:
            continue
        for kind in range(kinds):
            extra = thrust_m2 * kind
            d2, ln_det = ekf.innovation(
                mean, cov, plots.position[j], plots.spread[j], extra, inverse
            )
            if d2 <= tuning.gate:
                share = 1.0 if kinds == 1 else (THRUST_SHARE if kind == 1 else 1.0 - THRUST_SHARE)
                ln = -0.5 * (d2 + ln_det + LN_2PI_3) - plots.ln_clutter[j]
                if first_gap_s > 0.0:
                    ln += math.log(
                        climb_odds(
                            radar, mean, plots.position[j], first_gap_s,
                            plot_sigma(radar, slant), tuning.speed_sigma_mps,
                        )
                    )  # fmt: skip
                put(branches, k, m, j, extra, scale * share * math.exp(ln))


@kernel
def put(branches: Branches, k: int, m: int, j: int, extra: float, weight: float) -> None:
    """Add a branch; of too many the least likely goes."""
    at = branches.used[k]
    if at == _MOST:
        at = 0
        for c in range(1, _MOST):
            if branches.weight[k, c] < branches.weight[k, at]:
                at = c
        if branches.weight[k, at] >= weight:
            return
    else:
        branches.used[k] += 1
    branches.hypothesis[k, at], branches.plot[k, at] = m, j
    branches.thrust_m2[k, at], branches.weight[k, at] = extra, weight


@kernel
def collect(branches: Branches, claims: Claims, k: int) -> None:
    """The claims of a track: its branches, added up by plot."""
    for b in range(branches.used[k]):
        at, end = -1, claims.start[k] + claims.used[k]
        for c in range(claims.start[k], end):
            if claims.plot[c] == branches.plot[k, b]:
                at = c
        if at < 0:
            at = end
            claims.used[k] += 1
            claims.plot[at], claims.weight[at] = branches.plot[k, b], 0.0
        claims.weight[at] += branches.weight[k, b]


@kernel
def go_on(
    tracks: TrackRows,
    i: int,
    k: int,
    branches: Branches,
    claims: Claims,
    share: Floats,
    detection: float,
    radar: Floats,
    plots: ScanPlots,
    time_s: float,
    room: tuple[Floats, Floats, Floats],
    work: Floats,
) -> bool:
    """New hypotheses and existence of a track, in place; whether a plot was likelier than none."""
    exists, hit = existence(tracks.score[i]), 0.0
    first, end = claims.start[k], claims.start[k] + claims.used[k]
    for c in range(first, end):
        hit += share[c]
    missed = (1.0 - hit) * exists * (1.0 - detection) / (1.0 - exists * detection)
    chance = np.empty(branches.used[k] + MODELS)
    for b in range(branches.used[k]):
        for c in range(first, end):
            if claims.plot[c] == branches.plot[k, b]:
                chance[b] = share[c] * branches.weight[k, b] / claims.weight[c]
    for m in range(MODELS):
        chance[branches.used[k] + m] = missed * tracks.weight[i, m]
    best = keep_best(tracks, i, k, branches, chance, radar, plots, time_s, room, work)
    now = hit + missed
    tracks.score[i] = min(max(math.log(now / max(1.0 - now, 1e-9)), -_MOST_LOGIT), _MOST_LOGIT)
    if best >= 0:
        tracks.marks[i, LAST_PLOT] = plots.plot_id[branches.plot[k, best]]
    return hit > missed


@kernel
def keep_best(
    tracks: TrackRows,
    i: int,
    k: int,
    branches: Branches,
    chance: Floats,
    radar: Floats,
    plots: ScanPlots,
    time_s: float,
    room: tuple[Floats, Floats, Floats],
    work: Floats,
) -> int:
    """Keep the likeliest ways to go on as the new hypotheses; the best branch, -1 for a miss."""
    means, covs, weights = room
    inverse, whole, leader = np.empty(6), 0.0, -1
    for c in range(chance.size):
        whole += chance[c]
    kept = 0
    while kept < MODELS:
        b = int(np.argmax(chance))
        if not chance[b] > _RARE * whole:
            break
        missed = b >= branches.used[k]
        m = b - branches.used[k] if missed else branches.hypothesis[k, b]
        ekf.copy_state(tracks.mean[i, m], tracks.cov[i, m], means[kept], covs[kept])
        weights[kept] = chance[b]
        if not missed:
            j = branches.plot[k, b]
            if branches.thrust_m2[k, b] > 0.0:
                gap = time_s - tracks.clocks[i, HIT]
                ekf.loosen(covs[kept], gap, 3.0 * branches.thrust_m2[k, b] / gap**3)
            ln_rate = update_with(means[kept], covs[kept], radar, plots, j, inverse, work)
            if math.isfinite(plots.rate[j]):
                weights[kept] *= _RATES_MPS * math.exp(ln_rate)
            if kept == 0:
                leader = b
        chance[b] = 0.0
        kept += 1 - absorbed(means, covs, weights, kept)
    total = 0.0
    for m in range(kept):
        total += weights[m]
    for m in range(MODELS):
        tracks.weight[i, m] = weights[m] / total if m < kept else 0.0
        if m < kept:
            ekf.copy_state(means[m], covs[m], tracks.mean[i, m], tracks.cov[i, m])
    return leader


@kernel
def absorbed(means: Floats, covs: Floats, weights: Floats, last: int) -> int:
    """Join hypothesis `last` with one before it that says the same; 1 if there is one, else 0."""
    for m in range(last):
        if agree(means[m], covs[m], means[last], covs[last]):
            weights[m] += weights[last]
            share = 1.0 - weights[last] / weights[m]
            join(means[m], covs[m], share, means[last], covs[last])
            return 1
    return 0


@kernel
def agree(mean: Floats, cov: Floats, other: Floats, other_cov: Floats) -> bool:
    """Whether two hypotheses differ by less than their doubt, in position and in velocity."""
    for first in range(0, 6, 3):
        apart2, doubt2 = 0.0, 0.0
        for a in range(first, first + 3):
            apart2 += (mean[a] - other[a]) ** 2
            doubt2 += cov[a, a] + other_cov[a, a]
        if apart2 > doubt2:
            return False
    return True


@kernel
def ready(tracks: TrackRows, i: int, tuning: Tuning) -> bool:
    """Whether a track surely exists, one hypothesis leads, and that one knows where it goes."""
    lead = likeliest(tracks.weight[i])
    mean, cov = tracks.mean[i, lead], tracks.cov[i, lead]
    known = cov[3, 3] + cov[4, 4] + cov[5, 5] < 3.0 * _KNOWN_SPEED_MPS**2
    sure = existence(tracks.score[i]) > _EXISTS and tracks.weight[i, lead] > _SURE
    return bool(known and sure and plausible(mean, cov, tuning))


@kernel
def lead_alone(tracks: TrackRows, i: int, plots: ScanPlots) -> None:
    """The leading hypothesis becomes the track; its plot is nobody else's any more."""
    lead = likeliest(tracks.weight[i])
    if lead > 0:
        ekf.copy_state(
            tracks.mean[i, lead], tracks.cov[i, lead], tracks.mean[i, 0], tracks.cov[i, 0]
        )
    for m in range(MODELS):
        tracks.weight[i, m] = 1.0 if m == 0 else 0.0
    for j in range(plots.plot_id.size):
        if plots.plot_id[j] == tracks.marks[i, LAST_PLOT]:
            plots.taken[j] = 1
