"""Stone Soup as a tracker: plots go in, its tracks come back as tables (extra `stonesoup`).

Its components, with the best honest settings we found: extended Kalman filter, global nearest
neighbour on a k-d tree, three-plot initiation. Stone Soup has no ballistic model, so the one here
is user-written: exponential air, ln k as a state. Over the Earth, which that model does not know,
it gets more process noise than over the plane, where it is the truth's own.

Reference: Stone Soup, Defence Science and Technology Laboratory and others, MIT licence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from mantlet.tables import Impacts, Plots, Tracks
from mantlet.tables.errors import InputError
from mantlet.tracking import local_tracks
from mantlet.tracking.figures import RadarFigures
from mantlet.world import exponential_air
from mantlet.world.air import Air
from mantlet.world.earth import Site

try:
    from stonesoup.base import Property
    from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D
    from stonesoup.deleter.base import Deleter
    from stonesoup.deleter.error import CovarianceBasedDeleter
    from stonesoup.deleter.multi import CompositeDeleter
    from stonesoup.deleter.time import UpdateTimeStepsDeleter
    from stonesoup.hypothesiser.distance import DistanceHypothesiser
    from stonesoup.initiator.simple import NoHistoryMultiMeasurementInitiator
    from stonesoup.measures import Mahalanobis
    from stonesoup.models.base import GaussianModel, TimeVariantModel
    from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
    from stonesoup.models.transition.base import TransitionModel
    from stonesoup.predictor.kalman import ExtendedKalmanPredictor
    from stonesoup.tracker.simple import MultiTargetTracker
    from stonesoup.types.angle import Bearing, Elevation
    from stonesoup.types.array import CovarianceMatrix, StateVector
    from stonesoup.types.detection import Detection
    from stonesoup.types.state import GaussianState
    from stonesoup.types.update import Update
    from stonesoup.updater.kalman import ExtendedKalmanUpdater
except ImportError as error:  # pragma: no cover - the tests have it
    raise InputError(
        f"Stone Soup cannot be imported: {error}\n    fix: pip install mantlet[stonesoup]"
    ) from None

Floats = NDArray[np.float64]

_EPOCH = datetime(2000, 1, 1)
_LN_K = float(exponential_air.ln_k_of_beta(np.array(10_000.0)))
_POSITION = [0, 1, 2]


@dataclass(frozen=True)
class Settings:
    """Noise densities [m2/s3, 1/s] and prior spread of ln k; gates as Stone Soup means them."""

    acceleration_noise: float
    ln_k_walk: float
    ln_k_sigma: float
    gate: float = 4.0
    track_distance_m: float = 300.0
    initiator_distance_m: float = 1_500.0
    speed_sigma_mps: float = 300.0
    climb_mps: float = 150.0
    hits: int = 3
    misses: int = 5
    sigma_m: float = 400.0
    ground_m: float = -50.0


PLANE = Settings(acceleration_noise=0.001, ln_k_walk=1e-5, ln_k_sigma=0.5)
EARTH = Settings(acceleration_noise=0.3, ln_k_walk=3e-3, ln_k_sigma=1.0)


class DragModel(TransitionModel, GaussianModel, TimeVariantModel):  # type: ignore[misc]
    """Seven states in exponential air, with white acceleration and a walk of ln k."""

    noise_density: float = Property(doc="Of the white acceleration")
    walk: float = Property(doc="Of ln k")

    @property
    def ndim_state(self) -> int:
        """Seven."""
        return exponential_air.STATES

    def function(self, state: Any, noise: Any = False, **kwargs: Any) -> Any:
        """The state after the interval."""
        ahead = exponential_air.advance(_row(state), kwargs["time_interval"].total_seconds())
        return StateVector(ahead[0])

    def jacobian(self, state: Any, **kwargs: Any) -> Floats:
        """Exponential of the Jacobian in the middle of the interval, to third order."""
        h = kwargs["time_interval"].total_seconds()
        middle = exponential_air.advance(_row(state), 0.5 * h)
        rate = np.zeros((7, 7))
        rate[:3, 3:6] = np.eye(3)
        rate[3:6] = exponential_air.acceleration_jacobian(middle)[0]
        square = rate @ rate
        found: Floats = np.eye(7) + h * rate + h**2 / 2.0 * square + h**3 / 6.0 * (square @ rate)
        return found

    def covar(self, **kwargs: Any) -> Any:
        """Process noise of the interval."""
        h, q = kwargs["time_interval"].total_seconds(), self.noise_density
        found = np.zeros((7, 7))
        for i in range(3):
            found[i, i], found[3 + i, 3 + i] = q * h**3 / 3.0, q * h
            found[i, 3 + i] = found[3 + i, i] = q * h**2 / 2.0
        found[6, 6] = self.walk * h
        return CovarianceMatrix(found)

    def rvs(self, *args: Any, **kwargs: Any) -> Any:
        """Not sampled from: the filters here need the covariance only."""
        raise TypeError("this model is not sampled")

    def pdf(self, *args: Any, **kwargs: Any) -> Any:
        """Not evaluated: the filters here need the covariance only."""
        raise TypeError("this model has no density to evaluate")


def _row(state: Any) -> Floats:
    return np.asarray(state.state_vector, dtype=np.float64).reshape(1, 7)


class BelowGround(Deleter):  # type: ignore[misc]
    """Deletes tracks below a height."""

    ground_m: float = Property(doc="The height")

    def check_for_deletion(self, track: Any, **kwargs: Any) -> bool:
        """Whether the track's height is below."""
        return bool(track.state.state_vector[2, 0] < self.ground_m)


@dataclass
class StoneSoupState:
    """One running Stone Soup tracker: its queue of scans, and the names given to its tracks."""

    tracker: Any
    predictor: Any
    queue: list[tuple[datetime, set[Any]]]
    models: tuple[Any, ...]
    names: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StoneSoupTracker:
    """Stone Soup behind Mantlet's tracker protocol.

    It tracks in the first radar's axes; each other has a measurement model placed and turned in
    them. The k-d tree takes one model at a time, hence one radar a scan, as scans come anyway.
    """

    radars: tuple[RadarFigures, ...]
    air: Air

    @property
    def settings(self) -> Settings:
        """By where it tracks."""
        return PLANE if self.air.flat else EARTH

    def start(self) -> StoneSoupState:
        """A new tracker without tracks."""
        s, queue = self.settings, list[tuple[datetime, set[Any]]]()
        motion = DragModel(noise_density=s.acceleration_noise, walk=s.ln_k_walk)
        predictor = ExtendedKalmanPredictor(motion)
        models = tuple(_measurement(radar, self.radars[0].site) for radar in self.radars)
        updater = ExtendedKalmanUpdater(models[0])
        hypothesiser = DistanceHypothesiser(predictor, updater, Mahalanobis(), s.gate)
        near, far = (
            DetectionKDTreeGNN2D(hypothesiser, predictor, updater, max_distance=distance)
            for distance in (s.track_distance_m, s.initiator_distance_m)
        )
        tracker = MultiTargetTracker(
            initiator=NoHistoryMultiMeasurementInitiator(
                prior_state=_prior(s),
                measurement_model=models[0],
                deleter=UpdateTimeStepsDeleter(2),
                data_associator=far,
                updater=updater,
                min_points=s.hits,
            ),
            deleter=CompositeDeleter(
                [
                    UpdateTimeStepsDeleter(s.misses),
                    BelowGround(ground_m=s.ground_m),
                    CovarianceBasedDeleter(3.0 * s.sigma_m**2, mapping=_POSITION),
                ],
                intersect=False,
            ),
            detector=_scans(queue),
            data_associator=near,
            updater=updater,
        )
        iter(tracker)
        return StoneSoupState(tracker, predictor, queue, models)

    def step(self, state: StoneSoupState, plots: Plots, radar: int, time_s: float) -> Any:
        """Hand one scan to Stone Soup."""
        when = _EPOCH + timedelta(seconds=time_s)
        model = state.models[radar]
        state.queue.append((when, {_detection(plots, i, when, model) for i in range(len(plots))}))
        next(state.tracker)
        return state

    def report(self, state: StoneSoupState, time_s: float) -> Tracks:
        """Its tracks, oldest first, predicted to a time."""
        when = _EPOCH + timedelta(seconds=time_s)
        newest = sorted(state.tracker.tracks, key=_latest_plot)
        for track in newest:
            state.names.setdefault(track.id, len(state.names))
        tracks = sorted(newest, key=lambda track: state.names[track.id])
        now = [state.predictor.predict(track.state, timestamp=when) for track in tracks]
        coasting = [not isinstance(track.state, Update) for track in tracks]
        return local_tracks.tracks_of(
            self.radars[0].site,
            [state.names[track.id] for track in tracks],
            time_s,
            np.where(np.array(coasting, dtype=np.bool_), "coasting", "confirmed"),
            np.array([p.state_vector[:, 0] for p in now], dtype=np.float64).reshape(-1, 7),
            np.array([p.covar for p in now], dtype=np.float64).reshape(-1, 7, 7),
            [_latest_plot(track) for track in tracks],
        )

    def impacts(self, state: StoneSoupState, tracks: Tracks) -> Impacts:
        """Where the tracks land by their own model."""
        return local_tracks.impacts_of(self.radars[0].site, tracks)


def _scans(queue: list[tuple[datetime, set[Any]]]) -> Iterator[tuple[datetime, set[Any]]]:
    while True:
        yield queue.pop(0)


def _measurement(figures: RadarFigures, home: Site) -> Any:
    """Of a radar in the axes of `home`: Stone Soup turns by -x, y, -z, in this order from left."""
    sigmas = figures.sigma_elevation_rad, figures.sigma_azimuth_rad, figures.sigma_range_m
    turn = Rotation.from_matrix(figures.site.axes @ home.axes.T).as_euler("XYZ")
    place = home.axes @ (figures.site.ecef_m - home.ecef_m)
    return CartesianToElevationBearingRange(
        ndim_state=7,
        mapping=_POSITION,
        noise_covar=CovarianceMatrix(np.diag(np.array(sigmas) ** 2)),
        rotation_offset=StateVector(turn * [-1.0, 1.0, -1.0]),
        translation_offset=StateVector(place),
    )


def _prior(settings: Settings) -> Any:
    mean = [0.0, 0.0, 0.0, 0.0, 0.0, settings.climb_mps, _LN_K]
    speed = settings.speed_sigma_mps
    sigmas = np.array([1.0, 1.0, 1.0, speed, speed, speed, settings.ln_k_sigma])
    return GaussianState(StateVector(mean), CovarianceMatrix(np.diag(sigmas**2)), _EPOCH)


def _detection(plots: Plots, i: int, when: datetime, model: Any) -> Any:
    bearing = 0.5 * np.pi - float(plots.azimuth_rad[i])  # theirs runs from east, against the clock
    measured = [Elevation(float(plots.elevation_rad[i])), Bearing(bearing), float(plots.range_m[i])]
    return Detection(
        StateVector(measured),
        timestamp=when,
        measurement_model=model,
        metadata={"plot_id": int(plots.plot_id[i])},
    )


def _latest_plot(track: Any) -> int:
    return int(track.metadata["plot_id"])
