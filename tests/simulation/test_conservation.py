"""Nothing is created, lost or done twice between launch and the final count."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mantlet.scenario.load import load_scenario
from mantlet.tables.run import RunTables
from mantlet.world.earth import ecef_from_degrees
from mantlet.world.zones import ZoneMap, zone_odds


@pytest.fixture(scope="module")
def tables(tutorial_folder: Path) -> RunTables:
    return RunTables.read(tutorial_folder)


@pytest.fixture(scope="module")
def scenario(tutorial_folder: Path):
    return load_scenario(str(tutorial_folder / "scenario.yaml"))


def test_every_threat_has_exactly_one_outcome(tables: RunTables) -> None:
    assert sorted(tables.outcomes.threat_id) == sorted(tables.threats.threat_id)
    assert len(set(tables.outcomes.threat_id)) == len(tables.outcomes)


def test_rockets_and_shells_both_fly_and_are_destroyed_in_mid_air(tables: RunTables) -> None:
    kinds = dict(zip(tables.threats.threat_id, tables.threats.kind, strict=True))
    stopped = tables.outcomes.threat_id[tables.outcomes.fate == "intercepted"]
    assert {"rocket", "shell", "mortar"} <= set(tables.threats.kind)
    assert {kinds[threat] for threat in stopped} >= {"rocket"}


def test_an_interception_names_a_shot_that_was_fired(tables: RunTables) -> None:
    stopped = tables.outcomes.shot_id[tables.outcomes.fate == "intercepted"]
    assert set(stopped) <= set(tables.shots.shot_id)
    assert len(set(stopped)) == len(stopped), "one shot stops at most one threat"
    others = tables.outcomes.shot_id[tables.outcomes.fate != "intercepted"]
    assert set(others) <= {-1}


def test_debris_belongs_to_something_that_was_intercepted(tables: RunTables) -> None:
    parents = tables.threats.parent_id[tables.threats.kind == "debris"]
    stopped = tables.outcomes.threat_id[tables.outcomes.fate == "intercepted"]
    assert set(parents) <= set(stopped)


def test_no_battery_fires_more_than_it_holds(tables: RunTables, scenario) -> None:
    held = {battery.id: battery.interceptors for battery in scenario.batteries}
    for battery, fired in Counter(tables.shots.battery_id).items():
        assert fired <= held[battery], "the tutorial is over before any launcher is reloaded"


def test_no_interceptor_leaves_its_envelope(tables: RunTables, scenario) -> None:
    batteries = {battery.id: battery for battery in scenario.batteries}
    shots = tables.shots
    aim = ecef_from_degrees(shots.aim_lat_deg, shots.aim_lon_deg, shots.aim_height_m)
    assert len(shots)
    for row, battery_id in enumerate(shots.battery_id):
        battery = batteries[battery_id]
        envelope = battery.envelope
        reach = np.linalg.norm(aim[row] - battery.site.ecef_m)
        assert envelope.range_min_m - 1 <= reach <= envelope.range_max_m + 1
        assert envelope.height_min_m - 1 <= shots.aim_height_m[row] <= envelope.height_max_m + 1


def test_shots_follow_their_decision_and_precede_their_intercept(tables: RunTables) -> None:
    shots = tables.shots
    assert (shots.decision_time_s <= shots.launch_time_s).all()
    assert (shots.launch_time_s < shots.intercept_time_s).all()


def test_every_shot_is_assessed_once_and_after_the_intercept(tables: RunTables) -> None:
    ends = dict(zip(tables.shots.shot_id, tables.shots.intercept_time_s, strict=True))
    assert sorted(tables.assessments.shot_id) == sorted(ends)
    for shot, time_s in zip(tables.assessments.shot_id, tables.assessments.time_s, strict=True):
        assert time_s >= ends[shot]


def test_alerts_go_only_to_zones_a_predicted_impact_touches(tables: RunTables, scenario) -> None:
    zone_map = ZoneMap(scenario.zones)
    ids = scenario.zones.zone_id
    fresh = tables.alerts.take(tables.alerts.kind == "alert")
    assert len(fresh)
    for row in range(len(fresh)):
        now = tables.impacts.take(tables.impacts.time_s == fresh.time_s[row])
        odds = zone_odds(now, zone_map, scenario.policy.margin_m)
        touched = {int(ids[zone]) for zone in odds.zone[odds.probability > 0]}
        assert int(fresh.zone_id[row]) in touched


def test_origins_name_things_that_exist(tables: RunTables) -> None:
    named = tables.plot_origins.threat_ids[tables.plot_origins.threat_ids >= 0]
    own = named[named >= 2_000_000_000] - 2_000_000_000
    assert set(named[named < 2_000_000_000]) <= set(tables.threats.threat_id)
    assert set(own) <= set(tables.shots.shot_id)
    assert (tables.plot_origins.plot_id == tables.plots.plot_id).all()


def test_what_was_intercepted_is_gone_from_the_moment_of_the_intercept(tables: RunTables) -> None:
    arrives = dict(zip(tables.shots.shot_id, tables.shots.intercept_time_s, strict=True))
    stopped = tables.outcomes.take(tables.outcomes.fate == "intercepted")
    assert len(stopped)
    gone = {}
    for threat, shot, time_s in zip(
        stopped.threat_id, stopped.shot_id, stopped.time_s, strict=True
    ):
        assert time_s == arrives[shot]
        gone[threat] = time_s
    for ids, time_s in zip(tables.plot_origins.threat_ids, tables.plots.time_s, strict=True):
        assert all(time_s <= gone.get(threat, np.inf) for threat in ids)
    for threat, time_s in zip(tables.states.threat_id, tables.states.time_s, strict=True):
        assert time_s <= gone.get(threat, np.inf)


def test_what_was_not_intercepted_ends_where_it_lands(tables: RunTables) -> None:
    lands = dict(zip(tables.threats.threat_id, tables.threats.impact_time_s, strict=True))
    others = tables.outcomes.take(tables.outcomes.fate != "intercepted")
    assert all(
        time_s == lands[threat]
        for threat, time_s in zip(others.threat_id, others.time_s, strict=True)
    )


def test_threats_debris_and_interceptors_are_all_seen_by_the_radars(tables: RunTables) -> None:
    kinds = dict(zip(tables.threats.threat_id, tables.threats.kind, strict=True))
    seen = Counter(
        "own" if origin >= 2_000_000_000 else kinds[origin]
        for origin in tables.plot_origins.threat_ids[tables.plot_origins.threat_ids >= 0]
    )
    assert min(seen[kind] for kind in ("rocket", "mortar", "shell", "debris", "own")) > 20
