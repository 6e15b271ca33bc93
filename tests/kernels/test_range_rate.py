"""The range-rate update against the textbook in matrices."""

import numpy as np
import pytest

from mantlet.kernels.range_rate import rate_loss, rate_slopes, update_rate
from mantlet.tracking.figures import RadarFigures
from mantlet.world.earth import Site

RADAR = RadarFigures("r1", Site(31.6, 34.6, 60.0), sigma_range_rate_mps=2.0)


def a_state(seed: int = 1):
    rng = np.random.default_rng(seed)
    site = RADAR.site
    mean = np.zeros(7)
    mean[:3] = site.ecef_m + np.array([9e3, 12e3, 5e3]) @ site.axes
    mean[3:6] = np.array([-150.0, -280.0, 120.0]) @ site.axes
    mixing = rng.normal(size=(7, 7)) * np.array([40, 40, 40, 15, 15, 15, 0.4])[:, None]
    return mean, mixing @ mixing.T / 7


def rate_of(mean):
    away = mean[:3] - RADAR.site.ecef_m
    return away @ mean[3:6] / np.linalg.norm(away)


def test_slopes_match_differences():
    mean, _ = a_state()
    slope = np.empty(6)
    assert rate_slopes(mean, RADAR.packed, slope) == pytest.approx(rate_of(mean))
    for k in range(6):
        step = np.zeros(7)
        step[k] = 1.0
        assert slope[k] == pytest.approx(
            (rate_of(mean + step) - rate_of(mean - step)) / 2, rel=1e-6
        )


def test_update_equals_the_slow_numpy_filter():
    mean, cov = a_state()
    slope, gain = np.empty(6), np.empty(7)
    rate_slopes(mean, RADAR.packed, slope)
    h = np.append(slope, 0.0)
    rate = rate_of(mean) + 9.0
    s = h @ cov @ h + 4.0
    wanted = mean + cov @ h * 9.0 / s
    wanted_cov = cov - np.outer(cov @ h, cov @ h) / s
    d2, loss = rate_loss(mean, cov, RADAR.packed, rate, slope, gain)
    ln = update_rate(mean, cov, RADAR.packed, rate, slope, gain)
    assert d2 == pytest.approx(81.0 / s)
    assert mean == pytest.approx(wanted, rel=1e-13)
    assert cov == pytest.approx(wanted_cov, rel=1e-9, abs=1e-9)
    assert ln == pytest.approx(-0.5 * (81.0 / s + np.log(2 * np.pi * s)))
    # Against false plots spread over 2 km/s.
    assert loss == pytest.approx(-2.0 * (ln + np.log(2_000.0)))
