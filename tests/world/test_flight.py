import numpy as np
import pytest

from mantlet.kernels import flight as kernel
from mantlet.kernels.dynamics import SHELL, smooth_drag_coefficient
from mantlet.tables.errors import InputError
from mantlet.world.air import STANDARD_AIR, Air
from mantlet.world.drag import DragCurve
from mantlet.world.earth import Site
from mantlet.world.flight import fly
from mantlet.world.terrain import Terrain

SITE = Site(31.5, 34.45)


def upward(speed=300.0, site=SITE, rows=2):
    direction = (site.axes[1] + site.axes[2]) / np.sqrt(2.0)
    return np.tile(np.hstack([site.ecef_m, speed * direction]), (rows, 1))


def flown(states, **options):
    return fly(states, **{"mass_kg": 40.0, "area_m2": 0.02, "curve": "shell"} | options)


def test_flights_are_those_of_the_kernel():
    flights = flown(upward())
    zero = np.zeros(2)
    drag, family = np.full(2, 0.02 / 40.0), np.full(2, SHELL)
    _, time_s, impact, apogee = kernel.fly(
        upward(), zero, drag, family, zero, zero, STANDARD_AIR.packed
    )
    assert np.array_equal(flights.impact_time_s, time_s)
    assert np.array_equal(flights.impact, impact)
    assert np.array_equal(flights.apogee_m, apogee)
    assert np.array_equal(flights.trajectories.end_time_s, time_s)


def test_a_table_of_the_generic_curve_flies_like_it():
    machs = np.linspace(0.0, 3.0, 301)
    values = tuple(smooth_drag_coefficient(SHELL, float(m)) for m in machs)
    table = flown(upward(600.0), curve=DragCurve(tuple(machs), values))
    named = flown(upward(600.0))
    # Two smooth curves through the same formula, 0.02 and 0.05 apart in Mach number.
    assert np.abs(table.impact[:, :3] - named.impact[:, :3]).max() < 5.0


def test_twice_the_form_factor_is_twice_the_area():
    assert np.array_equal(
        flown(upward(), form_factor=2.0).impact, flown(upward(), area_m2=0.04).impact
    )


def test_relief_shortens_the_flight_onto_a_hill():
    grid = np.full((200, 200), 500.0)
    hill = Terrain(31.0, 34.0, 0.005, grid)
    high = Site(31.5, 34.45, 500.0)
    flights = flown(upward(site=high), terrain=hill)
    assert flights.impact_time_s[0] < flown(upward(site=high)).impact_time_s[0]


BAD = {
    "states, row 1: a number is not finite": {"states": (1, 4, np.nan)},
    "mass_kg, row 0: 0.0": {"mass_kg": 0.0},
    "mass_kg, row 1": {"mass_kg": [10.0, -1.0]},
    "area_m2, row 0": {"area_m2": np.nan},
    "form_factor, row 0": {"form_factor": -1.0},
    "boost_s, row 0": {"boost_s": -1.0},
    "time_s, row 0": {"time_s": np.inf},
    "mass_kg: shape": {"mass_kg": [1.0, 2.0, 3.0]},
    "curve 'arrow'": {"curve": "arrow"},
    "max_flight_s nan": {"max_flight_s": np.nan},
    "max_flight_s: not all of it is numbers": {"max_flight_s": "long"},
    "mass_kg: not all of it is numbers": {"mass_kg": "heavy"},
    "terrain: flat": {"terrain": Terrain(0.0, 0.0, 10.0, np.zeros((2, 2)), flat=True)},
}


@pytest.mark.parametrize(("told", "given"), BAD.items(), ids=BAD)
def test_a_bad_field_is_named_with_row_and_fix(told, given):
    states, options = upward(), dict(given)
    if "states" in options:
        row, column, value = options.pop("states")
        states[row, column] = value
    with pytest.raises(InputError) as error:
        flown(states, **options)
    assert told in str(error.value)


def test_a_start_below_the_ground_is_refused():
    with pytest.raises(InputError, match=r"row 0: starts below the ground, -50 m.*\n.*fix:"):
        flown(upward(site=Site(31.5, 34.45, -50.0)))


def test_a_start_in_a_hill_is_told_over_the_relief():
    hill = Terrain(31.0, 34.0, 0.005, np.full((200, 200), 500.0))
    with pytest.raises(InputError, match=r"starts below the ground, -400 m over the relief"):
        flown(upward(site=Site(31.5, 34.45, 100.0)), terrain=hill)


@pytest.mark.parametrize("relief", [None, Terrain(31.0, 34.0, 0.005, np.zeros((200, 200)))])
@pytest.mark.parametrize("column", [0, 4])
def test_numbers_beyond_all_measure_are_not_taken_for_a_start_below_the_ground(column, relief):
    states = upward()
    states[1, column] = 1e200
    with pytest.raises(InputError, match=r"row 1: cannot be followed to the ground"):
        flown(states, terrain=relief)


def test_a_start_less_than_a_metre_below_the_ground_is_taken_for_rounding():
    flights = flown(upward(site=Site(31.5, 34.45, -0.9)))
    assert (flights.impact_time_s > 30.0).all()


def test_states_of_text_are_refused():
    with pytest.raises(InputError, match="states: not all of it is numbers"):
        flown([["a"] * 6])


def test_a_flight_that_does_not_come_down_is_refused():
    with pytest.raises(InputError, match=r"row 0: has not come down after 600 s\n.*fix:"):
        flown(upward(12_000.0), area_m2=0.0)


def test_thrust_without_a_direction_is_refused():
    with pytest.raises(InputError, match=r"boost_mps2, row 0: .*velocity, which is zero"):
        flown(upward(0.0), boost_mps2=100.0, boost_s=1.0)


def test_states_of_another_shape_are_refused():
    with pytest.raises(InputError, match="states: shape"):
        flown(np.zeros(6))


def test_flat_mode_is_offered():
    states = np.array([[0.0, 0.0, 0.0, 0.0, 200.0, 200.0]])
    flights = flown(states, area_m2=0.0, air=Air(flat=True))
    assert flights.impact_time_s[0] == pytest.approx(2 * 200.0 / 9.80665, rel=1e-9)
