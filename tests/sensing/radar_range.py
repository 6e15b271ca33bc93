"""A radar on its range: objects placed by what the radar should measure of them."""

import dataclasses

import numpy as np

from mantlet.ports.draws import Draws
from mantlet.sensing import Objects, Radar
from mantlet.world.earth import Site

SITE = Site(31.6, 34.6, 60.0)
CLEAR = Radar("r1", SITE, false_plots_per_scan=0.0)
SHARP = dataclasses.replace(
    CLEAR,
    reference_snr_db=100.0,
    sigma_range_m=1e-3,
    sigma_azimuth_rad=1e-9,
    sigma_elevation_rad=1e-9,
)
DRAWS = Draws(7)


def placed(range_m, azimuth_deg, elevation_deg, rcs_m2=1.0, ids=None, speed=0.0):
    """Objects by their measures at SITE."""
    r, a, e, rcs = np.broadcast_arrays(
        np.atleast_1d(np.asarray(range_m, dtype=float)),
        np.radians(azimuth_deg),
        np.radians(elevation_deg),
        rcs_m2,
    )
    line = np.stack([np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), np.sin(e)], axis=1) @ SITE.axes
    ids = np.arange(r.size) if ids is None else np.asarray(ids)
    position = SITE.ecef_m + r[:, None] * line
    return Objects(ids, ids, position, speed * line, np.array(rcs, dtype=float))


def seen(radar, objects, scan=0, draws=DRAWS, first=0):
    return radar.scan(objects, scan=scan, time_s=float(scan), draws=draws, first_plot_id=first)


def many(radar, objects, scans):
    return [seen(radar, objects, scan)[0] for scan in range(scans)]
