"""The life of tracks: birth, name, coasting, end; several radars; own interceptors; clutter."""

from dataclasses import replace

import numpy as np
import pytest

from mantlet.tables import Plots
from mantlet.tracking.figures import RadarFigures
from mantlet.tracking.settings import TrackerSettings
from mantlet.tracking.tracker import Tracker
from mantlet.world.earth import Site

NOTHING = Plots.empty()


def follow(tracker, eye, flights, *, until_s, from_s=0, own=None, state=None, blind=()):
    """Scan once a second; returns the state and all reports. `blind`: seconds without plots."""
    state = tracker.start() if state is None else state
    reports = []
    for k in range(from_s, until_s):
        rows = flights.alive(k)
        plots, _ = eye.look(flights.states(rows, k)[:, :3], k)
        plots = NOTHING if k in blind else plots
        own_m = np.empty((0, 3)) if own is None else own(k)
        state = tracker.step(state, plots, 0, k, own_m)
        reports.append(tracker.report(state, k))
    return state, reports


def ids_of(reports):
    return {int(i) for report in reports for i in report.track_id}


def test_every_flight_gets_one_track_and_ids_count_up_without_gaps(flights, eye):
    radar = eye(false_plots_per_scan=5.0)
    some = flights(20)
    tracker = Tracker((radar.figures,))
    _, reports = follow(tracker, radar, some, until_s=int(some.end_s.max()) + 10)
    assert ids_of(reports) == set(range(20))


def test_by_hits_a_track_is_confirmed_at_its_third(flights, eye):
    radar = eye(detection_probability=0.999)
    some = flights(1, spread_s=0.0)
    tracker = Tracker((radar.figures,), settings=TrackerSettings(initiation="m-of-n"))
    state = tracker.start()
    hits = 0
    for k in range(10):
        rows = some.alive(k)
        plots, _ = radar.look(some.states(rows, k)[:, :3], k)
        state = tracker.step(state, plots, 0, k)
        hits += len(plots)
        assert len(tracker.report(state, k)) == (1 if hits >= 3 else 0)


def test_an_hour_of_clutter_confirms_next_to_nothing(eye):
    radars = (
        RadarFigures("r1", Site(31.6, 34.6, 60.0)),
        RadarFigures("r2", Site(31.75, 34.75, 60.0), offset_s=0.5),
    )
    eyes = [type(eye())(r, np.random.default_rng(s)) for s, r in enumerate(radars)]
    tracker = Tracker(radars)
    state = tracker.start()
    nobody = np.empty((0, 3))
    for k in range(3_600):
        for index in (0, 1):
            time_s = k + 0.5 * index
            plots, _ = eyes[index].look(nobody, time_s)
            state = tracker.step(state, plots, index, time_s)
    # Two radar-hours at 5 false plots a scan; measured over 6 radar-hours: none.
    assert state.tracks.counters[1] <= 2
    assert len(state) < 60


def test_a_missed_track_coasts_and_then_closes_and_its_end_is_told_once(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(1, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    _, reports = follow(tracker, radar, some, until_s=30, blind=range(15, 30))
    status = [str(report.status[0]) if len(report) else "" for report in reports]
    assert status[14] == "confirmed"
    assert status[17] == "coasting"
    assert status.count("closed") == 1
    assert 15 + 4 <= status.index("closed") <= 15 + 6  # five seconds without a plot
    assert not any(status[status.index("closed") + 1 :])


def test_a_track_closes_when_it_is_under_the_ground(flights, eye):
    radar = eye()
    some = flights(3, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    last = int(some.end_s.max()) + 10
    _, reports = follow(tracker, radar, some, until_s=last)
    closed = {
        int(i): k
        for k, report in enumerate(reports)
        for i, s in zip(report.track_id, report.status, strict=True)
        if s == "closed"
    }
    assert sorted(closed) == [0, 1, 2]
    # Elevation limits end the plots above the ground; the coast ends at most 5 s under it.
    assert sorted(closed.values()) == pytest.approx(np.sort(some.end_s), abs=3.0)


@pytest.mark.parametrize(("ground_m", "least", "most"), [(0.0, 0, 1), (-50.0, 3, 20)])
def test_a_fallen_track_is_not_shown_for_another_second(flights, eye, ground_m, least, most):
    some = flights(20, spread_s=20.0)
    radar = eye()
    tracker = Tracker((radar.figures,), settings=TrackerSettings(ground_m=ground_m))
    last = int(some.end_s.max()) + 5
    _, reports = follow(tracker, radar, some, until_s=last)
    live = [int(np.isin(report.status, ("confirmed", "coasting")).sum()) for report in reports]
    excess = [n - int((some.end_s > k).sum()) for k, n in enumerate(live)]
    # With 50 m of ground to spare every fourth of the twenty outlives its fall by a report.
    assert least <= sum(max(0, more) for more in excess[25:]) <= most


def test_a_track_coasts_through_the_hole_over_the_radar(eye, flights):
    # Everything above 8 degrees is a hole: half a minute without plots.
    radar = eye(elevation_max_deg=8.0, detection_probability=0.95)
    some = flights(6, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    _, reports = follow(tracker, radar, some, until_s=int(some.end_s.max()))
    longest = {}
    for report in reports:
        for i, s in zip(report.track_id, report.status, strict=True):
            longest[i] = longest.get(i, 0) + 1 if s == "coasting" else longest.get(i, 0)
    assert max(longest.values()) > 10
    assert len(ids_of(reports)) == 6


def test_two_radars_feed_one_track_and_know_more_than_one(flights, eye):
    radar = eye(sigma_azimuth_rad=0.004)
    other = RadarFigures("r2", Site(31.7, 34.3, 60.0), offset_s=0.5, false_plots_per_scan=0.0)
    eyes = [radar, type(radar)(other, np.random.default_rng(9))]
    some = flights(5, spread_s=0.0)
    sigma = []
    for used in (1, 2):
        tracker = Tracker((radar.figures, other)[:used])
        state = tracker.start()
        for k in range(20):
            for index in range(used):
                time_s = k + 0.5 * index
                rows = some.alive(time_s)
                plots, _ = eyes[index].look(some.states(rows, time_s)[:, :3], time_s)
                state = tracker.step(state, plots, index, time_s)
        report = tracker.report(state, 20.0)
        assert sorted(report.track_id) == list(range(5))
        variances = report.covariance[:, [0, 7, 13]].sum(axis=1)
        sigma.append(np.sqrt(variances).mean())
    assert sigma[1] < 0.8 * sigma[0]


def test_wreckage_falls_on_one_track_and_not_on_many(flights, eye):
    radar = eye(seed=4)
    some = flights(20, family=3, beta=(120.0, 250.0), height_m=3_000.0)
    tracker = Tracker((radar.figures,))
    _, reports = follow(tracker, radar, some, until_s=int(some.end_s.max()))
    # 27 here, 69 without the rule of kernels/terminal_fall.py.
    assert 18 <= len(ids_of(reports)) <= 30


def test_own_interceptors_get_no_track(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(1, spread_s=0.0)
    tracker = Tracker((radar.figures,))

    def own(k):
        return some.states(some.alive(k), k)[:, :3] + 50.0

    _, reports = follow(tracker, radar, some, until_s=20, own=own)
    assert not ids_of(reports)


def test_an_interceptor_passing_by_takes_no_plot_from_a_confirmed_track(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(1, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    state, _ = follow(tracker, radar, some, until_s=12)

    def own(k):
        return some.states(some.alive(k), k)[:, :3] + 50.0

    _, reports = follow(tracker, radar, some, until_s=25, from_s=12, own=own, state=state)
    assert all(report.track_id.tolist() == [0] for report in reports)
    assert reports[-1].status[0] == "confirmed"


def test_same_plots_give_the_same_bits_in_any_order(flights, eye):
    some = flights(30, spread_s=10.0)
    ends = []
    for shuffled in (False, True):
        radar = eye(seed=3, false_plots_per_scan=5.0)
        tracker = Tracker((radar.figures,))
        state = tracker.start()
        for k in range(40):
            rows = some.alive(k)
            plots, _ = radar.look(some.states(rows, k)[:, :3], k)
            order = np.arange(len(plots))
            if shuffled:
                np.random.default_rng(k).shuffle(order)
            state = tracker.step(state, plots.take(order), 0, k)
        ends.append(tracker.report(state, 40.0))
    for name in ends[0].columns():
        assert getattr(ends[0], name).tolist() == getattr(ends[1], name).tolist()


def test_a_copied_state_goes_its_own_way(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(3, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    state, _ = follow(tracker, radar, some, until_s=10)
    fork = state.copy()
    before = tracker.report(fork, 10.0)
    follow(tracker, radar, some, until_s=20, from_s=10, state=state)
    assert (tracker.report(fork, 10.0).state == before.state).all()


def test_report_leaves_the_state_as_it_is(flights, eye):
    radar = eye()
    tracker = Tracker((radar.figures,))
    state, _ = follow(tracker, radar, flights(3, spread_s=0.0), until_s=10)
    before = state.copy()
    tracker.report(state, 13.0)
    assert (state.tracks.mean == before.tracks.mean).all()
    assert (state.tracks.covariance == before.tracks.covariance).all()
    assert (state.tracks.clocks == before.tracks.clocks).all()


def test_room_grows_by_doubling_and_keeps_the_tracks(eye):
    radar = eye(false_plots_per_scan=300.0)
    tracker = Tracker((radar.figures,))
    state = tracker.start()
    for k in range(3):
        plots, _ = radar.look(np.empty((0, 3)), k)
        state = tracker.step(state, plots, 0, k)
    assert len(state.tracks.score) in {1024, 2048}
    assert len(state) <= len(state.tracks.score)


def test_plots_that_are_no_numbers_start_nothing(eye):
    radar = eye()
    tracker = Tracker((radar.figures,))
    bad = radar.plots(np.array([[np.nan, 1.0, 0.5], [np.inf, 1.0, 0.5], [9e3, 1.0, np.nan]]), 0.0)
    assert len(tracker.step(tracker.start(), bad, 0, 0.0)) == 0


def test_an_empty_scan_and_an_empty_report_are_no_error(eye):
    tracker = Tracker((eye().figures,))
    state = tracker.step(tracker.start(), NOTHING, 0, 0.0)
    assert len(state) == 0
    assert len(tracker.report(state, 0.0)) == 0


def test_rest_drops_stale_tracks_but_not_their_numbers(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(2, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    state, reports = follow(tracker, radar, some, until_s=10)
    assert ids_of(reports) == {0, 1}
    assert len(tracker.rest(state.copy(), 12.0)) == len(state)
    state = tracker.rest(state, 1_000.0)
    assert len(state) == 0
    later = flights(1, seed=2, spread_s=0.0)
    for k in range(10):
        plots, _ = radar.look(later.states(later.alive(k), k)[:, :3], 1_000.0 + k)
        state = tracker.step(state, plots, 0, 1_000.0 + k)
    assert tracker.report(state, 1_009.0).track_id.tolist() == [2]


def test_score_of_a_true_track_rises_and_falls_with_misses(flights, eye):
    radar = eye(detection_probability=0.95)
    some = flights(1, spread_s=0.0)
    tracker = Tracker((radar.figures,))
    _, reports = follow(tracker, radar, some, until_s=18, blind=(15, 16, 17))
    score = [report.log_likelihood[0] for report in reports if len(report)]
    assert score[-4] > 50.0
    assert np.diff(score[-4:]) == pytest.approx(np.log(1.0 - 0.95))


def test_a_hovering_thing_is_hardly_ever_confirmed(eye):
    radar = eye(detection_probability=0.999)
    tracker = Tracker((radar.figures,))
    state = tracker.start()
    site, axes = radar.figures.site.ecef_m, radar.figures.site.axes
    balloon = (site + 5_000.0 * axes[1] + 2_000.0 * axes[2])[None, :]
    for k in range(60):
        plots, _ = radar.look(balloon, k)
        state = tracker.step(state, plots, 0, k)
    # The filter lets it fall, so after some seconds it may look just fast enough, once.
    assert state.tracks.counters[1] <= 1


@pytest.mark.parametrize(
    "choice",
    [{"filter": "ukf"}, {"association": "jpda"}, {"initiation": "slr"}],
    ids=lambda choice: next(iter(choice.values())),
)
def test_every_choice_tracks_every_flight_once(flights, eye, choice):
    radar = eye(false_plots_per_scan=5.0)
    some = flights(20, spread_s=40.0)
    tracker = Tracker((radar.figures,), settings=TrackerSettings(**choice))
    _, reports = follow(tracker, radar, some, until_s=60)
    assert 20 <= len(ids_of(reports)) <= 21
    truth = some.states(some.alive(59), 59.0)
    held = reports[-1].state[reports[-1].status == "confirmed", :3]
    nearest = np.linalg.norm(truth[:, None, :3] - held[None], axis=2).min(axis=1)
    assert np.median(nearest) < 20.0


def test_an_unknown_choice_is_refused_by_name():
    with pytest.raises(ValueError, match="association 'nearest': must be gnn or jpda"):
        TrackerSettings(association="nearest")


def test_a_sequential_start_needs_fewer_plots_where_clutter_is_thin(flights, eye):
    confirmed = []
    for false in (0.0, 300.0):
        radar = eye(detection_probability=0.99, false_plots_per_scan=false)
        tracker = Tracker((radar.figures,), settings=TrackerSettings(initiation="slr"))
        _, reports = follow(tracker, radar, flights(8, spread_s=0.0), until_s=12)
        confirmed.append(min(k for k, report in enumerate(reports) if len(report) >= 8))
    assert confirmed[0] < confirmed[1]


def test_tracks_that_share_a_merged_plot_widen_under_joint_association(flights, eye):
    radar = eye(detection_probability=0.99)
    some, spread = flights(1, spread_s=0.0), {}
    for association in ("gnn", "jpda"):
        tracker = Tracker((radar.figures,), settings=TrackerSettings(association=association))
        held = tracker.start()
        for k in range(20):
            truth = some.states(some.alive(k), float(k))[:, :3]
            apart = truth + 150.0 * radar.figures.site.axes[0]
            middle = 0.5 * (truth + apart)
            seen = middle if k == 19 else np.vstack([truth, apart])
            plots, _ = type(radar)(radar.figures, np.random.default_rng(k), 10 * k).look(seen, k)
            held = tracker.step(held, plots, 0, k)
        report = tracker.report(held, 19.0)
        assert len(report) == 2
        spread[association] = report.covariance[:, [0, 7, 13]].sum(axis=1)
    assert spread["jpda"].min() > spread["gnn"].min()


def test_range_rate_makes_a_young_track_sure_of_its_speed(flights, eye):
    radar = eye(detection_probability=0.99)
    some = flights(5, spread_s=0.0)
    doubt = []
    for sigma in (np.nan, 2.0):
        figures = replace(radar.figures, sigma_range_rate_mps=sigma)
        tracker = Tracker((figures,))
        state = tracker.start()
        for k in range(4):
            truth = some.states(some.alive(k), float(k))
            plots, origin = type(radar)(figures, np.random.default_rng(k), 10 * k).look(
                truth[:, :3], k
            )
            away = truth[:, :3] - figures.site.ecef_m
            rate = np.einsum("ij,ij->i", away, truth[:, 3:]) / np.linalg.norm(away, axis=1)
            columns = {name: getattr(plots, name) for name in plots.columns()}
            columns["range_rate_mps"] = rate[origin]
            state = tracker.step(state, Plots(**columns), 0, k)
        report = tracker.report(state, 3.0)
        assert len(report) == 5
        away = report.state[:, :3] - radar.figures.site.ecef_m
        along = away / np.linalg.norm(away, axis=1)[:, None]
        whole = np.zeros((5, 7, 7))
        whole[:, *np.triu_indices(7)] = report.covariance
        upper = np.triu(whole[:, 3:6, 3:6])
        velocity = upper + np.transpose(np.triu(upper, 1), (0, 2, 1))
        doubt.append(np.sqrt(np.einsum("ni,nij,nj->n", along, velocity, along)).mean())
    assert doubt[1] < 0.5 * doubt[0]  # along the line of sight: 2 m/s against some ten
