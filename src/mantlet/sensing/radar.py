"""The radar at measurement level: objects in, plots out, and a note of origins for the assessor."""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels import look, radar_scan
from mantlet.kernels import radar as kernel
from mantlet.kernels.sight import Mask
from mantlet.ports.draws import Draws, stream_of
from mantlet.sensing import data_sheet, detection, limits, packing
from mantlet.sensing.equation import RadarEquation
from mantlet.sensing.faults import NO_FAULTS, Faults
from mantlet.sensing.interference import ClutterRegion, Jamming
from mantlet.sensing.objects import Objects, from_all_sides
from mantlet.tables import PlotOrigins, Plots, for_kernel
from mantlet.world.earth import EARTH_RADIUS_M, Site
from mantlet.world.terrain import Terrain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

__all__ = ["Objects", "Radar"]


@dataclass(frozen=True)
class Radar:
    """A three-dimensional search radar: its settings. Every default is notional.

    The mean signal-to-noise ratio of an object is `reference_snr_db` for 1 m2 at
    `reference_range_m`, or follows from the figures of `equation`, falling with the fourth power
    of range. `pulses` are added up after the envelope detector. Objects fluctuate from scan to
    scan by Swerling case `swerling` (0, 1 or 3). Errors have a fixed part (`sigma_...`) and one
    that grows with the resolution as the echo weakens. False plots are spread evenly over the
    resolution cells of the coverage: `false_plots_per_scan` of them, what is left after plot
    extraction (`false_alarms="stated"`), or as many as there are cells times
    `false_alarm_probability` (`"by-cell"`); `clutter` adds more in places.

    `kind` "search-3d" turns, or has faces all round: it sees as well in every direction.
    "staring-3d" is one fixed plane array along `azimuth_centre_deg`, leaning back to the middle of
    its elevations: off its axis gain is lost and the beam widens. Both look at all their coverage
    once a period; all plots of a scan carry the same time.

    Rays bend as over an Earth of 4/3 its size: `refraction` "corrected" shows true elevations (of
    the bend only the longer horizon is left), "apparent" those at which echoes arrive, "none" has
    straight rays. `tolerance_...` are what its operator says of how well it is set up, one standard
    deviation; what it really is off by is in `faults`. `terrain` stands in the way where given.

    Raises
    ------
    ValueError
        Naming the field, if there is no such radar.
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
    equation: RadarEquation | None = None
    swerling: int = 1
    pulses: int = 1
    false_alarm_probability: float = 1e-6
    range_resolution_m: float = 30.0
    azimuth_beamwidth_deg: float = 1.5
    elevation_beamwidth_deg: float = 1.5
    range_rate_resolution_mps: float = 10.0
    sigma_range_m: float = 10.0
    sigma_azimuth_rad: float = 0.001
    sigma_elevation_rad: float = 0.001
    sigma_range_rate_mps: float = math.nan
    refraction: str = "corrected"
    false_alarms: str = "stated"
    false_plots_per_scan: float = 5.0
    clutter: tuple[ClutterRegion, ...] = ()
    jamming: Jamming | None = None
    tolerance_range_m: float = 0.0
    tolerance_azimuth_rad: float = 0.0
    tolerance_elevation_rad: float = 0.0
    faults: Faults = NO_FAULTS
    terrain: Terrain | None = None

    def __post_init__(self) -> None:
        limits.check(self)

    def masked_by(self, terrain: Terrain) -> Self:
        """The same radar with ground of some relief around it.

        Raises
        ------
        InputError
            If the site lies under that ground.
        """
        packing.check_above(self.site, terrain)
        return replace(self, terrain=terrain)

    @property
    def horizon_rad(self) -> float:
        """Apparent elevation of the smooth Earth's horizon [rad]: 0 at the ground, below 0 above.

        -acos(k a / (k a + h)): a ray over an Earth of k times its radius a is straight.
        """
        radius_m = self._effective_radius_m
        return -math.acos(radius_m / (radius_m + max(self.site.height_m, 0.0)))

    @property
    def horizon_m(self) -> float:
        """Distance of the smooth Earth's horizon along the ray [m], 0 at the ground."""
        height_m = max(self.site.height_m, 0.0)
        return math.sqrt(height_m * (2.0 * self._effective_radius_m + height_m))

    @property
    def cells(self) -> float:
        """Resolution cells in the coverage, in range, azimuth and elevation."""
        return (
            (self.range_max_m - self.range_min_m)
            / self.range_resolution_m
            * (self.azimuth_width_deg / self.azimuth_beamwidth_deg)
            * ((self.elevation_max_deg - self.elevation_min_deg) / self.elevation_beamwidth_deg)
        )

    @property
    def mean_false_plots(self) -> float:
        """Mean number of false plots of a scan, those of clutter left out."""
        if self.false_alarms == "by-cell":
            return self.cells * self.false_alarm_probability
        return self.false_plots_per_scan

    @cached_property
    def threshold(self) -> float:
        """Threshold on the summed power, in mean noise powers of one pulse."""
        return detection.threshold(self.false_alarm_probability, self.pulses)

    @cached_property
    def reference(self) -> float:
        """SNR (power ratio) of 1 m2 times the fourth power of its range [m4]."""
        if self.equation is not None:
            return self.equation.reference
        return float(10.0 ** (self.reference_snr_db / 10.0) * self.reference_range_m**4)

    def snr(self, rcs_m2: float, range_m: float) -> float:
        """Mean signal-to-noise ratio of one pulse (power ratio) of an object, undisturbed."""
        return kernel.signal_to_noise(self.reference, rcs_m2, range_m)

    def detection_probability(self, rcs_m2: float, range_m: float) -> float:
        """How often an object that nothing hides is detected, undisturbed; exact."""
        snr = self.snr(rcs_m2, range_m)
        return float(detection.exceedance(snr, self.threshold, self.pulses, self.swerling))

    def detection_probabilities(
        self, position_m: Floats, velocity_mps: Floats, rcs_m2: Floats
    ) -> Floats:
        """How often one look detects each object that is alone in its cell, (n,); 0 where hidden.

        `position_m` and `velocity_mps` (n, 3) ECEF, `rcs_m2` as in `Objects`. With everything
        that stands in the way, without jamming and faults.
        """
        return look.look_probabilities(
            self._packed,
            self._mask,
            for_kernel(position_m),
            for_kernel(velocity_mps),
            for_kernel(from_all_sides(rcs_m2)),
        )

    def nominal(self) -> dict[str, float]:
        """What the maker's data sheet would say: see `sensing.data_sheet`."""
        return data_sheet.nominal(self)

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
            tells true from false. `snr_db` is that of all pulses together. `range_rate_mps` is
            NaN unless the radar measures it. Origins of a merged plot are its two strongest
            objects.
        """
        begin = np.array([0, len(objects.object_id)])
        plots, origins, _ = self.scans(
            objects, begin, scan=np.array([scan]), time_s=np.array([time_s]), draws=draws
        )
        plot_id = plots.plot_id + first_plot_id
        return plots.with_columns(plot_id=plot_id), origins.with_columns(plot_id=plot_id)

    def scans(
        self, objects: Objects, begin: Ints, *, scan: Ints, time_s: Floats, draws: Draws
    ) -> tuple[Plots, PlotOrigins, Ints]:
        """Many scans in one call, each as `scan` gives it: what happens between is not asked.

        Parameters
        ----------
        objects : Objects, n rows
            True states, look after look.
        begin : (m + 1,)
            Look j sees the objects `begin[j]:begin[j + 1]`.
        scan, time_s : (m,)
            Scan numbers and times of the looks.
        draws : Draws
            As in `scan`.

        Returns
        -------
        Plots, PlotOrigins, (m + 1,)
            Look after look, numbered from 0, and the row where each look begins.
        """
        columns, origins, rows = radar_scan.scans(
            self._settings,
            self._jammed_at(time_s),
            self._regions,
            self._mask,
            np.array([draws.seed, self.stream], dtype=np.int64),
            for_kernel(scan, np.int64),
            for_kernel(begin, np.int64),
            for_kernel(objects.object_id, np.int64),
            for_kernel(objects.draw_key, np.int64),
            for_kernel(objects.position_m),
            for_kernel(objects.velocity_mps),
            for_kernel(from_all_sides(objects.rcs_m2)),
        )
        plot_id, look = np.arange(len(origins)), np.repeat(np.arange(len(scan)), np.diff(rows))
        plots = self._plots(plot_id, columns, scan[look], time_s[look].astype(np.float64))
        return plots, PlotOrigins.trusted(plot_id=plot_id, threat_ids=origins), rows

    def _jammed_at(self, time_s: Floats) -> Ints:
        jammed = np.zeros(len(time_s), dtype=np.int64)
        if self.jamming is not None:
            jammed[:] = [self.jamming.at(time) for time in time_s.tolist()]
        return jammed

    def _plots(self, plot_id: Ints, columns: Floats, scan: Ints, time_s: Floats) -> Plots:
        radar_id = np.empty(plot_id.size, dtype=object)
        radar_id[:] = self.id
        return Plots.trusted(
            plot_id=plot_id,
            radar_id=radar_id,
            scan=scan,
            time_s=time_s,
            range_m=columns[kernel.RANGE],
            azimuth_rad=columns[kernel.AZIMUTH],
            elevation_rad=columns[kernel.ELEVATION],
            range_rate_mps=columns[kernel.RANGE_RATE],
            snr_db=10.0 * np.log10(columns[kernel.POWER] - self.pulses),
        )

    @property
    def _effective_radius_m(self) -> float:
        return EARTH_RADIUS_M * (1.0 if self.refraction == "none" else packing.EFFECTIVE_EARTH)

    @cached_property
    def stream(self) -> int:
        """Which draws are this radar's (`ports.draws`)."""
        return stream_of(self.id)

    @cached_property
    def _packed(self) -> Floats:
        return packing.settings(self)

    @cached_property
    def _settings(self) -> Floats:
        return np.stack([self._packed, packing.jammed(self)])

    @cached_property
    def _regions(self) -> Floats:
        return packing.regions(self)

    @cached_property
    def _mask(self) -> Mask:
        return packing.mask(self)
