"""How surprised a tracker was by the plots of what it follows: NIS, seen from outside.

A tracker's report just before a scan, put through the radar's equations, says where it expects a
plot and how surely. The plot that was made of the very object (and of it alone) is laid beside,
whether the tracker then took it or another: no gate and no choice of the tracker's flatters it.

Reference: Y. Bar-Shalom, X. R. Li, T. Kirubarajan, Estimation with Applications to Tracking and
Navigation, Wiley, 2001, sec. 5.4.2.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.scene import Look, Scene
from mantlet.analysis.measures.errors import covariances, normalised_squares
from mantlet.analysis.measures.pairing import pair
from mantlet.tables import Tracks
from mantlet.tracking.figures import RadarFigures

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def innovation_squares(scene: Scene, expected: Tracks) -> tuple[Floats, Floats]:
    """Instants and normalised innovation squares (3 degrees of freedom), one row per plot."""
    pairs = pair(expected, scene.truth)
    position = pairs.tracks.position_m[pairs.track_row]
    covariance = covariances(expected)[pairs.track_row]
    when = np.searchsorted(scene.flights.time_s, pairs.truth.time_s[pairs.truth_row])
    who = pairs.truth.id[pairs.truth_row]
    found = [(np.empty(0), np.empty(0))]
    for k in np.unique(when).tolist():
        look = scene.looks[k]
        if look is None:
            continue
        rows = np.flatnonzero((when == k) & (look.row_of[who] >= 0))
        plots = look.row_of[who[rows]]
        radar = scene.radars[look.radar]
        squares = _squares(radar, look, plots, position[rows], covariance[rows, :3, :3])
        found.append((np.full(len(rows), scene.flights.time_s[k]), squares))
    times, squares_of = zip(*found, strict=True)
    return np.concatenate(times), np.concatenate(squares_of)


def _squares(
    radar: RadarFigures, look: Look, rows: Ints, position_m: Floats, covariance_m2: Floats
) -> Floats:
    local = (position_m - radar.site.ecef_m) @ radar.site.axes.T
    x, y, z = local.T
    level2 = x * x + y * y
    level, slant = np.sqrt(level2), np.sqrt(level2 + z * z)
    gradient = np.empty((len(local), 3, 3))
    gradient[:, 0] = local / slant[:, None]
    gradient[:, 1] = np.column_stack([y / level2, -x / level2, np.zeros(len(local))])
    across = np.column_stack([-x * z, -y * z, level2])
    gradient[:, 2] = across / (slant**2 * level)[:, None]
    turned = gradient @ radar.site.axes
    sigmas = radar.sigma_range_m, radar.sigma_azimuth_rad, radar.sigma_elevation_rad
    spread = np.einsum("nij,njk,nlk->nil", turned, covariance_m2, turned)
    spread += np.diag(np.array(sigmas) ** 2)
    plots = look.plots
    turn = plots.azimuth_rad[rows] - np.arctan2(x, y)
    apart = np.column_stack(
        [
            plots.range_m[rows] - slant,
            np.arctan2(np.sin(turn), np.cos(turn)),
            plots.elevation_rad[rows] - np.arctan2(z, level),
        ]
    )
    return normalised_squares(apart, spread)
