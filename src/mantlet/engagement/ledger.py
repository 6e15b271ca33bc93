"""The ledger of a campaign: what was fired, and where it is said to have gone.

F = G + S + X, X = ignored + engaged, engaged = I + M. Published accounts need not close; the
ledger says by how much and changes nothing.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Interval:
    """A share with its confidence interval."""

    share: float
    low: float
    high: float


def wilson(successes: int, trials: int, z: float = 1.959963984540054) -> Interval:
    """Share of successes with its Wilson score interval (95 % by default); NaN if no trials.

    Reference: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212.
    """
    if trials == 0:
        return Interval(math.nan, math.nan, math.nan)
    share = successes / trials
    scale = 1.0 + z * z / trials
    centre = (share + z * z / (2.0 * trials)) / scale
    half = z / scale * math.sqrt(share * (1.0 - share) / trials + z * z / (4.0 * trials**2))
    return Interval(share, max(centre - half, 0.0), min(centre + half, 1.0))


@dataclass(frozen=True)
class Ledger:
    """Counts of one campaign.

    Attributes
    ----------
    fired, fell_short, sea, ignored, intercepted, missed : int
        Everything fired (F); short of the border (G); in the sea (S); crossed and left alone;
        engaged and stopped (I); engaged and not stopped (M).
    hit_built_up : int
        Hits in built-up areas (B), engaged or not.
    """

    fired: int
    fell_short: int
    sea: int
    ignored: int
    intercepted: int
    missed: int
    hit_built_up: int = 0

    @property
    def engaged(self) -> int:
        """I + M."""
        return self.intercepted + self.missed

    @property
    def crossed(self) -> int:
        """X: ignored and engaged."""
        return self.ignored + self.engaged

    @property
    def excess(self) -> int:
        """How many more are accounted for than were fired; 0 if the ledger closes."""
        return self.fell_short + self.sea + self.crossed - self.fired

    @property
    def rate_of_engaged(self) -> Interval:
        """Intercepted of those engaged, I / (I + M)."""
        return wilson(self.intercepted, self.engaged)

    @property
    def rate_of_threatening(self) -> Interval:
        """Intercepted of those stopped or landed in built-up areas, I / (I + B)."""
        return wilson(self.intercepted, self.intercepted + self.hit_built_up)

    @property
    def engaged_share(self) -> Interval:
        """Engaged of those that crossed, (I + M) / X."""
        return wilson(self.engaged, self.crossed)

    @property
    def ignored_share(self) -> Interval:
        """Left alone of those that crossed."""
        return wilson(self.ignored, self.crossed)
