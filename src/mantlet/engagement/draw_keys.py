"""Whose draw it is: a number below 2**32 for every true object, from what it is and never when.

Threats count from 0, pieces of debris from 2**30, own interceptors from 2**31. Apart from the
ids of the tables, which count rows and shots as they come and so shift when anything earlier
turns out otherwise.
"""

import numpy as np
from numpy.typing import NDArray

from mantlet.ports.draws import stream_of
from mantlet.tables import Shots

Ints = NDArray[np.int64]

PIECES = 2
"""Pieces of one threat that was hit: those large enough for a radar to see."""

FIRST_PIECE = 2**30
FIRST_INTERCEPTOR = 2**31
MOST_THREATS = (FIRST_INTERCEPTOR - FIRST_PIECE) // PIECES
"""With more, keys of debris would run into those of interceptors."""

_A_TICK = 256
"""Room for the shots one battery fires at one decision tick; more borrow from the next tick."""


def piece_keys(parent_id: Ints) -> Ints:
    """Keys of the pieces of threats, shape (n PIECES,), those of one threat together.

    They hang on the threat that broke up alone. Raises ValueError for a threat identity that
    leaves no room.
    """
    if len(parent_id) and not 0 <= parent_id.min() <= parent_id.max() < MOST_THREATS:
        raise ValueError(f"threat identities must lie between 0 and {MOST_THREATS}")
    first = FIRST_PIECE + PIECES * np.repeat(parent_id, PIECES)
    return np.asarray(first + np.tile(np.arange(PIECES), len(parent_id)), np.int64)


def shot_keys(shots: Shots) -> Ints:
    """Keys of the interceptors of all `shots` ordered at one decision tick, shape (n,).

    A key hangs on the battery's id, the second of the decision, and how many shots the same
    battery fires before it at the same tick; not on other batteries, nor on what was fired
    earlier. Keys of two batteries can meet, because their ids are hashed to 31 bits: for shots
    decided within a minute of each other, fewer than one pair of batteries in 50,000 can. Such
    shots would share their draws.
    """
    fired: dict[tuple[str, int], int] = {}
    keys = np.empty(len(shots), np.int64)
    times_s = np.floor(shots.decision_time_s).astype(np.int64).tolist()
    for row, name in enumerate(zip(shots.battery_id, times_s, strict=True)):
        before = fired.get(name, 0)
        fired[name] = before + 1
        place = stream_of(name[0]) + _A_TICK * name[1] + before
        keys[row] = FIRST_INTERCEPTOR + place % (2**32 - FIRST_INTERCEPTOR)
    return keys
