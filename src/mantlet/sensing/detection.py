"""How often an echo is detected: exact, and by the approximations that textbooks print.

SNR is the mean signal-to-noise power ratio of one pulse [dB]; `pulses` are added up after the
envelope detector (square law); `swerling` is the case of fluctuation from scan to scan: 0 steady,
1 many scatterers alike, 3 one that outweighs the others. All functions take arrays and broadcast.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mantlet.kernels import detection as kernel

Floats = NDArray[np.float64]

CASES = (0, 1, 3)
"""Swerling's cases there are."""


@lru_cache(maxsize=1_000)
def threshold(false_alarm_probability: float, pulses: int = 1) -> float:
    """Threshold on the summed power, in mean noise powers of one pulse.

    Accurate to 1e-12. The sum of n exponentials exceeds T with probability
    exp(-T) (1 + T + ... + T^(n-1) / (n-1)!); solved by bisection.

    Raises
    ------
    ValueError
        If the probability is not in (0, 1) or there is no pulse.
    """
    if not 0.0 < false_alarm_probability < 1.0:
        raise ValueError(f"false_alarm_probability {false_alarm_probability}: not in (0, 1)")
    if pulses < 1:
        raise ValueError(f"pulses {pulses}: at least 1")
    wanted = math.log(false_alarm_probability)
    if pulses == 1:
        return -wanted
    low, high = 0.0, 2.0 * pulses - 2.0 * wanted
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _log_exceeded(middle, pulses) > wanted else (low, middle)
    return 0.5 * (low + high)


def _log_exceeded(level: float, pulses: int) -> float:
    """Log of the probability that noise alone exceeds `level`; Horner's rule, no overflow."""
    series = 1.0
    for k in range(pulses - 1, 0, -1):
        series = 1.0 + series * level / k
    return math.log(series) - level


def detection_probability(
    snr_db: ArrayLike, false_alarm_probability: float, *, pulses: int = 1, swerling: int = 1
) -> Floats:
    """Probability of detection, exact (absolute error below 1e-12).

    Raises
    ------
    ValueError
        For a Swerling case other than 0, 1 and 3, and as `threshold` does.

    References
    ----------
    See `mantlet.kernels.detection`.
    """
    if swerling not in CASES:
        raise ValueError(f"swerling {swerling}: 0, 1 or 3")
    level = threshold(false_alarm_probability, pulses)
    return exceedance(10.0 ** (np.asarray(snr_db, np.float64) / 10.0), level, pulses, swerling)


def exceedance(snr: ArrayLike, level: ArrayLike, pulses: int, swerling: int) -> Floats:
    """Probability that echo and noise exceed a level; SNR as a power ratio of one pulse."""
    ratio, above = np.broadcast_arrays(np.asarray(snr, np.float64), np.asarray(level, np.float64))
    if swerling == 1 and pulses == 1:  # the default of radars: spares them a compilation
        return np.asarray(np.exp(-above / (1.0 + ratio)))
    pairs = zip(ratio.ravel().tolist(), above.ravel().tolist(), strict=True)
    flat = [kernel.detection_probability(swerling, s, pulses, t) for s, t in pairs]
    return np.array(flat, np.float64).reshape(ratio.shape)


def required_snr_db(
    detection: float, false_alarm_probability: float, *, pulses: int = 1, swerling: int = 1
) -> float:
    """SNR of one pulse [dB] for a detection probability, exact (bisection to 1e-9 dB).

    Raises
    ------
    ValueError
        If `detection` is not between the false-alarm probability and 1, and as
        `detection_probability` does.
    """
    if not false_alarm_probability < detection < 1.0:
        raise ValueError(f"detection {detection}: not between the false-alarm probability and 1")
    low, high = -100.0, 200.0
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        got = detection_probability(
            middle, false_alarm_probability, pulses=pulses, swerling=swerling
        )
        low, high = (middle, high) if got < detection else (low, middle)
    return 0.5 * (low + high)


def albersheim_snr_db(
    detection: ArrayLike, false_alarm_probability: ArrayLike, pulses: ArrayLike = 1
) -> Floats:
    """Albersheim's SNR [dB] for a steady echo.

    Made for a linear detector. Within 0.3 dB of the exact one of a square-law detector for
    detection 0.3 to 0.9, false alarms 1e-7 to 1e-4, up to 64 pulses; at 0.1 up to 2 dB low.

    References
    ----------
    W. J. Albersheim, "A closed-form approximation to Robertson's detection characteristics",
    Proc. IEEE 69 (7), 1981; D. W. Tufts, A. J. Cann, IEEE Trans. AES 19 (4), 1983.
    """
    wanted, n = np.asarray(detection, np.float64), np.asarray(pulses, np.float64)
    a = np.log(0.62 / np.asarray(false_alarm_probability, np.float64))
    b = np.log(wanted / (1.0 - wanted))
    gain = 6.2 + 4.54 / np.sqrt(n + 0.44)
    return np.asarray(-5.0 * np.log10(n) + gain * np.log10(a + 0.12 * a * b + 1.7 * b))


def shnidman_snr_db(
    detection: ArrayLike,
    false_alarm_probability: ArrayLike,
    *,
    pulses: ArrayLike = 1,
    swerling: int = 1,
) -> Floats:
    """Shnidman's SNR [dB] for cases 0, 1 and 3.

    Within 0.5 dB of the exact one for detection 0.3 to 0.9, false alarms 1e-9 to 1e-4, up to 64
    pulses; within 1.1 dB at 0.1 and 0.98 of the fluctuating cases.

    Raises
    ------
    ValueError
        For another Swerling case.

    References
    ----------
    D. A. Shnidman, "Determination of required SNR values", IEEE Trans. AES 38 (3), 2002.
    """
    if swerling not in CASES:
        raise ValueError(f"swerling {swerling}: 0, 1 or 3")
    wanted, n = np.asarray(detection, np.float64), np.asarray(pulses, np.float64)
    false = np.asarray(false_alarm_probability, np.float64)
    alpha = np.where(n < 40, 0.0, 0.25)
    eta = np.sqrt(-0.8 * np.log(4.0 * false * (1.0 - false))) + np.sign(wanted - 0.5) * np.sqrt(
        -0.8 * np.log(4.0 * wanted * (1.0 - wanted))
    )
    steady = eta * (eta + 2.0 * np.sqrt(n / 2.0 + alpha - 0.25))
    inverse_k = {0: 0.0, 1: 1.0, 3: 0.5}[swerling]
    low = inverse_k * (((17.7006 * wanted - 18.4496) * wanted + 14.5339) * wanted - 3.525)
    tail = 0.7 * np.log(1e-5 / false) + (2.0 * n - 20.0) / 80.0
    high = inverse_k * (np.exp(27.31 * wanted - 25.14) + (wanted - 0.8) * tail)
    loss_db = low + np.where(wanted > 0.872, high, 0.0)
    return np.asarray(10.0 * np.log10(steady / n) + loss_db)
