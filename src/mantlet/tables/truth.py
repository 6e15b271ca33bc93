"""What really happened: only the simulation, the resolver and the assessor may read these."""

from dataclasses import dataclass

import numpy as np

from mantlet.tables.base import Array, Table, column


@dataclass(frozen=True)
class Threats(Table):
    """One row per thing that falls: rockets, shells, mortar bombs, and the debris of those hit."""

    threat_id: Array = column("identity, in launch order", dtype=np.int64)
    parent_id: Array = column("for debris, what broke up; otherwise -1", dtype=np.int64)
    class_id: Array = column("catalogue class", dtype=str)
    raid_id: Array = column("raid it belongs to, index into the scenario's plan", dtype=np.int64)
    launch_time_s: Array = column("launch (debris: break-up) on the scenario clock", "s")
    launch_lat_deg: Array = column("launch latitude, WGS-84", "deg")
    launch_lon_deg: Array = column("launch longitude, WGS-84", "deg")
    impact_time_s: Array = column("when it would reach the ground if left alone", "s")
    impact_lat_deg: Array = column("where it would, latitude", "deg")
    impact_lon_deg: Array = column("where it would, longitude", "deg")
    apogee_m: Array = column("highest ellipsoid height of the undisturbed flight", "m")
    kind: Array = column("rocket, shell, mortar or debris", dtype=str)


@dataclass(frozen=True)
class States(Table):
    """True states of live threats at the decision times."""

    threat_id: Array = column("whose state", dtype=np.int64)
    time_s: Array = column("when, scenario clock", "s")
    position_m: Array = column("ECEF position", "m", (3,))
    velocity_mps: Array = column("ECEF velocity", "m/s", (3,))


@dataclass(frozen=True)
class PlotOrigins(Table):
    """What each plot really was, for the assessor alone."""

    plot_id: Array = column("the plot", dtype=np.int64)
    threat_ids: Array = column(
        "true objects in it: none = false, two = merged", shape=(2,), dtype=np.int64, ragged=True
    )


@dataclass(frozen=True)
class Outcomes(Table):
    """The one fate of every threat, decided by the assessor."""

    threat_id: Array = column("whose fate", dtype=np.int64)
    fate: Array = column("intercepted, hit zone, open ground, sea, fell short", dtype=str)
    zone_id: Array = column("zone hit, otherwise -1", dtype=np.int64)
    shot_id: Array = column("shot that stopped it, otherwise -1", dtype=np.int64)
    time_s: Array = column("when", "s")


@dataclass(frozen=True)
class Intervals(Table):
    """The stretches of time that are simulated, fixed before the run."""

    interval_id: Array = column("identity, in time order", dtype=np.int64)
    start_s: Array = column("first scan, scenario clock", "s")
    end_s: Array = column("last scan, scenario clock", "s")
