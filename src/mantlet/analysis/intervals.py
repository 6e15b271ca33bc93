"""Intervals that go with counts: a rate's and a sum's."""

import math
from dataclasses import dataclass
from typing import Any

from mantlet.engagement.ledger import wilson
from mantlet.kernels.draws import poisson


@dataclass(frozen=True)
class Rate:
    """A rate under a stated definition: so many of so many, and in words of what."""

    numerator: int
    denominator: int
    meaning: str

    def as_json(self) -> dict[str, Any]:
        """Numerator, denominator, rate and its Wilson 95 % interval; nulls if nothing to count."""
        interval = wilson(self.numerator, self.denominator)
        return {
            "numerator": self.numerator,
            "denominator": self.denominator,
            "rate": rounded(interval.share),
            "low": rounded(interval.low),
            "high": rounded(interval.high),
            "meaning": self.meaning,
        }


def poisson_range(low_mean: float, high_mean: float) -> tuple[int, int]:
    """Counts that a Poisson mean somewhere between two values leaves within 95 %.

    From the 2.5 % point at the lower mean to the 97.5 % point at the higher.
    """
    return _quantile(0.025, low_mean), _quantile(0.975, high_mean)


def _quantile(probability: float, mean: float) -> int:
    return poisson(mean, probability) if mean > 0.0 else 0


def median_ranks(count: int) -> tuple[int, int] | None:
    """Ranks (from 0) of the sorted values that hold the median with at least 95 % confidence.

    By the binomial distribution, whatever that of the values is; None below six values, where
    even the least and the greatest do not. Reference: H. A. David, H. N. Nagaraja, Order
    Statistics, Wiley, 2003, sec. 7.1.
    """
    if count > _MANY:
        rank = math.floor(0.5 * count - 0.98 * math.sqrt(count)) - 1
        return rank, count - 1 - rank
    share, rank = 0.5**count, -1
    below = share
    while below <= 0.025:
        rank += 1
        share *= (count - rank) / (rank + 1)
        below += share
    return None if rank < 0 else (rank, count - 1 - rank)


_MANY = 500
"""Beyond, the normal law will do: it is off by a rank at most."""


def rounded(value: float, digits: int = 4) -> float | None:
    """`value` to so many significant digits; None for NaN and infinities, which JSON lacks."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")
