"""Expected deaths of a whole campaign, on both sides of the border: a rough, stated range.

Never by place, never by salvo. The method is one multiplication: what came down on a side, times
deaths per such fall as published campaigns had them. The published figures differ by a factor of
four and come from places with shelters and sirens of their own; that, and the chance of the
draw, is the interval. Nothing else is modelled, and no use should be made of the number but to
show that what gets through matters on both sides.
"""

from dataclasses import dataclass
from typing import Any

from mantlet.analysis.intervals import poisson_range, rounded


@dataclass(frozen=True)
class DeathsPerFall:
    """Which falls are counted; lowest, usual and highest deaths per fall; where that is from."""

    counted: str
    low: float
    usual: float
    high: float
    source: str


DEFENDED_SIDE = DeathsPerFall(
    "falls in populated zones",
    4 / 224,
    0.04,
    13 / 160,
    "4 civilians killed by 224 hits in built-up areas in 2014 "
    "(S54, S14b), 12-13 killed with about 160 engaged rockets missed in 2021 (S65-S67); "
    "the usual value, their geometric mean, is notional",
)

LAUNCH_SIDE = DeathsPerFall(
    "falls short of the border",
    7 / 680,
    0.03,
    13 / 160,
    "7 killed by the one misfire counted among up to 680 in 2021 "
    "(S65, S69), a floor; the highest value is that of the other side; the usual one is notional",
)


def expected_deaths(falls: int, per_fall: DeathsPerFall) -> dict[str, Any]:
    """Expected deaths and a 95 % range: published rates and Poisson chance together."""
    low, high = poisson_range(falls * per_fall.low, falls * per_fall.high)
    return {
        "falls": falls,
        "counted": per_fall.counted,
        "expected": rounded(falls * per_fall.usual, 2),
        "low": low,
        "high": high,
        "method": per_fall.source,
    }
