import math

import numpy as np
import pytest
from scipy import integrate, stats

from mantlet.kernels import detection
from mantlet.sensing.detection import threshold

CASES = [detection.STEADY, detection.SLOW_MANY, detection.SLOW_ONE]


def exact(case, snr, pulses, level):
    """By SciPy: the Marcum Q function, averaged over the fluctuation of the cross-section."""

    def steady(echo):
        return stats.ncx2.sf(2.0 * level, 2 * pulses, 2.0 * pulses * echo)

    if case == detection.STEADY:
        return steady(snr)
    shape = 1.0 if case == detection.SLOW_MANY else 2.0
    spread = stats.gamma(shape, scale=snr / shape)
    share = np.linspace(0.0, 1.0, 41)[1:-1]
    return integrate.quad(
        lambda s: steady(s) * spread.pdf(s),
        0.0,
        spread.isf(1e-15),
        points=spread.isf(share),
        limit=400,
        epsabs=1e-12,
        epsrel=1e-12,
    )[0]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("pulses", [1, 2, 7, 30, 100])
@pytest.mark.parametrize("snr_db", [-10.0, 0.0, 5.0, 13.0, 20.0])
def test_detection_is_the_marcum_q_function_over_the_fluctuation(case, pulses, snr_db):
    level, snr = threshold(1e-6, pulses), 10 ** (snr_db / 10)
    got = detection.detection_probability(case, snr, pulses, level)
    # The quadrature is good to 1e-10, ncx2 to 1e-11.
    assert got == pytest.approx(exact(case, snr, pulses, level), abs=1e-9)


@pytest.mark.parametrize("pulses", [1, 3, 20])
@pytest.mark.parametrize("snr", [0.5, 8.0, 120.0])
def test_case_1_is_swerlings_closed_form(pulses, snr):
    level, n = threshold(1e-6, pulses), pulses
    if n == 1:
        expected = math.exp(-level / (1 + snr))
    else:  # Swerling 1954: incomplete gammas of order n - 1
        more = 1 + 1 / (n * snr)
        expected = stats.gamma.sf(level, n - 1) + more ** (n - 1) * stats.gamma.cdf(
            level / more, n - 1
        ) * math.exp(-level / (1 + n * snr))
    got = detection.detection_probability(detection.SLOW_MANY, snr, pulses, level)
    assert got == pytest.approx(expected, abs=1e-11)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("pulses", [1, 10])
def test_without_an_echo_noise_is_detected_as_often_as_stated(case, pulses):
    for wanted in (1e-3, 1e-6, 1e-9):
        level = threshold(wanted, pulses)
        got = detection.detection_probability(case, 0.0, pulses, level)
        assert got == pytest.approx(wanted, abs=1e-13)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("level", [900.0, 1.1e4])
def test_levels_far_above_the_noise_do_not_underflow(case, level):
    for snr in (0.8 * level, level, 1.2 * level):
        got = detection.detection_probability(case, snr, 1, level)
        assert got == pytest.approx(exact(case, snr, 1, level), abs=1e-7)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("pulses", [1, 2, 5, 6])
def test_draws_of_received_power_follow_the_exact_law(case, pulses):
    snr, n = 6.0, 4_000
    power = np.array(
        [detection.received_power(case, snr, pulses, 1, key, 2, 3) for key in range(n)]
    )

    def cumulative(levels):
        return np.array([detection.miss_probability(case, snr, pulses, v) for v in levels])

    # Kolmogorov-Smirnov: one in a thousand fails by chance, and the seed is fixed.
    assert stats.kstest(power, cumulative).pvalue > 1e-3


@pytest.mark.parametrize("pulses", [1, 2, 8, 100])
@pytest.mark.parametrize("pfa", [1e-15, 1e-6, 0.09])
def test_false_alarms_have_the_power_of_noise_above_the_threshold(pulses, pfa):
    level = threshold(pfa, pulses)
    shares = [1.0, 0.999, 0.5, 1e-3, 1e-12]
    got = [detection.noise_power(pulses, level, share) for share in shares]
    assert got == pytest.approx(stats.gamma.isf(np.array(shares) * pfa, pulses), rel=1e-6)
