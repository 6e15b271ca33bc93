"""One check that every tracker passes: ours, the adapters, and a user's own.

from mantlet.tracking.conformance import check_tracker
check_tracker(MyTracker)
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mantlet.tables import Plots, Tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.protocol import AnyTracker, TrackerMaker
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site
from mantlet.world.flight import fly

Floats = NDArray[np.float64]

STATUSES = {"tentative", "confirmed", "coasting", "closed"}
LIVE = ("confirmed", "coasting")

_SITE = Site(31.6, 34.6, 60.0)
_FIGURES = (RadarFigures("check", _SITE, false_plots_per_scan=0.5, range_max_m=60_000.0),)
_SCANS, _SETTLED, _NEAR_M, _SILENCE_S = 30, 15, 300.0, 120.0


class NonconformingError(AssertionError):
    """The tracker breaks the protocol; the message says where and what was expected."""


def check_tracker(make: TrackerMaker) -> None:
    """Run a tracker through two easy flights and refuse it with a reason if it breaks the protocol.

    Checked: an empty sky and empty scans; that every report is a table of the right types with
    legal statuses, unique names, finite states, proper covariances and the time asked for; that
    reporting changes nothing; that equal plots give equal tracks, on a second object and while
    another state of the same object is in use; that both flights are followed within 300 m by the
    fifteenth scan, each under one name; and that tracks end when nothing is seen for two minutes.

    Raises
    ------
    NonconformingError
        With the first thing found.
    """
    tracker = make(_FIGURES, STANDARD_AIR)
    _expect(not len(tracker.report(tracker.start(), 0.0)), "report before any plot: not empty")
    flights = _flights()
    first = list(_followed(tracker, flights))
    _check_same(first, list(_followed(make(_FIGURES, STANDARD_AIR), flights)), "a second tracker")
    _check_same(first, list(_followed(tracker, flights)), "a second state of the same tracker")
    _check_two_states(tracker, flights, first)
    _check_following(first, flights)
    _check_silence(tracker, flights)


def _expect(holds: bool, words: str) -> None:
    if not holds:
        raise NonconformingError(words)


def _flights() -> Floats:
    """True positions (scans, 2, 3) of two flights in plain sight of the radar, a second apart."""
    east, north, up = _SITE.axes
    starts = [
        np.concatenate([_SITE.ecef_m + x * east + 20e3 * north + 300.0 * up, v])
        for x, v in (
            (-3e3, 60.0 * east - 330.0 * north + 260.0 * up),
            (4e3, -90.0 * east - 280.0 * north + 300.0 * up),
        )
    ]
    path = fly(np.array(starts), mass_kg=50.0, area_m2=0.0113).trajectories
    return np.array([path.states_at(np.arange(2), float(k))[:, :3] for k in range(_SCANS)])


def _plots(scan: int, points: Floats) -> Plots:
    """Noisy plots of true points, every seventh missed; the same every time."""
    f = _FIGURES[0]
    rng = np.random.default_rng(scan)
    local = (points - f.site.ecef_m) @ f.site.axes.T
    slant = np.sqrt((local**2).sum(axis=1))
    noise = rng.normal(size=(len(points), 3))
    seen = np.array([(scan + 3 * i) % 7 != 6 for i in range(len(points))], dtype=np.bool_)
    azimuth = np.arctan2(local[:, 0], local[:, 1]) + f.sigma_azimuth_rad * noise[:, 1]
    elevation = np.arcsin(local[:, 2] / slant) + f.sigma_elevation_rad * noise[:, 2]
    n = int(seen.sum())
    return Plots(
        plot_id=2 * scan + np.flatnonzero(seen),
        radar_id=np.array([f.id] * n, dtype=object),
        scan=np.full(n, scan),
        time_s=np.full(n, float(scan)),
        range_m=(slant + f.sigma_range_m * noise[:, 0])[seen],
        azimuth_rad=(azimuth % (2.0 * np.pi))[seen],
        elevation_rad=elevation[seen],
        range_rate_mps=np.full(n, np.nan),
        snr_db=np.full(n, 20.0),
    )


def _followed(tracker: AnyTracker, flights: Floats) -> Iterator[Tracks]:
    """Checked reports of each scan; the first scan of all is an empty one."""
    state = tracker.step(tracker.start(), Plots.empty(), 0, -1.0)
    for scan, points in enumerate(flights):
        state = tracker.step(state, _plots(scan, points), 0, float(scan))
        tracks = _checked(tracker.report(state, float(scan)), float(scan))
        _check_same([tracks], [tracker.report(state, float(scan))], "a second report")
        yield tracks


def _checked(tracks: Tracks, time_s: float) -> Tracks:
    where = f"report at {time_s:g} s"
    _expect(isinstance(tracks, Tracks), f"{where}: {type(tracks).__name__}, expected Tracks")
    try:
        Tracks(**{key: getattr(tracks, key) for key in Tracks.columns()})
    except ValueError as error:
        raise NonconformingError(f"{where}: {error}") from None
    odd = set(tracks.status.tolist()) - STATUSES
    _expect(not odd, f"{where}: status {', '.join(map(repr, sorted(odd)))}, expected {STATUSES}")
    _expect((tracks.time_s == time_s).all(), f"{where}: time_s is not the time asked for")
    live = tracks.take(np.isin(tracks.status.astype(str), LIVE))
    names = live.track_id
    _expect(len(np.unique(names)) == len(names), f"{where}: a track_id stands twice")
    _expect(bool(np.isfinite(live.state).all()), f"{where}: a state is not finite")
    for row in live.covariance:
        _expect(_is_covariance(row), f"{where}: a covariance is not positive semidefinite")
    return tracks


def _is_covariance(packed: Floats) -> bool:
    full = np.zeros((7, 7))
    full[np.triu_indices(7)] = packed
    full = full + np.triu(full, 1).T
    sigma = np.sqrt(np.maximum(np.diag(full), 0.0))
    if not np.isfinite(full).all() or (sigma[:6] == 0.0).any():
        return False
    scale = np.where(sigma > 0.0, sigma, 1.0)
    return bool(np.linalg.eigvalsh(full / np.outer(scale, scale))[0] > -1e-6)


def _check_same(mine: list[Tracks], theirs: list[Tracks], who: str) -> None:
    for one, other in zip(mine, theirs, strict=True):
        same = all(
            np.array_equal(getattr(one, key), getattr(other, key)) for key in Tracks.columns()
        )
        _expect(same, f"{who}: equal plots give other tracks than before")


def _check_two_states(tracker: AnyTracker, flights: Floats, expected: list[Tracks]) -> None:
    """A state runs as if it were alone while another one of the same tracker moves."""
    mine, other = tracker.start(), tracker.start()
    for scan, points in enumerate(flights):
        mine = tracker.step(mine, _plots(scan, points), 0, float(scan))
        other = tracker.step(other, _plots(scan, points[::-1] + 500.0), 0, float(scan))
    last = float(len(flights) - 1)
    _check_same([tracker.report(mine, last)], expected[-1:], "two states at once")


def _check_following(reports: list[Tracks], flights: Floats) -> None:
    names: list[set[int]] = [set(), set()]
    for scan in range(_SETTLED, len(flights)):
        live = reports[scan].take(np.isin(reports[scan].status.astype(str), LIVE))
        for k in range(2):
            apart = np.sqrt(((live.state[:, :3] - flights[scan, k]) ** 2).sum(axis=1))
            near = live.track_id[apart < _NEAR_M]
            where = f"scan {scan}, flight {k}"
            _expect(len(near) == 1, f"{where}: {len(near)} tracks within {_NEAR_M:g} m, expected 1")
            names[k].add(int(near[0]))
    for k in range(2):
        _expect(len(names[k]) == 1, f"flight {k}: tracks {sorted(names[k])}, expected one name")


def _check_silence(tracker: AnyTracker, flights: Floats) -> None:
    state: Any = tracker.start()
    for scan, points in enumerate(flights):
        state = tracker.step(state, _plots(scan, points), 0, float(scan))
    for scan in range(len(flights), len(flights) + int(_SILENCE_S)):
        state = tracker.step(state, Plots.empty(), 0, float(scan))
    tracks = tracker.report(state, len(flights) + _SILENCE_S - 1.0)
    live = np.isin(tracks.status.astype(str), LIVE)
    _expect(not live.any(), f"{_SILENCE_S:g} s without plots: {live.sum()} tracks still live")
