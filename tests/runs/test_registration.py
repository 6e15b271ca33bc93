"""Radars that are set up wrong: found, told in words, and taken off the plots only if asked."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

import mantlet as mt
from mantlet.analysis.report import report_page
from mantlet.runs.plot_sources import RecordedPlots
from mantlet.runs.tracking import write_tracks
from mantlet.sensing import Faults
from mantlet.tables import Registrations, Tracks

OFF_M, OFF_RAD = 80.0, math.radians(0.4)


@pytest.fixture(scope="module")
def held(run):
    return RecordedPlots(run.plots, run.tables.intervals)


@pytest.fixture(scope="module")
def biased(run, held):
    """The same plots, of which heath's are too far and turned."""
    heath = run.plots.radar_id == "heath"
    plots = replace(
        run.plots,
        range_m=run.plots.range_m + np.where(heath, OFF_M, 0.0),
        azimuth_rad=run.plots.azimuth_rad + np.where(heath, OFF_RAD, 0.0),
    )
    return replace(held, plots=plots)


@pytest.fixture(scope="module")
def uncorrected(run, biased):
    return mt.track(biased, run.scenario.figures)


@pytest.fixture(scope="module")
def corrected(run, biased):
    return mt.track(biased, run.scenario.figures, correct=True)


def bits(table):
    return [getattr(table, name).tolist() for name in table.columns()]


def miss_m(found, run):
    """Median distance of the last predictions from the nearest true falls."""
    threats = run.tables.threats
    truth = np.column_stack([threats.impact_lat_deg, threats.impact_lon_deg])
    ends = [row["impact"] for row in found.summary["track_list"] if row["impact"]]
    apart = [
        np.hypot(*((truth - (end["lat_deg"], end["lon_deg"])) * (111_000, 96_000)).T).min()
        for end in ends
    ]
    return float(np.median(apart))


def test_well_kept_radars_are_told_to_agree(run, held):
    found = mt.track(held, run.scenario.figures)
    told = found.summary["registration"]
    assert told["alarms"] == told["past_alarms"] == []
    [pair] = told["pairs"]
    assert (pair["radar"], pair["against"], pair["alarm"]) == ("heath", "cape", [])
    # Nothing is wrong with either: five sigmas would be a false alarm.
    assert abs(pair["range_m"]) < 5 * pair["range_sigma_m"] < 50.0
    assert abs(pair["azimuth_deg"]) < 5 * pair["azimuth_sigma_deg"] < 0.5


def test_a_biased_radar_is_named_in_words_with_its_biases(uncorrected):
    told = uncorrected.summary["registration"]
    [pair] = told["pairs"]
    assert pair["alarm"] == ["range", "azimuth"]
    assert pair["range_m"] == pytest.approx(OFF_M, abs=5 * pair["range_sigma_m"])
    assert pair["azimuth_deg"] == pytest.approx(0.4, abs=5 * pair["azimuth_sigma_deg"])
    assert any("in range by +" in line and "heath" in line for line in told["alarms"])
    assert not any(line.startswith("cape is off") for line in told["alarms"])
    last = uncorrected.registrations
    assert {*last.against} == {"", "cape"}
    assert "range" in last.alarm[-1]
    assert last.range_m[-1] == pytest.approx(pair["range_m"], rel=1e-4)


def test_plots_are_corrected_only_if_asked(run, biased, uncorrected, corrected):
    assert uncorrected.plots is biased.plots
    assert "corrected" not in uncorrected.summary
    taken = corrected.summary["corrected"]
    assert taken["taken_off"]["heath"]["range_m"] == pytest.approx(OFF_M, abs=15.0)
    assert taken["alarms"] == []
    heath = corrected.plots.radar_id == "heath"
    off_m = (biased.plots.range_m - corrected.plots.range_m)[heath]
    assert off_m == pytest.approx(taken["taken_off"]["heath"]["range_m"])
    # What is said of the radars is of the plots as they came, corrected or not.
    assert corrected.summary["registration"] == uncorrected.summary["registration"]
    assert miss_m(corrected, run) < 0.5 * miss_m(uncorrected, run)


def test_nothing_is_taken_off_where_nothing_alarms(run, held):
    plain = mt.track(held, run.scenario.figures)
    asked = mt.track(held, run.scenario.figures, correct=True)
    assert asked.summary["corrected"] == {"taken_off": {}, "alarms": []}
    assert bits(asked.tracks) == bits(plain.tracks)


def test_one_radar_has_nothing_to_be_held_against(run, held):
    cape = replace(held, plots=run.plots.take(run.plots.radar_id == "cape"))
    found = mt.track(cape, run.scenario.figures[:1], correct=True)
    assert found.summary["registration"] is None
    assert len(found.registrations) == 0


def test_any_tracker_with_several_radars_is_checked(run, biased):
    class Least:
        """Mantlet's own with no more than the protocol asks for."""

        def __init__(self, radars, air):
            from mantlet.tracking.tracker import Tracker

            inner = Tracker(radars, air)
            self.start, self.step, self.report = inner.start, inner.step, inner.report

    found = mt.track(biased, run.scenario.figures, tracker=Least)
    assert any("heath" in line for line in found.summary["registration"]["alarms"])


def test_smoothed_tracks_begin_at_their_first_plot_and_hold_both_radars_plots(run, held):
    found = mt.track(held, run.scenario.figures, smooth=True)
    radar = dict(zip(run.plots.plot_id.tolist(), run.plots.radar_id.tolist(), strict=True))
    confirmed = np.unique(found.tracks.track_id).tolist()
    assert found.summary["smoothed_tracks"] == len(confirmed)
    for name in confirmed:
        mine = found.smoothed.take(found.smoothed.track_id == name)
        reported = found.tracks.time_s[found.tracks.track_id == name]
        assert mine.time_s[0] < reported.min()  # plots of the time before it was confirmed
        assert mine.time_s[-1] <= reported.max()
        shares = [radar[plot] == "cape" for plot in mine.last_plot_id.tolist()]
        assert 0.3 < np.mean(shares) < 0.7  # reports alone would name the later radar's


def test_smoothed_tracks_are_nearer_the_truth(run, held):
    found = mt.track(held, run.scenario.figures, smooth=True)
    states = run.tables.states

    def rms_m(tracks):
        """At whole seconds, to the nearest true object."""
        off = []
        for row in np.nonzero(tracks.time_s % 1.0 == 0.0)[0]:
            truth = states.position_m[states.time_s == tracks.time_s[row]]
            if len(truth):
                off.append(np.linalg.norm(truth - tracks.state[row, :3], axis=1).min())
        return np.sqrt(np.mean(np.square(off)))

    live = found.tracks.take(found.tracks.status != "closed")
    assert rms_m(found.smoothed) < 0.8 * rms_m(live)


def test_the_folder_holds_the_new_tables(run, held, tmp_path):
    found = mt.track(held, run.scenario.figures, smooth=True)
    write_tracks(found, tmp_path / "out")
    read = Registrations.read(tmp_path / "out/registrations.parquet")
    assert bits(read) == bits(found.registrations)
    assert bits(Tracks.read(tmp_path / "out/smoothed.parquet")) == bits(found.smoothed)
    summary = json.loads((tmp_path / "out/summary.json").read_text())
    assert summary["registration"] == found.summary["registration"]


def test_a_run_whose_radar_is_set_off_says_whether_its_plots_show_it(run):
    off = replace(run.scenario.radars[1], faults=Faults(bias_range_m=70.0, bias_elevation_deg=0.3))
    radars = (run.scenario.radars[0], off)
    biased = mt.run(replace(run.scenario, radars=radars), seed=2)
    told = biased.summary["registration"]
    assert told["set"]["heath"]["range_m"] == 70.0
    assert told["set"]["cape"] == dict.fromkeys(told["set"]["cape"], 0.0)
    [pair] = told["pairs"]
    assert pair["range_m"] == pytest.approx(70.0, abs=5 * pair["range_sigma_m"])
    assert any("heath" in line and "range" in line for line in told["alarms"])
    page = report_page(biased.tables, biased.scenario, biased.summary, seed=2)
    assert "Radars against each other" in page
    assert "range +70 m, elevation +0.3 deg</td>" in page
    json.dumps(told, allow_nan=False)


def test_a_run_without_set_biases_does_not_pay_for_the_check(run):
    assert run.summary["registration"] is None
    page = report_page(run.tables, run.scenario, run.summary, seed=2)
    assert "Radars against each other" not in page
