"""The summary of a run: complete, closed, and plain JSON."""

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import small_run

from mantlet.analysis.summary import _left_alone, summarise
from mantlet.world.borders import Surface

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


HOME = (small_run.LAT + 0.1, small_run.LON + 0.3)
"""Where every flight of `small_run` begins."""


def box(south, north, west, east):
    lon, lat = (west, east, east, west, west), (south, south, north, north, south)
    return np.stack([small_run.LON + np.array(lon), small_run.LAT + np.array(lat)], axis=1)


@pytest.fixture(scope="module")
def by_hand(nothing_happens):
    """Eight flights: two hits, one in the open, two short, two intercepted, one at sea.

    One of those intercepted would have fallen short. Of its two pieces of debris one falls at
    home, one in the open.
    """
    fates = ("hit zone", "hit zone", "open ground", "fell short", "fell short", "intercepted",
             "sea", "intercepted", "fell short", "open ground")  # fmt: skip
    threats = small_run.threats(
        [(zone, 0.0, 60.0) for zone in (0, 1, -1, -1, -1, -1, -1, 2, -1, -1)], [-1] * 8 + [7] * 2
    )
    lat, lon = threats.impact_lat_deg.copy(), threats.impact_lon_deg.copy()
    lat[[3, 4, 5, 8]], lon[[3, 4, 5, 8]] = HOME
    lon[6] = small_run.LON - 0.5
    threats = replace(threats, impact_lat_deg=lat, impact_lon_deg=lon)
    surface = Surface.of(
        ("across", "home"), [box(-0.2, 0.04, -0.05, 0.2), box(0.05, 0.15, 0.25, 0.35)], [0, 1]
    )
    tables = replace(
        nothing_happens.tables,
        zones=small_run.square_zones(),
        threats=threats,
        outcomes=small_run.outcomes(threats, fates),
    )
    scenario = replace(nothing_happens.scenario, surface=surface, zones=tables.zones)
    return summarise(tables, scenario)


def test_crossed_are_those_that_came_down_neither_at_home_nor_at_sea(by_hand):
    # Two hits, one in the open and both intercepted; two of these five were engaged.
    rate = by_hand["rates"]["left alone, of crossed"]
    assert (rate["numerator"], rate["denominator"]) == (3, 5)
    assert by_hand["ignored_share"] == 0.6


def test_a_shot_at_what_then_falls_at_home_takes_nothing_off_those_left_alone(nothing_happens):
    threats = small_run.threats([(-1, 0.0, 60.0)] * 3)
    tables = replace(
        nothing_happens.tables,
        threats=threats,
        outcomes=small_run.outcomes(threats, ("open ground", "fell short", "fell short")),
    )
    shot_at_the_last_two = SimpleNamespace(of_tracks=lambda tracks: np.array([1, 2]))
    crossed = np.array([True, False, False])
    assert _left_alone(tables, shot_at_the_last_two, crossed) == (1, 1)


def test_deaths_are_expected_on_both_sides_from_what_came_down_there(by_hand):
    defended, launch = (by_hand["casualties"][f"{side}_side"] for side in ("defended", "launch"))
    assert (defended["falls"], launch["falls"]) == (2, 2)
    # The geometric means of the published rates, 0.0381 and 0.0219 per fall.
    assert (defended["expected"], launch["expected"]) == (0.076, 0.044)
    assert "not to be compared" in defended["method"]
    assert "any ground" in launch["counted"]


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_impact_errors_shrink_as_the_impact_comes_nearer(invented, part):
    held = [b for b in invented.summary["impact_error_m"] if b["predictions"] > 20]
    key = "median_m" if part == 0.5 else "p90_m"
    assert np.mean([b[key] for b in held[:2]]) < np.mean([b[key] for b in held[-2:]])
