"""When a zone is alerted: the settings of the cost-threshold policy."""

import math
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from mantlet.tables.errors import InputError


@dataclass(frozen=True)
class WarningPolicy:
    """Alert a zone when the odds of an impact there outweigh the cost of a needless alert.

    A needless alert costs C, a missed one L, an alert that was needed C as well. Expected cost
    is lowest when a zone is alerted exactly if P >= C / L, with P the probability that at least
    one predicted impact falls in it. Both costs grow with the people in a zone, so the ratio,
    and the rule, do not depend on its population.

    All defaults are notional. `cost_ratio` 0.05 says that one missed alert weighs as much as
    twenty needless ones: low, because a needless alert costs people minutes and a missed one may
    cost lives; not lower, because alarms that cry wolf are obeyed less and hurt people on the
    stairs. In `may-2021`, 0.05 with two seconds of confirmation sent a third fewer alerts than
    0.03 with one second, and missed no more falls. `hold_s` follows the published advice to stay
    sheltered about ten minutes.

    Raises
    ------
    InputError
        If a setting is not finite, a ratio lies outside (0, 1], or a length or time is negative.

    References
    ----------
    J. C. Thompson, G. W. Brier, "The economic utility of weather forecasts", Monthly Weather
    Review 83 (1955) 249-254 (the cost-loss rule).
    Home-front instructions as relayed by the municipality of Tefen, https://tefen.muni.il/en/
    (stay about ten minutes).
    """

    cost_ratio: float = 0.05
    """Cost of a needless alert over cost of a missed one: the probability that triggers."""
    margin_m: float = 100.0
    """Zones are grown by this much: fragments and blast do not stop at a boundary [m]."""
    confirm_s: float = 2.0
    """The probability must stay at or above the threshold this long before the alert [s]."""
    update_s: float = 5.0
    """An update goes out at once if the impact is sooner than told by more than this [s]."""
    update_gap_s: float = 10.0
    """Any other update (a later impact, a further track) leaves this long between messages [s]."""
    cancel_ratio: float = 0.25
    """Below this share of the threshold an alert has lost its reason."""
    cancel_after_s: float = 5.0
    """... and is cancelled when that has lasted this long [s]."""
    hold_s: float = 600.0
    """All-clear this long after the last predicted impact [s]."""
    delivery_s: float = 3.0
    """From the decision to people hearing it [s]."""

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if not math.isfinite(value) or value < 0:
                raise InputError(f"warning: {each.name} must be 0 or more, got {value}")
        for name in ("cost_ratio", "cancel_ratio"):
            if not 0 < getattr(self, name) <= 1:
                raise InputError(f"warning: {name} must lie in (0, 1], got {getattr(self, name)}")

    @property
    def threshold(self) -> float:
        """The probability at which a zone is alerted."""
        return self.cost_ratio

    @property
    def cancel_level(self) -> float:
        """The probability below which an open alert has lost its reason."""
        return self.cost_ratio * self.cancel_ratio

    @property
    def limits(self) -> NDArray[np.float64]:
        """The settings as the kernels take them (see `kernels.alerting`)."""
        return np.array(
            [
                self.threshold,
                self.cancel_level,
                self.confirm_s,
                self.update_s,
                self.update_gap_s,
                self.cancel_after_s,
                self.hold_s,
            ]
        )
