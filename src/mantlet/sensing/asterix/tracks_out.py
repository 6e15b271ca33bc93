"""Tracks as CAT062."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.clock import time_of_day
from mantlet.sensing.asterix.encoding import encode
from mantlet.sensing.asterix.errors import FOOT_M
from mantlet.sensing.asterix.layout import layout
from mantlet.sensing.asterix.messages import Messages, messages
from mantlet.sensing.asterix.stations import AREA, TRACKER
from mantlet.tables import Tracks
from mantlet.world.earth import degrees_from_ecef

Floats = NDArray[np.float64]

METRES_PER_DEGREE = 111_132.0
"""Along a meridian at 45 deg; for accuracies only."""

FEET_PER_MINUTE_MPS = FOOT_M / 60
FROM_3D_RADAR = 2.0

UPPER = np.triu_indices(7)


def track_messages(tracks: Tracks, epoch: datetime) -> tuple[Messages, dict[str, int]]:
    """Tracks as CAT062: place, velocity, height, climb, status and accuracies.

    Lost: all below 0.6 m and 0.25 m/s, the ballistic coefficient, the correlations, all but the
    last 16 bits of the track number. Heights are above the ellipsoid (I062/130 asks for that).
    Heights of over 62 km and climbs of over 1,040 m/s do not fit: they are left out of their
    record and counted. Accuracies saturate, as the specification has it.
    """
    lat_deg, lon_deg, height_m = degrees_from_ecef(tracks.state[:, :3])
    axes = local_axes(lat_deg, lon_deg)
    east, north, up = np.einsum("nij,nj->in", axes, tracks.state[:, 3:6])
    columns: dict[str, Floats | float] = {
        "010/SAC": float(AREA),
        "010/SIC": float(TRACKER),
        "070": time_of_day(tracks.time_s, epoch),
        "105/LAT": lat_deg,
        "105/LON": lon_deg,
        "185/VX": east,
        "185/VY": north,
        "040": np.mod(tracks.track_id, 65536).astype(np.float64),
        **_status(tracks),
        "130": height_m / FOOT_M,
        "220": up / FEET_PER_MINUTE_MPS,
        **_accuracies(tracks, axes, lat_deg),
    }
    counts = {
        what: _drop_misfits(columns, names)
        for what, names in {
            "places on the last step before the date line, left out": ("105/LAT", "105/LON"),
            "heights over 62 km, left out": ("130",),
            "climbs over 1,040 m/s, left out": ("220",),
            "velocities over 8,191 m/s, left out": ("185/VX", "185/VY"),
        }.items()
    }
    encoded = encode(62, columns, len(tracks))
    found = messages(encoded, tracks.time_s, np.zeros(len(tracks)))
    return found, {what: count for what, count in counts.items() if count}


def local_axes(lat_deg: Floats, lon_deg: Floats) -> Floats:
    """Rows east, north, up in ECEF at each place, (n, 3, 3)."""
    lat, lon = np.radians(lat_deg), np.radians(lon_deg)
    s, c, sl, cl = np.sin(lat), np.cos(lat), np.sin(lon), np.cos(lon)
    rows = [[-sl, cl, 0 * s], [-s * cl, -s * sl, c], [c * cl, c * sl, s]]
    return np.moveaxis(np.array(rows), 2, 0)


def _status(tracks: Tracks) -> dict[str, Floats | float]:
    """I062/080: simulated, with height by radar; tentative, coasting, first and last report."""
    first = np.zeros(len(tracks))
    first[np.unique(tracks.track_id, return_index=True)[1]] = 1.0
    return {
        "080/MON": 0.0,
        "080/MRH": 1.0,
        "080/SRC": FROM_3D_RADAR,
        "080/CNF": (tracks.status == "tentative").astype(np.float64),
        "080/SIM": 1.0,
        "080/TSE": (tracks.status == "closed").astype(np.float64),
        "080/TSB": first,
        "080/CST": (tracks.status == "coasting").astype(np.float64),
    }


def _accuracies(tracks: Tracks, axes: Floats, lat_deg: Floats) -> dict[str, Floats | float]:
    """I062/500: standard deviations by axis, at most what the bits hold."""
    full = np.zeros((len(tracks), 7, 7))
    full[:, UPPER[0], UPPER[1]] = tracks.covariance
    full[:, UPPER[1], UPPER[0]] = tracks.covariance
    at = _sigmas(full[:, :3, :3], axes)
    fast = _sigmas(full[:, 3:6, 3:6], axes)
    shrink = np.maximum(np.cos(np.radians(lat_deg)), 1e-6)
    columns = {
        "500/APW/LAT": at[1] / METRES_PER_DEGREE,
        "500/APW/LON": at[0] / METRES_PER_DEGREE / shrink,
        "500/AGA": at[2] / FOOT_M,
        "500/ATV/X": fast[0],
        "500/ATV/Y": fast[1],
        "500/ARC": fast[2] / FEET_PER_MINUTE_MPS,
    }
    shape = layout(62)
    tops = {name: shape.element(name) for name in columns}
    return {
        name: np.minimum(column, tops[name].step * (2 ** tops[name].width - 1))
        for name, column in columns.items()
    }


def _sigmas(covariance: Floats, axes: Floats) -> Floats:
    """Standard deviations along the axes, (3, n)."""
    squares = np.einsum("nij,njk,nik->in", axes, covariance, axes)
    return np.asarray(np.sqrt(np.maximum(squares, 0.0)))


def _drop_misfits(columns: dict[str, Floats | float], names: tuple[str, ...]) -> int:
    """Blank what does not fit its bits in any of the columns; how many rows."""
    bad = np.zeros(np.shape(columns[names[0]]), dtype=bool)
    for name in names:
        element = layout(62).element(name)
        whole = np.floor(np.asarray(columns[name]) / element.step + 0.5)
        half = 2.0 ** (element.width - 1)
        bad |= ~((-half <= whole) & (whole < half))
    for name in names:
        columns[name] = np.where(bad, np.nan, columns[name])
    return int(bad.sum())
