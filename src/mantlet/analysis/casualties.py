"""Expected deaths of a whole campaign, on both sides of the border: a rough, stated range.

Never by place, never by salvo. The method is one multiplication: what came down on a side, times
deaths per such fall as published campaigns had them. On both sides the lowest and the highest
published rate and the chance of the draw make the interval, and the usual rate is their geometric
mean (notional). Nothing else is modelled, and no use should be made of the number but to show
that what gets through matters on both sides.

The bases differ, because what was published differs: hits in built-up areas on the defended side,
all that fell short on the launch side, where nobody counted which of it hit built-up areas. So
the two rates, and the two numbers of falls, must not be held against each other. The defended
side has shelters and sirens; the rates hold that difference and cannot tell it apart.
"""

import math
from dataclasses import dataclass
from typing import Any

from mantlet.analysis.intervals import poisson_range, rounded


@dataclass(frozen=True)
class DeathsPerFall:
    """Which falls are counted; lowest and highest published deaths per fall; where from."""

    counted: str
    low: float
    high: float
    source: str

    @property
    def usual(self) -> float:
        """The geometric mean of the lowest and the highest, on every side; notional."""
        return math.sqrt(self.low * self.high)


DEFENDED_SIDE = DeathsPerFall(
    "falls in populated zones",
    4 / 224,
    13 / 160,
    "4 civilians killed by 224 hits in built-up areas in 2014 "
    "(S53, S14b), 12-13 killed with about 160 engaged rockets missed in 2021 (S65-S67); "
    "per hit in built-up areas, so not to be compared with the other side's rate",
)

LAUNCH_SIDE = DeathsPerFall(
    "falls short of the border, on any ground",
    7 / 680,
    13 / 280,
    "7 killed by the one misfire counted among up to 680 in 2021 (S65, S69), a floor; "
    "13 civilians killed with more than 280 fallen short in 2014 (S53); "
    "per fall on any ground, as which of them hit built-up areas was not published",
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
