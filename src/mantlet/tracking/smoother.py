"""After the action: the best estimate of a track from all of its plots, past and future.

A fixed-interval smoother (Rauch, Tung, Striebel), iterated: the second pass is linearised along
the first one's result. Which drag curve, how much the air strayed from the model and whether a
motor burnt at first is not asked but decided by the plots: every combination is run side by side,
the likeliest is kept. The estimate begins at the first plot and ends at the last; nothing here
goes further back.

References: H. E. Rauch, F. Tung, C. T. Striebel, "Maximum likelihood estimates of linear dynamic
systems", AIAA Journal 3 (8), 1965; B. M. Bell, "The iterated Kalman smoother as a Gauss-Newton
method", SIAM J. Optimization 4 (3), 1994.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.free_flight import move_rows
from mantlet.kernels.measurement import locate_plot
from mantlet.tables import Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.drag import FAMILIES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEWEST_PLOTS = 4
"""Fewer plots tell too little of seven states."""

_NOISES = {1e-4: 0.7, 1e-2: 0.15, 1e-1: 0.1, 1.0: 0.05}
"""White accelerations tried [m2/s3] (the model's own air, wind of some metres, worse), and how
likely each is beforehand (notional): a looser model has to pay for what it can explain."""
_BURNS = {False: 0.9, True: 0.1}
_LN_BETA_WALK = 1e-4
_BURN_S, _BURN_NOISE = 5.0, 2.0e4
"""Thrust, where it is tried: so long from the first plot, and how strong [m2/s3] (notional)."""
_SPEED_SIGMA_MPS = 500.0
_LN_BETA = {"rocket": (8.5, 1.0), "shell": (7.6, 0.8), "mortar": (6.8, 0.8), "debris": (5.2, 1.2)}
"""Prior of ln(beta) for each drag curve, mean and spread (notional)."""
_PASSES = 2
_FARTHEST_M, _FASTEST_MPS = 1e8, 1e5
_LEG_S = 0.5
_STEPS = np.array([5.0, 5.0, 5.0, 0.5, 0.5, 0.5, 0.01])
_UPPER = np.triu_indices(7)
_XX = ((0, 1, 2), (1, 3, 4), (2, 4, 5))


@dataclass(frozen=True)
class _Models:
    """The combinations that are run side by side."""

    family: Ints
    noise: Floats
    burns: NDArray[np.bool_]
    ln_beta: Floats
    ln_beta_sigma: Floats
    log_share: Floats

    @classmethod
    def all(cls) -> "_Models":
        rows = list(product(_LN_BETA, _NOISES, _BURNS))
        return cls(
            np.array([FAMILIES[name] for name, _, _ in rows], dtype=np.int64),
            np.array([noise for _, noise, _ in rows]),
            np.array([burns for _, _, burns in rows], dtype=np.bool_),
            np.array([_LN_BETA[name][0] for name, _, _ in rows]),
            np.array([_LN_BETA[name][1] for name, _, _ in rows]),
            np.log([_NOISES[noise] * _BURNS[burns] for _, noise, burns in rows]),
        )


def smooth(plots: Plots, radars: Sequence[RadarFigures], air: Air = STANDARD_AIR) -> Tracks:
    """The smoothed states of one object at the times of its plots.

    Parameters
    ----------
    plots : Plots, n >= 4 rows
        All of them of the one object, in any order.
    radars : RadarFigures
        Those that made them, found by `radar_id`.
    air : Air
        The air assumed.

    Returns
    -------
    Tracks, n rows in time order
        Status `confirmed`, track_id 0; ln(beta) belongs to the drag curve that was chosen;
        `log_likelihood` is that of all plots under it.

    Raises
    ------
    InputError
        If there are fewer than four plots, no flight passes by them, or a radar is not among
        `radars`.

    Accuracy
    --------
    On bench scenes of the model's own air the errors are within 10 % of the Cramer-Rao bound for
    all plots, and the covariance holds (NEES). It is first order in the errors.
    """
    if len(plots) < FEWEST_PLOTS:
        raise InputError(f"plots: {len(plots)}\n    fix: give {FEWEST_PLOTS} of one object")
    found = _smoothed(plots, radars, air)
    if found is None:
        raise InputError("plots: no flight passes by them\n    fix: give those of one object")
    return found


def _smoothed(plots: Plots, radars: Sequence[RadarFigures], air: Air) -> Tracks | None:
    """See `smooth`; None where there is nothing to be had."""
    if len(plots) < FEWEST_PLOTS:
        return None
    plots = plots.take(np.argsort(plots.time_s, kind="stable"))
    position, spread = _located(plots, radars)
    run = _Run(plots.time_s, position, spread, _Models.all(), air.packed)
    mean, cov, log_likelihood = run.best()
    if not np.isfinite(log_likelihood):
        return None
    return Tracks(
        track_id=np.zeros(len(plots), dtype=np.int64),
        time_s=plots.time_s,
        status=np.full(len(plots), "confirmed", dtype=object),
        state=mean,
        covariance=cov[:, _UPPER[0], _UPPER[1]],
        last_plot_id=plots.plot_id,
        log_likelihood=np.full(len(plots), log_likelihood),
    )


Taken = tuple[Ints, Ints]
"""Numbers of tracks and the plots they took, a row for each plot taken."""

Progress = Callable[[int, int], None]
"""Called with tracks done and tracks in all."""


def smooth_tracks(
    tracks: Tracks,
    plots: Plots,
    radars: Sequence[RadarFigures],
    air: Air = STANDARD_AIR,
    *,
    taken: Taken | None = None,
    progress: Progress | None = None,
) -> Tracks:
    """Every track of a run smoothed, by track and time.

    A track's plots are those its reports name as the latest, and those that `taken` gives it:
    of a scan that was followed by another before the next report, and of the time before the
    first report, the tables alone do not tell. Tracks with fewer than four plots are left out,
    and those whose plots no flight passes by.
    """
    found = []
    order = np.argsort(plots.plot_id, kind="stable")
    shown = tracks.status != "tentative"
    names, ids = tracks.track_id[shown], tracks.last_plot_id[shown]
    if taken is not None:
        names, ids = (np.concatenate(both) for both in zip((names, ids), taken, strict=True))
    wanted = np.unique(tracks.track_id[shown]).tolist()
    for done, name in enumerate(wanted):
        if progress is not None:
            progress(done, len(wanted))
        used = np.unique(ids[names == name])
        at = np.minimum(np.searchsorted(plots.plot_id, used, sorter=order), len(plots) - 1)
        rows = order[at][plots.plot_id[order[at]] == used]
        one = _smoothed(plots.take(rows), radars, air)
        if one is not None:
            columns = {key: getattr(one, key) for key in Tracks.columns()}
            found.append(Tracks(**columns | {"track_id": np.full(len(one), name)}))
    return Tracks.concat(found)


def _located(plots: Plots, radars: Sequence[RadarFigures]) -> tuple[Floats, Floats]:
    """Positions (n, 3) and their covariances (n, 3, 3)."""
    packed = {radar.id: radar.packed for radar in radars}
    unknown = sorted(set(plots.radar_id.tolist()) - set(packed))
    if unknown:
        raise InputError(f"plots: radar {unknown[0]!r} is not among: {', '.join(packed)}")
    position, six = np.empty((len(plots), 3)), np.empty((len(plots), 6))
    for k in range(len(plots)):
        locate_plot(
            packed[plots.radar_id[k]],
            float(plots.range_m[k]),
            float(plots.azimuth_rad[k]),
            float(plots.elevation_rad[k]),
            float(plots.snr_db[k]),
            position[k],
            six[k],
        )
    return position, six[:, np.array(_XX)]


def _is_sane(mean: Floats, cov: Floats, step: Floats) -> NDArray[np.bool_]:
    """Which models (c) still hold something that flies; one that never fitted ends anywhere."""
    with np.errstate(invalid="ignore"):
        flies = (np.abs(mean[:, :3]).max(axis=1) < _FARTHEST_M) & (
            np.abs(mean[:, 3:6]).max(axis=1) < _FASTEST_MPS
        )
    variances = np.einsum("cii->ci", cov)
    known = (variances > 0.0).all(axis=1) & (variances < _FARTHEST_M**2).all(axis=1)
    finite = np.isfinite(cov).all(axis=(1, 2)) & np.isfinite(step).all(axis=(1, 2))
    return np.asarray(flies & known & finite, np.bool_)


@dataclass(frozen=True)
class _Run:
    """One object's plots, k of them, under c models at once."""

    time_s: Floats
    position: Floats
    spread: Floats
    models: _Models
    air: Floats

    def best(self) -> tuple[Floats, Floats, float]:
        """Smoothed means (k, 7) and covariances (k, 7, 7) of the likeliest model.

        Its log likelihood comes last: -inf where no model can have flown this.
        """
        nominal, log_likelihood = None, np.zeros(len(self.models.family))
        for _ in range(_PASSES):
            gone = np.isneginf(log_likelihood)
            mean, cov, log_likelihood = self._pass(nominal, np.where(gone, -np.inf, 0.0))
            nominal = mean
        chosen = int(np.argmax(log_likelihood + self.models.log_share))
        return mean[:, chosen], cov[:, chosen], float(log_likelihood[chosen])

    def _pass(self, nominal: Floats | None, total: Floats) -> tuple[Floats, Floats, Floats]:
        """Forward and back; means (k, c, 7), covariances, log likelihoods (c,) added to `total`."""
        mean, cov = self._prior()
        kept, foretold, steps = [], [], []
        for k in range(len(self.time_s)):
            if k:
                at = mean if nominal is None else nominal[k - 1]
                mean, cov, step = self._ahead(mean, cov, at, k)
                lost = ~_is_sane(mean, cov, step)
                mean[lost], cov[lost], step[lost] = (
                    *(part[lost] for part in self._prior()),
                    np.eye(7),
                )
                total = np.where(lost, -np.inf, total)
                foretold.append((mean, cov))
                steps.append(step)
            mean, cov, told = self._taken_in(mean, cov, k)
            total = total + told
            kept.append((mean, cov))
        back = self._back(kept, foretold, steps)
        return np.array([m for m, _ in back]), np.array([p for _, p in back]), total

    def _prior(self) -> tuple[Floats, Floats]:
        """Before the first plot: anywhere near, along the line of the first few."""
        count = len(self.models.family)
        last = min(FEWEST_PLOTS, len(self.time_s) - 1)
        duration = self.time_s[last] - self.time_s[0]
        way = self.position[last] - self.position[0]
        mean = np.zeros((count, 7))
        mean[:, :3] = self.position[0]
        mean[:, 3:6] = way / duration if duration > 0.0 else 0.0
        mean[:, 6] = self.models.ln_beta
        wide = 1e3 * np.sqrt(np.trace(self.spread[0]))
        sigma = np.full((count, 7), wide)
        sigma[:, 3:6], sigma[:, 6] = _SPEED_SIGMA_MPS, self.models.ln_beta_sigma
        return mean, sigma[:, :, None] ** 2 * np.eye(7)

    def _ahead(
        self, mean: Floats, cov: Floats, at: Floats, k: int
    ) -> tuple[Floats, Floats, Floats]:
        """Predicted to plot k, linearised at `at`, and the transition."""
        h = float(self.time_s[k] - self.time_s[k - 1])
        moved, step = self._motion(at, h)
        noise = self.models.noise + np.where(
            self.models.burns & (self.time_s[k] - self.time_s[0] <= _BURN_S), _BURN_NOISE, 0.0
        )
        q = np.zeros((len(mean), 7, 7))
        i = np.arange(3)
        q[:, i, i] = (noise * h**3 / 3.0)[:, None]
        q[:, 3 + i, 3 + i] = (noise * h)[:, None]
        q[:, i, 3 + i] = q[:, 3 + i, i] = (noise * h**2 / 2.0)[:, None]
        q[:, 6, 6] = _LN_BETA_WALK * h
        mean = moved + np.einsum("cij,cj->ci", step, mean - at)
        return mean, np.einsum("cij,cjk,clk->cil", step, cov, step) + q, step

    def _motion(self, at: Floats, h: float) -> tuple[Floats, Floats]:
        """Where states get in `h` seconds, and the derivatives of that (central differences)."""
        count = len(at)
        if h <= 0.0:
            return at, np.tile(np.eye(7), (count, 1, 1))
        moves = np.concatenate([np.zeros((1, 7)), np.diag(_STEPS), -np.diag(_STEPS)])
        rows = (at[None] + moves[:, None]).reshape(-1, 7)
        families = np.tile(self.models.family, len(moves))
        ends = move_rows(rows, families, h, _LEG_S, self.air).reshape(len(moves), count, 7)
        slopes = (ends[1:8] - ends[8:]) / (2.0 * _STEPS)[:, None, None]
        return ends[0], slopes.transpose(1, 2, 0)

    def _taken_in(self, mean: Floats, cov: Floats, k: int) -> tuple[Floats, Floats, Floats]:
        """After plot k (Joseph's form), and how likely it was (log)."""
        s = cov[:, :3, :3] + self.spread[k]
        left = self.position[k] - mean[:, :3]
        gain = np.linalg.solve(s, cov[:, :3]).transpose(0, 2, 1)
        d2 = np.einsum("ci,ci->c", left, np.linalg.solve(s, left[:, :, None])[:, :, 0])
        keep = np.tile(np.eye(7), (len(mean), 1, 1))
        keep[:, :, :3] -= gain
        after = np.einsum("cij,cjk,clk->cil", keep, cov, keep)
        after += np.einsum("cij,jk,clk->cil", gain, self.spread[k], gain)
        likelihood = -0.5 * (d2 + np.linalg.slogdet(s)[1] + 3.0 * np.log(2.0 * np.pi))
        return mean + np.einsum("cij,cj->ci", gain, left), after, likelihood

    def _back(
        self,
        kept: list[tuple[Floats, Floats]],
        foretold: list[tuple[Floats, Floats]],
        steps: list[Floats],
    ) -> list[tuple[Floats, Floats]]:
        """From the last plot to the first (Rauch, Tung, Striebel)."""
        mean, cov = kept[-1]
        found = [(mean, cov)]
        for (m, p), (ahead, spread), step in zip(
            kept[-2::-1], foretold[::-1], steps[::-1], strict=True
        ):
            scale = np.sqrt(np.einsum("cii->ci", spread))  # metres beside ln(beta)
            inner = spread / (scale[:, :, None] * scale[:, None, :])
            forward = np.einsum("cij,cjk->cik", step, p) / scale[:, :, None]
            gain = np.linalg.solve(inner, forward).transpose(0, 2, 1) / scale[:, None, :]
            mean = m + np.einsum("cij,cj->ci", gain, mean - ahead)
            cov = p + np.einsum("cij,cjk,clk->cil", gain, cov - spread, gain)
            cov = 0.5 * (cov + cov.transpose(0, 2, 1))
            found.append((mean, cov))
        return found[::-1]
