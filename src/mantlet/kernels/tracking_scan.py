"""One scan of one radar through the tracker: predict, associate, update, begin, end.

Confirmed tracks choose their plots first, tentative ones among what is left. A tentative track
has a gate kilometres wide until its second plot; letting it compete would tie far-apart confirmed
tracks into one assignment problem and now and then cost one of them its plot.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import filter as ekf
from mantlet.kernels import track_life as life
from mantlet.kernels.assignment import assign_sparse
from mantlet.kernels.association import any_within, edges_of, fit, hit_score, plot_sigma, reach
from mantlet.kernels.compiled import kernel
from mantlet.kernels.dynamics import EARTH, ground_height
from mantlet.kernels.measurement import (
    DETECTION,
    covered_by_any,
    covers,
    locate_plot,
    slant_range,
)
from mantlet.kernels.terminal_fall import settle_drag

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# Columns of `clocks` [s].
AT, HIT, BLIND, ENDED, BORN = range(5)
CLOCKS = 5
# Columns of `marks`.
ID, STATUS, LOOKS, LAST_PLOT = range(4)
MARKS = 4
# Entries of `counters`.
ROWS, NEXT_ID = range(2)

_LOOKS_KEPT = (1 << 32) - 1


@kernel
def scan(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    score: Floats,
    counters: Ints,
    radars: Floats,
    index: int,
    settings: Floats,
    air: Floats,
    time_s: float,
    plot_id: Ints,
    ranges: Floats,
    azimuth: Floats,
    elevation: Floats,
    own: Floats,
) -> None:
    """Take in one scan, in place.

    Track arrays have room for `counters[ROWS]` plus all plots; `mean` (rows, 7), `cov` (rows, 7,
    7), `clocks` (rows, 5), `marks` (rows, 4), `score` (rows). `radars` (k, FIGURES), of which
    `index` looked at `time_s`; plots sorted by range. `own` (m, 3): where own interceptors should
    be; plots near them that fit no confirmed track are set aside.
    """
    radar = radars[index]
    plots, spreads = np.empty((ranges.size, 3)), np.empty((ranges.size, 6))
    ln_clutter, taken = np.empty(ranges.size), np.zeros(ranges.size, np.bool_)
    for j in range(ranges.size):
        ln_clutter[j] = locate_plot(
            radar, ranges[j], azimuth[j], elevation[j], plots[j], spreads[j]
        )
    work, inverse = np.empty((16, 7)), np.empty(6)
    _forget_closed(mean, cov, clocks, marks, score, counters, time_s - settings[life.CLOSED_SHOWN])
    for status in (life.CONFIRMED, life.TENTATIVE):
        rows = _rows_with(marks, counters[ROWS], status)
        # Room for every pair: memory that no edge touches is never really taken.
        pairs = rows.size * ranges.size
        start, column, cost = (
            np.empty(rows.size + 1, np.int64),
            np.empty(pairs, np.int64),
            np.empty(pairs),
        )
        start[0] = 0
        for k in range(rows.size):
            i = rows[k]
            slant = _advance(
                mean[i],
                cov[i],
                clocks[i],
                status,
                radar,
                settings,
                air,
                time_s,
                ranges,
                plots,
                taken,
                work,
            )
            start[k + 1] = start[k]
            if slant >= 0.0:
                start[k + 1] = edges_of(
                    mean[i],
                    cov[i],
                    slant,
                    radar,
                    ranges,
                    plots,
                    spreads,
                    ln_clutter,
                    taken,
                    _thrust_variance(clocks[i], settings, time_s),
                    settings[life.GATE],
                    inverse,
                    column,
                    cost,
                    start[k],
                )
        chosen = assign_sparse(start, column, cost, ranges.size, 0.0)
        for k in range(rows.size):
            i, j = rows[k], chosen[k]
            if j >= 0:
                taken[j] = True
                d2, ln_det = _take_in(
                    mean[i],
                    cov[i],
                    clocks[i],
                    plots[j],
                    spreads[j],
                    settings,
                    time_s,
                    inverse,
                    work,
                )
                score[i] += hit_score(d2, ln_det, ln_clutter[j], radar[DETECTION])
                marks[i, LAST_PLOT] = plot_id[j]
                _after_hit(mean[i], cov[i], clocks[i], marks[i], counters, settings, air, time_s)
            else:
                score[i] += _after_miss(
                    mean[i], cov[i], clocks[i], marks[i], radars, index, settings, air, time_s
                )
        if status == life.CONFIRMED:
            _set_own_aside(own, radar, settings, ranges, plots, taken)
    _begin(
        mean, cov, clocks, marks, score, counters, settings, time_s, plot_id, plots, spreads, taken
    )


@kernel
def _rows_with(marks: Ints, count: int, status: int) -> Ints:
    rows = np.empty(count, np.int64)
    n = 0
    for i in range(count):
        if marks[i, STATUS] == status:
            rows[n] = i
            n += 1
    return rows[:n]


@kernel
def _advance(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    status: int,
    radar: Floats,
    settings: Floats,
    air: Floats,
    time_s: float,
    ranges: Floats,
    plots: Floats,
    taken: Flags,
    work: Floats,
) -> float:
    """Predict a track to the scan and return its slant range; -1 if no plot can be its own.

    A tentative track is moved only when a plot is within reach: most die without ever costing
    a prediction.
    """
    ahead = time_s - clocks[AT]
    if status == life.TENTATIVE:
        x, y, z = mean[0] + ahead * mean[3], mean[1] + ahead * mean[4], mean[2] + ahead * mean[5]
        slant = slant_range(radar, x, y, z)
        reach_m = reach(
            cov, ahead, settings[life.NOISE], plot_sigma(radar, slant), settings[life.GATE]
        )
        if not any_within(x, y, z, slant, reach_m, ranges, plots, taken):
            return -1.0
    ekf.predict(
        mean, cov, ahead, settings[life.LEG], settings[life.NOISE], settings[life.WALK], air, work
    )
    clocks[AT] = time_s
    return slant_range(radar, mean[0], mean[1], mean[2])


@kernel
def _thrust_variance(clocks: Floats, settings: Floats, time_s: float) -> float:
    """Position variance [m2] that thrust since the last hit may have added; 0 for old tracks."""
    if time_s - clocks[BORN] > settings[life.THRUST_TIME]:
        return 0.0
    return float(settings[life.THRUST_NOISE] * (time_s - clocks[HIT]) ** 3 / 3.0)


@kernel
def _take_in(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    plot: Floats,
    spread: Floats,
    settings: Floats,
    time_s: float,
    inverse: Floats,
    work: Floats,
) -> tuple[float, float]:
    """Update a track with its plot; squared distance and ln det S, as the association saw them."""
    thrust_m2 = _thrust_variance(clocks, settings, time_s)
    thrust, d2, ln_det = fit(mean, cov, plot, spread, thrust_m2, settings[life.GATE], inverse)
    if thrust:
        ekf.loosen(cov, time_s - clocks[HIT], settings[life.THRUST_NOISE])
    ekf.innovation(mean, cov, plot, spread, 0.0, inverse)
    ekf.update(mean, cov, plot, spread, inverse, work)
    return d2, ln_det


@kernel
def _after_hit(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    counters: Ints,
    settings: Floats,
    air: Floats,
    time_s: float,
) -> None:
    clocks[HIT] = time_s
    marks[LOOKS] = ((marks[LOOKS] << 1) | 1) & _LOOKS_KEPT
    if marks[STATUS] == life.TENTATIVE and life.confirms(marks[LOOKS], mean, cov, settings):
        marks[STATUS] = life.CONFIRMED
        marks[ID] = counters[NEXT_ID]
        counters[NEXT_ID] += 1
    if marks[STATUS] == life.CONFIRMED:
        settle_drag(mean, cov, air)


@kernel
def _after_miss(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    radars: Floats,
    index: int,
    settings: Floats,
    air: Floats,
    time_s: float,
) -> float:
    """Book a scan without plot; close the track if that is its end. Returns the score it costs."""
    ahead = time_s - clocks[AT]
    x, y, z = mean[0] + ahead * mean[3], mean[1] + ahead * mean[4], mean[2] + ahead * mean[5]
    loss = 0.0
    if covers(radars[index], x, y, z):
        marks[LOOKS] = (marks[LOOKS] << 1) & _LOOKS_KEPT
        loss = np.log(1.0 - radars[index, DETECTION])
    elif not covered_by_any(radars, x, y, z):
        clocks[BLIND] = time_s
    height = ground_height(x, y, z, air[0] != EARTH)
    if life.ends(
        marks[STATUS], marks[LOOKS], time_s, clocks[HIT], clocks[BLIND], height, cov, settings
    ):
        marks[STATUS] = life.CLOSED
        # A tentative track was never shown, so its end need not be either.
        clocks[ENDED] = time_s if marks[ID] >= 0 else -np.inf
    return loss


@kernel
def _set_own_aside(
    own: Floats, radar: Floats, settings: Floats, ranges: Floats, plots: Floats, taken: Flags
) -> None:
    """Mark as taken every plot that may be one of the own interceptors."""
    for j in range(ranges.size):
        limit = settings[life.OWN_RADIUS] + 3.0 * plot_sigma(radar, ranges[j])
        for m in range(own.shape[0]):
            dx, dy, dz = plots[j, 0] - own[m, 0], plots[j, 1] - own[m, 1], plots[j, 2] - own[m, 2]
            if dx * dx + dy * dy + dz * dz < limit * limit:
                taken[j] = True


@kernel
def _begin(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    score: Floats,
    counters: Ints,
    settings: Floats,
    time_s: float,
    plot_id: Ints,
    plots: Floats,
    spreads: Floats,
    taken: Flags,
) -> None:
    """Start a tentative track on every plot that is left: at the plot, speed unknown."""
    for j in range(plot_id.size):
        if taken[j] or not math.isfinite(plots[j, 0] + spreads[j, 0]):
            continue
        i = counters[ROWS]
        counters[ROWS] += 1
        for a in range(ekf.STATES):
            mean[i, a] = 0.0
            for b in range(ekf.STATES):
                cov[i, a, b] = 0.0
        k = 0
        for a in range(3):
            mean[i, a] = plots[j, a]
            cov[i, 3 + a, 3 + a] = settings[life.SPEED_SIGMA] ** 2
            for b in range(a, 3):
                cov[i, a, b] = spreads[j, k]
                cov[i, b, a] = spreads[j, k]
                k += 1
        mean[i, ekf.LN_BETA] = settings[life.LN_BETA]
        cov[i, ekf.LN_BETA, ekf.LN_BETA] = settings[life.LN_BETA_SIGMA] ** 2
        clocks[i, AT], clocks[i, HIT], clocks[i, BORN] = time_s, time_s, time_s
        clocks[i, BLIND], clocks[i, ENDED] = -np.inf, np.inf
        marks[i, ID], marks[i, STATUS], marks[i, LOOKS] = -1, life.TENTATIVE, 1
        marks[i, LAST_PLOT] = plot_id[j]
        score[i] = 0.0


@kernel
def _forget_closed(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    score: Floats,
    counters: Ints,
    before_s: float,
) -> None:
    """Drop closed tracks that have been reported, keeping the order of the rest."""
    kept = 0
    for i in range(counters[ROWS]):
        if marks[i, STATUS] == life.CLOSED and clocks[i, ENDED] <= before_s:
            continue
        if kept < i:
            ekf.copy_state(mean[i], cov[i], mean[kept], cov[kept])
            for c in range(CLOCKS):
                clocks[kept, c] = clocks[i, c]
            for c in range(MARKS):
                marks[kept, c] = marks[i, c]
            score[kept] = score[i]
        kept += 1
    counters[ROWS] = kept


@kernel
def report(
    mean: Floats,
    cov: Floats,
    clocks: Floats,
    marks: Ints,
    counters: Ints,
    settings: Floats,
    air: Floats,
    time_s: float,
) -> tuple[Ints, Floats, Floats]:
    """Rows to show at `time_s`, with their states (n, 7) and covariances (n, 28) then.

    Shown are confirmed tracks and those closed since `time_s - settings[CLOSED_SHOWN]`.
    """
    since = time_s - settings[life.CLOSED_SHOWN]
    rows = np.empty(counters[ROWS], np.int64)
    n = 0
    for i in range(counters[ROWS]):
        if marks[i, STATUS] == life.CONFIRMED or (
            marks[i, STATUS] == life.CLOSED and clocks[i, ENDED] > since
        ):
            rows[n] = i
            n += 1
    rows = rows[:n]
    states, packed = np.empty((n, ekf.STATES)), np.empty((n, ekf.PACKED))
    work, moved = np.empty((16, 7)), np.empty((7, 7))
    for k in range(n):
        i = rows[k]
        ekf.copy_state(mean[i], cov[i], states[k], moved)
        ekf.predict(
            states[k],
            moved,
            time_s - clocks[i, AT],
            settings[life.LEG],
            settings[life.NOISE],
            settings[life.WALK],
            air,
            work,
        )
        ekf.pack(moved, packed[k])
    return rows, states, packed
