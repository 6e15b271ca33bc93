"""What interceptors cost, as published: a range, never one figure."""

from dataclasses import dataclass

PUBLISHED_UNIT_COST_USD = (35_000.0, 50_000.0, 100_000.0)
"""Lowest, most often quoted and highest price of one interceptor (S22, S24-S29, S3b)."""


@dataclass(frozen=True)
class InterceptorCost:
    """Cost of a number of interceptors [US$] at the low, usual and high published price."""

    low_usd: float
    usual_usd: float
    high_usd: float


def interceptor_cost(
    shots: int, unit_costs_usd: tuple[float, float, float] = PUBLISHED_UNIT_COST_USD
) -> InterceptorCost:
    """Cost of `shots` interceptors at a low, usual and high price each [US$]."""
    low, usual, high = (shots * unit for unit in unit_costs_usd)
    return InterceptorCost(low, usual, high)


def cost_per_kill_usd(total_usd: float, kills: int) -> float:
    """Total divided by kills [US$]; NaN if there was none."""
    return total_usd / kills if kills else float("nan")


def interceptors_per_target(unit_usd: float, cost_per_target_usd: float) -> float:
    """How many interceptors of a price a published cost per target amounts to."""
    return cost_per_target_usd / unit_usd
