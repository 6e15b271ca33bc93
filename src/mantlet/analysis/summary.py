"""`summary.json`: the figures of one run, each under a stated definition."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mantlet.analysis.alert_quality import AlertQuality, Falls, alert_quality, falls_of
from mantlet.analysis.association import NOTHING, Following, follow
from mantlet.analysis.casualties import DEFENDED_SIDE, LAUNCH_SIDE, expected_deaths
from mantlet.analysis.intervals import Rate, rounded
from mantlet.analysis.rates import TrueCounts, rates, seen_counts
from mantlet.analysis.registration import registration_of_run
from mantlet.analysis.track_quality import impact_errors, track_quality
from mantlet.engagement.cost import interceptor_cost
from mantlet.tables import Alerts, Threats, Zones
from mantlet.tables.run import RunTables

if TYPE_CHECKING:
    from mantlet.scenario.model import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def summarise(tables: RunTables, scenario: "Scenario") -> dict[str, Any]:
    """Sum up a run: counts, track and alert quality, outcomes, rates, cost, expected deaths.

    Parameters
    ----------
    tables : RunTables
        The whole run. Truth is used here, after the fact, and nowhere before.
    scenario : Scenario
        Its alert delivery time and its territories are needed to read the tables.

    Returns
    -------
    dict
        Plain JSON values, no NaN (null where there is nothing to count); the same run gives the
        same bytes. Only launched threats count as threats; debris is counted apart.
    """
    following = follow(tables.tracks, tables.states)
    falls = falls_of(tables.threats, tables.zones)
    quality = track_quality(tables.tracks, following, tables.threats, tables.states)
    errors = impact_errors(tables.impacts, following, tables.threats, tables.outcomes)
    warned = alert_quality(
        falls, tables.threats, tables.outcomes, tables.alerts, tables.zones,
        scenario.policy,
    )  # fmt: skip
    true = _true_counts(tables, following, falls)
    alone = _left_alone(tables, following, _crossed(tables, scenario))
    seen = seen_counts(quality.confirmed, tables.shots, tables.assessments, tables.decisions)
    return {
        **_counts(tables),
        "tracks_confirmed": quality.confirmed,
        "tracks_false": quality.false,
        "tracks_of_debris": quality.of_debris,
        "threats_tracked": quality.threats_tracked,
        "track_continuity": _share(quality.unbroken, quality.threats_tracked),
        "track_completeness": _share(quality.seconds_followed, quality.seconds_aloft),
        "impact_error_m": errors.by_seconds_left(),
        **_alert_figures(warned, tables.alerts, tables.zones),
        **_outcome_figures(tables, true, following, alone),
        "rates": {**rates(true, seen), **_other_rates(warned, alone)},
        "cost_usd": _cost(len(tables.shots)),
        "casualties": _casualties(tables, scenario),
        "registration": registration_of_run(tables, scenario),
    }


def _share(part: int, whole: int) -> float | None:
    return rounded(part / whole) if whole else None


def _counts(tables: RunTables) -> dict[str, Any]:
    launched = tables.threats.parent_id < 0
    false = ~(tables.plot_origins.threat_ids >= 0).any(axis=1)
    kinds = Counter(tables.threats.kind[launched].tolist())
    return {
        "threats": int(launched.sum()),
        "threats_by_kind": {kind: kinds[kind] for kind in sorted(kinds)},
        "debris": int((~launched).sum()),
        "simulated_h": rounded(
            float((tables.intervals.end_s - tables.intervals.start_s).sum()) / 3600
        ),
        "plots": len(tables.plots),
        "false_plots": int(false.sum()),
    }


def _alert_figures(warned: AlertQuality, alerts: Alerts, zones: Zones) -> dict[str, Any]:
    begun = alerts.zone_id[alerts.kind == "alert"]
    people = dict(zip(zones.zone_id.tolist(), zones.population.tolist(), strict=True))
    p10, p50, p90 = _percentiles(warned.lead_s, (10, 50, 90))
    return {
        "alerts": warned.alerts,
        "zones_alerted": len(set(begun.tolist())),
        "people_alerted": round(sum(people[zone] for zone in sorted(set(begun.tolist())))),
        "person_alerts": round(sum(people[zone] for zone in begun.tolist())),
        "needless_alerts": warned.needless,
        "missed_alerts": warned.missed,
        "lead_s": {"p10": p10, "p50": p50, "p90": p90, "alerts": len(warned.lead_s)},
    }


def _percentiles(values: Floats, at: tuple[int, ...]) -> list[float | None]:
    if not len(values):
        return [None] * len(at)
    return [rounded(float(v), 3) for v in np.percentile(values, at)]


def _true_counts(tables: RunTables, following: Following, falls: Falls) -> TrueCounts:
    launched = tables.threats.parent_id < 0
    intercepted = launched & (tables.outcomes.fate == "intercepted")
    engaged = launched & _shot_at(tables, following)
    return TrueCounts(
        fired=int(launched.sum()),
        threatening=len(falls.threat),
        threatening_intercepted=int(intercepted[falls.threat].sum()),
        engaged=int(engaged.sum()),
        intercepted=int(intercepted.sum()),
    )


def _shot_at(tables: RunTables, following: Following) -> Flags:
    """Threats at which a shot was fired: followed by a track shot at, or stopped by a shot."""
    engaged = np.zeros(len(tables.threats), np.bool_)
    followed = following.of_tracks(tables.shots.track_id)
    engaged[followed[followed != NOTHING]] = True
    engaged |= np.asarray(tables.outcomes.fate == "intercepted", np.bool_)
    return engaged


def _crossed(tables: RunTables, scenario: "Scenario") -> Flags:
    """Which launched threats came down neither at home nor in the sea, as ledgers count them."""
    outcomes = tables.outcomes
    stopped = outcomes.fate == "intercepted"
    at_home = _fell_at_home(tables.threats, scenario) & ~stopped
    crossed = (tables.threats.parent_id < 0) & ~at_home & (outcomes.fate != "sea")
    return np.asarray(crossed, np.bool_)


def _left_alone(tables: RunTables, following: Following, crossed: Flags) -> tuple[int, int]:
    """Threats that crossed and were never fired at, and all that crossed.

    Shots also go to flights that then fall at home or in the sea, so the two are counted one by
    one, not subtracted.
    """
    return int((crossed & ~_shot_at(tables, following)).sum()), int(crossed.sum())


def _other_rates(warned: AlertQuality, alone: tuple[int, int]) -> dict[str, Any]:
    return {
        "left alone, of crossed": Rate(
            *alone,
            "never fired at, of what came down neither at home nor at sea",
        ).as_json(),
        "needless, of alerts": Rate(
            warned.needless,
            warned.alerts,
            "nothing came near the zone, of all alerts",
        ).as_json(),
        "unwarned, of landed": Rate(
            warned.missed, warned.landed, "no open alert, of what came down in populated zones"
        ).as_json(),
        "in time, of needed alerts": Rate(
            warned.in_time, len(warned.lead_s), "heard at least the time to shelter before the fall"
        ).as_json(),
    }


def _outcome_figures(
    tables: RunTables, true: TrueCounts, following: Following, alone: tuple[int, int]
) -> dict[str, Any]:
    launched = tables.threats.parent_id < 0
    fates = Counter(tables.outcomes.fate[launched].tolist())
    followed = following.of_tracks(tables.shots.track_id)
    at_debris = (followed != NOTHING) & ~launched[np.maximum(followed, 0)]
    return {
        "threatening": true.threatening,
        "ignored_share": _share(*alone),
        "engaged": true.engaged,
        "shots": len(tables.shots),
        "shots_at_false_tracks": int((followed == NOTHING).sum()),
        "shots_at_debris": int(at_debris.sum()),
        "intercepted": true.intercepted,
        "leakers": fates["hit zone"],
        "fates": {fate: fates[fate] for fate in sorted(fates)},
        "debris_in_zones": int((~launched & (tables.outcomes.fate == "hit zone")).sum()),
    }


def _cost(shots: int) -> dict[str, Any]:
    cost = interceptor_cost(shots)
    return {
        "low": round(cost.low_usd),
        "usual": round(cost.usual_usd),
        "high": round(cost.high_usd),
        "method": "interceptors fired at 35,000, 50,000 and 100,000 US$ each, as published",
    }


def _casualties(tables: RunTables, scenario: "Scenario") -> dict[str, Any]:
    launched, fate = tables.threats.parent_id < 0, tables.outcomes.fate
    home = _fell_at_home(tables.threats, scenario)
    across = launched & (fate == "hit zone") & ~home
    short = launched & (fate != "intercepted") & home
    return {
        "defended_side": expected_deaths(int(across.sum()), DEFENDED_SIDE),
        "launch_side": expected_deaths(int(short.sum()), LAUNCH_SIDE),
        "grade": "notional",
    }


def _fell_at_home(threats: Threats, scenario: "Scenario") -> Flags:
    """Undisturbed impacts in the territory the threat was launched from."""
    start = scenario.surface.territory(threats.launch_lat_deg, threats.launch_lon_deg)
    end = scenario.surface.territory(threats.impact_lat_deg, threats.impact_lon_deg)
    return np.asarray((start == end) & (start != ""), np.bool_)
