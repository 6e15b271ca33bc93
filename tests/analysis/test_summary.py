"""The summary of a run: complete, closed, and plain JSON."""

import json

import numpy as np
import pytest

from mantlet.analysis.summary import summarise

KEYS = {
    "threats", "plots", "false_plots", "tracks_confirmed", "track_continuity", "impact_error_m",
    "alerts", "people_alerted", "needless_alerts", "missed_alerts", "lead_s", "threatening",
    "ignored_share", "engaged", "shots", "intercepted", "leakers", "rates", "cost_usd",
    "casualties",
}  # fmt: skip


def test_summary_has_every_promised_key(invented):
    assert invented.summary.keys() >= KEYS


def test_summary_is_plain_json_without_nan(invented, nothing_happens):
    for each in (invented, nothing_happens):
        assert json.loads(json.dumps(each.summary, allow_nan=False)) == each.summary


def test_same_run_gives_the_same_bytes(invented):
    again = summarise(invented.tables, invented.scenario)
    assert json.dumps(again, sort_keys=True) == json.dumps(invented.summary, sort_keys=True)


def test_every_launched_threat_has_one_fate_and_debris_is_counted_apart(invented):
    s, tables = invented.summary, invented.tables
    assert sum(s["fates"].values()) == s["threats"] == 26
    assert s["threats"] + s["debris"] == len(tables.threats)
    assert sum(s["threats_by_kind"].values()) == s["threats"]


def test_counts_agree_with_each_other(invented):
    s = invented.summary
    assert s["intercepted"] <= s["engaged"] <= s["threats"]
    assert s["leakers"] <= s["threatening"]
    assert s["needless_alerts"] + s["lead_s"]["alerts"] <= s["alerts"]
    assert s["people_alerted"] <= s["person_alerts"]
    assert s["rates"]["true, of engaged"]["numerator"] == s["intercepted"]


def test_percentiles_of_lead_rise(invented):
    lead = invented.summary["lead_s"]
    assert lead["p10"] <= lead["p50"] <= lead["p90"]


def test_false_plots_are_those_without_an_origin(invented):
    origins = invented.tables.plot_origins.threat_ids
    assert invented.summary["false_plots"] == int((origins[:, 0] < 0).sum())


def test_cost_is_a_published_range(invented):
    cost, shots = invented.summary["cost_usd"], invented.summary["shots"]
    assert (cost["low"], cost["high"]) == (35_000 * shots, 100_000 * shots)


def test_every_rate_is_a_share_of_something_at_least_as_large(invented):
    for rate in invented.summary["rates"].values():
        assert 0 <= rate["numerator"] <= rate["denominator"]


def test_a_run_without_flights_sums_up_to_nothing(nothing_happens):
    s = nothing_happens.summary
    assert (s["threats"], s["alerts"], s["shots"], s["intercepted"]) == (0, 0, 0, 0)
    assert s["ignored_share"] is None
    assert s["lead_s"] == {"p10": None, "p50": None, "p90": None, "alerts": 0}


def test_casualties_are_totals_of_both_sides_and_name_no_place(invented):
    held = invented.summary["casualties"]
    assert set(held) == {"defended_side", "launch_side", "grade"}
    assert held["grade"] == "notional"
    text = json.dumps(held)
    assert not any(name in text for name in invented.tables.zones.name)
    for side in (held["defended_side"], held["launch_side"]):
        assert side["low"] <= max(side["expected"], side["low"]) <= side["high"]


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_impact_errors_shrink_as_the_impact_comes_nearer(invented, part):
    held = [b for b in invented.summary["impact_error_m"] if b["predictions"] > 20]
    key = "median_m" if part == 0.5 else "p90_m"
    assert np.mean([b[key] for b in held[:2]]) < np.mean([b[key] for b in held[-2:]])
