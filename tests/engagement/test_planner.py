"""What the planner does at single ticks and over short raids, seen from outside."""

import time
from itertools import pairwise

import numpy as np
import pytest
from engagement_range import (
    FIELDS,
    Raid,
    battery,
    decide,
    launch,
    make_zones,
    picture,
    relabelled,
    verdicts_of,
)

from mantlet.engagement.assessment import Observation
from mantlet.engagement.battery import Envelope
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.planner import Planner
from mantlet.engagement.resolver import Lethality
from mantlet.tables import Assessments
from mantlet.tables.errors import InputError
from mantlet.world.earth import ecef_from_degrees

NEVER = Lethality(kill_probability=0.0, common_cause=0.0)
ALWAYS = Lethality(kill_probability=1.0, common_cause=0.0)


def test_nothing_is_fired_at_what_falls_into_open_ground():
    flights = launch([0.0, 1.0], probability=[0.09, 0.6])
    flights.zone[1] = FIELDS
    raid = Raid(flights, (battery(),)).run(70.0)
    assert len(raid.shots) == 0
    assert set(raid.decisions.verdict) == {"hold: open ground"}
    assert (raid.decisions.zone_id[raid.decisions.track_id == 10] == -1).all()


def test_no_shot_is_ordered_below_the_threshold_of_threat():
    probability = np.linspace(0.0, 0.6, 21)
    raid = Raid(launch(np.arange(21.0), probability=probability), (battery(),)).run(90.0)
    engaged = np.unique(raid.shots.track_id) // 10
    assert probability[engaged].min() == pytest.approx(0.3)
    assert engaged.tolist() == list(range(10, 21))


def test_first_shot_waits_for_the_age_and_the_decision():
    doctrine = Doctrine(age_min_s=3.0, decision_s=7.0, launch_delay_s=2.0)
    raid = Raid(launch(0.0), (battery(),), doctrine, NEVER).run(20.0)
    # The track is first shown at 4 s: the decision falls at 11 s and the launch from 13 s on.
    assert raid.shots.decision_time_s[0] == 11.0
    assert 13.0 <= raid.shots.launch_time_s[0] <= 15.0
    assert verdicts_of(raid.decisions, 0)[:3] == [
        "hold: track young",
        "hold: awaiting decision",
        "engage",
    ]


def test_a_second_shot_follows_only_the_assessment_of_the_first():
    raid = Raid(launch([0.0, 2.0, 5.0]), (battery(), battery("b2")), lethality=NEVER).run(90.0)
    told = dict(zip(raid.assessments.shot_id, raid.assessments.time_s, strict=True))
    for track in np.unique(raid.shots.track_id):
        shots = raid.shots.take(raid.shots.track_id == track)
        assert len(shots) >= 2
        for i in np.nonzero(np.diff(shots.wave))[0]:
            assert shots.decision_time_s[i + 1] >= told[shots.shot_id[i]]
            assert shots.intercept_time_s[i + 1] > shots.intercept_time_s[i]


def test_an_assessed_hit_ends_the_engagement():
    raid = Raid(launch([0.0, 2.0]), (battery(),), lethality=ALWAYS).run(90.0)
    assert len(raid.shots) == 2
    hit = raid.assessments.observed == "hit"
    for shot in raid.assessments.shot_id[hit]:
        track = raid.shots.track_id[raid.shots.shot_id == shot]
        assert (raid.shots.track_id == track).sum() == 1


def test_two_shots_at_once_when_no_second_look_is_possible():
    # A low, short flight, over 27 s after launch: two waves, the last a salvo of two.
    flights = launch(0.0, distance_m=3_500.0, speed_mps=190.0)
    near = Envelope(range_min_m=300.0, height_min_m=100.0)
    quick, slow = Doctrine(decision_s=2.0), Doctrine(decision_s=2.0, look_s=10.0)
    raid = Raid(flights, (battery(envelope=near),), quick, NEVER).run(40.0)
    assert raid.shots.wave.tolist() == [0, 1, 1]
    assert raid.shots.decision_time_s[1] == raid.shots.decision_time_s[2]
    # If looking takes longer, the first wave is the last.
    late = Observation(look_s=10.0)
    raid = Raid(flights, (battery(envelope=near),), slow, NEVER, late).run(40.0)
    assert raid.shots.wave.tolist() == [0, 0]


def test_mortar_like_flights_are_over_before_the_decision():
    raid = Raid(launch(0.0, distance_m=1_500.0, speed_mps=80.0), (battery(),)).run(40.0)
    assert len(raid.shots) == 0


def test_shots_at_one_track_stay_below_the_most_allowed():
    doctrine = Doctrine(shots_max=2, look_s=1.0)
    raid = Raid(launch(0.0), (battery(),), doctrine, NEVER).run(90.0)
    assert len(raid.shots) == 2
    assert verdicts_of(raid.decisions, 0)[-1] == "hold: shots spent"


def test_an_unreachable_track_is_told_from_an_empty_magazine():
    far = battery(east_m=-30_000.0)
    raid = Raid(launch(0.0), (far,)).run(30.0)
    assert verdicts_of(raid.decisions, 0)[-1] == "hold: no envelope"
    raid = Raid(launch(0.0), (battery(interceptors=0),)).run(30.0)
    assert verdicts_of(raid.decisions, 0)[-1] == "hold: magazine empty"


def test_light_objects_are_left_alone():
    flights = launch([0.0, 1.0])
    flights.beta_kgm2[1] = 60.0
    raid = Raid(flights, (battery(),), lethality=NEVER).run(90.0)
    assert set(raid.shots.track_id) == {0}
    assert "hold: debris-like" in verdicts_of(raid.decisions, 10)


def test_more_certain_threats_come_first_when_launchers_are_few():
    probability = np.array([0.2, 0.9, 0.4, 0.8])
    one = battery(launchers=1, interceptors=1)
    raid = Raid(launch(np.zeros(4), probability=probability), (one,), lethality=NEVER).run(9.0)
    assert raid.shots.track_id.tolist() == [10]
    assert "hold: launchers needed elsewhere" in verdicts_of(raid.decisions, 20)


def test_the_battery_that_leaves_a_second_look_is_chosen():
    # From 12 km back the first intercept is so late that nothing could follow it.
    near, far = battery("near", east_m=5_000.0), battery("far", east_m=-12_000.0)
    raid = Raid(launch(0.0), (far, near), lethality=NEVER).run(20.0)
    assert raid.shots.battery_id[0] == "near"


def test_a_vague_track_is_not_fired_at_while_time_is_left():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, flights = planner.start(), launch(0.0)
    for now in range(4, 14):
        shown = picture(flights, float(now), sigma=(200.0, 60.0))
        state, shots, _ = decide(planner, state, shown, float(now))
        assert len(shots) == 0
    state, shots, _ = decide(planner, state, picture(flights, 14.0), 14.0)
    assert len(shots) == 1


def test_a_broken_track_keeps_the_shot_that_is_on_its_way():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, flights = planner.start(), launch(0.0)
    fired = 0
    for now in range(4, 24):
        shown = picture(flights, float(now))
        if now >= 15:  # the same object under another identity
            shown = relabelled(shown, 5)
        state, shots, _ = decide(planner, state, shown, float(now))
        fired += len(shots)
    assert fired == 1
    assert state.shot_track.tolist() == [5]


def test_an_assessment_that_never_comes_counts_as_unknown():
    doctrine = Doctrine(look_s=3.0, assessment_patience_s=4.0)
    planner = Planner((battery(),), doctrine, make_zones())
    state, flights = planner.start(), launch(0.0)
    ordered = []
    for now in range(4, 60):
        state, shots, _ = decide(planner, state, picture(flights, float(now)), float(now))
        ordered += [(float(now), float(s)) for s in shots.intercept_time_s]
    assert ordered[1][0] == pytest.approx(ordered[0][1] + 3.0 + 4.0, abs=1.0)


def test_destroyed_tracks_are_those_assessed_as_hit():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, flights = planner.start(), launch([0.0, 0.0])
    for now in range(4, 12):
        state, shots, _ = decide(planner, state, picture(flights, float(now)), float(now))
        if len(shots):
            break
    told = Assessments(shots.shot_id, np.full(2, 30.0), np.array(["hit", "miss"], object))
    state, _, decisions = decide(planner, state, picture(flights, 30.0), 30.0, told)
    assert state.destroyed_tracks.tolist() == [0]
    assert "done: assessed hit" in decisions.verdict


def test_a_copied_state_goes_its_own_way():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, flights = planner.start(), launch(0.0)
    for now in range(4, 9):
        state, _, _ = decide(planner, state, picture(flights, float(now)), float(now))
    fork = state.copy()
    state, shots, _ = decide(planner, state, picture(flights, 9.0), 9.0)
    assert len(shots) == 1 and state.magazines.rounds.sum() == 59
    assert len(fork.shot_id) == 0 and fork.magazines.rounds.sum() == 60
    _, again, _ = decide(planner, fork, picture(flights, 9.0), 9.0)
    assert again.to_arrow().equals(shots.to_arrow())


def test_decisions_are_written_once_per_change():
    raid = Raid(launch([0.0, 3.0]), (battery(),)).run(90.0)
    for track in (0, 10):
        words = verdicts_of(raid.decisions, track)
        assert all(a != b for a, b in pairwise(words) if a != "engage")
    engaged = raid.decisions.verdict == "engage"
    assert raid.decisions.shot_id[engaged].tolist() == raid.shots.shot_id.tolist()
    assert (raid.decisions.probability[engaged] >= raid.decisions.threshold[engaged]).all()


def test_a_quiet_tick_costs_next_to_nothing():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, empty = planner.start(), picture(launch(1e6), 0.0)
    assert len(empty.tracks) == 0
    quickest = np.inf
    for _ in range(200):
        begin = time.perf_counter_ns()
        state, _, _ = decide(planner, state, empty, 0.0)
        quickest = min(quickest, time.perf_counter_ns() - begin)
    # 10 us is the budget; the quickest of many says what the code costs on a busy machine.
    assert quickest < 15_000


def test_aim_points_lie_on_the_predicted_path():
    raid = Raid(launch(0.0), (battery(),), lethality=NEVER).run(60.0)
    aims = ecef_from_degrees(
        raid.shots.aim_lat_deg, raid.shots.aim_lon_deg, raid.shots.aim_height_m
    )
    for aim, time_s in zip(aims, raid.shots.intercept_time_s, strict=True):
        assert np.linalg.norm(aim - raid.flights.states(float(time_s))[0, :3]) < 1e-3


@pytest.mark.parametrize(
    "settings", [{"kill_probability": 1.1}, {"look_s": -1.0}, {"salvo": 5, "shots_max": 4}]
)
def test_impossible_doctrine_is_refused(settings):
    with pytest.raises(InputError, match="doctrine"):
        Doctrine(**settings)


def test_tracks_born_at_an_own_intercept_must_prove_that_they_are_heavy():
    planner = Planner((battery(),), Doctrine(), make_zones())
    state, flights = planner.start(), launch(0.0)
    fired, met_s = [], np.inf
    for now in range(4, 60):
        told = Assessments.empty()
        if now == met_s + 3:
            told = Assessments(np.array([0]), np.array([now]), np.array(["hit"], object))
        shown = picture(flights, float(now))
        if now > met_s:  # something flies on from there, and at first little is known of it
            shown = relabelled(shown, 99, log_sigma=0.9 if now < met_s + 12 else 0.2)
        state, shots, _ = decide(planner, state, shown, float(now), told)
        if len(shots):
            fired.append(float(now))
            met_s = min(met_s, float(shots.intercept_time_s[0]))
    assert fired[1] == met_s + 12
