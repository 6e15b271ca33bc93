import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import point_mass
import pytest
from flight_states import flat_launch, flown, launch
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import config

from mantlet.kernels import dynamics, geodesy
from mantlet.kernels.flight import ALOFT, BAD, LANDED, fly, fly_knots
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.earth import Site

FLAT = Air(flat=True)
GRAVITY = 9.80665


# -- closed forms ---------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    speed=st.floats(50, 1500),
    climb=st.floats(10, 85),
    heading=st.floats(0, 360),
    height=st.floats(0, 3_000),
)
def test_vacuum_flight_matches_the_closed_form(speed, climb, heading, height):
    state = flat_launch(speed, climb, heading, height)
    status, time_s, impact, apogee = flown(state, air=FLAT)
    up = state[0, 5]
    expected = (up + math.sqrt(up**2 + 2 * GRAVITY * height)) / GRAVITY
    assert status[0] == LANDED
    assert time_s[0] == pytest.approx(expected, rel=1e-9)
    assert impact[0, :2] == pytest.approx(state[0, 3:5] * expected, rel=1e-9, abs=1e-6)
    assert impact[0, 5] == pytest.approx(-math.sqrt(up**2 + 2 * GRAVITY * height), rel=1e-9)
    assert apogee[0] == pytest.approx(height + up**2 / (2 * GRAVITY), rel=1e-9)


@pytest.mark.parametrize(
    ("range_km", "flight_s", "apogee_km"),
    [(10, 45.16, 2.5), (20, 63.87, 5.0), (40, 90.32, 10.0), (75, 123.68, 18.75), (160, 180.64, 40)],
)
def test_vacuum_flight_at_45_degrees_takes_the_published_time(range_km, flight_s, apogee_km):
    state = flat_launch(math.sqrt(1000.0 * range_km * GRAVITY), 45.0)
    _, time_s, impact, apogee = flown(state, air=FLAT)
    assert time_s[0] == pytest.approx(flight_s, abs=0.005)  # as printed, facts T4
    assert apogee[0] == pytest.approx(1000.0 * apogee_km, rel=1e-9)
    assert impact[0, 1] == pytest.approx(1000.0 * range_km, rel=1e-9)


def test_the_round_earth_adds_under_one_percent_at_75_km():
    state = launch(math.sqrt(75e3 * GRAVITY), 45.0)
    _, time_s, impact, _ = flown(state)
    longer = np.linalg.norm(impact[0, :3] - state[0, :3]) / 75e3
    assert 1.003 < time_s[0] / 123.68 < 1.015
    assert 1.003 < longer < 1.015


def test_a_boost_without_drag_or_gravity_turn_matches_the_closed_form():
    # Straight up: thrust and gravity stay on one line.
    boost, burn = 150.0, 2.0
    state = flat_launch(30.0, 90.0)
    _, time_s, impact, apogee = flown(state, boost=boost, boost_s=burn, air=FLAT)
    speed = 30.0 + (boost - GRAVITY) * burn
    height = 30.0 * burn + 0.5 * (boost - GRAVITY) * burn**2
    top = height + speed**2 / (2 * GRAVITY)
    assert apogee[0] == pytest.approx(top, rel=1e-9)
    assert time_s[0] == pytest.approx(
        burn + speed / GRAVITY + math.sqrt(2 * top / GRAVITY), rel=1e-9
    )
    assert impact[0, 5] == pytest.approx(-math.sqrt(2 * GRAVITY * top), rel=1e-9)


# -- conservation, symmetry, rotation --------------------------------------------------------


def potential(position):
    """Gravity with J2 and the centrifugal term [m2/s2]."""
    r = np.linalg.norm(position)
    s2 = (position[2] / r) ** 2
    oblate = dynamics.J2 * (geodesy.SEMI_MAJOR_M / r) ** 2 * (1.5 * s2 - 0.5)
    spin = 0.5 * dynamics.EARTH_RATE**2 * (position[0] ** 2 + position[1] ** 2)
    return -dynamics.GM / r * (1.0 - oblate) - spin


def test_energy_is_conserved_without_drag():
    states = launch([300.0, 900.0, 1500.0], [60.0, 45.0, 50.0], [10.0, 100.0, 250.0])
    status, _, impact, _ = flown(states)
    assert (status == LANDED).all()
    for before, after in zip(states, impact, strict=True):
        gained = potential(after[:3]) - potential(before[:3])
        gained += 0.5 * (after[3:] @ after[3:] - before[3:] @ before[3:])
        assert abs(gained) < 1e-7 * 0.5 * (before[3:] @ before[3:])


def test_drag_takes_energy_over_every_step():
    zero, air = np.zeros(1), STANDARD_AIR.packed
    states, drag = launch(600.0, 45.0), np.full(1, 2e-4)
    knots = fly_knots(states, zero, drag, np.ones(1, int), zero, zero, air)[-1]
    energy = [potential(knot[1:4]) + 0.5 * knot[4:7] @ knot[4:7] for knot in knots]
    assert len(energy) > 10
    assert (np.diff(energy) < 0.0).all()


def test_coriolis_carries_a_northward_flight_east_in_the_north_and_west_in_the_south():
    for lat, sign in ((50.0, 1.0), (-50.0, -1.0)):
        site = Site(lat, 10.0)
        state = launch(700.0, 45.0, 0.0, site)
        _, time_s, impact, _ = flown(state)
        east = float((impact[0, :3] - site.ecef_m) @ site.axes[0])
        # Mean of the textbook's two terms: right turn over level ground, and the fall's own.
        assert sign * east > 0.0
        turn = dynamics.EARTH_RATE * math.sin(math.radians(abs(lat)))
        assert sign * east == pytest.approx(
            turn * 700 * math.cos(math.pi / 4) * time_s[0] ** 2, rel=0.5
        )


def test_the_hemispheres_mirror_each_other():
    north = flown(launch(700.0, 45.0, 30.0, Site(40.0, 10.0)), drag=1e-4)
    south = flown(launch(700.0, 45.0, 150.0, Site(-40.0, 10.0)), drag=1e-4)
    assert north[1][0] == pytest.approx(south[1][0], rel=1e-12)
    mirror = np.array([1.0, 1.0, -1.0, 1.0, 1.0, -1.0])
    assert north[2][0] == pytest.approx(mirror * south[2][0], rel=1e-12, abs=1e-6)


def test_an_eastward_flight_on_the_equator_goes_farther_than_a_westward_one():
    site = Site(0.0, 10.0)
    east, west = flown(launch([700.0, 700.0], 45.0, [90.0, 270.0], site))[2][:, :3] - site.ecef_m
    # Eotvos: gravity is less by 2 w v cos(climb) eastward, so time and range change by that share.
    share = 2 * dynamics.EARTH_RATE * 700.0 * math.cos(math.pi / 4) / GRAVITY
    ratio = np.linalg.norm(east) / np.linalg.norm(west)
    assert ratio == pytest.approx(1.0 + share, abs=0.5 * share)
    assert ratio > 1.0


@settings(max_examples=20, deadline=None)
@given(heading=st.floats(0, 360))
def test_turning_the_shot_turns_the_fall_over_a_plane(heading):
    north = flown(flat_launch(500.0, 40.0), drag=2e-4, air=FLAT)
    turned = flown(flat_launch(500.0, 40.0, heading), drag=2e-4, air=FLAT)
    level = north[2][0, 1]
    angle = math.radians(heading)
    assert turned[1] == pytest.approx(north[1], abs=1e-9)
    assert turned[2][0, :2] == pytest.approx(
        [level * math.sin(angle), level * math.cos(angle)], abs=1e-5
    )


def test_a_tail_wind_lengthens_the_flight_and_a_head_wind_shortens_it():
    tail, still, head = (
        flown(flat_launch(400.0, 45.0), drag=2e-4, air=Air(wind=((0.0, 0.0, w),), flat=True))[2][
            0, 1
        ]
        for w in (15.0, 0.0, -15.0)
    )
    assert head < still < tail


# -- an independent integration ----------------------------------------------------------------


def mixed_flights(count, seed):
    """Flights of all families, winds and boosts, as `fly` takes them."""
    rng = np.random.default_rng(seed)
    family = rng.integers(0, 4, count)
    speed = np.choose(
        family, [40.0, rng.uniform(250, 900, count), rng.uniform(80, 400, count), 300.0]
    )
    states = launch(speed, rng.uniform(30, 70, count), rng.uniform(0, 360, count))
    rocket = family == 0
    boost_s = np.where(rocket, rng.uniform(0.5, 4.0, count), 0.0)
    boost = np.where(rocket, rng.uniform(250, 1300, count) / np.maximum(boost_s, 0.5), 0.0)
    drag = np.choose(family, [1.0 / 5e3, 1.0 / 2.5e3, 1.0 / 1e3, 1.0 / 150.0])
    return states, np.zeros(count), drag, family, boost, boost_s


def worst_against_dop853(count, seed):
    air = Air(5.0, 1.01, ((0.0, 5.0, 2.0), (8_000.0, 20.0, -4.0)))
    flights = mixed_flights(count, seed)
    status, time_s, impact, _ = fly(*flights, air.packed)
    assert (status == LANDED).all()
    worst = 0.0
    for i, row in enumerate(zip(*flights, strict=True)):
        state, _, drag, family, boost, boost_s = row
        want_time, want = point_mass.fly(state, drag, int(family), boost, boost_s, air)
        assert time_s[i] == pytest.approx(want_time, abs=1e-3)
        worst = max(worst, float(np.linalg.norm(impact[i, :3] - want[:3])))
    return worst


def test_impacts_agree_with_dop853_to_a_tenth_of_a_metre():
    assert worst_against_dop853(24, seed=1) < 0.1


def test_error_falls_with_the_tolerance():
    flights = mixed_flights(300, seed=5)
    fine = fly(*flights, STANDARD_AIR.packed, rtol=1e-13)[2]
    worst = [
        np.linalg.norm(fly(*flights, STANDARD_AIR.packed, rtol=r)[2] - fine, axis=1).max()
        for r in (1e-8, 1e-10, 1e-12)
    ]
    # Fifth order: a hundredth of the tolerance is a fortieth of the step's fifth power or less.
    assert worst[1] < worst[0] / 10
    assert worst[2] < worst[1] / 10


# -- status and rows ----------------------------------------------------------------------------


BAD_ROWS = {
    "nan": {"states": (0, math.nan)},
    "infinite speed": {"states": (4, math.inf)},
    "speed that overflows within a step": {"states": (4, 1e200)},
    "negative drag": {"drag": -1e-4},
    "infinite drag": {"drag": math.inf},
    "unknown family": {"family": 7},
    "negative boost": {"boost": -5.0},
    "negative boost time": {"boost_s": -1.0},
}


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")  # uncompiled, NumPy tells
@pytest.mark.parametrize("wrong", BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_gets_its_status_and_harms_no_other(wrong):
    states, times, drag, family, boost, boost_s = mixed_flights(5, seed=6)
    columns = {"drag": drag, "family": family, "boost": boost, "boost_s": boost_s}
    good = fly(states, times, drag, family, boost, boost_s, STANDARD_AIR.packed)
    for name, value in wrong.items():
        if name == "states":
            states[2, value[0]] = value[1]
        else:
            columns[name][2] = value
    status, time_s, impact, apogee = fly(states, times, *columns.values(), STANDARD_AIR.packed)
    others = [0, 1, 3, 4]
    assert status.tolist() == [LANDED, LANDED, BAD, LANDED, LANDED]
    assert np.isnan(time_s[2])
    assert np.isnan(impact[2]).all()
    assert np.isnan(apogee[2])
    assert np.array_equal(impact[others], good[2][others])


def test_a_launch_below_the_ground_is_refused_and_one_on_it_is_not():
    below, on = Site(31.5, 34.45, -20.0), Site(31.5, 34.45, 0.0)
    states = np.vstack([launch(300.0, 45.0, site=below), launch(300.0, 45.0, site=on)])
    assert flown(states)[0].tolist() == [BAD, LANDED]


def test_thrust_without_a_direction_is_refused():
    assert flown(launch(0.0, 45.0), boost=100.0, boost_s=1.0)[0].tolist() == [BAD]


def test_what_does_not_come_down_is_given_up():
    status, time_s, impact, _ = flown(launch(9_000.0, 80.0), max_flight_s=500.0)
    assert status.tolist() == [ALOFT]
    assert np.isnan(time_s).all()
    assert np.isnan(impact).all()


def test_a_downward_start_on_the_ground_lands_at_once():
    status, time_s, _, _ = flown(launch(100.0, -30.0))
    assert status.tolist() == [LANDED]
    assert time_s[0] == pytest.approx(0.0, abs=1e-6)


def test_two_threads_give_what_one_gives():
    flights = mixed_flights(400, seed=10)
    halves = [[column[rows] for column in flights] for rows in (slice(0, 200), slice(200, 400))]
    with ThreadPoolExecutor(2) as threads:
        parts = list(threads.map(lambda half: fly(*half, STANDARD_AIR.packed), halves))
    for k, whole in enumerate(fly(*flights, STANDARD_AIR.packed)):
        assert np.array_equal(whole, np.concatenate([part[k] for part in parts]))


def test_no_rows_give_no_rows():
    status, time_s, impact, apogee = flown(np.empty((0, 6)))
    assert len(status) == len(time_s) == len(apogee) == 0
    assert impact.shape == (0, 6)


def test_read_only_columns_are_taken():
    states = launch(300.0, 45.0)
    states.flags.writeable = False
    assert flown(states)[0].tolist() == [LANDED]


# -- knots ---------------------------------------------------------------------------------------


def test_keeping_knots_changes_nothing_else():
    flights = mixed_flights(50, seed=7)
    plain = fly(*flights, STANDARD_AIR.packed)
    kept = fly_knots(*flights, STANDARD_AIR.packed)
    for a, b in zip(plain, kept[:4], strict=True):
        assert np.array_equal(a, b)


def test_knots_run_from_the_launch_to_the_ground():
    flights = mixed_flights(50, seed=8)
    start = np.linspace(0.0, 1000.0, 50)
    flights = (flights[0], start, *flights[2:])
    _, time_s, impact, _, offsets, knots = fly_knots(*flights, STANDARD_AIR.packed)
    first, last = knots[offsets[:-1]], knots[offsets[1:] - 1]
    assert np.array_equal(first[:, 0], start)
    assert np.array_equal(first[:, 1:7], flights[0])
    assert np.array_equal(last[:, 0], time_s)
    assert np.array_equal(last[:, 1:7], impact)
    heights = [geodesy.height_of(*row[1:4]) for row in last]
    assert np.abs(heights).max() < 1e-5


def test_burn_out_is_a_knot_of_its_own_with_both_accelerations():
    _, _, _, _, _, knots = fly_knots(
        launch(40.0, 45.0),
        np.zeros(1),
        np.full(1, 2e-4),
        np.zeros(1, int),
        np.full(1, 200.0),
        np.full(1, 1.7),
        STANDARD_AIR.packed,
    )
    twice = np.flatnonzero(np.diff(knots[:, 0]) == 0.0)
    assert len(twice) == 1
    before, after = knots[twice[0]], knots[twice[0] + 1]
    assert before[0] == 1.7
    lost = (before[7:] - after[7:]) @ before[4:7] / np.linalg.norm(before[4:7])
    assert lost == pytest.approx(200.0, rel=1e-9)


def test_a_row_that_does_not_land_has_no_knots():
    states = np.vstack([launch(300.0, 45.0), launch(9_000.0, 80.0), launch(300.0, 50.0)])
    zero = np.zeros(3)
    *_, offsets, _ = fly_knots(
        states, zero, zero, np.zeros(3, int), zero, zero, STANDARD_AIR.packed, 300.0
    )
    assert np.diff(offsets)[1] == 0
    assert (np.diff(offsets)[[0, 2]] > 2).all()


@pytest.mark.slow  # only compiled, which the quick pass over plain Python is not
@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="speed is that of compiled kernels")
def test_flights_are_fast():
    # A tenth of the target of 35,000 flights a second: only a gross loss of speed fails here.
    flights = mixed_flights(2_000, seed=9)
    fly(*flights, STANDARD_AIR.packed)
    begin = time.process_time()
    fly(*flights, STANDARD_AIR.packed)
    assert 2_000 / (time.process_time() - begin) > 3_500
