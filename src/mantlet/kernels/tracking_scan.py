"""One scan of one radar through the tracker: predict, associate, update, begin, end.

Confirmed tracks choose their plots first, tentative ones among what is left. A tentative track
has a gate kilometres wide until its second plot; letting it compete would tie far-apart confirmed
tracks into one assignment problem and now and then cost one of them its plot.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels.ambiguity import chance_of, chances, crowding
from mantlet.kernels.assignment import assign_sparse
from mantlet.kernels.association import (
    Edges,
    edges_of,
    fit,
    fit_models,
    hit_score,
    reach,
    room_for_edges,
)
from mantlet.kernels.borrowed import borrowed, outlive
from mantlet.kernels.compiled import kernel
from mantlet.kernels.joint_association import joint_odds
from mantlet.kernels.measurement import DETECTION, plot_sigma, slant_range
from mantlet.kernels.new_objects import climb_odds
from mantlet.kernels.plot_update import update_with
from mantlet.kernels.scan_plots import (
    ScanPlots,
    any_within,
    borrowed_plots,
    locate_plots,
    set_own_aside,
)
from mantlet.kernels.track_life import after_hit, after_miss
from mantlet.kernels.track_models import MODELS, join, predict_models, weigh
from mantlet.kernels.track_motion import STATES
from mantlet.kernels.track_rows import (
    AT,
    BORN,
    CONFIRMED,
    HIT,
    LAST_PLOT,
    STATUS,
    TENTATIVE,
    TrackRows,
    begin_tracks,
    borrowed_rows,
    forget_closed,
    rows_with,
)
from mantlet.kernels.tuning import Tuning, TuningRow
from mantlet.kernels.untold import remember_closed
from mantlet.kernels.young_tracks import step_young

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_JOINT_MOST = 10.0  # a pair this much dearer than a miss has odds of one in 150 at most
_LEAST_ODDS = 1e-3


@kernel
def scan(
    tracks: TrackRows,
    radars: Floats,
    index: int,
    tuning_row: TuningRow,
    air: Floats,
    time_s: float,
    plot_id: Ints,
    columns: Floats,
    own: Floats,
    joint: bool | None,
    labelled: bool | None,
) -> None:
    """Take in one scan, in place.

    `tracks` has room for all plots; of `radars` (k, FIGURES) number `index` looked at `time_s`;
    plots come as of `scan_intake.sift`. `own` (m, 3) [m]: where own interceptors should be;
    plots near them that fit no confirmed track are set aside. `joint` association and
    `labelled` initiation are True or None: what is None is left out of the machine code.
    """
    located = locate_plots(borrowed(radars)[index], plot_id, columns)
    work, score = np.empty((18, 7)), located.ln_new.copy()
    take_scan(
        borrowed_rows(tracks),
        borrowed(radars),
        index,
        borrowed_plots(located),
        tuning_row[0],
        borrowed(air),
        time_s,
        borrowed(own),
        borrowed(work),
        borrowed(score),
        joint,
        labelled,
    )
    outlive((located, work, score))


@kernel
def take_scan(
    tracks: TrackRows,
    radars: Floats,
    index: int,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    own: Floats,
    work: Floats,
    score: Floats,
    joint: bool | None,
    labelled: bool | None,
) -> None:
    """The same with plots located; `work` (18, 7) is scratch, `score` (plots) starts tracks."""
    radar = radars[index]
    remember_closed(tracks, time_s - tuning.closed_shown_s)
    forget_closed(tracks, time_s - tuning.closed_shown_s)
    rows = rows_with(tracks, CONFIRMED)
    if joint is None:
        hand_out(tracks, rows, radars, index, plots, tuning, air, time_s, work, np.empty(0))
    else:
        share_out(tracks, rows, radars, index, plots, tuning, air, time_s, work)
    set_own_aside(plots, own, radar, tuning.own_radius_m)
    rows = rows_with(tracks, TENTATIVE)
    if labelled is None:
        crowd = crowding(tracks, rows, plots)
        hand_out(tracks, rows, radars, index, plots, tuning, air, time_s, work, crowd)
    else:
        crowd = crowding(tracks, rows, plots)
        for j in range(crowd.size):
            plots.ln_clutter[j] += math.log(crowd[j])
        step_young(tracks, rows, radars, index, plots, tuning, air, time_s, work, score)
    begin_tracks(tracks, plots, radar, tuning, time_s, score)


@kernel
def hand_out(
    tracks: TrackRows,
    rows: Ints,
    radars: Floats,
    index: int,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    work: Floats,
    crowd: Floats,
) -> None:
    """Global nearest neighbour: each track gets one plot or none, the likeliest way of all.

    `crowd` (plots) says how much denser new objects are near each plot than usual; empty where
    no track's second plot can be among them.
    """
    edges = gate(tracks, rows, radars[index], plots, tuning, air, time_s, 0.0, work)
    chosen = assign_sparse(edges.start, edges.column, edges.cost, plots.slant.size, 0.0)
    share = chances(edges, crowd) if crowd.size > 0 else crowd
    for k in range(rows.size):
        i, j = rows[k], chosen[k]
        if j >= 0:
            surely = chance_of(edges, share, k, j) if crowd.size > 0 else 1.0
            take_in(tracks, i, radars[index], plots, j, tuning, time_s, work)
            after_hit(tracks, i, tuning, air, time_s, surely)
        else:
            after_miss(tracks, i, radars, index, tuning, air, time_s)


@kernel
def share_out(
    tracks: TrackRows,
    rows: Ints,
    radars: Floats,
    index: int,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    work: Floats,
) -> None:
    """Joint probabilistic association: each track gets its share of every plot in its gate."""
    edges = gate(tracks, rows, radars[index], plots, tuning, air, time_s, _JOINT_MOST, work)
    odds, missed = joint_odds(edges, plots.slant.size)
    claimed = np.zeros(plots.slant.size)
    for k in range(rows.size):
        i = rows[k]
        best = -1
        for e in range(edges.start[k], edges.start[k + 1]):
            claimed[edges.column[e]] += odds[e]
            if best < 0 or odds[e] > odds[best]:
                best = e
        if best >= 0:
            take_in_shares(tracks, i, radars[index], plots, edges, k, odds, missed[k], work)
        if best >= 0 and missed[k] < 0.5:
            tracks.marks[i, LAST_PLOT] = plots.plot_id[edges.column[best]]
            # A pair's cost is minus twice its odds against a miss.
            tracks.score[i] += math.log(1.0 - radars[index, DETECTION]) - 0.5 * edges.cost[best]
            after_hit(tracks, i, tuning, air, time_s, 1.0)
        else:
            after_miss(tracks, i, radars, index, tuning, air, time_s)
    for j in range(plots.slant.size):
        if claimed[j] > 0.5:
            plots.taken[j] = 1


@kernel
def gate(
    tracks: TrackRows,
    rows: Ints,
    radar: Floats,
    plots: ScanPlots,
    tuning: Tuning,
    air: Floats,
    time_s: float,
    most: float,
    work: Floats,
) -> Edges:
    """Predict tracks to the scan and list the plots that each may take."""
    edges = room_for_edges(rows.size, plots.slant.size)
    for k in range(rows.size):
        i = rows[k]
        count = edges.start[k]
        if may_have_plot(tracks, i, radar, plots, tuning, time_s):
            mean, cov, weight, clocks = (
                tracks.mean[i],
                tracks.cov[i],
                tracks.weight[i],
                tracks.clocks[i],
            )
            predict_models(mean, cov, weight, time_s - clocks[AT], tuning, air, work)
            clocks[AT] = time_s
            thrust_m2 = thrust_variance(tracks, i, tuning, time_s)
            gap_s = first_gap(tracks, i, time_s)
            count = edges_of(
                mean,
                cov,
                weight,
                radar,
                plots,
                thrust_m2,
                tuning.gate,
                most,
                edges,
                count,
                work,
                gap_s,
                tuning.speed_sigma_mps,
            )
        edges.start[k + 1] = count
    return edges


@kernel
def may_have_plot(
    tracks: TrackRows, i: int, radar: Floats, plots: ScanPlots, tuning: Tuning, time_s: float
) -> bool:
    """Whether a track is worth a prediction: confirmed, or with a plot within its reach.

    Most tentative tracks die without ever costing one.
    """
    if tracks.marks[i, STATUS] == CONFIRMED:
        return True
    mean, ahead = tracks.mean[i, 0], time_s - tracks.clocks[i, AT]
    x, y, z = mean[0] + ahead * mean[3], mean[1] + ahead * mean[4], mean[2] + ahead * mean[5]
    slant = slant_range(radar, x, y, z)
    sigma = plot_sigma(radar, slant)
    far = reach(tracks.cov[i, 0], ahead, tuning.law.noise, sigma, tuning.gate)
    return any_within(plots, x, y, z, slant, far)


@kernel
def thrust_variance(tracks: TrackRows, i: int, tuning: Tuning, time_s: float) -> float:
    """Position variance [m2] that thrust since the last hit may have added to a tentative track.

    0 for one too old, for one with a single plot, which has no velocity yet, and for confirmed
    ones, which have a model for it.
    """
    clocks = tracks.clocks[i]
    if (
        clocks[HIT] == clocks[BORN]
        or tracks.marks[i, STATUS] == CONFIRMED
        or time_s - clocks[BORN] > tuning.thrust_s
    ):
        return 0.0
    return float(tuning.thrust_noise * (time_s - clocks[HIT]) ** 3 / 3.0)


@kernel
def first_gap(tracks: TrackRows, i: int, time_s: float) -> float:
    """Seconds since the only plot of a track; 0 for one that has more."""
    clocks = tracks.clocks[i]
    return float(time_s - clocks[HIT]) if clocks[HIT] == clocks[BORN] else 0.0


@kernel
def take_in(
    tracks: TrackRows,
    i: int,
    radar: Floats,
    plots: ScanPlots,
    j: int,
    tuning: Tuning,
    time_s: float,
    work: Floats,
) -> None:
    """Update all models of track `i` with plot `j`."""
    plot, spread, inverse, ln = plots.position[j], plots.spread[j], work[16, :6], work[17, :MODELS]
    mean, cov, weight = tracks.mean[i], tracks.cov[i], tracks.weight[i]
    for m in range(MODELS):
        ln[m] = 0.0
    confirmed = tracks.marks[i, STATUS] == CONFIRMED
    if confirmed:
        _, density = fit_models(mean, cov, weight, plot, spread, ln)
        loss = -2.0 * density
    else:
        thrust_m2 = thrust_variance(tracks, i, tuning, time_s)
        thrust, d2, ln_det = fit(mean[0], cov[0], plot, spread, thrust_m2, tuning.gate)
        loss = d2 + ln_det
        gap_s = first_gap(tracks, i, time_s)
        if gap_s > 0.0:
            sigma = plot_sigma(radar, plots.slant[j])
            odds = climb_odds(radar, mean[0], plot, gap_s, sigma, tuning.speed_sigma_mps)
            loss -= 2.0 * math.log(odds)
        if thrust:
            ekf.loosen_along(mean[0], cov[0], time_s - tracks.clocks[i, HIT], tuning.thrust_noise)
    for m in range(MODELS):
        if weight[m] > 0.0:
            ln[m] += update_with(mean[m], cov[m], radar, plots, j, inverse, work)
    if confirmed:
        weigh(weight, ln)
    tracks.score[i] += hit_score(loss, plots.ln_clutter[j], radar[DETECTION])
    tracks.marks[i, LAST_PLOT] = plots.plot_id[j]
    plots.taken[j] = 1


@kernel
def take_in_shares(
    tracks: TrackRows,
    i: int,
    radar: Floats,
    plots: ScanPlots,
    edges: Edges,
    k: int,
    odds: Floats,
    missed: float,
    work: Floats,
) -> None:
    """Update all models of track `i`, row `k` of the edges, with its share of each plot.

    Each model becomes the mean and spread of what it would be after each plot, and after none.
    """
    mean, cov, weight = tracks.mean[i], tracks.cov[i], tracks.weight[i]
    ln, factor, inverse = np.empty(MODELS), np.full(MODELS, missed), work[16, :6]
    first, last = edges.start[k], edges.start[k + 1]
    for e in range(first, last):
        j = edges.column[e]
        _, density = fit_models(mean, cov, weight, plots.position[j], plots.spread[j], ln)
        for m in range(MODELS):
            if weight[m] > 0.0:
                factor[m] += odds[e] * math.exp(ln[m] - density)
    before, before_cov = np.empty(STATES), np.empty((STATES, STATES))
    after, after_cov = np.empty(STATES), np.empty((STATES, STATES))
    for m in range(MODELS):
        ln[m] = math.log(max(factor[m], 1e-300))
        if weight[m] == 0.0:
            continue
        ekf.copy_state(mean[m], cov[m], before, before_cov)
        total = missed
        for e in range(first, last):
            if odds[e] < _LEAST_ODDS:
                continue
            ekf.copy_state(before, before_cov, after, after_cov)
            update_with(after, after_cov, radar, plots, edges.column[e], inverse, work)
            total += odds[e]
            join(mean[m], cov[m], 1.0 - odds[e] / total, after, after_cov)
    weigh(weight, ln)
