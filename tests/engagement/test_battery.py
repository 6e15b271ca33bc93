import numpy as np
import pytest
from engagement_range import TOWN, battery

from mantlet.engagement.battery import Battery, Envelope
from mantlet.engagement.magazine import Magazines
from mantlet.tables.errors import InputError


def test_range_at_a_time_inverts_the_flyout_table():
    envelope = Envelope()
    ranges = np.linspace(0.0, envelope.range_max_m, 41)
    assert envelope.range_at_m(envelope.flyout_s(ranges)) == pytest.approx(ranges, abs=1e-9)


def test_envelope_contains_its_limits_and_no_nan():
    envelope = Envelope(range_min_m=1000.0, range_max_m=5000.0, height_min_m=300.0)
    ranges = np.array([1000.0, 5000.0, 999.9, 5000.1, 3000.0, np.nan, 3000.0])
    heights = np.array([300.0, 10_000.0, 500.0, 500.0, 299.9, 500.0, np.nan])
    expected = [True, True, False, False, False, False, False]
    assert envelope.contains(ranges, heights).tolist() == expected


@pytest.mark.parametrize(
    "settings",
    [
        {"range_min_m": 30_000.0},
        {"height_min_m": 20_000.0},
        {"flyout_range_m": (0.0, 2000.0), "flyout_time_s": (1.0, 5.0)},
        {"flyout_range_m": (0.0, 20_000.0), "flyout_time_s": (5.0, 1.0)},
        {"flyout_range_m": (0.0, 20_000.0), "flyout_time_s": (1.0, 20.0, 30.0)},
        {"flyout_range_m": (100.0, 20_000.0), "flyout_time_s": (1.0, 20.0)},
        {"range_min_m": float("nan")},
    ],
)
def test_impossible_envelopes_are_refused(settings):
    with pytest.raises(InputError, match="envelope"):
        Envelope(**settings)


@pytest.mark.parametrize(
    "settings",
    [{"launchers": 0}, {"interceptors": -1}, {"reload_min": -1.0}, {"stock": -2}],
)
def test_impossible_batteries_are_refused_by_name(settings):
    with pytest.raises(InputError, match="battery 'b7'"):
        Battery("b7", TOWN, **settings)


def test_rounds_are_spread_evenly_over_launchers():
    magazines = Magazines.full((battery(launchers=3, interceptors=20), battery(launchers=2)))
    assert magazines.rounds.tolist() == [[7, 7, 6], [30, 30, 0]]


def take(magazines: Magazines, time_s: float) -> None:
    magazines.take(0, time_s, np.zeros(magazines.rounds.shape, np.bool_))


def test_an_emptied_launcher_is_full_again_exactly_after_the_reload_time():
    magazines = Magazines.full((battery(launchers=2, interceptors=4, reload_min=10.0),))
    for time_s in (100.0, 101.0):
        take(magazines, time_s)
    assert magazines.rounds.tolist() == [[0, 2]]
    magazines.reload(700.9)
    assert magazines.rounds.tolist() == [[0, 2]]
    magazines.reload(701.0)
    assert magazines.rounds.tolist() == [[2, 2]]


def test_reloads_stop_when_the_stock_is_used_up():
    magazines = Magazines.full((battery(launchers=1, interceptors=2, reload_min=1.0, stock=3),))
    fired = 0
    for minute in range(10):
        time_s = 60.0 * minute
        magazines.reload(time_s)
        while magazines.rounds.any():
            take(magazines, time_s)
            fired += 1
    assert fired == 2 + 3
    assert magazines.stock.tolist() == [0]


def test_an_empty_magazine_refuses_a_shot():
    magazines = Magazines.full((battery(launchers=1, interceptors=1),))
    take(magazines, 0.0)
    with pytest.raises(ValueError, match="no launcher"):
        take(magazines, 1.0)
    assert magazines.rounds.tolist() == [[0]]


def test_a_launcher_fires_once_a_tick():
    magazines = Magazines.full((battery(launchers=2, interceptors=4),))
    used = np.zeros((1, 2), np.bool_)
    magazines.take(0, 0.0, used)
    magazines.take(0, 0.0, used)
    with pytest.raises(ValueError, match="no launcher"):
        magazines.take(0, 0.0, used)
    assert magazines.rounds.tolist() == [[1, 1]]
