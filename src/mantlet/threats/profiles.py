"""Published series of launches: how many had been counted by when."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError
from mantlet.threats.catalogue import rows_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Profile:
    """A cumulative count.

    `time_s` (n,) [s] since `epoch` (UTC; the scenario's where None), `launched` (n,) by then,
    `short_share` (n - 1,) the share that fell short in each stretch.
    """

    name: str
    epoch: datetime | None
    time_s: Floats
    launched: NDArray[np.int64]
    short_share: Floats


EPOCHS = {"published-2021": datetime.fromisoformat("2021-05-09T21:00:00+00:00")}
"""The profiles there are, and the instant their seconds count from."""


def _short_shares(launched: NDArray[np.int64], stated: list[str]) -> Floats:
    """Shares between the counts that state how many fell short, spread over what lies between."""
    known = [i for i, text in enumerate(stated) if text]
    short = np.array([float(stated[i]) for i in known])
    shares = np.diff(short) / np.diff(launched[known])
    return shares[np.searchsorted(known[1:], np.arange(1, len(stated)))]


def profile(name: str | Profile) -> Profile:
    """A bundled profile, "published-2021", or the one given.

    Raises
    ------
    InputError
        If none of that name is bundled.
    """
    if isinstance(name, Profile):
        return name
    if name not in EPOCHS:
        known = ", ".join(EPOCHS)
        raise InputError(f"no profile is called {name!r}\n    fix: choose from: {known}")
    rows = rows_of(f"{name}.csv")
    times = [datetime.fromisoformat(row["time_utc"]) - EPOCHS[name] for row in rows]
    launched = np.array([int(row["launched"]) for row in rows], dtype=np.int64)
    return Profile(
        name=name,
        epoch=EPOCHS[name],
        time_s=np.array([time.total_seconds() for time in times]),
        launched=launched,
        short_share=_short_shares(launched, [row["fell_short"] for row in rows]),
    )
