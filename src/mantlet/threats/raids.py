"""Raids: what was published, recorded or is plainly assumed, as the scenario states it.

Descriptions only: how many, when, of which class, from which area, toward where in general.
Nothing here or elsewhere looks for a better raid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import CLASSES
from mantlet.threats.profiles import Profile

Floats = NDArray[np.float64]
Mixture = Mapping[str, float]
"""Weight of each class; need not add up to one."""

FATES = ("zone", "open", "sea", "short")
"""What a row of a record says of its falls."""

CAMPAIGN_MIXTURE: Mixture = MappingProxyType(
    {
        "rocket-10": 0.34,
        "rocket-20": 0.28,
        "rocket-40": 0.20,
        "rocket-75": 0.07,
        "rocket-160": 0.01,
        "mortar-81": 0.04,
        "mortar-120": 0.06,
    }
)
"""Notional: shorter ranges more often. Published totals mix all classes."""


@dataclass(frozen=True, eq=False)
class Area:
    """A stretch of ground by its outlines.

    `rings` are closed or open rings (k, 2) of latitude, longitude [deg]; a ring inside another
    one is a hole.
    """

    id: str
    rings: tuple[Floats, ...]


@dataclass(frozen=True)
class Toward:
    """A general direction: falls scatter round a point, with this standard deviation per axis."""

    lat_deg: float
    lon_deg: float
    spread_km: float = 2.0


@dataclass(frozen=True)
class Volley:
    """`count` flights, at even odds at any moment of `duration_s` from `at_s` [s].

    `misfire_share` of them fail early and fall short; None leaves that to their classes. Volleys
    of a table may each have their own, so that the share changes in time.
    """

    id: str
    at_s: float
    duration_s: float
    count: int
    mixture: Mixture
    area: str
    toward: Toward
    misfire_share: float | None = None

    def __post_init__(self) -> None:
        _check_mixture(self.mixture, f"volley {self.id}")
        if self.misfire_share is not None and not 0.0 <= self.misfire_share <= 1.0:
            raise InputError(f"volley {self.id}: misfire_share must lie between 0 and 1")
        if not (self.count > 0 and self.at_s >= 0.0 and self.duration_s >= 0.0):
            raise InputError(f"volley {self.id}: count must be positive, times not negative")


@dataclass(frozen=True)
class Campaign:
    """Days of salvos after a series of launches (`threats.profiles`), bundled or given.

    Falls are drawn toward populated places within the class's range, weighted with the square
    root of the population (notional); `areas` are where the flights begin, `towards` the areas
    whose places count, all but those in `areas` if empty.
    """

    areas: tuple[str, ...]
    profile: str | Profile = "published-2021"
    mixture: Mixture = field(default_factory=lambda: CAMPAIGN_MIXTURE)
    towards: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        name = self.profile.name if isinstance(self.profile, Profile) else self.profile
        _check_mixture(self.mixture, f"campaign {name}")


@dataclass(frozen=True)
class Listing:
    """Volleys listed one by one, in a table."""

    volleys: tuple[Volley, ...]


@dataclass(frozen=True)
class RecordedFall:
    """One row of a record: `count` falls near a point within `duration_s` from `time_s` [s].

    `fate` (one of `FATES`) says what the record, or the stated method that completed it, holds
    of them; "short" rows are misfires in that direction.
    """

    time_s: float
    duration_s: float
    lat_deg: float
    lon_deg: float
    fate: str
    count: int
    class_id: str

    def __post_init__(self) -> None:
        _check_mixture({self.class_id: 1.0}, "record")
        if self.fate not in FATES:
            raise InputError(f"record: fate {self.fate!r}, expected one of {', '.join(FATES)}")
        if not (self.count > 0 and self.duration_s >= 0.0):
            raise InputError("record: count must be positive, duration_s not negative")


@dataclass(frozen=True)
class Record:
    """Falls as an alert record tells them; flights begin in `areas` (all there are, if empty)."""

    falls: tuple[RecordedFall, ...]
    areas: tuple[str, ...] = ()


Raid = Campaign | Volley | Listing | Record


def _check_mixture(mixture: Mixture, where: str) -> None:
    unknown = [name for name in mixture if name not in CLASSES or name == "debris"]
    if unknown:
        known = ", ".join(name for name in CLASSES if name != "debris")
        raise InputError(f"{where}: no class {unknown[0]!r}; choose from {known}")
    weights = list(mixture.values())
    if not weights or min(weights) < 0.0 or not 0.0 < sum(weights) < np.inf:
        raise InputError(f"{where}: weights must not be negative and not all zero")
