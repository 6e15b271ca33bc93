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


def rounded(value: float, digits: int = 4) -> float | None:
    """`value` to so many significant digits; None for NaN and infinities, which JSON lacks."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")
