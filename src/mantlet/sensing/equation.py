"""The monostatic radar equation from the figures of a transmitter, an antenna and a receiver."""

import math
from dataclasses import dataclass

BOLTZMANN_J_K = 1.380649e-23
"""Exact by definition (SI, 2019)."""

STANDARD_TEMPERATURE_K = 290.0
"""What noise figures refer to (IEEE)."""


@dataclass(frozen=True)
class RadarEquation:
    """Figures of a radar with a matched filter, for one pulse.

    A burst that is added up coherently counts as one pulse, `pulse_s` long in all. Every default is
    notional. `losses_db` are all there are: plumbing, propagation, scanning,
    processing.

    Raises
    ------
    ValueError
        Naming the field, if a figure that must be positive is not.
    """

    peak_power_w: float = 50_000.0
    gain_db: float = 40.0
    wavelength_m: float = 0.1
    pulse_s: float = 200e-6
    noise_figure_db: float = 3.0
    losses_db: float = 13.0

    def __post_init__(self) -> None:
        for name in ("peak_power_w", "wavelength_m", "pulse_s"):
            if not 0.0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} {getattr(self, name)}: must be positive")

    @property
    def reference(self) -> float:
        """SNR of one pulse for 1 m2 times the fourth power of its range [m4].

        P G^2 wavelength^2 pulse / ((4 pi)^3 k T F L), with the same antenna both ways.

        References
        ----------
        M. A. Richards, J. A. Scheer, W. A. Holm, Principles of Modern Radar, SciTech, 2010, ch. 2.
        """
        decibels = 2.0 * self.gain_db - self.noise_figure_db - self.losses_db
        energy_j = self.peak_power_w * self.pulse_s
        noise_j = BOLTZMANN_J_K * STANDARD_TEMPERATURE_K
        spread = (4.0 * math.pi) ** 3
        factor = energy_j * self.wavelength_m**2 / (spread * noise_j)
        return float(factor * 10.0 ** (decibels / 10.0))
