import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from replay_fixture import EMPTY, invented_run, scene

from mantlet.analysis.replay import choose_window
from mantlet.analysis.replay_data import (
    FATE,
    alert_columns,
    plot_columns,
    shot_columns,
    threat_columns,
    track_columns,
)
from mantlet.analysis.replay_ground import zone_columns, zone_rows
from mantlet.analysis.replay_pack import LOG_FLOOR_M, LOG_RATIO
from mantlet.tables import PlotOrigins


@pytest.fixture(scope="module")
def run():
    return invented_run()


@pytest.fixture(scope="module")
def window(run):
    return choose_window(run, scene(), None, None)


def values(columns, name):
    column = columns[name]
    if column.log:
        return np.where(
            column.numbers > 0, LOG_FLOOR_M * LOG_RATIO ** (column.numbers.astype(float) - 1), 0.0
        )
    return column.numbers * column.step


def test_every_plot_of_the_window_is_there_with_what_it_really_was(run, window):
    columns = plot_columns(run.plots, run.plot_origins, scene().sites, window)
    inside = run.plots.take(window.holds(run.plots.time_s))
    false = run.plot_origins.threat_ids[inside.plot_id, 0] < 0
    assert len(columns["plots.time"].numbers) == len(inside)
    assert (columns["plots.truth"].numbers == 0).sum() == false.sum()
    assert np.all(np.diff(columns["plots.time"].numbers.astype(int)) >= 0)


def test_true_plots_lie_near_the_true_flights(run, window):
    columns = plot_columns(run.plots, run.plot_origins, scene().sites, window)
    states = threat_columns(run.threats, run.states, run.outcomes, run.zones, window)
    true = columns["plots.truth"].numbers == 1
    plots = np.stack([values(columns, f"plots.{axis}")[true] for axis in "xy"], axis=1)
    flights = np.stack([values(states, f"states.{axis}") for axis in "xy"], axis=1)
    nearest = [np.hypot(*(flights - plot).T).min() for plot in plots[::25]]
    # Half a second of flight at 400 m/s, 2 mrad at 40 km, and a few steps of the map.
    assert max(nearest) < 600


def test_plots_without_a_record_of_their_origin_are_not_called_false(run, window):
    columns = plot_columns(run.plots, PlotOrigins.empty(), scene().sites, window)
    assert set(columns["plots.truth"].numbers) == {3}


def test_plots_of_a_radar_that_is_not_on_the_map_are_left_out(run, window):
    sites = {"north": scene().sites["north"]}
    columns = plot_columns(run.plots, run.plot_origins, sites, window)
    inside = run.plots.take(window.holds(run.plots.time_s))
    assert len(columns["plots.time"].numbers) == (inside.radar_id == "north").sum()


def test_samples_are_grouped_by_track_in_time_order(run, window):
    columns = track_columns(run.tracks, run.impacts, window)
    first = columns["tracks.first"].numbers
    assert len(columns["tracks.id"].numbers) == len(set(run.tracks.track_id))
    assert first[-1] == len(columns["samples.time"].numbers)
    for start, end in pairwise(first):
        assert np.all(np.diff(columns["samples.time"].numbers[start:end].astype(int)) > 0)


def test_each_sample_carries_the_prediction_made_from_it(run, window):
    columns = track_columns(run.tracks, run.impacts, window)
    order = np.lexsort((run.impacts.time_s, run.impacts.track_id))
    impacts = run.impacts.take(order)
    east, north = window.frame.place(impacts.lat_deg, impacts.lon_deg)
    assert values(columns, "samples.impact.x") == pytest.approx(east, abs=window.map_step_m)
    assert values(columns, "samples.impact.y") == pytest.approx(north, abs=window.map_step_m)
    assert np.all(columns["samples.impact.major"].numbers > 0)


def test_a_sample_without_a_prediction_shows_none(run, window):
    columns = track_columns(run.tracks, run.impacts.take(slice(0, 0)), window)
    assert not columns["samples.impact.major"].numbers.any()


def test_tentative_tracks_are_not_drawn(run, window):
    tentative = dataclasses.replace(
        run.tracks, status=np.full(len(run.tracks), "tentative", dtype=object)
    )
    assert len(track_columns(tentative, run.impacts, window)["tracks.id"].numbers) == 0


def test_fates_and_kills_are_those_of_the_assessor(run, window):
    columns = threat_columns(run.threats, run.states, run.outcomes, run.zones, window)
    for fate, code in FATE.items():
        assert (columns["threats.fate"].numbers == code).sum() == (run.outcomes.fate == fate).sum()
    shots = shot_columns(run.shots, run.assessments, run.outcomes, ("b1", "b2"), window)
    stopped = run.outcomes.fate == "intercepted"
    assert shots["shots.kill"].numbers.sum() == stopped.sum()


def test_flights_bound_for_a_zone_are_counted_whether_stopped_or_not(run, window):
    columns = threat_columns(run.threats, run.states, run.outcomes, run.zones, window)
    threatening = columns["threats.threatening"].numbers == 1
    hits = columns["threats.fate"].numbers == FATE["hit zone"]
    assert np.all(threatening[hits])
    assert threatening.sum() > hits.sum()


def test_the_last_message_before_the_window_is_kept_for_each_zone(run, window):
    late = dataclasses.replace(window, start_s=130.0)
    columns = alert_columns(run.alerts, run.zones, late)
    times = values(columns, "alerts.time")
    earlier = run.alerts.take(run.alerts.time_s < 130.0)
    assert (times < 0).sum() == len(set(earlier.zone_id))
    assert (times >= 0).sum() == late.holds(run.alerts.time_s).sum()


def test_zone_numbers_become_rows_and_unknown_ones_none(run):
    assert zone_rows(np.array([3, -1, 99, 1]), run.zones).tolist() == [2, -1, -1, 0]


def test_a_zone_beyond_the_map_has_no_outline(run, window):
    small = dataclasses.replace(window, map_step_m=0.2)
    counts = np.diff(zone_columns(run.zones, small)["zones.first"].numbers)
    assert 0 in counts
    assert np.diff(zone_columns(run.zones, window)["zones.first"].numbers).min() >= 4


def test_a_run_in_which_nothing_happened_has_columns_of_no_rows():
    window = choose_window(EMPTY, scene(), None, None)
    columns = {
        **plot_columns(EMPTY.plots, EMPTY.plot_origins, scene().sites, window),
        **track_columns(EMPTY.tracks, EMPTY.impacts, window),
        **threat_columns(EMPTY.threats, EMPTY.states, EMPTY.outcomes, EMPTY.zones, window),
    }
    sizes = {name: column.numbers.size for name, column in columns.items()}
    assert all(size == (1 if name.endswith("first") else 0) for name, size in sizes.items())
