"""What a tracker is told that it does not know: of the air, and of how its radars are set up.

Ignorance that lasts through a flight is no white noise, but a filter of seven states can only
take it as such: as much as makes its covariance grow to what the ignorance does.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import TrackerSettings
from mantlet.world.air import Air

_FLIGHT_S = 25.0  # of a usual flight's drag: the density is that much otherwise by its end
_MEMORY_S = 6.0  # of apparent acceleration: with more the NEES of tilted radars falls below 1
_GRAVITY_MPS2 = 9.8
_TURNING_RADPS = 0.02  # of the line of sight to what passes at 15 km


def doubtful(
    settings: TrackerSettings, air: Air, radars: Sequence[RadarFigures] = ()
) -> TrackerSettings:
    """The settings with as much process noise more as air and radars ask for.

    Wind adds to `wind_sigma_mps`, density to the walk of ln(beta). A radar that is set up wrong
    shows paths that do not quite obey gravity: turned by the error of an angle they seem to fall
    aside, and at a range too long they seem to turn too slowly. That apparent acceleration is
    given to the filter as noise, so that it follows what it is shown; the error itself is added
    when tracks are reported (`kernels.misalignment`).
    """
    fall = max((_false_acceleration(radar) for radar in radars), default=0.0)
    if not (air.wind_sigma_mps or air.density_sigma or fall):
        return settings
    return replace(
        settings,
        wind_sigma_mps=math.hypot(settings.wind_sigma_mps, air.wind_sigma_mps),
        ln_beta_walk=settings.ln_beta_walk + air.density_sigma**2 / _FLIGHT_S,
        acceleration_noise=settings.acceleration_noise + fall**2 * _MEMORY_S,
    )


def _false_acceleration(radar: RadarFigures) -> float:
    """Acceleration [m/s2] that a radar's standing errors seem to give to what it sees."""
    tilt = math.hypot(radar.tolerance_azimuth_rad, radar.tolerance_elevation_rad)
    return math.hypot(_GRAVITY_MPS2 * tilt, radar.tolerance_range_m * _TURNING_RADPS**2)
