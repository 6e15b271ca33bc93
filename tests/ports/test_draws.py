import numpy as np
import pytest
from scipy.stats import kstest

from mantlet.kernels import draws as kernel
from mantlet.ports.draws import Draws, stream_of


def test_philox_gives_the_published_known_answers():
    # Random123 1.14, kat_vectors, philox 4x32 10 rounds (D. E. Shaw Research).
    assert kernel.philox(0, 0, 0, 0, 0, 0) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    ones = 0xFFFFFFFF
    assert kernel.philox(*[ones] * 6) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert kernel.philox(
        0xA4093822, 0x299F31D0, 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344
    ) == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)


def test_uniforms_are_uniform_and_normals_normal():
    draws = Draws(3)
    # Fixed seed; a level of 1e-3 is passed by 999 seeds in 1,000.
    assert kstest(draws.uniform(kernel.FLIGHT, 1, count=5_000), "uniform").pvalue > 1e-3
    assert kstest(draws.normal(kernel.FLIGHT, 1, count=5_000), "norm").pvalue > 1e-3


def test_every_part_of_the_key_makes_another_draw():
    base = {"purpose": 1, "entity": 2, "stream": 3, "scan": 4}
    values = {Draws(0).uniform(**base)[0], Draws(1).uniform(**base)[0]}
    values |= {Draws(0).uniform(**{**base, key: 9})[0] for key in base}
    assert len(values) == 6


def test_asking_for_more_does_not_change_what_came_first():
    few, many = (Draws(5).normal(kernel.KILL, 8, count=n) for n in (3, 50))
    assert np.array_equal(few, many[:3])


def test_streams_are_named_by_crc32():
    assert stream_of("123456789") == 0xCBF43926  # the check value every CRC-32 table lists


@pytest.mark.parametrize("mean", [0.0, 0.5, 5.0, 40.0])
def test_poisson_inversion_keeps_mean_and_variance(mean):
    n = 4_000
    counts = np.array([kernel.poisson(mean, u) for u in (np.arange(n) + 0.5) / n])
    # Even quantiles: the only error is that of the last 1/n of the tail.
    assert counts.mean() == pytest.approx(mean, abs=0.01)
    assert counts.var() == pytest.approx(mean, rel=0.02, abs=0.001)
