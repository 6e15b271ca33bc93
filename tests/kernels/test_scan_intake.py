"""Plots made fit for use, against NumPy's sorts and masks."""

import numpy as np
import pytest

from mantlet.kernels import scan_intake
from mantlet.kernels.scan_intake import COLUMNS, ELEVATION, RANGE, TIME, sift
from mantlet.tracking.health import KINDS


def some_plots(seed: int, count: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Few different values, so that many are equal; some no measurement at all."""
    rng = np.random.default_rng(seed)
    columns = rng.integers(1, 4, (COLUMNS, count)).astype(float)
    columns[ELEVATION] *= 0.4
    columns[TIME] = rng.choice([10.0, 11.0, 17.0], count)
    odd = rng.random((COLUMNS, count)) < 0.02
    columns[odd] = rng.choice([np.nan, np.inf, -1.0, 1e9], odd.sum())
    return columns, rng.permutation(count)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_kept_and_counted_is_as_by_masks_and_sorts(seed):
    columns, plot_id = some_plots(seed)
    slant, azimuth, elevation, rate, snr, at_s = columns
    finite = np.isfinite(slant + azimuth + elevation + at_s) & ~np.isinf(rate) & ~np.isinf(snr)
    within = (slant > 0.0) & (slant < 1e8) & (np.abs(elevation) <= np.pi / 2)
    within &= ~(np.abs(rate) > 2e4) & ~(np.abs(snr) > 300.0)
    near = np.abs(at_s - 10.0) <= 5.0
    rows = np.nonzero(finite & within & near)[0]
    rows = rows[np.lexsort((plot_id[rows], elevation[rows], azimuth[rows], slant[rows]))]
    single = np.ones(rows.size, bool)
    single[1:] = (columns[:3, rows[1:]] != columns[:3, rows[:-1]]).any(axis=0)
    wanted = [
        (~finite).sum(),
        (finite & ~within).sum(),
        (finite & within & ~near).sum(),
        (~single).sum(),
    ]
    counts, mine, mine_id = np.zeros(9, np.int64), columns.copy(), plot_id.copy()
    kept = sift(mine, mine_id, 10.0, 5.0, counts)
    assert counts[:4].tolist() == wanted
    assert min(wanted) > 0
    assert mine_id[:kept].tolist() == plot_id[rows[single]].tolist()
    np.testing.assert_array_equal(mine[:, :kept], columns[:, rows[single]])


def test_faults_are_counted_where_the_health_of_a_tracker_has_them():
    names = ("not_a_number", "out_of_range", "misdated", "duplicate")
    assert [KINDS[name] for name in names] == [getattr(scan_intake, name.upper()) for name in names]


def test_what_is_in_order_stays_as_it_is():
    columns = np.ones((COLUMNS, 5))
    columns[RANGE] = np.arange(1.0, 6.0)
    plot_id, counts = np.arange(5)[::-1].copy(), np.zeros(9, np.int64)
    assert sift(columns, plot_id, 1.0, 0.0, counts) == 5
    assert plot_id.tolist() == [4, 3, 2, 1, 0]
    assert not counts.any()
