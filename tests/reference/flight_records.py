"""The flight model held against flights that others measured or tabulated.

Three records, read in place and never shipped: a published range table of 1935, logs of amateur
sounding rockets, and what a radar's filter made of live mortar bombs. The tests put bounds on the
errors; `benchmarks/validate_flight.py` prints and draws them.
"""

import csv
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.signal import medfilt

from mantlet.threats.catalogue import CLASSES
from mantlet.world.air import Air
from mantlet.world.earth import Site, degrees_from_ecef
from mantlet.world.flight import fly

GRAVITY = 9.80665
FLAT = Air(flat=True)


def columns(path):
    """The columns of a CSV file; text that is no number becomes NaN."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([_number(row[name]) for row in rows]) for name in rows[0]}


def _number(text):
    try:
        return float(text)
    except ValueError:
        return np.nan


# -- the range table of 1935 ----------------------------------------------------------------------

TABLE = "range_table_1935/us_16in_2100lb_2600fps.csv"
SHELL = {"mass_kg": 952.5, "area_m2": np.pi / 4.0 * 0.4064**2, "curve": "shell"}
SPEED_MPS = 792.48
# A table knows no rotation. A flight due north from 45 degrees has no Eotvos term, and gravity
# there is the standard one.
PLACE = Site(45.0, 0.0)


@dataclass(frozen=True, eq=False)
class Shots:
    """Range [m], time of flight [s], angle of fall [deg] and striking speed [m/s], (n,) each."""

    range_m: np.ndarray
    time_s: np.ndarray
    fall_deg: np.ndarray
    speed_mps: np.ndarray


def shots(form_factor, departure_deg):
    """The flights of the table's shell over the round Earth."""
    climb = np.radians(np.atleast_1d(departure_deg))
    local = SPEED_MPS * np.stack([np.zeros_like(climb), np.cos(climb), np.sin(climb)], axis=1)
    states = np.hstack([np.tile(PLACE.ecef_m, (len(climb), 1)), local @ PLACE.axes])
    flights = fly(states, form_factor=form_factor, **SHELL)
    lat, lon, _ = degrees_from_ecef(flights.impact[:, :3])
    falls = [
        Site(at_lat, at_lon).axes @ state[3:]
        for at_lat, at_lon, state in zip(lat, lon, flights.impact, strict=True)
    ]
    down = np.array([np.arctan2(-up, np.hypot(east, north)) for east, north, up in falls])
    chord = np.linalg.norm(flights.impact[:, :3] - PLACE.ecef_m, axis=1)
    arc = chord * (1.0 + (chord / 6.38e6) ** 2 / 24.0)
    return Shots(arc, flights.impact_time_s, np.degrees(down), np.linalg.norm(falls, axis=1))


def range_table(folder):
    """The table, the form factor that gives the range of its middle row, and all rows flown."""
    table = columns(folder / TABLE)
    climb, range_m = table["departure_angle_deg"], table["range_m"]
    middle = len(climb) // 2
    form = brentq(lambda f: shots(f, climb[middle]).range_m[0] - range_m[middle], 0.5, 2.0)
    wanted = Shots(
        range_m,
        table["time_of_flight_s"],
        table["angle_of_fall_deg"],
        table["striking_speed_mps"],
    )
    return form, wanted, shots(form, climb)


# -- sounding rockets from burn-out to apogee -----------------------------------------------------

PADS_M = {
    "andromeda": 160.0,
    "cavour": 150.0,
    "erebus": 160.0,
    "faraday": 160.0,
    "halcyon": 130.0,
    "hedy": 160.0,
    "juno3_gnss": 1480.0,
    "lince": 158.0,
    "ndrt2020": 206.0,
    "prometheus_telemetrum": 1401.0,
}
"""Every sound log of heights over time, and the height of its pad.

Left out is juno3 (barometer): its heights are 0.3048 of those of its own pressures and of
juno3_gnss, as if metres had been taken for feet.
"""
_AFTER_BURN_S = 1.5  # the motors' tails have died away


@dataclass(frozen=True, eq=False)
class Coast:
    """One coast: the log after burn-out, and the flight fitted to its first half.

    `time_s`, `height_m` the log up to the apogee; `model_m` the fitted flight at the same times;
    `apogee_m` the log's and `predicted_m` the flight's apogee; `rms_m` of the fitted half.
    """

    name: str
    time_s: np.ndarray
    height_m: np.ndarray
    model_m: np.ndarray
    apogee_m: float
    predicted_m: float
    rms_m: float


def coast(folder, name):
    """Fit height, speed and drag on the first half of a coast, and fly on to the apogee.

    Straight up over a plane: most logs hold heights alone, and a horizontal speed of a tenth of
    the vertical one moves the apogee by a metre or two.
    """
    time_s, height_m = _log(folder / "flights_rocketpy" / f"{name}.csv")
    top = int(height_m.argmax())
    slope = np.gradient(_smooth(height_m, time_s), time_s)
    start = time_s[:top][slope[:top].argmax()] + _AFTER_BURN_S
    rows = (time_s >= start) & (time_s <= time_s[top])
    t, z = time_s[rows] - start, height_m[rows]
    first = t <= 0.5 * t[-1]
    speed = np.polyfit(t[: max(len(t) // 10, 5)], z[: max(len(t) // 10, 5)], 1)[0]
    fit = least_squares(
        lambda p: _upward(p, t[first], PADS_M[name])[0] - z[first],
        [z[0], speed, 5e-4],
        x_scale=[10.0, 10.0, 1e-4],
        bounds=([-np.inf, 0.0, 0.0], np.inf),
        loss="soft_l1",
        f_scale=3.0,
    )
    model, predicted = _upward(fit.x, t, PADS_M[name])
    rms = float(np.sqrt(np.mean((model[first] - z[first]) ** 2)))
    return Coast(name, t + start, z, model, float(height_m[top]), predicted, rms)


def _log(path):
    """Times and heights that rise in time, spikes of single samples taken out."""
    table = columns(path)
    time_s = table["t_s"]
    # The satellite log of juno3 has heights over the sea; the spike filter is half a second long.
    over_sea = "alt_msl_m" in table
    height_m = table["alt_msl_m"] - PADS_M[path.stem] if over_sea else table["alt_agl_m"]
    kept = np.isfinite(time_s) & np.isfinite(height_m) & (time_s >= 0.0)
    time_s, first = np.unique(time_s[kept], return_index=True)
    return time_s, medfilt(height_m[kept][first], 3 if over_sea else 9)


def _smooth(height_m, time_s):
    """Means over about a second."""
    width = max(int(1.0 / np.median(np.diff(time_s))), 3)
    padded = np.pad(height_m, width // 2, mode="edge")
    return np.convolve(padded, np.ones(width) / width, mode="valid")[: len(height_m)]


def _upward(parameters, time_s, pad_m):
    """Heights over the pad at the times, and the apogee, of a flight straight up [m]."""
    height_m, speed_mps, drag = parameters
    state = np.array([[0.0, 0.0, height_m + pad_m, 0.0, 0.0, speed_mps]])
    flight = fly(state, mass_kg=1.0, area_m2=drag, curve="rocket", air=FLAT)
    row = np.zeros(1, dtype=np.int64)
    heights = [flight.trajectories.states_at(row, float(t))[0, 2] for t in time_s]
    return np.array(heights) - pad_m, float(flight.apogee_m[0]) - pad_m


# -- mortar bombs seen by a radar -----------------------------------------------------------------

MORTARS = {"MH": "mortar-120", "MM": "mortar-81"}


@dataclass(frozen=True, eq=False)
class Ratios:
    """Range over vacuum range and apex over vacuum apex, of a radar's bombs and of the class."""

    class_id: str
    count: int
    seen_range: float
    seen_apex: float
    model_range: float
    model_apex: float


def mortar_ratios(folder):
    """Medians per class over the rows that are neither ill-conditioned nor repeats."""
    path = folder / "mortar_radar_ramp_rt" / "real_half_a.csv"
    table = columns(path)
    with path.open(encoding="utf-8", newline="") as file:
        label = np.array([row["class"] for row in csv.DictReader(file)])
    for mark, class_id in MORTARS.items():
        rows = (label == mark) & (table["dup_of_earlier"] == 0.0)
        climb, speed = np.radians(table["fire_angle_deg"][rows]), table["init_speed_mps"][rows]
        level = speed**2 * np.sin(2.0 * climb) / GRAVITY
        rise = (speed * np.sin(climb)) ** 2 / (2.0 * GRAVITY)
        flown_m, apex_m = _bombs(CLASSES[class_id], climb, speed)
        yield Ratios(
            class_id,
            int(rows.sum()),
            float(np.median(table["range_m"][rows] / level)),
            float(np.median(table["apex_m"][rows] / rise)),
            float(np.median(flown_m / level)),
            float(np.median(apex_m / rise)),
        )


def _bombs(kind, climb, speed):
    """Range and apex [m] of bombs with the drag of a class, over a plane."""
    zero = np.zeros_like(speed)
    level, up = speed * np.cos(climb), speed * np.sin(climb)
    states = np.stack([zero, zero, zero, zero, level, up], axis=1)
    flights = fly(states, mass_kg=1.0, area_m2=kind.drag_m2kg, curve=kind.kind, air=FLAT)
    return flights.impact[:, 1], flights.apogee_m
