import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mantlet.kernels import radar
from mantlet.kernels.resolution_cells import absorb_cell, ascending

SIZES = {radar.RANGE: 30.0, radar.AZIMUTH: 0.02, radar.ELEVATION: 0.02, radar.RANGE_RATE: 10.0}


def cells():
    packed = np.zeros(radar.SETTINGS)
    packed[radar.RANGE_RESOLUTION] = SIZES[radar.RANGE]
    packed[radar.AZIMUTH_BEAMWIDTH] = SIZES[radar.AZIMUTH]
    packed[radar.ELEVATION_BEAMWIDTH] = SIZES[radar.ELEVATION]
    packed[radar.RANGE_RATE_RESOLUTION] = SIZES[radar.RANGE_RATE]
    return packed


def crowd(seed, count=120):
    """Echoes so close that most share a cell with some other; ranges ascending."""
    rng = np.random.default_rng(seed)
    echo = np.empty((radar.MEASURES, count))
    echo[radar.RANGE] = np.sort(rng.uniform(20_000.0, 20_400.0, count))
    echo[radar.AZIMUTH] = rng.uniform(-0.05, 0.05, count)
    echo[radar.ELEVATION] = rng.uniform(0.3, 0.35, count)
    echo[radar.RANGE_RATE] = rng.uniform(-15.0, 15.0, count)
    echo[radar.POWER] = rng.exponential(100.0, count) + 14.0
    return echo


def by_hand(echo):
    """The strongest left opens a cell: every pair looked at, no order used."""
    left, cells = set(range(echo.shape[1])), []
    while left:
        lead = max(left, key=lambda j: echo[radar.POWER, j])
        taken = [j for j in left if all(abs(echo[m, j] - echo[m, lead]) < SIZES[m] for m in SIZES)]
        weight = echo[radar.POWER, taken]
        centre = [np.average(echo[m, taken], weights=weight) for m in SIZES]
        others = sorted((j for j in taken if j != lead), key=lambda j: -echo[radar.POWER, j])
        cells.append((lead, others[0] if others else -1, [*centre, weight.sum()]))
        left -= set(taken)
    return cells


@pytest.mark.parametrize("seed", range(5))
def test_cells_are_those_of_a_search_over_all_pairs(seed):
    echo, cell = crowd(seed), np.empty(radar.MEASURES)
    expected = by_hand(echo)
    assert len(expected) < 0.8 * echo.shape[1]
    for lead, second, centre in expected:
        assert echo[radar.POWER, lead] > 0.0
        assert absorb_cell(cells(), echo, lead, cell) == second
        assert cell == pytest.approx(np.array(centre), rel=1e-12)
    assert (echo[radar.POWER] == 0.0).all()


@settings(deadline=None)  # the first call compiles
@given(values=st.lists(st.integers(-5, 5), max_size=40))
def test_sorting_keeps_equal_values_in_their_order(values):
    array = np.array([*values, -9.0])
    order = ascending(array, len(values))
    assert order.tolist() == np.argsort(array[:-1], kind="stable").tolist()
