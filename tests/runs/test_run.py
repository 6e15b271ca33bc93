"""A run from Python, as a notebook would use it."""

import subprocess
import sys

import pytest

import mantlet as mt


@pytest.fixture(scope="module")
def run():
    return mt.run(mt.load_scenario("tutorial"), seed=3)


def test_tables_are_attributes_and_go_to_pandas(run):
    frame = run.tracks.to_pandas()
    assert list(frame.columns)[:3] == ["track_id", "time_s", "status"]
    assert len(frame) == len(run.tracks) > 0
    assert frame.state.iloc[0].shape == (7,)


def test_an_unknown_table_is_named_with_those_there_are(run):
    with pytest.raises(AttributeError, match=r"no 'trakcs'.*tracks"):
        _ = run.trakcs


def test_the_summary_answers_by_name(run):
    assert run.summary["threats"] == 25
    assert {"p10", "p50", "p90"} <= set(run.summary["lead_s"])


def test_an_override_reaches_the_batteries():
    scenario = mt.load_scenario("tutorial", ("batteries.north.interceptors=0",))
    held = {battery.id: battery.interceptors for battery in scenario.batteries}
    assert held["north"] == 0
    shots = mt.run(scenario, seed=3).shots
    assert "north" not in set(shots.battery_id)


def test_progress_ends_at_all_of_it():
    told = []
    mt.run(mt.load_scenario("tutorial"), progress=lambda *step: told.append(step))
    done, total, words = told[-1]
    assert done == total > 0
    assert "plots" in words


def test_importing_the_package_imports_no_numerics():
    code = "import mantlet, sys; assert not {'numpy', 'numba'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
