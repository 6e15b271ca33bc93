"""Salvos become true flights: every threat's launch, path and fall."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.draws import FLIGHT
from mantlet.kernels.flight import LANDED, fly, fly_knots
from mantlet.ports.draws import Draws
from mantlet.tables import Threats, Zones
from mantlet.tables.errors import InputError
from mantlet.threats._bank import Starts, bank
from mantlet.threats.falls import Headings, ground_of, headings
from mantlet.threats.ground import Ground
from mantlet.threats.raids import Area
from mantlet.threats.roster import KINDS, Roster, call_up
from mantlet.threats.salvos import Salvo
from mantlet.world.air import Air
from mantlet.world.earth import degrees_from_ecef
from mantlet.world.terrain import Terrain
from mantlet.world.trajectories import Trajectories

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_DRAG_SPREAD, _BOOST_SPREAD = 0.03, 0.005
"""Notional standard deviations between flights of one kind, as shares."""
_LONGEST_S = 600.0
_REDRAWS, _KEPT = 12, 0.75
"""Misfires are drawn so often at most, each time with this share of the boost before; notional."""


@dataclass(frozen=True, eq=False)
class Barrage:
    """Everything that is launched in a run. Row i of each is threat i, in launch order.

    `rcs_m2` (n, 3) is the mean radar cross-section from nose, side and tail [m2], `drag_m2kg` (n,)
    the drag and `family` (n,) the drag curve that the flights were integrated with.
    """

    threats: Threats
    trajectories: Trajectories
    rcs_m2: Floats
    drag_m2kg: Floats
    family: Ints


def draw_threats(
    salvos: Sequence[Salvo],
    areas: Mapping[str, Area],
    zones: Zones,
    draws: Draws,
    air: Air,
    terrain: Terrain | None = None,
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
    terrain : Terrain, optional
        Relief that flights begin and end on; the ellipsoid if there is none.

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
    direction = headings(roster, areas, zones, draws, terrain)
    starts, drag, failed = _starts(roster, direction, draws)
    family = np.array([kind.family for kind in KINDS], dtype=np.int64)[roster.kind]
    misfires = _Misfires(roster, direction, starts, drag, family, draws, air, terrain)
    starts = misfires.of(failed, areas)
    states = starts.states(direction.origin_m, direction.axes, direction.bearing_rad)
    status, impact_time, impact, apogee, offsets, knots = fly_knots(
        states,
        roster.launch_time_s,
        drag,
        family,
        starts.boost_mps2,
        starts.boost_s,
        air.packed,
        terrain=None if terrain is None else terrain.packed,
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


def _starts(
    roster: Roster, direction: Headings, draws: Draws
) -> tuple[Starts, Floats, NDArray[np.bool_]]:
    """A start out of the bank for every flight, its drag [m2/kg] and whether it misfires.

    No two are quite alike.
    """
    rows = np.arange(len(roster))
    pick, misfire, _, _, u, v = roster.uniforms(FLIGHT, rows, draws, 8)[:, 2:].T
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
    return starts, drag, misfire < share


@dataclass(frozen=True, eq=False)
class _Misfires:
    """The flights of a roster, some of which are to fail.

    Published counts of what fell short are of falls at home. A failed flight of a salvo that is
    counted so is drawn again, each time with less of its boost, until it comes down there.
    """

    roster: Roster
    direction: Headings
    starts: Starts
    drag_m2kg: Floats
    family: Ints
    draws: Draws
    air: Air
    terrain: Terrain | None

    def of(self, failed: NDArray[np.bool_], areas: Mapping[str, Area]) -> Starts:
        """The starts, where `failed` (n,) is set with most of the boost lost."""
        rows = np.flatnonzero(failed)
        extents = np.zeros((len(failed), _REDRAWS))
        extents[rows] = self.roster.uniforms(FLIGHT, rows, self.draws, 8 + _REDRAWS)[:, 8:]
        attempt = np.zeros(len(failed), dtype=np.int64)
        for members, salvo in self.roster.alike():
            if salvo.short_at_home:
                ground = ground_of(salvo.areas or tuple(areas), areas)
                self._bring_home(members[failed[members]], extents, attempt, ground)
        extent = extents[np.arange(len(failed)), attempt]
        return self.starts.misfired(failed, extent, _kept(attempt))

    def _bring_home(self, rows: Ints, extents: Floats, attempt: Ints, ground: Ground) -> None:
        """Raise `attempt` of the rows until their fall is on the ground, or none is left."""
        while len(rows):
            rows = rows[~ground.holds(*self._fall(rows, extents, attempt))]
            rows = rows[attempt[rows] < _REDRAWS - 1]
            attempt[rows] += 1

    def _fall(self, rows: Ints, extents: Floats, attempt: Ints) -> tuple[Floats, Floats]:
        """Latitude and longitude [deg] where some flights come down as misfires."""
        way, cut = self.direction, _kept(attempt[rows])
        every = np.ones(len(rows), dtype=np.bool_)
        starts = self.starts.take(rows).misfired(every, extents[rows, attempt[rows]], cut)
        _, _, impact, _ = fly(
            starts.states(way.origin_m[rows], way.axes[rows], way.bearing_rad[rows]),
            self.roster.launch_time_s[rows],
            self.drag_m2kg[rows],
            self.family[rows],
            starts.boost_mps2,
            starts.boost_s,
            self.air.packed,
            max_flight_s=_LONGEST_S,
            terrain=None if self.terrain is None else self.terrain.packed,
        )
        lat, lon, _ = degrees_from_ecef(impact[:, :3])
        return lat, lon


def _kept(attempt: Ints) -> Floats:
    """Share of a misfire's boost that so many redraws leave."""
    return np.asarray(_KEPT**attempt, dtype=np.float64)


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
