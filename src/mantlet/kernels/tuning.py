"""What `tracking.settings.TrackerSettings` tells the kernels; explained there, field by field."""

from typing import NamedTuple, cast

import numpy as np

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


def as_record(tuning: Tuning) -> Tuning:
    """The same fields as one record, which goes from kernel to kernel as a single pointer.

    As a tuple, forty numbers are unpacked at every call from Python and handed on one by one.
    """
    return cast(Tuning, np.array(tuple(tuning), _LAYOUT)[()])
