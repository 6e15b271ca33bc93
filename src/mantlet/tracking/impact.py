"""Where and when tracks will land, and how sure that is."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import impact as kernel
from mantlet.tables import Impacts, Tracks, for_kernel
from mantlet.tracking.settings import DEFAULT_SETTINGS, TrackerSettings
from mantlet.world.air import Air

Floats = NDArray[np.float64]

_LEG_S = 2.0
_STATUS = np.array(["landed", "aloft", "invalid"], dtype=object)


def predict_impacts(
    tracks: Tracks, air: Air, settings: TrackerSettings = DEFAULT_SETTINGS
) -> Impacts:
    """Where and when each track will reach the ground (ellipsoid height 0), and how surely.

    The filter's own prediction, mean and covariance, is run down to the ground, so the doubt
    about drag and the process noise of the flight still to come are in the result. Where the
    filter knows no better than its prior the ellipse is large, and rightly so.

    Parameters
    ----------
    tracks : Tracks, n rows
        Closed ones are not predicted.
    air : Air
        The air assumed.
    settings : TrackerSettings
        Whose process noise to add on the way.

    Returns
    -------
    Impacts, n rows, in the order of `tracks`
        Status `landed`; `aloft` if there is no ground contact within 600 s; `invalid` for closed
        tracks and states that are no number. The last two hold NaN.

    Accuracy
    --------
    Against the adaptive flight kernel from 1,000 random states: 99 % within 1 m, the worst 5 m
    (steps of one second through the sound barrier). Covariance: first order, within 10 % of
    sampled flights at 20 m, 2 m/s and 5 % drag.
    """
    status, found = kernel.predict_impacts(
        for_kernel(tracks.state),
        for_kernel(tracks.covariance),
        for_kernel(tracks.time_s),
        np.asarray(tracks.status != "closed", dtype=np.bool_),
        _LEG_S,
        settings.acceleration_noise,
        settings.ln_beta_walk,
        air.packed,
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
