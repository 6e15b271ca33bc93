"""CAT062 back into tracks, as far as the format carries them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.clock import DAY_S
from mantlet.sensing.asterix.contents import Contents, contents
from mantlet.sensing.asterix.dated import epoch_of, times
from mantlet.sensing.asterix.errors import FOOT_M
from mantlet.sensing.asterix.layout import layout
from mantlet.sensing.asterix.recording import read_recording
from mantlet.sensing.asterix.tracks_out import (
    FEET_PER_MINUTE_MPS,
    METRES_PER_DEGREE,
    UPPER,
    local_axes,
)
from mantlet.tables import Tracks
from mantlet.tables.errors import InputError
from mantlet.world.earth import ecef_from_degrees

Floats = NDArray[np.float64]
Marks = NDArray[np.bool_]

_ACCURACIES = ("500/APW/LON", "500/APW/LAT", "500/AGA", "500/ATV/X", "500/ATV/Y", "500/ARC")
_STATE = ("105/LAT", "105/LON", "130", "185/VX", "185/VY", "220")
_ELEMENTS = ("070", "040", "080/CNF", "080/TSE", "080/CST", *_STATE, *_ACCURACIES)

UNTOLD_M, UNTOLD_MPS = 1_000.0, 100.0
"""Standard deviations taken where a track tells none (notional)."""


@dataclass(frozen=True)
class TracksReport:
    """What became of a recording.

    `epoch` is what times count from, None where nobody told the date; `left_out` counts CAT062
    records by the reason they are no tracks; `untold` those without accuracies.
    """

    epoch: datetime | None
    left_out: dict[str, int]
    untold: int
    contents: Contents


def read_tracks(
    path: str | Path,
    day: date | None = None,
    *,
    ln_beta: float = 8.3,
    ln_beta_sigma: float = 1.0,
) -> tuple[Tracks, TracksReport]:
    """Tracks of a recording (raw, pcap or FINAL) of CAT062, in file order, and what was lost.

    Parameters
    ----------
    path : path
        The recording, read as a whole.
    day : date, optional
        UTC date of the first record; a capture tells it.
    ln_beta, ln_beta_sigma : float
        What to take for the log ballistic coefficient [ln kg/m2], which the format lacks; by
        default the tracker's own prior.

    Returns
    -------
    Tracks, TracksReport
        ECEF states from place (0.6 m steps), height (I062/130, taken as above the ellipsoid, 1.9
        m), velocity (0.25 m/s) and climb (0.03 m/s). The covariance is that of I062/500 and of the
        steps, along east, north and up: correlations are not carried. `track_id` has 16 bits;
        `last_plot_id` is -1 and `log_likelihood` 0.

    Raises
    ------
    InputError
        If the file cannot be read or holds not one usable track.
    """
    held = read_recording(path)
    found = contents(held)
    records = found.records[62]
    values = dict(zip(_ELEMENTS, records.columns(_ELEMENTS), strict=True))
    good, left_out = _usable(values)
    rows = np.nonzero(good)[0]
    if not rows.size:
        reasons = "".join(f"\n    {count}: {reason}" for reason, count in left_out.items())
        raise InputError(f"{path}: not one usable track of CAT062{reasons}")
    epoch = epoch_of(held, records, day)
    [time_s] = times(held, epoch, (records, rows))
    values = {name: column[rows] for name, column in values.items()}
    tracks = _tracks(values, time_s, ln_beta, ln_beta_sigma)
    untold = int(np.isnan([values[name] for name in _ACCURACIES]).any(axis=0).sum())
    return tracks, TracksReport(epoch, left_out, untold, found)


def _usable(values: Mapping[str, Floats]) -> tuple[Marks, dict[str, int]]:
    """Which records have all it takes; how many have not, by reason."""
    good = np.ones(values["070"].size, dtype=bool)
    left_out = {}
    for reason, bad in {
        "no time of day below 24 h": ~(values["070"] < DAY_S),
        "no track number": np.isnan(values["040"]),
        "no place": ~(np.abs(values["105/LAT"]) <= 90.0),
        "no velocity": np.isnan(values["185/VX"]),
        "no geometric height": np.isnan(values["130"]),
        "no rate of climb": np.isnan(values["220"]),
    }.items():
        left_out[reason] = int((bad & good).sum())
        good &= ~bad
    return good, {reason: count for reason, count in left_out.items() if count}


def _tracks(
    values: Mapping[str, Floats], time_s: Floats, ln_beta: float, ln_beta_sigma: float
) -> Tracks:
    lat_deg, lon_deg = values["105/LAT"], values["105/LON"]
    axes = local_axes(lat_deg, lon_deg)
    local = [values["185/VX"], values["185/VY"], values["220"] * FEET_PER_MINUTE_MPS]
    state = np.empty((time_s.size, 7))
    state[:, :3] = ecef_from_degrees(lat_deg, lon_deg, values["130"] * FOOT_M)
    state[:, 3:6] = np.einsum("nij,in->nj", axes, np.array(local))
    state[:, 6] = ln_beta
    full = np.zeros((time_s.size, 7, 7))
    squares = _sigmas(values, lat_deg) ** 2
    full[:, :3, :3] = np.einsum("nij,in,nik->njk", axes, squares[:3], axes)
    full[:, 3:6, 3:6] = np.einsum("nij,in,nik->njk", axes, squares[3:], axes)
    full[:, 6, 6] = ln_beta_sigma**2
    return Tracks(
        track_id=values["040"].astype(np.int64),
        time_s=time_s,
        status=_status(values),
        state=state,
        covariance=full[:, UPPER[0], UPPER[1]],
        last_plot_id=np.full(time_s.size, -1),
        log_likelihood=np.zeros(time_s.size),
    )


def _sigmas(values: Mapping[str, Floats], lat_deg: Floats) -> Floats:
    """Standard deviations along east, north, up [m, m/s], (6, n): told, and of the steps."""
    east_m = METRES_PER_DEGREE * np.maximum(np.cos(np.radians(lat_deg)), 1e-6)
    north_m = np.full(lat_deg.size, METRES_PER_DEGREE)
    other = [FOOT_M, 1.0, 1.0, FEET_PER_MINUTE_MPS]
    units = [east_m, north_m, *(np.full(lat_deg.size, unit) for unit in other)]
    steps = [layout(62).element(name).step for name in
             ("105/LON", "105/LAT", "130", "185/VX", "185/VY", "220")]  # fmt: skip
    out = np.empty((6, lat_deg.size))
    for i, (name, unit, step) in enumerate(zip(_ACCURACIES, units, steps, strict=True)):
        untold = UNTOLD_M if i < 3 else UNTOLD_MPS
        told = np.where(np.isnan(values[name]), untold, values[name] * unit)
        out[i] = np.hypot(told, step * unit / np.sqrt(12.0))
    return out


def _status(values: Mapping[str, Floats]) -> NDArray[np.object_]:
    status = np.full(values["070"].size, "confirmed", dtype=object)
    for element, word in (("080/CST", "coasting"), ("080/CNF", "tentative"), ("080/TSE", "closed")):
        status[values[element] == 1.0] = word
    return status
