"""Generic classes of threat: a few rounded numbers each, with where every one comes from.

No named munitions. Launch settings and speeds are not among the numbers; the flights themselves
come from a private bank of notional ones.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from types import MappingProxyType

from mantlet.world.drag import FAMILIES

GRADES = ("official", "press", "academic", "notional")


@dataclass(frozen=True)
class Source:
    """Where a published number was read."""

    source_id: str
    title: str
    date: str
    link: str


@dataclass(frozen=True)
class Number:
    """One number of the catalogue.

    `uncertainty` is one standard deviation, in the same unit; 0 for bounds and for what a class
    does without.
    """

    class_id: str
    quantity: str
    value: float
    unit: str
    uncertainty: float
    source: tuple[str, ...]
    grade: str


@dataclass(frozen=True)
class ThreatClass:
    """One class of threat.

    `dispersion_range` and `dispersion_cross` are one standard deviation of the fall along and
    across the direction, as a share of the range; `misfire_share` is the share of flights whose
    motor or charge fails early; `max_flight_s` is a bound on the time of any flight of the class,
    so it has no uncertainty.
    """

    class_id: str
    title: str
    kind: str
    family: int
    range_min_km: float
    range_max_km: float
    mass_kg: float
    calibre_mm: float
    form_factor: float
    boost_s: float
    dispersion_range: float
    dispersion_cross: float
    misfire_share: float
    rcs_nose_dbsm: float
    rcs_side_dbsm: float
    rcs_tail_dbsm: float
    max_flight_s: float
    numbers: tuple[Number, ...] = field(repr=False, compare=False)

    @property
    def drag_m2kg(self) -> float:
        """Area times form factor over mass [m2/kg], what the flight kernels take."""
        area = math.pi / 4.0 * (self.calibre_mm / 1000.0) ** 2
        return area * self.form_factor / self.mass_kg

    @property
    def rcs_m2(self) -> tuple[float, float, float]:
        """Mean radar cross-section seen from the nose, the side and the tail [m2]."""
        nose, side, tail = self.rcs_nose_dbsm, self.rcs_side_dbsm, self.rcs_tail_dbsm
        return 10.0 ** (nose / 10.0), 10.0 ** (side / 10.0), 10.0 ** (tail / 10.0)


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a bundled CSV file, by column."""
    text = (files("mantlet.threats") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _number(row: dict[str, str]) -> Number:
    source = () if row["source"] == "notional" else tuple(row["source"].split(";"))
    return Number(
        row["class_id"],
        row["quantity"],
        float(row["value"]),
        row["unit"],
        float(row["uncertainty"]),
        source,
        row["grade"],
    )


def _classes() -> dict[str, ThreatClass]:
    numbers: dict[str, list[Number]] = defaultdict(list)
    for row in rows_of("catalogue.csv"):
        numbers[row["class_id"]].append(_number(row))
    return {
        row["class_id"]: ThreatClass(
            class_id=row["class_id"],
            title=row["title"],
            kind=row["kind"],
            family=FAMILIES[row["drag_family"]],
            numbers=tuple(numbers[row["class_id"]]),
            **{number.quantity: number.value for number in numbers[row["class_id"]]},
        )
        for row in rows_of("classes.csv")
    }


def sources() -> dict[str, Source]:
    """Every source that the catalogue and the published profiles name, by its id."""
    return {row["source_id"]: Source(**row) for row in rows_of("sources.csv")}


CLASSES: Mapping[str, ThreatClass] = MappingProxyType(_classes())
"""The catalogue, by class id."""
