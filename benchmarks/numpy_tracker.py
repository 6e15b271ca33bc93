"""The hand-tied peer: a batched extended Kalman filter in NumPy, assignment by SciPy.

What a good engineer writes in an afternoon, with the settings that serve it best: the same model
as the Stone Soup adapter's (exponential air, ln k as a state), global nearest neighbour with
log det S in the cost, confirmed tracks first, three plots to confirm. It follows Mantlet's tracker
protocol: `mantlet bench --tracker benchmarks/numpy_tracker.py:NumpyTracker`.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tracking import local_tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.world import exponential_air
from mantlet.world.air import Air

GATE = 16.0
HITS, TENTATIVE_MISSES, MISSES = 3, 2, 5
SPEED_SIGMA_MPS, CLIMB_MPS = 300.0, 150.0
LN_K = float(exponential_air.ln_k_of_beta(np.array(10_000.0)))
GROUND_M, SIGMA_M = -50.0, 400.0
FAR = 1e6


@dataclass
class State:
    """Rows of tracks; `name` is -1 while tentative."""

    mean: np.ndarray = field(default_factory=lambda: np.empty((0, 7)))
    cov: np.ndarray = field(default_factory=lambda: np.empty((0, 7, 7)))
    name: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    hits: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    misses: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    plot: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    time_s: float = 0.0
    names: int = 0

    def take(self, rows: np.ndarray) -> "State":
        kept = {
            k: getattr(self, k)[rows] for k in ("mean", "cov", "name", "hits", "misses", "plot")
        }
        return replace(self, **kept)


@dataclass(frozen=True)
class NumpyTracker:
    """All tracks at once, in the first radar's axes."""

    radars: tuple[RadarFigures, ...]
    air: Air

    def start(self) -> State:
        return State()

    def step(self, state: State, plots: Plots, radar: int, time_s: float) -> State:
        state = self._predicted(state, time_s)
        z = np.column_stack([plots.range_m, plots.azimuth_rad, plots.elevation_rad])
        expected, h = self._measured(state.mean, radar)
        s = h @ state.cov @ h.transpose(0, 2, 1) + self._noise
        row, column = associate(state.name >= 0, z, expected, s)
        self._update(state, row, column, z, expected, h, s, plots.plot_id)
        free = np.setdiff1d(np.arange(len(z)), column)
        return born(pruned(state), *self._begun(z[free], plots.plot_id[free], radar))

    def report(self, state: State, time_s: float) -> Tracks:
        now = self._predicted(state, time_s)
        now = now.take(np.flatnonzero(now.name >= 0))
        status = np.where(now.misses > 0, "coasting", "confirmed")
        return local_tracks.tracks_of(
            self.radars[0].site, now.name, time_s, status, now.mean, now.cov, now.plot
        )

    def impacts(self, state: State, tracks: Tracks) -> Impacts:
        return local_tracks.impacts_of(self.radars[0].site, tracks)

    @property
    def _densities(self) -> tuple[float, float, float]:
        """Of white acceleration and of ln k's walk, and the prior spread of ln k."""
        return (0.001, 1e-5, 0.5) if self.air.flat else (0.3, 3e-3, 1.0)

    @property
    def _noise(self) -> np.ndarray:
        f = self.radars[0]
        return np.diag([f.sigma_range_m, f.sigma_azimuth_rad, f.sigma_elevation_rad]) ** 2

    def _predicted(self, state: State, time_s: float) -> State:
        h = time_s - state.time_s
        if h <= 0.0 or not len(state.mean):
            return replace(state, time_s=time_s)
        middle = exponential_air.advance(state.mean, 0.5 * h)
        a = np.zeros((len(middle), 7, 7))
        a[:, :3, 3:6] = np.eye(3)
        a[:, 3:6] = exponential_air.acceleration_jacobian(middle)
        f = np.eye(7) + h * (a + h / 2 * (a @ a) + h**2 / 6 * (a @ a @ a))
        q, walk, _ = self._densities
        noise = np.zeros((7, 7))
        noise[:3, :3], noise[3:6, 3:6] = np.eye(3) * q * h**3 / 3, np.eye(3) * q * h
        noise[:3, 3:6] = noise[3:6, :3] = np.eye(3) * q * h**2 / 2
        noise[6, 6] = walk * h
        cov = f @ state.cov @ f.transpose(0, 2, 1) + noise
        mean = exponential_air.advance(middle, 0.5 * h)
        return replace(state, mean=mean, cov=cov, time_s=time_s)

    def _update(self, state, row, column, z, expected, h, s, plot_id) -> None:
        """Take the plots in, in place (Joseph's form), and count hits and misses."""
        gain = state.cov[row] @ h[row].transpose(0, 2, 1) @ np.linalg.inv(s[row])
        left = wrapped(z[column] - expected[row])
        state.mean[row] += (gain @ left[:, :, None])[:, :, 0]
        keep = np.eye(7) - gain @ h[row]
        state.cov[row] = keep @ state.cov[row] @ keep.transpose(0, 2, 1)
        state.cov[row] += gain @ self._noise @ gain.transpose(0, 2, 1)
        state.misses += 1
        state.misses[row] = 0
        state.hits[row] += 1
        state.plot[row] = plot_id[column]
        fresh = np.flatnonzero((state.name < 0) & (state.hits >= HITS))
        state.name[fresh] = state.names + np.arange(len(fresh))
        state.names += len(fresh)

    def _measured(self, mean: np.ndarray, radar: int) -> tuple[np.ndarray, np.ndarray]:
        """What a radar would see of states, and its derivatives."""
        turn, place = self._placed(radar)
        seen = mean.copy()
        seen[:, :3] = (mean[:, :3] - place) @ turn.T
        expected, h = measure(seen)
        h[:, :, :3] = h[:, :, :3] @ turn
        return expected, h

    def _placed(self, radar: int) -> tuple[np.ndarray, np.ndarray]:
        """Axes and place of a radar in those of the first."""
        home, site = self.radars[0].site, self.radars[radar].site
        return site.axes @ home.axes.T, home.axes @ (site.ecef_m - home.ecef_m)

    def _begun(self, z: np.ndarray, plot_id: np.ndarray, radar: int) -> tuple[np.ndarray, ...]:
        slant, azimuth, elevation = z.T
        level, (turn, place) = slant * np.cos(elevation), self._placed(radar)
        local = np.column_stack(
            [level * np.sin(azimuth), level * np.cos(azimuth), slant * np.sin(elevation)]
        )
        mean = np.zeros((len(z), 7))
        mean[:, :3] = local @ turn + place
        mean[:, 5], mean[:, 6] = CLIMB_MPS, LN_K
        _, h = self._measured(mean, radar)
        back = np.linalg.inv(h[:, :, :3])
        cov = np.zeros((len(z), 7, 7))
        cov[:, :3, :3] = back @ self._noise @ back.transpose(0, 2, 1)
        cov[:, 3:6, 3:6] = np.eye(3) * SPEED_SIGMA_MPS**2
        cov[:, 6, 6] = self._densities[2] ** 2
        return mean, cov, plot_id


def measure(mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Range, azimuth, elevation (n, 3) of states, and their derivatives (n, 3, 7)."""
    x, y, z = mean[:, :3].T
    level2 = x * x + y * y
    level, slant = np.sqrt(level2), np.sqrt(level2 + z * z)
    h = np.zeros((len(mean), 3, 7))
    h[:, 0, :3] = mean[:, :3] / slant[:, None]
    h[:, 1, 0], h[:, 1, 1] = y / level2, -x / level2
    h[:, 2, 0], h[:, 2, 1] = -x * z / (slant**2 * level), -y * z / (slant**2 * level)
    h[:, 2, 2] = level / slant**2
    return np.column_stack([slant, np.arctan2(x, y), np.arctan2(z, level)]), h


def wrapped(difference: np.ndarray) -> np.ndarray:
    """With the azimuth between minus and plus half a turn, in place."""
    difference[..., 1] = (difference[..., 1] + np.pi) % (2 * np.pi) - np.pi
    return difference


def associate(confirmed, z, expected, s) -> tuple[np.ndarray, np.ndarray]:
    """Rows and plots that belong together: confirmed tracks choose first."""
    if not len(z) or not len(s):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    left = wrapped(z[None] - expected[:, None])
    white = left @ np.linalg.inv(np.linalg.cholesky(s)).transpose(0, 2, 1)
    d2 = np.einsum("nmi,nmi->nm", white, white)
    cost = np.where(d2 < GATE, d2 + np.linalg.slogdet(s)[1][:, None], FAR)
    rows, columns = [], []
    open_plots = np.ones(len(z), dtype=bool)
    for which in (confirmed, ~confirmed):
        mine = np.flatnonzero(which & (cost.min(axis=1) < FAR))
        theirs = np.flatnonzero(open_plots & (cost[mine].min(axis=0, initial=FAR) < FAR))
        i, j = linear_sum_assignment(cost[np.ix_(mine, theirs)])
        good = cost[mine[i], theirs[j]] < FAR
        rows.append(mine[i[good]])
        columns.append(theirs[j[good]])
        open_plots[columns[-1]] = False
    return np.concatenate(rows), np.concatenate(columns)


def pruned(state: State) -> State:
    named = state.name >= 0
    keep = state.misses < np.where(named, MISSES, TENTATIVE_MISSES)
    keep &= state.mean[:, 2] > GROUND_M
    keep &= np.einsum("nii->n", state.cov[:, :3, :3]) < 3 * SIGMA_M**2
    return state.take(np.flatnonzero(keep))


def born(state: State, mean: np.ndarray, cov: np.ndarray, plot_id: np.ndarray) -> State:
    n = len(mean)
    return replace(
        state,
        mean=np.concatenate([state.mean, mean]),
        cov=np.concatenate([state.cov, cov]),
        name=np.concatenate([state.name, np.full(n, -1)]),
        hits=np.concatenate([state.hits, np.ones(n, np.int64)]),
        misses=np.concatenate([state.misses, np.zeros(n, np.int64)]),
        plot=np.concatenate([state.plot, plot_id]),
    )
