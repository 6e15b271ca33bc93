"""Town by town, on tables small enough to count on one's fingers."""

import csv
import io

import numpy as np
import pytest
from scipy.stats import binom
from small_run import outcomes, square_zones, threats

from mantlet.analysis.alert_quality import alert_quality, falls_of
from mantlet.analysis.intervals import median_ranks
from mantlet.analysis.towns import towns_csv, towns_of
from mantlet.tables import Alerts, Towns
from mantlet.warning.policy import WarningPolicy

POLICY = WarningPolicy(delivery_s=0.0, margin_m=100.0)


def alerts(*begun):
    """An alert for each (zone id, time), open for good."""
    n = len(begun)
    return Alerts(
        alert_id=np.arange(n),
        message_id=np.arange(n),
        kind=np.full(n, "alert", dtype=object),
        zone_id=np.array([zone for zone, _ in begun], dtype=np.int64),
        time_s=np.array([time_s for _, time_s in begun], dtype=float),
        impact_time_s=np.full(n, 100.0),
        lead_s=np.zeros(n),
        probability=np.ones(n),
        track_ids=np.full((n, 1), -1),
    )


def towns(falls, fates, begun, zones=None, parents=None):
    zones = square_zones() if zones is None else zones
    of = threats(falls, parents)
    ended, messages = outcomes(of, fates), alerts(*begun)
    fallen = falls_of(of, zones)
    quality = alert_quality(fallen, of, ended, messages, zones, POLICY)
    return towns_of(quality, fallen, of, ended, zones)


def row(found, zone_id):
    [k] = np.flatnonzero(found.zone_id == zone_id)
    return {name: getattr(found, name)[k] for name in Towns.columns()}


def test_each_place_has_its_own_counts_the_most_threatened_first():
    found = towns(
        [(0, 0, 50), (1, 0, 60), (1, 0, 70), (2, 0, 80)],
        ["hit zone", "intercepted", "hit zone", "hit zone"],
        [(10, 20.0), (11, 10.0)],
    )
    assert found.zone_id.tolist() == [11, 10, 12]
    first, second, third = (row(found, zone) for zone in (11, 10, 12))
    assert (first["headed"], first["landed"], first["unwarned"], first["alerts"]) == (2, 1, 0, 1)
    assert (second["headed"], second["landed"], second["unwarned"]) == (1, 1, 0)
    assert (third["landed"], third["unwarned"], third["alerts"]) == (1, 1, 0)
    # Zone 11 heard at 10 s of a fall at 60 s, zone 10 at 20 s of one at 50 s; 30 s are needed.
    assert (first["warning_median_s"], first["timed"], first["in_time"]) == (50.0, 1, 1)
    assert (second["warning_median_s"], second["in_time"]) == (30.0, 1)
    assert np.isnan(third["warning_median_s"])


def test_an_alert_that_nothing_needed_counts_where_it_was_heard():
    found = towns([(0, 0, 50)], ["hit zone"], [(10, 20.0), (12, 20.0)])
    assert (row(found, 10)["needless"], row(found, 12)["needless"]) == (0, 1)
    assert np.isnan(row(found, 12)["warning_p10_s"])


def test_debris_is_told_of_apart_from_threats():
    found = towns([(0, 0, 50), (1, 40, 60)], ["intercepted", "hit zone"], [], parents=[-1, 0])
    assert (row(found, 10)["headed"], row(found, 10)["landed"]) == (1, 0)
    assert (row(found, 11)["debris"], row(found, 11)["landed"]) == (1, 0)


def test_empty_places_are_left_out_and_a_quiet_run_has_zeros():
    zones = square_zones()
    zones.population.flags.writeable = True
    zones.population[1] = 0.0
    found = towns([], [], [], zones=zones)
    assert found.zone_id.tolist() == [10, 12]
    assert found.alerts.sum() == found.headed.sum() == 0


def test_percentiles_and_the_interval_are_those_of_the_places_own_warnings():
    falls = [(0, 1_000 * k, 1_000 * k + 60) for k in range(7)]
    begun = [(10, 1_000.0 * k + 5.0 * k) for k in range(7)]
    of, zones = threats(falls), square_zones()
    messages = alerts(*begun)
    ended = outcomes(of, ["hit zone"] * 7)
    fallen = falls_of(of, zones)
    quality = alert_quality(fallen, of, ended, messages, zones, POLICY)
    told = row(towns_of(quality, fallen, of, ended, zones), 10)
    leads = 60.0 - 5.0 * np.arange(7)
    assert told["timed"] == 7
    assert told["warning_median_s"] == pytest.approx(np.median(leads))
    assert told["warning_p10_s"] == pytest.approx(np.percentile(leads, 10))
    assert (told["warning_low_s"], told["warning_high_s"]) == (leads.min(), leads.max())


@pytest.mark.parametrize("count", [6, 7, 20, 101, 500, 501, 3000])
def test_the_ranks_hold_the_median_with_no_more_confidence_than_needed(count):
    low, high = median_ranks(count)
    assert low + high == count - 1
    assert 1 - 2 * binom.cdf(low, count, 0.5) >= 0.95
    # One rank further in would be too little, or (by the normal law) two.
    assert 1 - 2 * binom.cdf(low + (1 if count <= 500 else 2), count, 0.5) < 0.95


def test_few_values_have_no_interval():
    assert all(median_ranks(count) is None for count in range(6))


def test_the_csv_has_a_heading_and_leaves_empty_what_is_not_known():
    text = towns_csv(towns([(0, 0, 50)], ["hit zone"], [(10, 20.0)]))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == list(Towns.columns())
    assert (rows[0]["name"], rows[0]["warning_median_s"], rows[0]["warning_low_s"]) == (
        "zone 0",
        "30.0",
        "",
    )
    assert rows[1]["warning_median_s"] == ""
