"""The fixed scenes of `mantlet bench`. All of them notional."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from mantlet.analysis.bench.earth import SECOND_SITE, SITE, Group, earth_flights
from mantlet.analysis.bench.plane import plane_flights
from mantlet.analysis.bench.scene import Scene
from mantlet.analysis.bench.seeing import Seeing, watch
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import PlaneSite, Site

PLANE_AIR = Air(flat=True, density_sigma=0.1)
"""What is told over the plane: its exponential air is some tenth off the standard atmosphere."""
PLAIN = Seeing()

ROCKETS = MappingProxyType({"rocket-10": 0.2, "rocket-20": 0.5, "rocket-40": 0.3})
WIND = Air(wind=((0.0, 6.0, 3.0), (2_000.0, 10.0, 4.0), (8_000.0, 16.0, 6.0)))
"""Some 7 to 17 m/s that the trackers do not know; they know that there may be wind."""


@dataclass(frozen=True)
class Case:
    """One scene: its name, what it asks of a tracker, and how it is made from a seed."""

    name: str
    words: str
    make: Callable[[int], Scene]


def _plane(count: int, seed: int) -> Scene:
    flights = plane_flights(count, seed)
    return watch(flights, (PlaneSite(),), PLANE_AIR, PLAIN, seed)


def _earth(
    groups: tuple[Group, ...],
    seed: int,
    *,
    seeing: Seeing = PLAIN,
    air: Air = STANDARD_AIR,
    told: Air = STANDARD_AIR,
    sites: tuple[Site, ...] = (SITE,),
) -> Scene:
    flights = earth_flights(groups, seed, air, 1.0 / len(sites))
    return watch(flights, sites, told, seeing, seed)


_FIFTY = (Group(50, ROCKETS),)
_CROSSING = (
    Group(30, {"rocket-20": 1.0}, 0.0, 18.0, 6.0, 20.0, 1.5),
    Group(30, {"rocket-20": 1.0}, 18.0, 0.0, 6.0, 20.0, 1.5),
)
_STRANGE = (Group(50, {"shell-105": 1.0, "shell-155": 1.0, "mortar-120": 1.0, "rocket-20": 1.0}),)
_LONG_BURN = (Group(50, {"rocket-75": 0.7, "rocket-160": 0.3}, 0.0, 45.0),)
_CLUSTER = (Group(60, {"rocket-20": 1.0}, 0.0, 18.0, 2.0, 15.0, 2.0),)

_CASES = (
    Case("plane-50", "50 in exponential air over a plane", partial(_plane, 50)),
    Case("plane-200", "200 in exponential air over a plane", partial(_plane, 200)),
    Case("sparse", "10 rockets in 60 s", partial(_earth, (Group(10, ROCKETS),))),
    Case("raid", "50 rockets in 60 s", partial(_earth, _FIFTY)),
    Case("dense", "200 rockets in 60 s", partial(_earth, (Group(200, ROCKETS),))),
    Case("crossing", "two volleys whose paths cross", partial(_earth, _CROSSING)),
    Case("salvo-1000", "1,000 rockets in 60 s", partial(_earth, (Group(1_000, ROCKETS),))),
    Case(
        "clutter",
        "50 rockets, 100 false plots a scan",
        partial(_earth, _FIFTY, seeing=Seeing(false_plots_per_scan=100.0)),
    ),
    Case(
        "outage",
        "50 rockets, no scan for 8 s",
        partial(_earth, _FIFTY, seeing=Seeing(dark_s=(40.0, 48.0))),
    ),
    Case(
        "bias",
        "50 rockets, plots off by 20 m, 1 and 1 mrad",
        partial(_earth, _FIFTY, seeing=Seeing(bias=(20.0, 0.001, 0.001))),
    ),
    Case(
        "wind",
        "50 rockets in wind known to no better than 10 m/s",
        partial(_earth, _FIFTY, air=WIND, told=Air(wind_sigma_mps=10.0)),
    ),
    Case(
        "drag",
        "50 shells, bombs and rockets in air 10 % thicker",
        partial(
            _earth,
            _STRANGE,
            air=Air(pressure_factor=1.1, temperature_offset_k=-10.0),
            told=Air(density_sigma=0.1),
        ),
    ),
    Case("thrust", "50 long rockets, seen while they burn", partial(_earth, _LONG_BURN)),
    Case(
        "merged",
        "60 rockets from one spot in cells of 60 m and 1.5 degrees",
        partial(_earth, _CLUSTER, seeing=Seeing(resolution_m=60.0, beamwidth_deg=1.5)),
    ),
    Case(
        "two-radars",
        "50 rockets, two radars 18 km apart that look by turns",
        partial(_earth, _FIFTY, sites=(SITE, SECOND_SITE)),
    ),
    Case(
        "late",
        "50 rockets, three plots in ten come up to 5 s late",
        partial(_earth, _FIFTY, seeing=Seeing(late_share=0.3)),
    ),
)

CASES: Mapping[str, Case] = MappingProxyType({case.name: case for case in _CASES})
"""The scenes by name, in the order of the table."""
