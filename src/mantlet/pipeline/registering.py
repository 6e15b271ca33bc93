"""Recorded plots tracked, and the radars' biases worked out from that in a few rounds.

Under a bias of several plot sigmas the tracker refuses some plots, gives others to the wrong tracks
or keeps one track for each radar: a first estimate falls short and blames the wrong radar too, or
sees nothing at all. So where there is an alarm, or two radars have no track in common, plots are
tracked again with errors as wide as a bias may be; what that estimates is taken off the plots,
these are tracked as usual, and what is left is added.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mantlet.pipeline.tracking import PlotTracker, Progress, Tracked, track_plots
from mantlet.pipeline.witness import Witness
from mantlet.tables import Intervals, Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.registration import COMPONENTS, Registrar, Registration, without_bias

Floats = NDArray[np.float64]

ROUNDS = 3
"""At most so many after the first; the second is usually the last."""

Estimate = tuple[float, Registration]
"""When [s], and what."""


@dataclass(frozen=True)
class Registered:
    """Plots as they were and as corrected, both tracked, and what is known of the radars.

    `estimates` are of the plots as they were, the last made at their end; none where there is one
    radar. `taken_off` (k, 4) is what the corrected plots lack, zero where nothing alarmed: then
    both trackings are the same one. `left` is the estimate of the corrected plots.
    """

    plots: Plots
    found: Tracked
    corrected_plots: Plots
    corrected: Tracked
    taken_off: Floats
    estimates: tuple[Estimate, ...]
    left: Registration | None


TrackerOf = Callable[[tuple[RadarFigures, ...]], PlotTracker]
"""A tracker that is told these figures."""


def register(
    plots: Plots,
    make: TrackerOf,
    registrar: Registrar,
    spans: Intervals,
    progress: Progress | None = None,
) -> Registered:
    """Track plots (see `track_plots`) and estimate the biases of the registrar's radars.

    Biases are taken to last for the whole of the plots.
    """
    witness = Witness(make(registrar.radars), registrar)
    first = found = track_plots(plots, witness, spans, progress)
    taken_off, used = np.zeros((len(registrar.radars), len(COMPONENTS))), plots
    left = witness.estimate(found.state)
    for turn in range(ROUNDS):
        if left is None or (left.all_seen and not left.any_alarm) or (turn and not left.any_alarm):
            break
        if not turn:
            left = _coarse(plots, make, registrar, spans, progress) or left
        taken_off = taken_off + left.bias
        used = without_bias(plots, left.radar_ids, taken_off)
        found = track_plots(used, witness, spans, progress)
        left = witness.estimate(found.state)
    estimates = list(found.state.estimates)
    if left is not None:
        estimates.append((max(found.state.registrar.time_s, float(plots.time_s.max())), left))
    judged = registrar.judged
    whole = tuple((at_s, judged(e.bias + taken_off, e.covariance)) for at_s, e in estimates)
    return Registered(plots, first, used, found, taken_off, whole, left)


def _coarse(
    plots: Plots,
    make: TrackerOf,
    registrar: Registrar,
    spans: Intervals,
    progress: Progress | None,
) -> Registration | None:
    """An estimate by tracks with room for biases."""
    s = registrar.settings
    wide = tuple(
        replace(
            radar,
            sigma_range_m=float(np.hypot(radar.sigma_range_m, s.prior_range_m)),
            sigma_azimuth_rad=float(np.hypot(radar.sigma_azimuth_rad, s.prior_angle_rad)),
            sigma_elevation_rad=float(np.hypot(radar.sigma_elevation_rad, s.prior_angle_rad)),
        )
        for radar in registrar.radars
    )
    witness = Witness(make(wide), registrar)
    return witness.estimate(track_plots(plots, witness, spans, progress).state)
