"""How soon a flight is first detected and confirmed, from its chance of detection look by look."""

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.compiled import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST, CONFIRMED = range(2)


@kernel
def _next_look(held: Floats, chance: float, hits: int, window: int, after: Floats) -> float:
    """Move the odds of every pattern of the last looks on by one; the odds confirmed just now.

    Bit k of a pattern says whether the look k before the newest was a hit; `held` and `after`
    (2 ** (window - 1)) are over the last window - 1 looks, of what is not yet confirmed.
    """
    patterns = held.size
    confirmed = 0.0
    after[:] = 0.0
    for pattern in range(patterns):
        odds = held[pattern]
        if odds == 0.0:
            continue
        before, count = pattern, 1
        while before > 0:
            count += before & 1
            before >>= 1
        missed = (pattern << 1) & (patterns - 1)
        after[missed] += odds * (1.0 - chance)
        if count >= hits:
            confirmed += odds * chance
        else:
            after[missed | 1 if patterns > 1 else 0] += odds * chance
    return confirmed


@kernel
def track_chances(offsets: Ints, chance: Floats, hits: int, window: int) -> Floats:
    """Chance that a flight has been detected, and confirmed, by each of its looks, (k, 2).

    Flight i owns the looks `offsets[i]:offsets[i + 1]` in order of time, with the independent
    `chance` (k,) of a hit in each. Confirmed means `hits` within `window` looks in a row. Exact:
    the odds of all 2^(window - 1) patterns of recent hits are carried along.
    """
    by_then = np.empty((chance.size, 2))
    held, after = np.zeros(2 ** (window - 1)), np.zeros(2 ** (window - 1))
    for flight in range(offsets.size - 1):
        held[:] = 0.0
        held[0] = 1.0
        never, confirmed = 1.0, 0.0
        for look in range(offsets[flight], offsets[flight + 1]):
            confirmed += _next_look(held, chance[look], hits, window, after)
            held[:] = after
            never *= 1.0 - chance[look]
            by_then[look, FIRST] = 1.0 - never
            by_then[look, CONFIRMED] = confirmed
    return by_then
