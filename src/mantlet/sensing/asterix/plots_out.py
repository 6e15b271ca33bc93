"""Plots as CAT048, and the north markers of their radars as CAT034."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix.clock import time_of_day
from mantlet.sensing.asterix.encoding import encode
from mantlet.sensing.asterix.errors import FOOT_M, HEIGHT_STEP_M, RANGE_STEP_M
from mantlet.sensing.asterix.heights import heights
from mantlet.sensing.asterix.messages import Messages, messages
from mantlet.sensing.asterix.stations import Station, own_sources
from mantlet.tables import Intervals, Plots

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PRIMARY = 1.0
"""Type of a detection seen by primary radar alone (I048/020)."""

NORTH_MARKER = 1.0
"""Message type of I034/000."""

_DEGREES_PER_STEP = 360 / 65536


def plot_messages(
    plots: Plots, radars: Sequence[Station], epoch: datetime
) -> tuple[Messages, dict[str, int]]:
    """Plots as CAT048, simulated primary detections; and what could not be said, counted.

    Lost: everything below the steps of the format, the signal-to-noise ratio, plot ids, scan
    numbers. Heights are above the ellipsoid, where the specification means sea level. A plot
    beyond 256 NM is left out; one above 204,775 ft goes without height, a range rate of over
    511 m/s is left out of its plot.
    """
    sics = _sics(plots, radars)
    tall = _heights(plots, radars)
    far = np.round(plots.range_m / RANGE_STEP_M) > 65535
    high = np.abs(np.round(tall / HEIGHT_STEP_M)) > 8191
    rate = np.round(plots.range_rate_mps)
    fast = np.abs(rate) > 511
    kept = np.nonzero(~far)[0]
    columns: dict[str, Floats | float] = {
        "010/SAC": 0.0,
        "010/SIC": sics[kept],
        "140": time_of_day(plots.time_s[kept], epoch),
        "020/TYP": PRIMARY,
        "020/SIM": 1.0,
        "040/RHO": plots.range_m[kept] / (RANGE_STEP_M * 256),
        "040/THETA": _turned(plots.azimuth_rad[kept]),
        "110/3DH": np.where(high, np.nan, tall / FOOT_M)[kept],
        "120/CAL/CAL": np.where(fast, np.nan, rate)[kept],
    }
    counts = {
        "plots beyond 256 NM, left out": int(far.sum()),
        "plots above 204,775 ft, without height": int((high & ~far).sum()),
        "range rates over 511 m/s, left out": int((fast & ~far).sum()),
    }
    encoded = encode(48, columns, kept.size)
    found = messages(encoded, plots.time_s[kept], sics[kept])
    return found, {what: count for what, count in counts.items() if count}


def marker_messages(radars: Sequence[Station], intervals: Intervals, epoch: datetime) -> Messages:
    """A CAT034 north marker per radar and scan, with the radar's period and place.

    All plots of a scan bear one time, so there are no sectors to tell of.
    """
    parts = [_scan_times(radar, intervals) for radar in radars]
    which = np.repeat(np.arange(len(radars)), [part.size for part in parts])
    time_s = np.concatenate([np.empty(0), *parts])
    order = np.argsort(time_s, kind="stable")
    which, time_s = which[order], time_s[order]
    codes = which.astype(np.float64) + 1.0
    of = np.array([_station_row(radar) for radar in radars]).reshape(-1, 4)[which]
    columns: dict[str, Floats | float] = {
        "010/SAC": 0.0,
        "010/SIC": codes,
        "000": NORTH_MARKER,
        "030": time_of_day(time_s, epoch),
        "041": of[:, 0],
        "120/HGT": of[:, 1],
        "120/LAT": of[:, 2],
        "120/LON": of[:, 3],
    }
    return messages(encode(34, columns, time_s.size), time_s, codes)


def _station_row(radar: Station) -> tuple[float, float, float, float]:
    """Period [s], height [m], latitude, longitude [deg] as CAT034 can hold them, or NaN."""
    period_s = radar.period_s if radar.period_s < 511.9 else np.nan
    site = radar.site
    lon_deg = (site.lon_deg + 180.0) % 360.0 - 180.0
    return period_s, site.height_m, site.lat_deg, min(lon_deg, 179.99998)


def _scan_times(radar: Station, intervals: Intervals) -> Floats:
    """Times of a radar's scans within the intervals [s]."""
    first = np.ceil((intervals.start_s - radar.offset_s) / radar.period_s - 1e-9).astype(np.int64)
    last = np.floor((intervals.end_s - radar.offset_s) / radar.period_s + 1e-9).astype(np.int64)
    scans = [np.arange(max(a, 0), b + 1) for a, b in zip(first, last, strict=True)]
    return radar.offset_s + radar.period_s * np.concatenate([np.empty(0), *scans])


def _sics(plots: Plots, radars: Sequence[Station]) -> Floats:
    codes = {name: float(sic) for (_, sic), name in own_sources(radars).items()}
    strangers = {*plots.radar_id} - {*codes}
    if strangers:
        raise ValueError(f"plots of radar {min(strangers)!r}, which is not among the radars given")
    return np.array([codes[name] for name in plots.radar_id], dtype=np.float64)


def _heights(plots: Plots, radars: Sequence[Station]) -> Floats:
    out = np.full(len(plots), np.nan)
    for radar in radars:
        rows = plots.radar_id == radar.id
        measures = plots.range_m[rows], plots.azimuth_rad[rows], plots.elevation_rad[rows]
        out[rows] = heights(radar.site, *measures)
    return out


def _turned(azimuth_rad: Floats) -> Floats:
    """Degrees in whole steps below 360: the last half step is north again."""
    steps = np.round(np.degrees(azimuth_rad) / _DEGREES_PER_STEP)
    return np.asarray(np.mod(steps, 65536) * _DEGREES_PER_STEP)
