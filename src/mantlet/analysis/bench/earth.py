"""Flights of the catalogue's classes over the real Earth, for bench scenes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.bench.flights import TrueFlights, differences, shifted, with_last_row
from mantlet.kernels.flight import LANDED, fly_knots
from mantlet.ports.draws import Draws
from mantlet.tables import Zones
from mantlet.threats.flights import Barrage, draw_threats
from mantlet.threats.raids import Area, Listing, Mixture, Toward, Volley
from mantlet.threats.salvos import plan
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import Site, degrees_from_ecef
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]

SITE = Site(31.60, 34.60, 60.0)
"""The radar's place; notional, flat country by the sea."""

SECOND_SITE = Site(31.66, 34.78, 90.0)
"""Of another radar, some 18 km off."""

_AFTER_LAUNCH_S = 0.5
"""The bound's start values are those so long after launch: clear of the ground."""


@dataclass(frozen=True)
class Group:
    """Flights that begin together, somewhere in a square round a point (km from the radar)."""

    count: int
    mixture: Mixture
    east_km: float = 0.0
    north_km: float = 20.0
    side_km: float = 10.0
    duration_s: float = 60.0
    spread_km: float = 4.0


def earth_flights(
    groups: tuple[Group, ...], seed: int, air: Air = STANDARD_AIR, step_s: float = 1.0
) -> TrueFlights:
    """Draw the flights of all groups, heading for the radar's neighbourhood, and fly them.

    Instants are `step_s` apart, until the last one is down.
    """
    toward = [Toward(SITE.lat_deg, SITE.lon_deg, group.spread_km) for group in groups]
    volleys = tuple(
        Volley(f"v{k}", 0.0, g.duration_s, g.count, g.mixture, f"a{k}", toward[k])
        for k, g in enumerate(groups)
    )
    areas = {f"a{k}": _square(f"a{k}", group) for k, group in enumerate(groups)}
    draws = Draws(seed)
    salvos = plan((Listing(volleys),), draws)
    return _flown(draw_threats(salvos, areas, Zones.empty(), draws, air), air, step_s)


def _square(name: str, group: Group) -> Area:
    lat_km, lon_km = 110.9, 111.32 * np.cos(np.radians(SITE.lat_deg))
    lat, half = SITE.lat_deg + group.north_km / lat_km, 0.5 * group.side_km
    lon = SITE.lon_deg + group.east_km / lon_km
    corners = np.array([[-1, -1], [-1, 1], [1, 1], [1, -1]]) * [half / lat_km, half / lon_km]
    return Area(name, (np.array([lat, lon]) + corners,))


def _flown(barrage: Barrage, air: Air, step_s: float) -> TrueFlights:
    threats, n = barrage.threats, len(barrage.threats)
    begin_s = threats.launch_time_s + _AFTER_LAUNCH_S
    starts = np.empty((n, 7))
    for i in range(n):
        starts[i, :6] = barrage.trajectories.states_at(np.array([i]), float(begin_s[i]))[0]
    starts[:, 6] = -np.log(barrage.drag_m2kg)
    thrust_mps2, burnt_out_s = _thrust(barrage.trajectories, n)
    every = shifted(starts)
    status, _, impact, _, offsets, knots = fly_knots(
        every[:, :6],
        np.tile(begin_s, 15),
        np.exp(-every[:, 6]),
        np.tile(barrage.family, 15),
        np.tile(thrust_mps2, 15),
        np.tile(np.maximum(burnt_out_s - begin_s, 0.0), 15),
        air.packed,
    )
    impact[status != LANDED] = np.nan
    time_s = np.arange(0.0, np.ceil(threats.impact_time_s.max()) + step_s, step_s)
    path, rows = Trajectories(offsets, knots), np.arange(15 * n)
    states = np.stack([path.states_at(rows, float(now)) for now in time_s], axis=1)
    launched = np.stack(
        [barrage.trajectories.states_at(rows[:n], float(now)) for now in time_s], axis=1
    )
    return TrueFlights(
        time_s=time_s,
        states=launched,
        sensitivity=with_last_row(differences(states)),
        impact_time_s=threats.impact_time_s,
        impact_deg=np.column_stack([threats.impact_lat_deg, threats.impact_lon_deg]),
        impact_gradient=_impact_gradient(impact[:, :3], n),
        plane=False,
    )


def _thrust(path: Trajectories, n: int) -> tuple[Floats, Floats]:
    """Thrust [m/s2] and when it ends [s]: burn-out is the instant that stands twice in a flight."""
    thrust, end_s = np.zeros(n), np.full(n, -np.inf)
    for i in range(n):
        knots = path.knots[path.offsets[i] : path.offsets[i + 1]]
        twice = np.flatnonzero(np.diff(knots[:, 0]) == 0.0)
        if len(twice):
            k = int(twice[0])
            thrust[i] = np.sqrt(((knots[k, 7:] - knots[k + 1, 7:]) ** 2).sum())
            end_s[i] = knots[k, 0]
    return thrust, end_s


def _impact_gradient(impact_m: Floats, n: int) -> Floats:
    """East and north [m] of the impact by the start values, (n, 2, 7)."""
    lat, lon, _ = degrees_from_ecef(np.nan_to_num(impact_m[:n]))
    axes = np.array([Site(a, b).axes for a, b in zip(lat, lon, strict=True)]).reshape(-1, 3, 3)
    return np.asarray(np.einsum("nij,njk->nik", axes[:, :2], differences(impact_m)))
