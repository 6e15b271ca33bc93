"""The verdict of all tracks on the air, against the posterior on a fine grid."""

import numpy as np
import pytest

from mantlet.kernels import untold
from mantlet.kernels.track_models import COAST, MODELS, ROUGH, ROUGH_SHARE
from mantlet.kernels.track_rows import CLOSED, CONFIRMED, ENDED, ID, ROWS, STATUS, TENTATIVE
from mantlet.tracking.state import TrackArrays

ODDS = ROUGH_SHARE / (1.0 - ROUGH_SHARE)


def tracks_with(factors, status=CONFIRMED):
    """Tracks whose plots are so many times likelier by the rough model."""
    held = TrackArrays.none()
    held.counters[ROWS] = len(factors)
    for i, factor in enumerate(factors):
        share = factor * ODDS / (1.0 + factor * ODDS)
        held.weight[i, ROUGH], held.weight[i, COAST] = share, 1.0 - share
        held.marks[i, STATUS], held.marks[i, ID] = status, i
    return held


def on_a_grid(factors, told=5.0):
    shares = np.linspace(0.004, 0.98, 100_000)
    posterior = told * np.log(1.0 - shares)
    for factor in factors:
        posterior += np.log1p(shares * (factor - 1.0))
    return shares[np.argmax(posterior)]


@pytest.mark.parametrize(
    "factors",
    [[], [0.5] * 20, [3.0], [3.0] * 20, [1.5] * 30, [0.5] * 10 + [200.0] * 4, [1e3] * 50],
)
def test_the_share_is_the_likeliest_one(factors):
    found = untold.untold_share(tracks_with(factors).rows)
    assert found == pytest.approx(on_a_grid(factors), abs=4e-4)


def test_tentative_tracks_have_no_say():
    assert untold.untold_share(tracks_with([1e3] * 9, TENTATIVE).rows) == pytest.approx(0.004)


def test_one_odd_object_does_not_make_the_air_odd():
    assert untold.untold_share(tracks_with([1e4] + [0.5] * 30).rows) < 3 * ROUGH_SHARE


def test_many_tracks_see_what_each_alone_does_not():
    alone = untold.untold_share(tracks_with([3.0]).rows)
    together = untold.untold_share(tracks_with([3.0] * 20).rows)
    assert alone == pytest.approx(0.004)
    assert together > 0.3


def test_tracks_that_ended_are_remembered_and_fade():
    held = tracks_with([1e3] * 20, CLOSED)
    held.clocks[:20, ENDED] = 100.0
    untold.remember_closed(held.rows, 100.0)
    held.counters[ROWS] = 0
    soon = untold.untold_share(held.rows)
    assert soon > 0.7
    late = tracks_with([0.5] * 2, CLOSED)
    late.verdict[:] = held.verdict
    late.clocks[:2, ENDED] = 20_000.0
    untold.remember_closed(late.rows, 20_000.0)
    late.counters[ROWS] = 0
    assert untold.untold_share(late.rows) < ROUGH_SHARE


def test_weights_change_by_the_odds_alone():
    weight = np.zeros(MODELS)
    weight[COAST], weight[1], weight[ROUGH] = 0.6, 0.3, 0.1
    untold.reweigh(weight, 0.5)
    assert weight.sum() == pytest.approx(1.0)
    assert weight[ROUGH] / weight[COAST] == pytest.approx(0.1 / 0.6 / ODDS)
    assert weight[1] / weight[COAST] == pytest.approx(0.5)
