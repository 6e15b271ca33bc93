"""The scenario: every component's settings, checked, frozen, ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mantlet.engagement.assessment import Observation
from mantlet.engagement.battery import Battery
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.resolver import Lethality
from mantlet.sensing.radar import Radar
from mantlet.tables import Zones
from mantlet.threats.raids import Area, Raid
from mantlet.tracking.figures import RadarFigures
from mantlet.warning.policy import WarningPolicy
from mantlet.world.air import Air
from mantlet.world.borders import Surface
from mantlet.world.terrain import Terrain


@dataclass(frozen=True, eq=False)
class Scenario:
    """What a scenario file describes. Times are seconds since `epoch` (UTC).

    `figures` is what the tracker may know about each of `radars`, in the same order. `files` are
    the companion files (by name) that the resolved text refers to; written beside it, they make
    it loadable anywhere.
    """

    name: str
    title: str
    epoch: datetime
    notes: tuple[str, ...]
    radars: tuple[Radar, ...]
    figures: tuple[RadarFigures, ...]
    batteries: tuple[Battery, ...]
    zones: Zones
    surface: Surface
    policy: WarningPolicy
    doctrine: Doctrine
    lethality: Lethality
    observation: Observation
    areas: Mapping[str, Area]
    raids: tuple[Raid, ...]
    air: Air
    files: Mapping[str, bytes]
    resolved: str
    terrain: Terrain | None = None
    """Relief, if the scenario has one; the ground is the ellipsoid if not."""

    def resolved_yaml(self) -> str:
        """The scenario as text with every default written out; the same scenario, the same text."""
        return self.resolved
