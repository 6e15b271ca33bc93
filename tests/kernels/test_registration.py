"""The linear equations against what they linearise: small errors put in must come out."""

import numpy as np
from scipy.integrate import solve_ivp

from mantlet.kernels.dynamics import ROCKET, acceleration
from mantlet.kernels.registration import stretch_information
from mantlet.tracking.figures import RadarFigures
from mantlet.world.air import STANDARD_AIR
from mantlet.world.earth import Site, ecef_from_degrees

AIR = STANDARD_AIR.packed
RADARS = (RadarFigures("a", Site(31.6, 34.6, 60.0)), RadarFigures("b", Site(31.7, 34.9, 90.0)))
TIMES = np.array([5.0, 4.4, 4.0, 3.4, 3.0, 2.4, 2.0, 1.4, 1.0, 0.4])
WHOSE = np.array([0, 1, 0, 1, 0, 1, 0, 1, 0, 1])


def flown(state: np.ndarray, duration: float) -> np.ndarray:
    """The same equation of motion by an independent integrator."""

    def slope(_: float, y: np.ndarray) -> np.ndarray:
        return np.append(y[3:6], acceleration(*y, np.exp(-state[6]), ROCKET, AIR))

    found = solve_ivp(slope, (0.0, duration), state[:6], rtol=1e-11, atol=1e-7, method="DOP853")
    return found.y[:, -1]


def measured(state: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Exact range, azimuth, elevation of the flight that ends in `state`, plus the biases."""
    rows = np.empty((len(TIMES), 3))
    for row, time_s, k in zip(rows, TIMES, WHOSE, strict=True):
        site = RADARS[k].site
        past = flown(state, time_s - bias[k, 3] - TIMES[0])
        e, n, u = site.axes @ (past[:3] - site.ecef_m)
        row[:] = np.sqrt(e * e + n * n + u * u), np.arctan2(e, n), np.arctan2(u, np.hypot(e, n))
        row += bias[k, :3]
    return rows


def test_small_errors_of_state_and_radars_come_out_as_they_went_in():
    state = np.empty(7)
    state[:3] = ecef_from_degrees(31.75, 34.65, 6_000.0)[0]
    state[3:] = [120.0, -260.0, 90.0, 8.3]
    bias = np.array([[3.0, 2e-4, -1e-4, 0.01], [-2.0, -1e-4, 2e-4, -0.01]])
    nudge = np.array([4.0, -3.0, 2.0, 1.0, -0.5, 0.8, 0.02])
    seen = measured(state + nudge, bias)
    normal, side, squares = stretch_information(
        state,
        TIMES[0],
        TIMES,
        WHOSE,
        *np.ascontiguousarray(seen.T),
        np.array([radar.packed for radar in RADARS]),
        1.0,
        AIR,
    )
    truth = np.concatenate([nudge, bias.ravel()])
    # The normal matrix is nearly singular (biases all radars share), so compare what it maps to.
    scale = 1.0 / np.sqrt(np.diag(normal))
    assert np.abs(scale * (normal @ truth - side)).max() < 0.01 * np.abs(scale * side).max()
    # What is left of the squares at the truth is what the linearisation lacks.
    assert abs(squares - 2.0 * truth @ side + truth @ normal @ truth) < 0.01 * squares
