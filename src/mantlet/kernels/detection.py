"""Detection of an echo in noise: how much power is received, and how often it is enough.

What is tested against a threshold is the power of `pulses` independent looks added up after the
envelope detector, in units of one look's mean noise power. The cross-section is the same for all
of them and changes from scan to scan after one of Swerling's cases.

With a steady echo the sum is a gamma variate whose order is `pulses` plus a Poisson count with
mean pulses x SNR; in case 1 the count is geometric, in case 3 negative binomial of order 2, both
with that mean. So all three are one series of positive terms, exact for any number of pulses.

References: J. I. Marcum, "A statistical theory of target detection by pulsed radar", RAND
RM-754, 1947; P. Swerling, "Probability of detection for fluctuating targets", RAND RM-1217, 1954
(cases 1 and 3); D. A. Shnidman, "The calculation of the probability of detection and the
generalized Marcum Q-function", IEEE Trans. Inf. Theory 35 (2), 1989 (the series).
"""

import math

from mantlet.kernels import draws
from mantlet.kernels.compiled import kernel

STEADY, SLOW_MANY, SLOW_ONE = 0, 1, 3
"""Swerling's cases: steady; many scatterers alike; one that outweighs the others."""

_REACH = 10.0  # standard deviations of a Poisson count to go; beyond them less than 1e-20 is left


@kernel
def _lowest(mean: float) -> int:
    """Where the likely part of a Poisson count begins."""
    return max(0, int(mean - _REACH * math.sqrt(mean) - 40.0))


@kernel
def _poisson(count: int, mean: float) -> float:
    if mean <= 0.0:
        return 1.0 if count == 0 else 0.0
    return math.exp(count * math.log(mean) - mean - math.lgamma(count + 1.0))


@kernel
def _count_odds(case: int, count: int, mean: float) -> tuple[float, float]:
    """Probability that the echo adds exactly `count` to the order, and at most `count`."""
    if case == STEADY:
        lowest = min(_lowest(mean), count)
        exactly = _poisson(lowest, mean)
        at_most = exactly
        for k in range(lowest + 1, count + 1):
            exactly *= mean / k
            at_most += exactly
        return exactly, at_most
    if case == SLOW_MANY:
        share = mean / (1.0 + mean)
        more = share ** (count + 1)
        return share**count * (1.0 - share), 1.0 - more
    share = mean / (2.0 + mean)
    stop = 1.0 - share
    return (count + 1) * stop * stop * share**count, 1.0 - share ** (count + 1) * (
        1.0 + (count + 1) * stop
    )


@kernel
def miss_probability(case: int, snr: float, pulses: int, threshold: float) -> float:
    """Probability that an echo of mean `snr` (power ratio of one look) stays at or below."""
    mean = pulses * snr
    order = max(pulses, _lowest(threshold))
    last = int(threshold + _REACH * math.sqrt(threshold) + 40.0) + pulses
    odds = _poisson(order, threshold)
    exactly, at_most = _count_odds(case, order - pulses, mean)
    missed = odds * at_most
    while order < last:
        order += 1
        count = order - pulses
        odds *= threshold / order
        if case == STEADY:
            exactly *= mean / count
        elif case == SLOW_MANY:
            exactly *= mean / (1.0 + mean)
        else:
            exactly *= mean / (2.0 + mean) * (count + 1) / count
        at_most += exactly
        missed += odds * at_most
    return missed


@kernel
def detection_probability(case: int, snr: float, pulses: int, threshold: float) -> float:
    """Probability of a sum above `threshold`; absolute error below 1e-12."""
    if case == SLOW_MANY and pulses == 1:
        return math.exp(-threshold / (1.0 + snr))
    return min(max(1.0 - miss_probability(case, snr, pulses, threshold), 0.0), 1.0)


@kernel
def received_power(
    case: int, snr: float, pulses: int, seed: int, entity: int, stream: int, scan: int
) -> float:
    """One draw of the summed power of an echo and noise, in mean noise powers of one look."""
    echo = pulses * snr
    a, b, product = 1.0, 1.0, 1.0
    indices = 2 + pulses // 2 if pulses > 1 or case == SLOW_ONE else 1
    for index in range(indices):  # one call in a loop: each copy of it costs compile time
        u, v = draws.uniform_pair(seed, draws.DETECTION, entity, stream, scan, index)
        if index == 0:
            a, b = u, v
        elif index == 1:
            echo *= -0.5 * math.log(u * v) if case == SLOW_ONE else 1.0
        else:
            product *= u * v if 2 * index - 2 < pulses else u
    # The noise of the other looks is a sum of exponentials.
    others = -math.log(product) if pulses > 1 else 0.0
    if case == SLOW_MANY:  # echo and noise of one look together are exponential
        return others - (1.0 + echo) * math.log(a)
    noise = -math.log(a)
    power = echo + 2.0 * math.sqrt(echo * noise) * math.cos(2.0 * math.pi * b) + noise
    return others + power


@kernel
def _noise_above(level: float, pulses: int) -> tuple[float, float]:
    """Log of the probability that noise alone exceeds a level, and how fast that falls with it."""
    term, series = 1.0, 1.0
    for k in range(1, pulses):
        term *= level / k
        series += term
    return math.log(series) - level, term / series


@kernel
def noise_power(pulses: int, threshold: float, share: float) -> float:
    """The level that noise alone exceeds in `share` of the cases in which it exceeds `threshold`.

    With a uniform `share` a draw of a false alarm's power, accurate to 1e-6. For one pulse the
    excess is exponential. For more the log of the probability is concave in the level, so that
    Newton's steps come down to it from above.
    """
    if pulses == 1:
        return threshold - math.log(share)
    exceeded, slope = _noise_above(threshold, pulses)
    wanted, level = exceeded + math.log(share), threshold
    for _ in range(30):
        level += (exceeded - wanted) / slope
        exceeded, slope = _noise_above(level, pulses)
        if abs(exceeded - wanted) < 1e-7:
            break
    return level
