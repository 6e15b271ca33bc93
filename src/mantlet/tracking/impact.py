"""Where and when tracks will land, and how sure that is."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import impact as kernel
from mantlet.kernels.measurement import FIGURES
from mantlet.kernels.track_models import COAST, MODELS, ROUGH_SHARE
from mantlet.kernels.tuning import TuningRow
from mantlet.tables import Impacts, Tracks, for_kernel
from mantlet.tracking.doubts import doubtful
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.world.air import Air
from mantlet.world.terrain import Terrain

Floats = NDArray[np.float64]

_CURVE_WALK = 0.008
"""Random walk of ln(beta) [1/s] where the drag curve is not known: 0.6 in 45 s."""
_NO_TERRAIN = np.empty(0)
_NO_RADARS = np.empty((0, FIGURES))
_STATUS = np.array(["landed", "aloft", "invalid"], dtype=object)


def predict_impacts(
    tracks: Tracks,
    air: Air,
    settings: TrackerSettings = DEFAULT_SETTINGS,
    terrain: Terrain | None = None,
) -> Impacts:
    """Where and when each track will reach the ground, and how surely, from the table alone.

    Anybody's tracks: nothing is known of them but one state and its covariance, drag by the
    rocket's curve. `Tracker.impacts` knows the models behind its own tracks and is sharper.

    Parameters
    ----------
    tracks : Tracks, n rows
        Closed ones are not predicted.
    air : Air
        The air assumed.
    settings : TrackerSettings
        Whose process noise to add on the way. The drag curve being unknown, ln(beta) walks.
    terrain : Terrain, optional
        Relief to end on; ellipsoid height 0 without.

    Returns
    -------
    Impacts, n rows, in the order of `tracks`
        Status `landed`; `aloft` if there is no ground contact within 600 s; `invalid` for closed
        tracks and states that are no number. The last two hold NaN.

    Accuracy
    --------
    Against the flight kernel at its own tolerance, from 1,000 random states known to 20 m and
    2 m/s: half within 0.1 m, 99 % within 2 m, the worst 3.2 m; vaguer ones with longer steps, 99 %
    within 1 % of their sigma. Covariance: first order, within 10 % of sampled flights at 20 m,
    2 m/s and 5 % drag; the sigma within 3 % of that with steps of 0.1 s.
    """
    n = len(tracks)
    mean, cov = np.zeros((n, MODELS, 7)), np.zeros((n, MODELS, 7, 7))
    weight = np.zeros((n, MODELS))
    i, j = np.triu_indices(7)
    mean[:, COAST], weight[:, COAST] = tracks.state, 1.0
    cov[:, COAST, i, j] = tracks.covariance
    cov[:, COAST, j, i] = tracks.covariance
    tuning = doubtful(replace(settings, ln_beta_walk=_CURVE_WALK), air).tuning_row
    bank = (mean, cov, weight, for_kernel(tracks.time_s))
    return impacts_of(tracks, bank, np.arange(n), tuning, air, terrain)


def impacts_of(
    tracks: Tracks,
    bank: tuple[Floats, Floats, Floats, Floats],
    rows: NDArray[np.int64],
    tuning: TuningRow,
    air: Air,
    terrain: Terrain | None,
    radars: Floats = _NO_RADARS,
    untold: float = ROUGH_SHARE,
) -> Impacts:
    """The same from banks of models (mean, covariance, weight, time), of which `rows` are meant.

    `untold` is the share of the rough model, by all tracks. What the `radars` say of their
    standing errors is added; a table's covariances have it already.
    """
    status, found = kernel.predict_impacts(
        *bank,
        rows,
        for_kernel(tracks.time_s),
        np.asarray(tracks.status != "closed", dtype=np.bool_),
        untold,
        radars,
        tuning,
        air.packed,
        _NO_TERRAIN if terrain is None else terrain.packed,
    )
    return Impacts.trusted(
        track_id=tracks.track_id,
        time_s=tracks.time_s,
        impact_time_s=found[:, kernel.TIME],
        impact_time_sigma_s=found[:, kernel.TIME_SIGMA],
        lat_deg=found[:, kernel.LAT],
        lon_deg=found[:, kernel.LON],
        covariance_m2=found[:, kernel.EAST_EAST :],
        status=_STATUS[status],
    )


def predict_paths(tracks: Tracks, air: Air, step_s: float, count: int) -> Floats:
    """Predicted ECEF positions, (n, count, 3) [m], at `time_s + step_s * (k + 1)`.

    NaN from the ground contact on. Mean only; one-second steps, 99 % of flights within 1 m.

    Raises
    ------
    ValueError
        If `step_s` is not positive.
    """
    if not step_s > 0.0:
        raise ValueError(f"step_s {step_s}: must be positive")
    states = for_kernel(tracks.state)
    paths = np.full((len(tracks), count, 3), np.nan)
    kernel.predict_paths(states, float(step_s), air.packed, paths)
    return paths
