"""Whether the radars are set up right: their biases, estimated from the plots of ordinary tracks.

Each short stretch of a track gives linear equations in the state at its end and in four biases of
every radar that saw it: range, azimuth, elevation and time. The state is eliminated, what is left
adds up over all stretches (maximum likelihood for small biases), and old evidence fades. Biases of
radars against each other show within seconds; those all radars share, or the only one has, show
only as far as the law of motion allows, and the sigma says how far that is.

References: N. Okello, B. Ristic, "Maximum likelihood registration for multiple dissimilar
sensors", IEEE Trans. AES 39 (3), 2003; Y. Bar-Shalom, P. Willett, X. Tian, Tracking and Data
Fusion, YBS, 2011, ch. 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.registration import BIASES, stretch_information
from mantlet.kernels.track_motion import LN_BETA, STATES
from mantlet.tables import Plots, for_kernel
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import STANDARD_AIR, Air

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Marks = NDArray[np.bool_]

COMPONENTS = ("range_m", "azimuth_rad", "elevation_rad", "time_s")
_LEG_S = 1.0


@dataclass(frozen=True)
class RegistrationSettings:
    """Settings of the estimate; all notional.

    Parameters
    ----------
    prior_range_m, prior_angle_rad, prior_time_s : float
        Standard deviation of a bias before anything is seen: a well kept radar's, doubled.
    stretch_s : float
        Length of a stretch of track [s]. Over so little time the motion that the equation lacks
        (white acceleration of 0.02 m2/s3) moves a track by a metre, well below a plot's error.
    fewest_plots : int
        A stretch with fewer says nothing of biases once its seven states are eliminated.
    fewest_ln_beta : float
        What air slows more than this log ballistic coefficient [kg/m2] says nothing either:
        pieces tumble, and flown back in time they are anywhere. 400 kg/m2 is below every bomb.
    misfit_most : float
        Nor do stretches whose plots lie off any ballistic flight, whatever the biases, by more
        than this (chi-square over its degrees of freedom): motors that burn, own interceptors,
        two objects taken for one. Weak plots, twice as wrong as typical ones, still pass.
    memory_s : float
        Evidence fades with this time constant [s], so that a bias that changes is seen again.
    alarm_sigmas : float
        A bias alarms when it is this many of its own sigmas from zero ...
    alarm_plot_sigmas : float
        ... and larger than this many sigmas of a single plot: smaller ones do no harm.
    """

    prior_range_m: float = 100.0
    prior_angle_rad: float = 0.01
    prior_time_s: float = 0.5
    stretch_s: float = 5.0
    fewest_plots: int = 4
    fewest_ln_beta: float = 6.0
    misfit_most: float = 4.0
    memory_s: float = 600.0
    alarm_sigmas: float = 5.0
    alarm_plot_sigmas: float = 1.0


_Equations = tuple[Floats, Floats, float]
"""Normal matrix, right-hand side and sum of squares."""

_UNSEEN_M = 50.0
"""Two radars whose ranges are compared no better than this have seen nothing together."""


@dataclass(frozen=True)
class Disagreement:
    """What radar number `radar` shows more than radar number `against`, by component (4)."""

    radar: int
    against: int
    bias: Floats
    sigma: Floats
    alarm: Marks

    @property
    def seen(self) -> bool:
        """Whether tracks that both saw tell anything."""
        return bool(self.sigma[0] < _UNSEEN_M)


@dataclass(frozen=True)
class Registration:
    """Biases by radar (rows) and component (`COMPONENTS`).

    `bias` (k, 4): what a plot shows too much: range [m], azimuth and elevation [rad]; a plot
    stamped t was taken `time_s` earlier. `sigma` (k, 4) its standard deviation, `alarm` (k, 4)
    whether it is both certain and harmful, `covariance` (4 k, 4 k). `pairs` holds every two
    radars against each other: what both share drops out there, so a pair may well alarm where
    neither radar alone can be blamed.
    """

    radar_ids: tuple[str, ...]
    bias: Floats
    sigma: Floats
    alarm: Marks
    covariance: Floats
    pairs: tuple[Disagreement, ...] = ()

    @property
    def any_alarm(self) -> bool:
        """Whether anything at all alarms."""
        return bool(self.alarm.any() or any(pair.alarm.any() for pair in self.pairs))

    @property
    def all_seen(self) -> bool:
        """Whether every two radars saw tracks together."""
        return all(pair.seen for pair in self.pairs)

    def alarms(self) -> tuple[str, ...]:
        """One sentence for each alarm."""
        return tuple(
            f"radar {self.radar_ids[k]}: {COMPONENTS[c]} biased by {self.bias[k, c]:.4g} "
            f"(sigma {self.sigma[k, c]:.2g})"
            for k, c in zip(*np.nonzero(self.alarm), strict=True)
        )


@dataclass(frozen=True)
class RegistrarState:
    """What the estimate rests on: normal equations, and the plots of stretches not yet closed.

    `normal` (4 k, 4 k), `side` (4 k), `time_s` of the latest scan; `open` maps a track to its
    stretch, rows of (time, radar, range, azimuth, elevation).
    """

    normal: Floats
    side: Floats
    time_s: float = -np.inf
    open: dict[int, list[tuple[float, int, float, float, float]]] = field(default_factory=dict)

    def copy(self) -> "RegistrarState":
        """An independent state."""
        kept = {track: list(rows) for track, rows in self.open.items()}
        return RegistrarState(self.normal.copy(), self.side.copy(), self.time_s, kept)


@dataclass(frozen=True)
class Registrar:
    """Estimates the biases of `radars` from tracks and the plots they took.

    Feed it every scan after the tracker; `estimate` may be asked at any time.
    """

    radars: tuple[RadarFigures, ...]
    air: Air = STANDARD_AIR
    settings: RegistrationSettings = RegistrationSettings()

    def start(self) -> RegistrarState:
        """Nothing seen yet."""
        d = BIASES * len(self.radars)
        return RegistrarState(np.zeros((d, d)), np.zeros(d))

    def step(
        self,
        state: RegistrarState,
        plots: Plots,
        radar: int,
        time_s: float,
        track_id: Ints,
        track_state: Floats,
    ) -> RegistrarState:
        """Take in one scan.

        Parameters
        ----------
        state : RegistrarState
            Spent by the call.
        plots : Plots, n rows
            Of this scan.
        radar : int
            Index into `radars`.
        time_s : float
            Time of the scan [s].
        track_id : (n,) int
            The confirmed track that took each plot, -1: none (`association.takers`).
        track_state : (n, 7)
            Its state after that [ECEF m, m/s, ln(kg/m2)]; any number where there is none.

        Returns
        -------
        RegistrarState
        """
        state = self._faded(state, time_s)
        for j in np.nonzero(track_id >= 0)[0].tolist():
            rows = state.open.setdefault(int(track_id[j]), [])
            rows.append(
                (time_s, radar, plots.range_m[j], plots.azimuth_rad[j], plots.elevation_rad[j])
            )
            if time_s - rows[0][0] >= self.settings.stretch_s:
                self._close(state, rows, track_state[j], time_s)
                del state.open[int(track_id[j])]
        return self._pruned(state)

    def estimate(self, state: RegistrarState) -> Registration:
        """Biases and alarms on what was seen so far."""
        covariance = np.asarray(np.linalg.inv(state.normal + self._prior_information), np.float64)
        return self.judged((covariance @ state.side).reshape(-1, BIASES), covariance)

    def judged(self, bias: Floats, covariance: Floats) -> Registration:
        """Biases (k, 4) and their covariance (4 k, 4 k), with what alarms."""
        sigma = np.sqrt(np.diag(covariance)).reshape(-1, BIASES)
        ids = tuple(radar.id for radar in self.radars)
        alarm = self._alarms(bias, sigma, self._harm)
        pairs = tuple(
            self._pair(bias, covariance, radar, against)
            for against in range(len(ids))
            for radar in range(against + 1, len(ids))
        )
        return Registration(ids, bias, sigma, alarm, covariance, pairs)

    def _pair(self, bias: Floats, covariance: Floats, radar: int, against: int) -> Disagreement:
        own, other = (BIASES * k + np.arange(BIASES) for k in (radar, against))
        variance = covariance[own, own] + covariance[other, other] - 2.0 * covariance[own, other]
        more, sigma = bias[radar] - bias[against], np.sqrt(variance)
        harm = np.maximum(self._harm[radar], self._harm[against])
        return Disagreement(radar, against, more, sigma, self._alarms(more, sigma, harm))

    def _alarms(self, bias: Floats, sigma: Floats, harm: Floats) -> Marks:
        """Which are both certain and harmful."""
        s = self.settings
        certain = np.abs(bias) > s.alarm_sigmas * sigma
        return np.asarray(certain & (np.abs(bias) > s.alarm_plot_sigmas * harm), np.bool_)

    def _faded(self, state: RegistrarState, time_s: float) -> RegistrarState:
        fade = float(np.exp(min(state.time_s - time_s, 0.0) / self.settings.memory_s))
        return RegistrarState(state.normal * fade, state.side * fade, time_s, state.open)

    def _close(
        self,
        state: RegistrarState,
        rows: list[tuple[float, int, float, float, float]],
        end: Floats,
        time_s: float,
    ) -> None:
        if len(rows) < self.settings.fewest_plots or self._is_debris(end):
            return
        latest = np.array(rows[::-1])
        found = self._information(end, time_s, latest)
        if not _is_finite(*found):
            return
        more, right, _ = _without_state(*found)
        # A track of two radars that disagree has a poor velocity: once more about a better one.
        known = state.normal + more + self._prior_information
        bias = np.asarray(np.linalg.solve(known, state.side + right), np.float64)
        better: Floats = np.add(end, _state_given(*found[:2], bias))
        found = self._information(better, time_s, latest)
        if self._is_debris(better) or not _is_finite(*found):
            return
        more, right, squares = _without_state(*found)
        if self._fits(more, right, squares, len(rows)):
            state.normal[...] += more
            state.side[...] += right

    def _fits(self, more: Floats, right: Floats, squares: float, plots: int) -> bool:
        """Whether a stretch is ballistic at all, whatever the biases may be."""
        explained = right @ np.linalg.solve(more + self._prior_information, right)
        return bool(squares - explained <= self.settings.misfit_most * (3 * plots - STATES))

    def _is_debris(self, state: Floats) -> bool:
        return not state[LN_BETA] > self.settings.fewest_ln_beta

    def _information(self, end: Floats, time_s: float, latest: Floats) -> _Equations:
        normal, side, squares = stretch_information(
            for_kernel(end),
            time_s,
            for_kernel(latest[:, 0]),
            latest[:, 1].astype(np.int64),
            for_kernel(latest[:, 2]),
            for_kernel(latest[:, 3]),
            for_kernel(latest[:, 4]),
            self._packed,
            _LEG_S,
            self.air.packed,
        )
        normal[LN_BETA, LN_BETA] += 1.0 / _LN_BETA_PRIOR**2
        return normal, side, float(squares)

    def _pruned(self, state: RegistrarState) -> RegistrarState:
        """Stretches whose track got no plot for a stretch's length are dropped."""
        oldest = state.time_s - 2.0 * self.settings.stretch_s
        for track in [track for track, rows in state.open.items() if rows[0][0] < oldest]:
            del state.open[track]
        return state

    @cached_property
    def _packed(self) -> Floats:
        return np.array([radar.packed for radar in self.radars])

    @cached_property
    def _prior_information(self) -> Floats:
        s = self.settings
        one = (s.prior_range_m, s.prior_angle_rad, s.prior_angle_rad, s.prior_time_s)
        return np.diag(1.0 / np.tile(np.array(one), len(self.radars)) ** 2)

    @cached_property
    def _harm(self) -> Floats:
        """Sigmas of one plot; for time, the flight of 500 m/s through a range sigma."""
        return np.array(
            [
                (r.sigma_range_m, r.sigma_azimuth_rad, r.sigma_elevation_rad, r.sigma_range_m / 500)
                for r in self.radars
            ]
        )


def without_bias(plots: Plots, radar_ids: Sequence[str], bias: Floats) -> Plots:
    """The plots as radars without these biases (k, 4; see `Registration`) would have given them."""
    row = {radar: k for k, radar in enumerate(radar_ids)}
    own = np.array([row.get(radar, -1) for radar in plots.radar_id.tolist()], dtype=np.int64)
    off = np.where((own >= 0)[:, None], np.asarray(bias)[own], 0.0)
    turned = np.mod(plots.azimuth_rad - off[:, 1] + np.pi, 2.0 * np.pi) - np.pi
    return replace(
        plots,
        range_m=plots.range_m - off[:, 0],
        azimuth_rad=np.where(off[:, 1] == 0.0, plots.azimuth_rad, turned),
        elevation_rad=plots.elevation_rad - off[:, 2],
        time_s=plots.time_s - off[:, 3],
    )


_LN_BETA_PRIOR = 1.0  # a factor e; keeps a stretch without drag solvable


def _is_finite(normal: Floats, side: Floats, squares: float) -> bool:
    return bool(np.isfinite(normal).all() and np.isfinite(side).all() and np.isfinite(squares))


def _state_given(normal: Floats, side: Floats, bias: Floats) -> Floats:
    """Corrections of the state once the biases are known."""
    scale = 1.0 / np.sqrt(np.diag(normal)[:STATES])
    kernel = normal[:STATES, :STATES] * scale[:, None] * scale
    right = side[:STATES] - normal[:STATES, STATES:] @ bias
    return np.asarray(np.linalg.solve(kernel, right * scale) * scale)


def _without_state(normal: Floats, side: Floats, squares: float) -> _Equations:
    """Eliminate the seven corrections of the state (Schur complement)."""
    scale = 1.0 / np.sqrt(np.diag(normal)[:STATES])
    kernel = normal[:STATES, :STATES] * scale[:, None] * scale
    across, own = normal[:STATES, STATES:] * scale[:, None], side[:STATES] * scale
    solved = np.linalg.solve(kernel, np.column_stack([across, own]))
    more = normal[STATES:, STATES:] - across.T @ solved[:, :-1]
    left = squares - float(own @ solved[:, -1])
    return 0.5 * (more + more.T), side[STATES:] - across.T @ solved[:, -1], left
