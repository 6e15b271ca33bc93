"""Salvos become true flights: every threat's launch, path and fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import FLIGHT
from mantlet.kernels.flight import LANDED, fly_knots
from mantlet.ports.draws import Draws
from mantlet.tables import Threats, Zones
from mantlet.tables.errors import InputError
from mantlet.threats._bank import Starts, bank
from mantlet.threats.falls import Headings, headings
from mantlet.threats.raids import Area
from mantlet.threats.roster import KINDS, Roster, call_up
from mantlet.threats.salvos import Salvo
from mantlet.world.air import Air
from mantlet.world.earth import degrees_from_ecef
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DRAG_SPREAD, _BOOST_SPREAD = 0.03, 0.005
"""Notional standard deviations between flights of one kind, as shares."""


@dataclass(frozen=True, eq=False)
class Barrage:
    """Everything that is launched in a run. Row i of each is threat i, in launch order.

    `rcs_m2` (n,) is the mean radar cross-section [m2], `drag_m2kg` (n,) the drag and `family`
    (n,) the drag curve that the flights were integrated with.
    """

    threats: Threats
    trajectories: Trajectories
    rcs_m2: Floats
    drag_m2kg: Floats
    family: Ints


def draw_threats(
    salvos: Sequence[Salvo], areas: Mapping[str, Area], zones: Zones, draws: Draws, air: Air
) -> Barrage:
    """Draw every flight of a plan and integrate it to the ground.

    Parameters
    ----------
    salvos : sequence of Salvo
        As `threats.salvos.plan` returns them; `Threats.raid_id` counts its rows.
    areas : mapping of Area
        By id, all that the salvos name.
    zones : Zones
        Populated places, for salvos that head for them.
    draws : Draws
        Keyed by raid, salvo and flight: a flight does not change when others are added.
    air : Air
        The air of the scenario; the bank's own flights know only the standard one.

    Returns
    -------
    Barrage
        Impact points and times are those of the integrated flights, not of the intention.

    Raises
    ------
    InputError
        If an area is unknown or empty, no place is populated, or a flight does not come down
        in this air.
    """
    roster = call_up(salvos, draws)
    direction = headings(roster, areas, zones, draws)
    starts, drag = _starts(roster, direction, draws)
    family = np.array([kind.family for kind in KINDS], dtype=np.int64)[roster.kind]
    states = starts.states(direction.origin_m, direction.axes, direction.bearing_rad)
    status, impact_time, impact, apogee, offsets, knots = fly_knots(
        states,
        roster.launch_time_s,
        drag,
        family,
        starts.boost_mps2,
        starts.boost_s,
        air.packed,
    )
    if (status != LANDED).any():
        raise InputError("air: a flight does not come down in it; check the scenario's air")
    return Barrage(
        _threats(roster, direction.origin_m, impact_time, impact, apogee),
        Trajectories(offsets, knots),
        roster.of_kind("rcs_m2"),
        drag,
        family,
    )


def _starts(roster: Roster, direction: Headings, draws: Draws) -> tuple[Starts, Floats]:
    """A start out of the bank for every flight, no two quite alike, and its drag [m2/kg]."""
    rows = np.arange(len(roster))
    pick, misfire, extent, _, u, v = roster.uniforms(FLIGHT, rows, draws, 8)[:, 2:].T
    by_kind = [np.flatnonzero(roster.kind == kind) for kind in range(len(KINDS))]
    picked = [
        bank(kind.class_id).pick(direction.range_km[of], pick[of])
        for kind, of in zip(KINDS, by_kind, strict=True)
        if len(of)
    ]
    starts = Starts.joined(picked).take(np.argsort(np.concatenate(by_kind)))
    radius, angle = np.sqrt(-2.0 * np.log(u)), 2.0 * np.pi * v
    starts = starts.altered(1.0 + _BOOST_SPREAD * radius * np.cos(angle))
    drag = roster.of_kind("drag_m2kg") * (1.0 + _DRAG_SPREAD * radius * np.sin(angle))
    share = roster.of_salvo("misfire_share")
    share = np.where(np.isnan(share), roster.of_kind("misfire_share"), share)
    return starts.misfired(misfire < share, extent), drag


def _threats(
    roster: Roster, origin: Floats, impact_time: Floats, impact: Floats, apogee: Floats
) -> Threats:
    lat, lon, _ = degrees_from_ecef(origin)
    impact_lat, impact_lon, _ = degrees_from_ecef(impact[:, :3])
    return Threats(
        threat_id=np.arange(len(roster)),
        parent_id=np.full(len(roster), -1),
        class_id=np.array([kind.class_id for kind in KINDS], dtype=object)[roster.kind],
        raid_id=roster.salvo,
        launch_time_s=roster.launch_time_s,
        launch_lat_deg=lat,
        launch_lon_deg=lon,
        impact_time_s=impact_time,
        impact_lat_deg=impact_lat,
        impact_lon_deg=impact_lon,
        apogee_m=apogee,
        kind=np.array([kind.kind for kind in KINDS], dtype=object)[roster.kind],
    )
