"""What `tracking.settings.TrackerSettings` tells the kernels; explained there, field by field."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mantlet.kernels.filter import Law


class Tuning(NamedTuple):
    """Settings of a tracker, as the kernels take them."""

    law: Law
    rough: Law
    sequential: bool
    gate: float
    speed_sigma_mps: float
    ln_beta: float
    ln_beta_sigma: float
    confirm_hits: int
    confirm_window: int
    confirm_score: float
    drop_score: float
    coast_s: float
    blind_tentative_s: float
    speed_min_mps: float
    speed_max_mps: float
    ground_m: float
    lost_sigma_m: float
    thrust_s: float
    thrust_noise: float
    boost_mps2: float
    burn_s: float
    own_radius_m: float
    closed_shown_s: float


def _layout(bundle: type) -> np.dtype[np.void]:
    """Fields and types of a class of named tuples, those within it included."""
    fields = [
        (name, _layout(kind) if issubclass(kind, tuple) else np.dtype(kind))
        for name, kind in bundle.__annotations__.items()
    ]
    return np.dtype((np.record, np.dtype(fields, align=True)))


_LAYOUT = _layout(Tuning)

TuningRow = NDArray[np.void]
"""An array of one record: the quickest way to hand a `Tuning` from Python to a kernel."""


def as_row(tuning: Tuning) -> TuningRow:
    """The same fields as one record in an array.

    A record goes from kernel to kernel as a single pointer, a tuple as forty numbers.
    """
    row = np.empty(1, _LAYOUT)
    row[0] = tuple(tuning)
    return row
