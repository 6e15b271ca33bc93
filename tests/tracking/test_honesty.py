"""A hundred independent runs of each kind of ignorance: the covariance must grow, not lie.

Every run is one flight, with a radar, a wind, an air or a standing error of its own drawn from what
the tracker is told it may be. The average NEES (position and velocity) of each scan of a track's
life then has a 95 % band by chi-square, and the impact regions hold what they claim.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from scipy.stats import chi2

from mantlet.ports.draws import Draws
from mantlet.tables import Plots, Zones
from mantlet.threats.flights import draw_threats
from mantlet.threats.raids import CAMPAIGN_MIXTURE, Area, Toward, Volley
from mantlet.threats.salvos import plan
from mantlet.tracking.tracker import Tracker
from mantlet.world.air import STANDARD_AIR, Air

RUNS, AGES = 100, range(2, 40)
ROCKETS = {"rocket-10": 0.36, "rocket-20": 0.34, "rocket-40": 0.3}
STRANGE = {"shell-105": 1.0, "shell-155": 1.0, "mortar-120": 1.0, "rocket-20": 1.0}
TOLERANCE = {
    "tolerance_range_m": 20.0,
    "tolerance_azimuth_rad": 1e-3,
    "tolerance_elevation_rad": 1e-3,
}
NO_BIAS = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Told:
    """What a run is like, and what its tracker is told."""

    mixture: dict[str, float]
    true_air: Air = STANDARD_AIR
    told_air: Air = STANDARD_AIR
    bias: tuple[float, float, float] = NO_BIAS
    late: bool = False
    told: bool = True


def nominal(rng):
    return Told(dict(CAMPAIGN_MIXTURE))


def windy(rng):
    """Wind of 10 m/s in each component, a quarter of it more or less at height."""
    east, north = 10.0 * rng.normal(size=2)
    more = 1.0 + 0.25 * rng.normal(size=2)
    levels = ((0.0, east, north), (8_000.0, east * more[0], north * more[1]))
    return Told(ROCKETS, true_air=Air(wind=levels), told_air=Air(wind_sigma_mps=10.0))


def thick(rng):
    """A tenth of density, half of it by temperature, which shifts the drag curves too."""
    air = Air(pressure_factor=1.0 + 0.09 * rng.normal(), temperature_offset_k=12.0 * rng.normal())
    return Told(ROCKETS, true_air=air, told_air=Air(density_sigma=0.1))


def tilted(rng):
    return Told(ROCKETS, bias=tuple(rng.normal(size=3) * list(TOLERANCE.values())))


def belated(rng):
    """Three plots in ten come up to five seconds late."""
    return Told(ROCKETS, late=True)


def flight(mixture, air, seed):
    ring = np.array([[31.75, 34.55], [31.75, 34.65], [31.85, 34.65], [31.85, 34.55]])
    volley = Volley("v", 0.0, 1.0, 1, mixture, "north", Toward(31.62, 34.62, 4.0))
    draws = Draws(seed)
    areas = {"north": Area("north", (ring,))}
    return draw_threats(plan((volley,), draws), areas, Zones.empty(), draws, air)


def biased(plots, bias):
    return replace(
        plots,
        range_m=plots.range_m + bias[0],
        azimuth_rad=(plots.azimuth_rad + bias[1]) % (2.0 * math.pi),
        elevation_rad=plots.elevation_rad + bias[2],
    )


def run(kind, seed, eye):
    """Rows of age, normalised squares of the state and of the impact, for one flight."""
    rng = np.random.default_rng([seed, 7])
    told = kind(rng)
    sky = flight(told.mixture, told.true_air, seed)
    radar = eye(seed=seed, sigma_azimuth_rad=0.0015, sigma_elevation_rad=0.0015)
    figures = replace(radar.figures, **TOLERANCE) if any(told.bias) and told.told else radar.figures
    tracker = Tracker((figures,), air=told.told_air)
    state, first, rows, waiting = tracker.start(), None, [], []
    end = float(sky.threats.impact_time_s[0])
    for k in range(int(sky.threats.launch_time_s[0]), int(end) + 1):
        alive = np.flatnonzero((sky.threats.launch_time_s <= k) & (k < end))
        truth = sky.trajectories.states_at(alive, float(k))
        plots = biased(radar.look(truth[:, :3], float(k))[0], told.bias)
        due = [held for arrival, held in waiting if arrival <= k]
        waiting = [pair for pair in waiting if pair[0] > k]
        if due:
            state = tracker.late(state, Plots.concat(due), 0)
        if told.late and len(plots) and rng.random() < 0.3:
            waiting.append((k + rng.uniform(0.0, 4.9), plots))
            plots = Plots.empty()
        state = tracker.step(state, plots, 0, float(k))
        tracks = tracker.report(state, float(k))
        live = np.flatnonzero(tracks.status != "closed")
        if not (len(alive) and len(live)):
            continue
        i = live[-1]
        first = k if first is None else first
        cov = np.zeros((7, 7))
        cov[np.triu_indices(7)] = tracks.covariance[i]
        cov = cov[:6, :6] + np.triu(cov[:6, :6], 1).T
        error = tracks.state[i, :6] - truth[0]
        impact = miss(tracker.impacts(state, tracks), i, sky.threats)
        rows.append((k - first, error @ np.linalg.solve(cov, error), impact))
    return rows


def miss(impacts, i, threats):
    """Squared distance of the predicted from the true fall, normalised."""
    lat = threats.impact_lat_deg[0]
    north = math.radians(impacts.lat_deg[i] - lat) * 6.355e6
    east = math.radians(impacts.lon_deg[i] - threats.impact_lon_deg[0])
    east *= 6.384e6 * math.cos(math.radians(lat))
    ee, en, nn = impacts.covariance_m2[i]
    return (nn * east**2 - 2 * en * east * north + ee * north**2) / (ee * nn - en**2)


def squares(kind, eye):
    """Ages, NEES and impact squares of all runs, and by age the NEES over its band's edges."""
    rows = np.array([row for seed in range(RUNS) for row in run(kind, 1_000 + seed, eye)])
    below, above, means = 0, 0, []
    for age in AGES:
        values = rows[rows[:, 0] == age, 1]
        low, high = chi2.ppf([0.025, 0.975], 6 * len(values)) / len(values)
        below += values.mean() < low
        above += values.mean() > high
        means.append(values.mean() / 6)
    return rows, below, above, np.array(means)


def shares(rows, since=0):
    """What the 50, 90 and 99 % regions hold from an age on."""
    late = rows[:, 0] >= since
    return [float(np.mean(rows[late, 2] < chi2.ppf(p, 2))) for p in (0.5, 0.9, 0.99)]


@pytest.mark.parametrize(
    ("kind", "modest_scans", "least"),
    # Scans of 38 below the band, measured 2, 6, 7, 3 and 29. Wind that lasts is taken for white
    # noise by the filter, which is then too modest about the present; the future has it right.
    [
        (nominal, 4, 0.90),
        (thick, 9, 0.89),
        (tilted, 10, 0.87),
        (belated, 6, 0.89),
        (windy, 38, 0.77),
    ],
)
def test_the_average_error_of_a_hundred_runs_is_in_its_band_or_below(
    kind, modest_scans, least, eye
):
    rows, below, above, means = squares(kind, eye)
    assert above <= 2  # of 38: measured 0; by chance 1 would be
    assert below <= modest_scans
    assert means.mean() > least
    # Two points and three standard errors of a hundred independent runs.
    for share, claim in zip(shares(rows), (0.5, 0.9, 0.99), strict=True):
        assert share > claim - 0.02 - 3.0 * math.sqrt(claim * (1.0 - claim) / RUNS)


def test_who_is_not_told_of_a_standing_error_boasts(eye):
    rows = np.array(
        [
            row
            for seed in range(20)
            for row in run(lambda rng: replace(tilted(rng), told=False), seed, eye)
        ]
    )
    assert rows[:, 1].mean() / 6 > 3.0  # so the test above tests something
