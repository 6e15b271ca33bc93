"""Counter-based random draws: Philox4x32-10.

A draw is a pure function of (seed, purpose) and (entity, stream, scan, index). Nothing is
consumed, so the order of calls, the number of workers and the presence of other components
change nothing.

Reference: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11.
"""

import math

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

# Purposes. A number, once given, is never reused for something else: it is part of every result.
RAID = 1
FLIGHT = 2
DETECTION = 3
MEASUREMENT = 4
CLUTTER_COUNT = 5
CLUTTER = 6
KILL = 7
COMMON_CAUSE = 8
ASSESSMENT = 9
DEBRIS = 10
FALL = 12
CLUTTER_SNR = 13
RECORD = 14
FAULT = 20
FAULT_BURST = 21

_MASK = 0xFFFFFFFF


@kernel
def philox(
    seed: int, purpose: int, entity: int, stream: int, scan: int, index: int
) -> tuple[int, int, int, int]:
    """Four 32-bit words for the key (seed, purpose) and counter (entity, stream, scan, index).

    Only the low 32 bits of each argument count; callers keep identities below 2**32.
    """
    # Uncompiled, NumPy's integers would overflow where Python's own do not.
    k0 = int(seed) & _MASK
    k1 = int(purpose) & _MASK
    c0 = int(entity) & _MASK
    c1 = int(stream) & _MASK
    c2 = int(scan) & _MASK
    c3 = int(index) & _MASK
    for _ in range(10):
        p0 = 0xD2511F53 * c0
        p1 = 0xCD9E8D57 * c2
        n0 = ((p1 >> 32) & _MASK) ^ c1 ^ k0
        n2 = ((p0 >> 32) & _MASK) ^ c3 ^ k1
        c1 = p1 & _MASK
        c3 = p0 & _MASK
        c0 = n0
        c2 = n2
        k0 = (k0 + 0x9E3779B9) & _MASK
        k1 = (k1 + 0xBB67AE85) & _MASK
    return c0, c1, c2, c3


@kernel
def uniform_pair(
    seed: int, purpose: int, entity: int, stream: int, scan: int, index: int
) -> tuple[float, float]:
    """Two independent uniforms in the open interval (0, 1), 52 bits each."""
    a, b, c, d = philox(seed, purpose, entity, stream, scan, index)
    u = (float((a >> 6) * 67108864 + (b >> 6)) + 0.5) * (1.0 / 4503599627370496.0)
    v = (float((c >> 6) * 67108864 + (d >> 6)) + 0.5) * (1.0 / 4503599627370496.0)
    return u, v


@kernel
def normal_pair(
    seed: int, purpose: int, entity: int, stream: int, scan: int, index: int
) -> tuple[float, float]:
    """Two independent standard normals (Box-Muller)."""
    u, v = uniform_pair(seed, purpose, entity, stream, scan, index)
    radius = math.sqrt(-2.0 * math.log(u))
    return radius * math.cos(2.0 * math.pi * v), radius * math.sin(2.0 * math.pi * v)


@kernel
def uniform_rows(
    seed: int,
    purpose: int,
    entity: NDArray[np.int64],
    stream: NDArray[np.int64],
    scan: NDArray[np.int64],
    pairs: int,
) -> NDArray[np.float64]:
    """Uniforms for many rows at once, shape (n, 2 pairs): `uniform_pair` at index 0, 1, ..."""
    out = np.empty((entity.size, 2 * pairs))
    for i in range(entity.size):
        for index in range(pairs):
            out[i, 2 * index], out[i, 2 * index + 1] = uniform_pair(
                seed, purpose, int(entity[i]), int(stream[i]), int(scan[i]), index
            )
    return out


@kernel
def poisson(mean: float, u: float) -> int:
    """The Poisson count at quantile `u`, by inversion.

    Counted from where less than 1e-20 lies below, so that nothing underflows for large means.
    """
    spread = 10.0 * math.sqrt(mean) + 40.0
    count = max(0, int(mean - spread))
    most = int(mean + spread)  # rounding may leave the total a hair below `u` for ever
    term = math.exp(-mean)
    if count > 0:
        term = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1.0))
    total = term
    while u > total and count < most:
        count += 1
        term *= mean / count
        total += term
    return count
