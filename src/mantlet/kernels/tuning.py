"""What `tracking.settings.TrackerSettings` tells the kernels; explained there, field by field."""

from typing import NamedTuple

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
