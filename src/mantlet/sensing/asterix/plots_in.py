"""CAT048 back into plots, with an account of everything that was not used."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mantlet.sensing.asterix import clock
from mantlet.sensing.asterix.contents import Contents, Records, contents
from mantlet.sensing.asterix.dated import epoch_of, times
from mantlet.sensing.asterix.errors import FOOT_M, RANGE_STEP_M
from mantlet.sensing.asterix.heights import elevations
from mantlet.sensing.asterix.recording import Recording, read_recording
from mantlet.sensing.asterix.stations import Sources, Station, own_sources
from mantlet.tables import Plots
from mantlet.tables.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ELEMENTS = ("010/SAC", "010/SIC", "140", "040/RHO", "040/THETA", "110/3DH", "120/CAL/D",
             "120/CAL/CAL")  # fmt: skip


@dataclass(frozen=True)
class ReadReport:
    """What became of a recording.

    `epoch` is 00:00 UTC of its first day, None where nobody told the date: times of the plots
    count from then. `plots` were read; `left_out` counts CAT048 records by the reason they were
    not. `markers_s` are the times of the CAT034 messages of the radars, in file order: looks that
    may have given no plot. `contents` has the records and losses; `others` counts packets of a
    capture that were no UDP.
    """

    epoch: datetime | None
    container: str
    others: int
    plots: int
    left_out: dict[str, int]
    markers_s: Floats
    contents: Contents

    def lines(self) -> Iterator[str]:
        """For people: one finding a line."""
        found = self.contents
        since = f"{self.epoch:%Y-%m-%d} 00:00 UTC" if self.epoch else "the midnight before"
        yield f"{self.plots} plots since {since} ({self.container})"
        for category, records in found.records.items():
            if len(records):
                yield f"CAT{category:03}: {len(records)} records"
        for category, blocks in found.skipped.items():
            yield f"CAT{category:03}: {blocks} blocks skipped"
        for reason, count in self.left_out.items():
            yield f"{count} plots left out: {reason}"
        for kind, count in found.counts.items():
            yield f"{count} times: {kind}"
        if found.octets_lost:
            yield f"{found.octets_lost} octets lost, the first {found.losses[0]}"


def read_plots(
    path: str | Path,
    radars: Sequence[Station],
    day: date | None = None,
    *,
    sources: Sources | None = None,
) -> tuple[Plots, ReadReport]:
    """Plots of a recording (raw, pcap or FINAL) of CAT048, in file order, and what was lost.

    Parameters
    ----------
    path : path
        The recording, read as a whole.
    radars : sequence of radars (`Radar`, `RadarFigures` or alike)
        Elevation comes from height, range and the radar's site; scan numbers from its period
        and offset, counted from the epoch of the report.
    day : date, optional
        UTC date of the first record. A capture tells it; the other containers do not, and
        without it times count from the midnight before the first record.
    sources : mapping of (SAC, SIC) to radar id, optional
        Default: those `mantlet export` writes: area 0, 1, 2, ... in the order of `radars`.

    Returns
    -------
    Plots, ReadReport
        Numbered from 0; `snr_db` is NaN; `range_rate_mps` is that of I048/120 where valid.
        Heights are taken as above the ellipsoid. `errors.plot_errors` tells what the steps of
        the format add to the radar's own errors.

    Raises
    ------
    InputError
        If the file cannot be read or not one plot is usable.
    """
    held = read_recording(path)
    found = contents(held)
    epoch = epoch_of(held, found.records[48], day)
    plots, left_out, markers_s = usable_plots(held, found, radars, sources, epoch)
    if not len(plots):
        raise InputError(_nothing(path, held, found, left_out))
    return plots, ReadReport(
        epoch, held.container, held.others, len(plots), left_out, markers_s, found
    )


def usable_plots(
    held: Recording,
    found: Contents,
    radars: Sequence[Station],
    sources: Sources | None,
    epoch: datetime | None,
    first_plot_id: int = 0,
) -> tuple[Plots, dict[str, int], Floats]:
    """Plots of the CAT048 records found, those left out by reason, times of the CAT034 messages."""
    records = found.records[48]
    values = dict(zip(_ELEMENTS, records.columns(_ELEMENTS), strict=True))
    which = _stations(values, radars, sources)
    elevation_rad = _elevations(values, which, radars)
    good, left_out = _usable(values, which, elevation_rad)
    rows = np.nonzero(good)[0]
    markers = _markers(found.records[34], radars, sources)
    time_s, markers_s = times(held, epoch, (records, rows), (found.records[34], markers))
    numbers = first_plot_id + np.arange(rows.size)
    plots = _plots(values, rows, which[rows], elevation_rad[rows], time_s, radars, numbers)
    return plots, left_out, markers_s


def _markers(records: Records, radars: Sequence[Station], sources: Sources | None) -> Ints:
    """CAT034 records of the radars that tell the time."""
    names = ("010/SAC", "010/SIC", "030")
    values = dict(zip(names, records.columns(names), strict=True))
    known = _stations(values, radars, sources) >= 0
    return np.nonzero(known & (values["030"] < clock.DAY_S))[0]


def _nothing(path: str | Path, held: Recording, found: Contents, left_out: dict[str, int]) -> str:
    """Why there is not one plot."""
    kinds = [f"CAT{c:03}" for c, records in found.records.items() if len(records)]
    kinds += [f"CAT{c:03} (skipped)" for c in found.skipped]
    reasons = [f"{count} plots left out: {reason}" for reason, count in left_out.items()]
    reasons += [f"{count} times: {kind}" for kind, count in found.counts.items()]
    reasons += [f"the first {loss}" for loss in found.losses[:1]]
    holds = f"holds {', '.join(kinds) or 'no ASTERIX'}" + "".join(f"\n    {r}" for r in reasons)
    return f"{path}: not one usable plot ({held.container}): {holds}"


def _elevations(values: dict[str, Floats], which: Ints, radars: Sequence[Station]) -> Floats:
    """Elevations [rad] at the radar each record is of; NaN where there is none."""
    elevation = np.full(which.size, np.nan)
    range_m, azimuth = _measures(values)
    for i, radar in enumerate(radars):
        rows = which == i
        tall = values["110/3DH"][rows] * FOOT_M
        elevation[rows] = elevations(radar.site, range_m[rows], azimuth[rows], tall)
    return elevation


def _measures(values: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Range [m] and azimuth [rad]."""
    return values["040/RHO"] * RANGE_STEP_M * 256, np.radians(values["040/THETA"])


def _usable(
    values: dict[str, Floats], which: Ints, elevation_rad: Floats
) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Which records have all it takes; how many have not, by reason."""
    range_m, _ = _measures(values)
    good = np.ones(which.size, dtype=bool)
    left_out: Counter[str] = Counter()
    for reason, bad in {
        "source is none of the radars": which < 0,
        "no time of day": np.isnan(values["140"]),
        "time of day beyond 24 h": values["140"] >= clock.DAY_S,
        "no range and azimuth": np.isnan(range_m),
        "range of 0": range_m == 0.0,
        "no height of a 3D radar": np.isnan(values["110/3DH"]),
        "height that the range does not reach": np.isnan(elevation_rad),
    }.items():
        left_out[reason] += int((bad & good).sum())
        good &= ~bad
    return good, {reason: count for reason, count in left_out.items() if count}


def _plots(
    values: dict[str, Floats],
    rows: Ints,
    which: Ints,
    elevation_rad: Floats,
    time_s: Floats,
    radars: Sequence[Station],
    numbers: Ints,
) -> Plots:
    range_m, azimuth = _measures(values)
    rate = np.where(values["120/CAL/D"] == 0, values["120/CAL/CAL"], np.nan)
    names = np.array([radar.id for radar in radars], dtype=object)
    return Plots(
        plot_id=numbers,
        radar_id=names[which],
        scan=_scans(time_s, which, radars),
        time_s=time_s,
        range_m=range_m[rows],
        azimuth_rad=azimuth[rows],
        elevation_rad=elevation_rad,
        range_rate_mps=rate[rows],
        snr_db=np.full(rows.size, np.nan),
    )


def _stations(
    values: dict[str, Floats], radars: Sequence[Station], sources: Sources | None
) -> Ints:
    """Which radar each record is of, by its place in `radars`; -1 for none."""
    places = {radar.id: i for i, radar in enumerate(radars)}
    named = own_sources(radars) if sources is None else sources
    known = sorted((256 * sac + sic, places.get(name, -1)) for (sac, sic), name in named.items())
    codes, which = np.array(known, dtype=np.int64).reshape(-1, 2).T
    told = (256 * values["010/SAC"] + values["010/SIC"]).astype(np.int64)
    at = np.minimum(np.searchsorted(codes, told), codes.size - 1)
    return np.where(codes[at] == told, which[at], -1) if codes.size else np.full(told.size, -1)


def _scans(time_s: Floats, which: Ints, radars: Sequence[Station]) -> Ints:
    """Scan numbers since the epoch; half a step of time early still counts as the next scan."""
    period = np.array([radar.period_s for radar in radars])[which]
    offset = np.array([radar.offset_s for radar in radars])[which]
    scans: Ints = np.floor((time_s - offset + clock.STEP_S / 2) / period).astype(np.int64)
    return scans
