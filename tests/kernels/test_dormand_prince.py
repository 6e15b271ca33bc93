"""The integrator on an equation with a closed form: motion against a drag linear in speed."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from mantlet.kernels import dormand_prince, flight
from mantlet.world.air import Air

GRAVITY, RATE = 9.80665, 0.05
START = np.array([0.0, 0.0, 0.0, 120.0, 200.0, 300.0])
BODY = (0.0, 1e-4, 0)
AIR = Air(flat=True).packed


def push(x, y, z, u, v, w, body, air):
    return -RATE * u, -RATE * v, -GRAVITY - RATE * w


def python(kernel):
    return getattr(kernel, "py_func", kernel)


@pytest.fixture
def linear(monkeypatch):
    """The kernels' own code, run as Python, with the linear law in place of the air's."""
    monkeypatch.setattr(dormand_prince, "push", push)
    monkeypatch.setattr(flight, "push", push)
    monkeypatch.setattr(flight, "step", python(dormand_prince.step))
    monkeypatch.setattr(flight, "_start", python(flight._start))


def exact(time_s):
    """Position and velocity by the closed form."""
    fall = np.array([0.0, 0.0, GRAVITY / RATE])
    decay = math.exp(-RATE * time_s)
    position = START[:3] + (START[3:] + fall) * (1.0 - decay) / RATE - fall * time_s
    return np.hstack([position, (START[3:] + fall) * decay - fall])


def stepped(h, until=16.0):
    """State after equal steps, and the error estimate of the last one in metres."""
    motion = (*START, *push(*START, BODY, AIR))
    for _ in range(round(until / h)):
        motion, error = python(dormand_prince.step)(h, motion, BODY, AIR, 1.0)
    return np.array(motion[:6]), error


def test_the_error_falls_with_the_fifth_power_of_the_step(linear):
    # Steps at which rounding (1e-12 m of 4 km) is still far below the error.
    steps = [4.0, 2.0, 1.0, 0.5]
    errors = [np.linalg.norm(stepped(h)[0][:3] - exact(16.0)[:3]) for h in steps]
    orders = np.log2(np.array(errors[:-1]) / np.array(errors[1:]))
    assert orders == pytest.approx(5.0, abs=0.25)


def test_the_error_estimate_is_of_fifth_order_in_one_step_and_never_too_small(linear):
    # The estimate is that of the embedded fourth-order formula: local error h5, above the true one.
    errors = [stepped(h, h) for h in (4.0, 2.0, 1.0)]
    sizes = [error for _, error in errors]
    assert np.log2(np.array(sizes[:-1]) / sizes[1:]) == pytest.approx(5.0, abs=0.3)
    for h, (state, error) in zip((4.0, 2.0, 1.0), errors, strict=True):
        assert np.linalg.norm(state[:3] - exact(h)[:3]) < error


def test_a_step_is_the_closed_form_to_a_part_in_a_thousand_million(linear):
    assert stepped(0.25)[0] == pytest.approx(exact(16.0), rel=1e-9)


def test_a_whole_flight_with_linear_drag_matches_the_closed_form(linear):
    knots = np.empty((flight.MOST_KNOTS, flight.KNOT))
    status, count, apogee = python(flight._fly_one)(
        START, 0.0, BODY, 0.0, AIR, None, 600.0, 1e-16, knots, 0
    )
    land = brentq(lambda t: exact(t)[2], 5.0, 100.0, xtol=1e-12, rtol=1e-14)
    top = math.log(1.0 + RATE * START[5] / GRAVITY) / RATE
    assert status == flight.LANDED
    assert knots[count - 1, 0] == pytest.approx(land, rel=1e-9)
    assert knots[count - 1, 1:7] == pytest.approx(exact(land), rel=1e-9, abs=1e-7)
    assert apogee == pytest.approx(exact(top)[2], rel=1e-9)
