"""How the tracker is tuned, each number with its reason."""

import math
from dataclasses import asdict, dataclass

from mantlet.kernels.filter import Law
from mantlet.kernels.tuning import Tuning, TuningRow, as_row

# The model that takes over where the air is not what it was told, or the drag no known curve's.
_ROUGH_NOISE, _ROUGH_WIND_MPS, _ROUGH_WALK = 0.02, 10.0, 0.002

_CHOICES = {
    "filter": ("ekf", "ukf"),
    "association": ("gnn", "jpda"),
    "initiation": ("m-of-n", "slr", "labelled"),
}
_SIGNED = {"ln_beta", "confirm_score", "drop_score", "ground_m"}
_ABOVE_NOTHING = {
    "gate",
    "leg_s",
    "speed_sigma_mps",
    "ln_beta_sigma",
    "confirm_hits",
    "confirm_window",
    "speed_max_mps",
    "lost_sigma_m",
    "burn_s",
    "scan_plots_max",
}


@dataclass(frozen=True)
class TrackerSettings:
    """Settings of the tracker. All of them describe targets and doubt, none a single radar.

    Parameters
    ----------
    gate : float
        Squared Mahalanobis distance beyond which a plot is not a track's (chi-square, 3 degrees
        of freedom: 16.3 keeps 99.9 %).
    filter : str
        `ekf`: covariance by the Jacobian; `ukf`: by cubature points, some three times the cost.
    association : str
        `gnn`: the one likeliest way of giving plots to tracks. `jpda`: every track its share of
        each plot in its gate, for dense salvos; where two tracks claim one (merged) plot, both
        widen.
    initiation : str
        `slr`: sequential likelihood ratio of a ballistic object against clutter of the radar's
        density, from how strong the plots are, where the first lies and whether it climbs.
        `m-of-n`: by hits in looks; it confirmed 4 % more tracks than there were rockets where 200
        fly at once, `slr` 1 %, in the same time.
        `labelled`: young tracks are components of a labelled multi-Bernoulli density with several
        hypotheses each, confirmed once they surely exist and one is left, for salvos so dense
        that a neighbour's plot is mistaken for one's own (`kernels.young_tracks`).
    leg_s : float
        Longest step [s] between two Jacobians, and of Runge-Kutta.
    acceleration_noise : float
        Density of the white acceleration that the equation of motion lacks [m2/s3].
    wind_sigma_mps : float
        Of the wind beyond what `air` holds, correlated over `wind_s` seconds of flight [m/s]. It
        acts through drag: density 2 wind_s (wind_sigma drag / speed)2 of white acceleration. On
        the way to the impact it lasts. `air` and radars may ask for more (`tracking.doubts`).
    wind_s : float
        Time in which a track crosses a layer of that wind [s].
    ln_beta_walk : float
        Density of the random walk of ln(beta) [1/s]: a drag curve is not quite its family's,
        0.05 within a usual flight of 50 s.
    speed_sigma_mps : float
        Of each velocity component before the second plot; the gate then reaches 1,600 m/s, and
        600 instead changed no track of large rockets but made pairs of false plots likelier.
    ln_beta, ln_beta_sigma : float
        Prior of the log ballistic coefficient while tentative, by the rocket's drag curve:
        4,000 kg/m2, a factor e either way. Confirmed tracks carry one model for each kind of
        drag, see `kernels.track_models`.
    confirm_hits, confirm_window : int
        A track is confirmed by this many hits in so many looks.
    confirm_score, drop_score : float
        For `slr`: log odds of an object against false plots at which a tentative track is
        confirmed, and dropped: one object in a hundred. They start from the strength and place of
        the first plot (`kernels.new_objects`), so two plots may be enough where they leave no
        doubt whose they are. A confirmed track that sinks to `drop_score` is none, and closes.
    coast_s : float
        A confirmed track closes when radars that should see it have not for this long [s].
    blind_tentative_s : float
        A tentative track without plot closes after this time whatever the coverage [s].
    speed_min_mps, speed_max_mps : float
        What flies ballistically lies between [m/s]; outside, no track is confirmed.
    ground_m : float
        A falling track without plot closes below this ellipsoid height [m]. The ground itself:
        with 50 m to spare one track in four was shown for another second after its fall.
    lost_sigma_m : float
        A confirmed track closes when its position is known no better than this [m].
    thrust_s : float
        So long after its first plot a track may still be under thrust [s].
    thrust_noise : float
        Density of the white acceleration of thrust [m2/s3], some 200 m/s2 held for a second
        (notional). Tried at every plot of a young track and kept only where it is likelier.
    boost_mps2, boost_noise, burn_s : float
        The model of a burning motor: mean thrust along the velocity [m/s2], the density of what
        it may differ by [m2/s3], and the mean time that it still burns [s]; all notional.
    own_radius_m : float
        A plot this near (plus three sigmas) to an own interceptor starts no track [m].
    closed_shown_s : float
        A closed track is reported for this long: the decision period, so exactly once [s].
    late_window_s : float
        Plots that come at most this long after the last scan are put in their place [s].
    scan_plots_max : int
        Of a scan with more plots the strongest are kept: ten times the busiest scan of a
        thousand objects' salvo, so only a radar that has failed ever reaches it.

    Raises
    ------
    ValueError
        Naming the setting, if it is out of range.
    """

    gate: float = 16.3
    filter: str = "ekf"
    association: str = "gnn"
    initiation: str = "slr"
    leg_s: float = 1.0
    acceleration_noise: float = 2e-5
    wind_sigma_mps: float = 0.1
    wind_s: float = 6.0
    ln_beta_walk: float = 1e-7
    speed_sigma_mps: float = 400.0
    ln_beta: float = 8.3
    ln_beta_sigma: float = 1.0
    confirm_hits: int = 3
    confirm_window: int = 5
    confirm_score: float = 10.0
    drop_score: float = -4.6
    coast_s: float = 5.0
    blind_tentative_s: float = 3.0
    speed_min_mps: float = 40.0
    speed_max_mps: float = 2_000.0
    ground_m: float = 0.0
    lost_sigma_m: float = 5_000.0
    thrust_s: float = 6.0
    thrust_noise: float = 4.0e4
    boost_mps2: float = 150.0
    boost_noise: float = 2.0e4
    burn_s: float = 1.5
    own_radius_m: float = 300.0
    closed_shown_s: float = 1.0
    late_window_s: float = 5.0
    scan_plots_max: int = 10_000

    def __post_init__(self) -> None:
        for name, known in _CHOICES.items():
            if getattr(self, name) not in known:
                choices = " or ".join(known)
                raise ValueError(f"{name} {getattr(self, name)!r}: must be {choices}")
        for name, value in asdict(self).items():
            if name in _CHOICES:
                continue
            if not math.isfinite(value):
                raise ValueError(f"{name} {value}: must be finite")
            if name in _ABOVE_NOTHING and not value > 0.0:
                raise ValueError(f"{name} {value}: must be positive")
            if name not in _SIGNED and value < 0.0:
                raise ValueError(f"{name} {value}: must not be negative")

    @property
    def tuning_row(self) -> TuningRow:
        """As the kernels take it."""
        law = Law(
            self.leg_s,
            self.acceleration_noise,
            2.0 * self.wind_s * self.wind_sigma_mps**2,
            self.wind_sigma_mps,
            self.ln_beta_walk,
            self.boost_noise,
            self.filter == "ukf",
        )
        rough = law._replace(
            noise=max(_ROUGH_NOISE, law.noise),
            wind_s=max(2.0 * self.wind_s * _ROUGH_WIND_MPS**2, law.wind_s),
            wind_mps=max(_ROUGH_WIND_MPS, law.wind_mps),
            walk=max(_ROUGH_WALK, law.walk),
        )
        values = asdict(self)
        own = {name: values[name] for name in Tuning._fields if name in values}
        return as_row(Tuning(law=law, rough=rough, sequential=self.initiation == "slr", **own))


DEFAULT_SETTINGS = TrackerSettings()
