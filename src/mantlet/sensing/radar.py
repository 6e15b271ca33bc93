"""The radar at measurement level: objects in, plots out, and a note of origins for the assessor."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import radar as kernel
from mantlet.ports.draws import Draws, stream_of
from mantlet.sensing.faults import NO_FAULTS, Faults
from mantlet.tables import PlotOrigins, Plots, for_kernel
from mantlet.world.earth import EARTH_RADIUS_M, Site

Floats = NDArray[np.float64]

_NO_IDS = np.empty(0, np.int64)

TYPICAL_RCS_M2 = 0.1
"""Radar cross-section that `nominal` figures are given for (notional)."""


@dataclass(frozen=True)
class Objects:
    """Everything that flies at one moment, true states: threats, debris, interceptors alike.

    `object_id` (n,) int64 is what plots are said to come from; `draw_key` (n,) int64 below 2**32
    is all that their draws hang on; `position_m` and `velocity_mps` (n, 3) ECEF; `rcs_m2` (n,)
    mean radar cross-section.
    """

    object_id: NDArray[np.int64]
    draw_key: NDArray[np.int64]
    position_m: Floats
    velocity_mps: Floats
    rcs_m2: Floats

    @classmethod
    def none(cls) -> Self:
        """An empty sky."""
        return cls(_NO_IDS, _NO_IDS, np.empty((0, 3)), np.empty((0, 3)), np.empty(0))


@dataclass(frozen=True)
class Radar:
    """A three-dimensional search radar: its settings. Every default is notional.

    The mean signal-to-noise ratio of an object is `reference_snr_db` for 1 m2 at
    `reference_range_m`, falling with the fourth power of range. Objects fluctuate from scan to
    scan (Swerling case 1). Errors have a fixed part (`sigma_...`) and one that grows as the echo
    weakens. False plots are spread evenly over the resolution cells of the coverage, whatever
    `false_alarm_probability`: their mean number is what is left after plot extraction. All
    plots of a scan carry the same time.
    """

    id: str
    site: Site
    kind: str = "search-3d"
    period_s: float = 1.0
    offset_s: float = 0.0
    range_min_m: float = 1_000.0
    range_max_m: float = 100_000.0
    elevation_min_deg: float = 0.5
    elevation_max_deg: float = 75.0
    azimuth_centre_deg: float = 0.0
    azimuth_width_deg: float = 360.0
    reference_range_m: float = 100_000.0
    reference_snr_db: float = 25.0
    false_alarm_probability: float = 1e-6
    range_resolution_m: float = 30.0
    azimuth_beamwidth_deg: float = 1.5
    elevation_beamwidth_deg: float = 1.5
    sigma_range_m: float = 10.0
    sigma_azimuth_rad: float = 0.001
    sigma_elevation_rad: float = 0.001
    sigma_range_rate_mps: float = math.nan
    false_plots_per_scan: float = 5.0
    faults: Faults = NO_FAULTS

    @property
    def horizon_rad(self) -> float:
        """Elevation of the geometric horizon [rad]: 0 at the ground, below 0 from a height."""
        height_m = max(self.site.height_m, 0.0)
        return -math.acos(EARTH_RADIUS_M / (EARTH_RADIUS_M + height_m))

    def snr(self, rcs_m2: float, range_m: float) -> float:
        """Mean signal-to-noise ratio (power ratio) of an object."""
        return kernel.signal_to_noise(self._reference, rcs_m2, range_m)

    def nominal(self) -> dict[str, float]:
        """What the maker's data sheet would say: figures for a tracker, free of any truth.

        For an object of 0.1 m2 at half the maximum range: the root-mean-square errors of its
        plots (over the fluctuation of those that are detected) and its detection probability.
        """
        snr = self.snr(TYPICAL_RCS_M2, self.range_max_m / 2)
        weak = _mean_inverse_snr(snr, self._threshold)
        angle = kernel.ANGLE_SLOPE
        azimuth_rad = math.radians(self.azimuth_beamwidth_deg)
        elevation_rad = math.radians(self.elevation_beamwidth_deg)
        sigma = kernel.measurement_sigma
        return {
            "sigma_range_m": sigma(self.range_resolution_m, 1.0, 1 / weak, self.sigma_range_m),
            "sigma_azimuth_rad": sigma(azimuth_rad, angle, 1 / weak, self.sigma_azimuth_rad),
            "sigma_elevation_rad": sigma(elevation_rad, angle, 1 / weak, self.sigma_elevation_rad),
            "detection_probability": kernel.detection_probability(
                snr, self.false_alarm_probability
            ),
            "false_plots_per_scan": self.false_plots_per_scan,
        }

    def scan(
        self, objects: Objects, *, scan: int, time_s: float, draws: Draws, first_plot_id: int
    ) -> tuple[Plots, PlotOrigins]:
        """Plots of one scan, and what each really was.

        Parameters
        ----------
        objects : Objects, n rows
            True states at `time_s`.
        scan : int
            Scan number of this radar since the epoch; part of the key of every draw.
        time_s : float
            Stamped on every plot [s].
        draws : Draws
            Keyed by the objects' `draw_key`, radar id and scan, never by `object_id`: an object
            that keeps its key keeps its draws, whatever other objects, radars or scans there
            are. Only where objects merge do they share a plot.
        first_plot_id : int
            Plots are numbered on from here.

        Returns
        -------
        Plots, PlotOrigins
            Sorted by measured azimuth before they are numbered, so neither order nor identity
            tells true from false. `range_rate_mps` is NaN unless the radar measures it. Origins
            of a merged plot are its two strongest objects.
        """
        keys = np.array([draws.seed, self._stream, scan], dtype=np.int64)
        found, origins = kernel.scan(
            self._packed,
            keys,
            for_kernel(objects.object_id, np.int64),
            for_kernel(objects.draw_key, np.int64),
            for_kernel(objects.position_m),
            for_kernel(objects.velocity_mps),
            for_kernel(objects.rcs_m2),
        )
        order = np.argsort(found[:, kernel.AZIMUTH])
        columns = np.take(found.T, order, axis=1)
        plot_id = np.arange(first_plot_id, first_plot_id + order.size)
        return self._plots(plot_id, columns, scan, time_s), PlotOrigins.trusted(
            plot_id=plot_id, threat_ids=origins[order]
        )

    def _plots(self, plot_id: NDArray[Any], columns: Floats, scan: int, time_s: float) -> Plots:
        radar_id = np.empty(plot_id.size, dtype=object)
        radar_id[:] = self.id
        return Plots.trusted(
            plot_id=plot_id,
            radar_id=radar_id,
            scan=np.full(plot_id.size, scan),
            time_s=np.full(plot_id.size, time_s, dtype=np.float64),
            range_m=columns[kernel.RANGE],
            azimuth_rad=columns[kernel.AZIMUTH],
            elevation_rad=columns[kernel.ELEVATION],
            range_rate_mps=columns[kernel.RANGE_RATE],
            snr_db=10.0 * np.log10(columns[kernel.POWER] - 1.0),
        )

    @cached_property
    def _stream(self) -> int:
        return stream_of(self.id)

    @cached_property
    def _threshold(self) -> float:
        return -math.log(self.false_alarm_probability)

    @cached_property
    def _reference(self) -> float:
        return float(10.0 ** (self.reference_snr_db / 10.0) * self.reference_range_m**4)

    @cached_property
    def _packed(self) -> Floats:
        packed = np.empty(kernel.SETTINGS)
        packed[kernel.SITE : kernel.SITE + 3] = self.site.ecef_m
        packed[kernel.AXES : kernel.AXES + 9] = self.site.axes.ravel()
        packed[kernel.RANGE_MIN] = self.range_min_m
        packed[kernel.RANGE_MAX] = self.range_max_m
        packed[kernel.ELEVATION_MIN] = max(math.radians(self.elevation_min_deg), self.horizon_rad)
        packed[kernel.ELEVATION_MAX] = math.radians(self.elevation_max_deg)
        packed[kernel.AZIMUTH_CENTRE] = math.radians(self.azimuth_centre_deg)
        packed[kernel.AZIMUTH_HALF_WIDTH] = math.radians(self.azimuth_width_deg) / 2
        packed[kernel.REFERENCE] = self._reference
        packed[kernel.THRESHOLD] = self._threshold
        packed[kernel.RANGE_RESOLUTION] = self.range_resolution_m
        packed[kernel.AZIMUTH_BEAMWIDTH] = math.radians(self.azimuth_beamwidth_deg)
        packed[kernel.ELEVATION_BEAMWIDTH] = math.radians(self.elevation_beamwidth_deg)
        packed[kernel.SIGMA_RANGE] = self.sigma_range_m
        packed[kernel.SIGMA_AZIMUTH] = self.sigma_azimuth_rad
        packed[kernel.SIGMA_ELEVATION] = self.sigma_elevation_rad
        packed[kernel.SIGMA_RANGE_RATE] = self.sigma_range_rate_mps
        packed[kernel.FALSE_PLOTS] = self.false_plots_per_scan
        return packed


def _mean_inverse_snr(snr: float, threshold: float) -> float:
    """Mean of 1 / (power - 1) over the powers above the threshold (exponential, mean 1 + SNR)."""
    a = (threshold - 1.0) / (1.0 + snr)
    # exp(a) E1(a) is the integral of exp(-u) / (a + u), u > 0. With u = a (exp(x) - 1) nothing
    # is singular; cut where exp(-40) is left, the trapezoids are good to 1e-5. (SciPy's E1
    # would cost every start a quarter of a second of imports.)
    x = np.linspace(0.0, math.log1p(40.0 / a), 400)
    return float(np.trapezoid(np.exp(-a * np.expm1(x)), x)) / (1.0 + snr)
