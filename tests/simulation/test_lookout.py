"""Scans worked out ahead are those made one by one."""

from dataclasses import fields

import numpy as np
import pytest

import mantlet as mt
from mantlet.ports.draws import Draws
from mantlet.ports.stopwatch import Stopwatch
from mantlet.scenario.model import Scenario
from mantlet.sensing.interference import ClutterRegion, Jamming
from mantlet.sensing.objects import Objects
from mantlet.sensing.radar import Radar
from mantlet.simulation import lookout
from mantlet.simulation.run import simulate
from mantlet.tables.run import RunTables
from mantlet.world.earth import Site

TOWN = Site(31.5, 34.5)
RADAR = Radar(
    "r",
    TOWN,
    range_resolution_m=2_000.0,
    clutter=(ClutterRegion(4.0, 2_000.0, 9_000.0),),
    jamming=Jamming(azimuth_centre_deg=45.0, azimuth_width_deg=180.0, from_s=2.0, until_s=4.0),
)


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    return mt.load_scenario("tutorial")


def same(some: RunTables, others: RunTables) -> bool:
    pairs = [(getattr(some, f.name), getattr(others, f.name)) for f in fields(RunTables)]
    return all(
        np.array_equal(getattr(a, key), getattr(b, key), equal_nan=spec.dtype is np.float64)
        for a, b in pairs
        for key, spec in a.held().items()
    )


def test_many_scans_in_one_call_are_the_scans_one_by_one():
    rng = np.random.default_rng(1)
    counts = [4, 0, 7, 1, 5, 60]
    begin = np.concatenate([[0], np.cumsum(counts)])
    n = int(begin[-1])
    local = rng.uniform([1e3, 1e3, 1e3], [9e3, 9e3, 9e3], (n, 3))
    local[1::2] = local[:-1:2] + 5.0  # pairs share a cell
    objects = Objects(
        np.arange(n), np.arange(n), TOWN.ecef_m + local @ TOWN.axes, rng.normal(0.0, 300.0, (n, 3)),
        np.full((n, 3), 0.5),
    )  # fmt: skip
    number, time_s = np.arange(len(counts)) + 3, np.arange(float(len(counts)))
    plots, origins, rows = RADAR.scans(objects, begin, scan=number, time_s=time_s, draws=Draws(2))
    assert len(plots) == rows[-1] > 30 and (origins.threat_ids[:, 1] >= 0).any()
    for j, count in enumerate(counts):
        mine = objects.take(np.arange(begin[j], begin[j] + count))
        alone, whose = RADAR.scan(
            mine, scan=int(number[j]), time_s=time_s[j], draws=Draws(2), first_plot_id=int(rows[j])
        )
        together = slice(rows[j], rows[j + 1])
        for key in alone.held():
            equal_nan = key == "range_rate_mps"
            assert np.array_equal(
                getattr(plots, key)[together], getattr(alone, key), equal_nan=equal_nan
            )
        assert np.array_equal(origins.threat_ids[together], whose.threat_ids)


def test_a_run_is_the_same_however_far_its_radars_look_ahead(
    tutorial: Scenario, monkeypatch: pytest.MonkeyPatch
):
    ahead = simulate(tutorial, 1, Stopwatch())
    monkeypatch.setattr(lookout, "LOOKS", 1)
    assert len(ahead.shots) and (ahead.outcomes.fate == "intercepted").any()
    assert same(simulate(tutorial, 1, Stopwatch()), ahead)


def test_what_was_worked_out_before_a_kill_would_be_wrong(
    tutorial: Scenario, monkeypatch: pytest.MonkeyPatch
):
    right = simulate(tutorial, 1, Stopwatch())
    monkeypatch.setattr(lookout.Lookout, "forget", lambda self: None)
    assert not np.array_equal(simulate(tutorial, 1, Stopwatch()).plots.range_m, right.plots.range_m)
