"""Tracks held east, north, up at a radar in exponential air: how other trackers usually see it.

Turns such states into the tables that Mantlet speaks, and predicts where they land by their own
model. For adapters and for the trackers that Mantlet is compared with.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mantlet.kernels.impact import PLANE_DEGREE_M
from mantlet.tables import Impacts, Tracks
from mantlet.world import exponential_air
from mantlet.world.earth import EARTH_RADIUS_M, PlaneSite, Site, degrees_from_ecef

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UPPER = np.triu_indices(7)
_STEPS = (20.0, 20.0, 20.0, 1.0, 1.0, 1.0, 0.01)


def tracks_of(
    site: Site,
    track_id: ArrayLike,
    time_s: float,
    status: ArrayLike,
    states: Floats,
    covariance: Floats,
    last_plot_id: ArrayLike,
) -> Tracks:
    """A table from states (n, 7) with ln k (`world.exponential_air`) and covariances (n, 7, 7).

    The ballistic coefficient in it contains the drag coefficient, Mantlet's own does not.
    """
    turn = _turn(site)
    out = np.einsum("ij,nj->ni", turn, states)
    out[:, :3] += site.ecef_m
    out[:, 6] = exponential_air.ln_beta(states[:, 6])
    turned = np.einsum("ij,njk,lk->nil", turn, covariance, turn)
    n = len(states)
    return Tracks(
        track_id=np.asarray(track_id, dtype=np.int64).reshape(n),
        time_s=np.full(n, time_s),
        status=np.asarray(status, dtype=object).reshape(n),
        state=out,
        covariance=turned[:, _UPPER[0], _UPPER[1]],
        last_plot_id=np.asarray(last_plot_id, dtype=np.int64).reshape(n),
        log_likelihood=np.zeros(n),
    )


def _turn(site: Site) -> Floats:
    """Seven by seven: local to the table's frame, ln k to ln(beta), which falls as it rises."""
    turn = np.zeros((7, 7))
    turn[:3, :3] = turn[3:6, 3:6] = site.axes.T
    turn[6, 6] = -1.0
    return turn


def impacts_of(site: Site, tracks: Tracks) -> Impacts:
    """Where the tracks' own model lets them land, on ground that curves away under the radar.

    The covariance is the tracks' own, through derivatives of the fall; no process noise on the
    way. `aloft` where there is no landing.
    """
    states, covariance = _local(site, tracks)
    n = len(states)
    every = [states]
    every += [states + sign * move for move in np.diag(_STEPS) for sign in (1.0, -1.0)]
    plane = isinstance(site, PlaneSite)
    curve = 0.0 if plane else 0.5 / EARTH_RADIUS_M
    landed, seconds = exponential_air.fall(
        np.concatenate(every), curvature_per_m=curve, depth_m=site.height_m
    )
    ends = np.column_stack([landed[:, :2], seconds]).reshape(15, n, 3)
    slope = (ends[1::2] - ends[2::2]) / (2.0 * np.array(_STEPS))[:, None, None]
    spread = np.einsum("jna,njk,knb->nab", slope, covariance, slope)
    known = np.isfinite(ends[0]).all(axis=1)
    lat, lon = _degrees(site, np.where(known[:, None], landed[:n, :3], 0.0))
    return Impacts(
        track_id=tracks.track_id,
        time_s=tracks.time_s,
        impact_time_s=tracks.time_s + ends[0, :, 2],
        impact_time_sigma_s=np.sqrt(spread[:, 2, 2]),
        lat_deg=np.where(known, lat, np.nan),
        lon_deg=np.where(known, lon, np.nan),
        covariance_m2=np.column_stack([spread[:, 0, 0], spread[:, 0, 1], spread[:, 1, 1]]),
        status=np.where(known, "landed", "aloft").astype(object),
    )


def _local(site: Site, tracks: Tracks) -> tuple[Floats, Floats]:
    turn, shifted = _turn(site), tracks.state.copy()
    shifted[:, :3] -= site.ecef_m
    states = np.einsum("ji,nj->ni", turn, shifted)
    states[:, 6] = np.log(exponential_air.DENSITY / 2.0) - tracks.state[:, 6]
    full = np.zeros((len(tracks), 7, 7))
    full[:, _UPPER[0], _UPPER[1]] = tracks.covariance
    full[:, _UPPER[1], _UPPER[0]] = tracks.covariance
    return states, np.einsum("ji,njk,kl->nil", turn, full, turn)


def _degrees(site: Site, points: Floats) -> tuple[Floats, Floats]:
    if isinstance(site, PlaneSite):
        flat = points[:, :2] + site.ecef_m[:2]
        return flat[:, 1] / PLANE_DEGREE_M, flat[:, 0] / PLANE_DEGREE_M
    lat, lon, _ = degrees_from_ecef(site.ecef_m + np.einsum("nj,jk->nk", points, site.axes))
    return lat, lon
