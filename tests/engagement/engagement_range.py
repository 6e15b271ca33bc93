"""A proving ground for the engagement tests: true flights, perfect or shifted tracks, zones."""

from dataclasses import dataclass, field

import numpy as np

from mantlet.engagement.assessment import Observation, observe
from mantlet.engagement.battery import Battery
from mantlet.engagement.doctrine import Doctrine
from mantlet.engagement.draw_keys import shot_keys
from mantlet.engagement.planner import Planner, PlannerState
from mantlet.engagement.resolver import Lethality, Resolution, resolve
from mantlet.kernels.flight import LANDED, fly_knots
from mantlet.ports.draws import Draws
from mantlet.tables import Assessments, Decisions, Impacts, Shots, Threats, Tracks, Zones
from mantlet.world.air import Air
from mantlet.world.earth import Site, degrees_from_ecef, ecef_from_degrees
from mantlet.world.trajectories import Trajectories
from mantlet.world.zones import ZoneOdds

TOWN = Site(31.6, 34.6, 50.0)
HOUSES, FIELDS = 0, 1
"""Zone rows: one with people, one without."""
PATH_STEP_S, PATH_COUNT = 1.0, 90
AIR = Air()
BETA_KGM2 = 12_000.0


def make_zones() -> Zones:
    return Zones(
        zone_id=np.array([70, 71]),
        name=np.array(["houses", "fields"], object),
        names=np.array(["{}", "{}"], object),
        lat_deg=np.array([31.6, 31.7]),
        lon_deg=np.array([34.6, 34.7]),
        polygon=np.array([b"", b""], object),
        population=np.array([5000.0, 0.0]),
        shelter_time_s=np.array([30.0, 30.0]),
    )


def battery(name: str = "b1", *, east_m: float = 0.0, **settings) -> Battery:
    lat, lon, _ = degrees_from_ecef(TOWN.ecef_m + east_m * TOWN.axes[0])
    return Battery(name, Site(float(lat[0]), float(lon[0]), 50.0), **settings)


@dataclass(frozen=True)
class Flights:
    """True flights; row = identity. Without other word each falls into the houses for sure."""

    trajectories: Trajectories
    impact_s: np.ndarray
    threats: Threats
    probability: np.ndarray
    zone: np.ndarray
    beta_kgm2: np.ndarray

    def __len__(self) -> int:
        return len(self.impact_s)

    def states(self, time_s: float) -> np.ndarray:
        return self.trajectories.states_at(np.arange(len(self)), time_s)


def launch(starts_s, *, distance_m=17_000.0, speed_mps=520.0, probability=1.0) -> Flights:
    """One flight per start: from `distance_m` east of the town, westwards and up, 45 degrees."""
    starts_s = np.atleast_1d(np.asarray(starts_s, float))
    n = len(starts_s)
    distance = np.broadcast_to(distance_m, n)
    speed = np.broadcast_to(speed_mps, n)
    east, _, up = TOWN.axes
    lat, lon, _ = degrees_from_ecef(TOWN.ecef_m + distance[:, None] * east)
    states = np.empty((n, 6))
    states[:, :3] = ecef_from_degrees(lat, lon, 1.0)
    states[:, 3:] = (up - east) / np.sqrt(2.0) * speed[:, None]
    none = np.zeros(n)
    status, impact_s, impact, apogee_m, offsets, knots = fly_knots(
        states, starts_s, np.full(n, 1 / BETA_KGM2), np.zeros(n, np.int64), none, none, AIR.packed
    )
    assert (status == LANDED).all()
    impact_lat, impact_lon, _ = degrees_from_ecef(impact[:, :3])
    threats = Threats(
        threat_id=np.arange(n),
        parent_id=np.full(n, -1),
        class_id=np.full(n, "rocket-20", object),
        raid_id=np.zeros(n, np.int64),
        launch_time_s=starts_s,
        launch_lat_deg=lat,
        launch_lon_deg=lon,
        impact_time_s=impact_s,
        impact_lat_deg=impact_lat,
        impact_lon_deg=impact_lon,
        apogee_m=apogee_m,
        kind=np.full(n, "rocket", object),
    )
    return Flights(
        Trajectories(offsets, knots),
        impact_s,
        threats,
        np.array(np.broadcast_to(probability, n), float),
        np.full(n, HOUSES),
        np.full(n, BETA_KGM2),
    )


@dataclass(frozen=True)
class Picture:
    """What the planner is shown at one tick."""

    tracks: Tracks
    impacts: Impacts
    odds: ZoneOdds
    paths_m: np.ndarray


def covariance(position_m: float, velocity_mps: float, log_beta: float, rows: int) -> np.ndarray:
    packed = np.zeros((rows, 28))
    packed[:, [0, 7, 13]] = position_m**2
    packed[:, [18, 22, 25]] = velocity_mps**2
    packed[:, 27] = log_beta**2
    return packed


def picture(flights: Flights, time_s: float, *, gone=(), sigma=(20.0, 3.0)) -> Picture:
    """Tracks of everything 4 s after launch and still aloft; identity = 10 x row."""
    states = flights.states(time_s)
    old = flights.threats.launch_time_s + 4.0 <= time_s
    rows = np.nonzero(old & ~np.isnan(states[:, 0]))[0]
    rows = rows[~np.isin(rows, np.array(gone, np.int64))]
    n = len(rows)
    tracks = Tracks(
        track_id=10 * rows,
        time_s=np.full(n, time_s),
        status=np.full(n, "confirmed", object),
        state=np.column_stack([states[rows], np.log(flights.beta_kgm2[rows])]),
        covariance=covariance(*sigma, 0.3, n),
        last_plot_id=np.zeros(n, np.int64),
        log_likelihood=np.full(n, 50.0),
    )
    impacts = Impacts(
        track_id=10 * rows,
        time_s=np.full(n, time_s),
        impact_time_s=flights.impact_s[rows],
        impact_time_sigma_s=np.full(n, 0.5),
        lat_deg=flights.threats.impact_lat_deg[rows],
        lon_deg=flights.threats.impact_lon_deg[rows],
        covariance_m2=np.tile([1e4, 0.0, 1e4], (n, 1)),
        status=np.full(n, "landed", object),
    )
    odds = ZoneOdds(np.arange(n), flights.zone[rows], flights.probability[rows])
    steps = [flights.states(time_s + PATH_STEP_S * (k + 1))[rows, :3] for k in range(PATH_COUNT)]
    return Picture(tracks, impacts, odds, np.stack(steps, axis=1))


def relabelled(shown: Picture, track_id: int, log_sigma: float = 0.3) -> Picture:
    """The one track shown, under another identity, its ballistic coefficient known so well."""
    columns = {key: getattr(shown.tracks, key).copy() for key in Tracks.columns()}
    columns["track_id"][:] = track_id
    columns["covariance"][:, 27] = log_sigma**2
    return Picture(Tracks(**columns), shown.impacts, shown.odds, shown.paths_m)


def decide(
    planner: Planner,
    state: PlannerState,
    shown: Picture,
    time_s: float,
    assessments: Assessments | None = None,
) -> tuple[PlannerState, Shots, Decisions]:
    told = Assessments.empty() if assessments is None else assessments
    paths_m = shown.paths_m
    return planner.step(
        state, shown.tracks, shown.impacts, shown.odds, lambda rows: paths_m[rows], PATH_STEP_S,
        told, time_s,
    )  # fmt: skip


@dataclass
class Raid:
    """Planner, resolver and observer on one clock, with perfect tracks."""

    flights: Flights
    batteries: tuple[Battery, ...]
    doctrine: Doctrine = field(default_factory=Doctrine)
    lethality: Lethality = field(default_factory=Lethality)
    observation: Observation = field(default_factory=Observation)
    seed: int = 1
    shots: Shots = field(default_factory=Shots.empty)
    decisions: Decisions = field(default_factory=Decisions.empty)
    assessments: Assessments = field(default_factory=Assessments.empty)
    resolutions: list[Resolution] = field(default_factory=list)
    end_s: np.ndarray = field(init=False)

    def run(self, until_s: float) -> "Raid":
        planner = Planner(self.batteries, self.doctrine, make_zones())
        self.end_s = self.flights.impact_s.copy()
        state = planner.start()
        pending, waiting = Shots.empty(), Assessments.empty()
        reached = np.zeros(len(self.flights), np.int64)
        for now in np.arange(0.0, until_s + 1.0):
            due = pending.intercept_time_s <= now
            if due.any():
                found = self._resolve(pending.take(due), reached)
                np.add.at(reached, found.reached[found.reached >= 0], 1)
                self.end_s[found.killed_rows] = found.time_s[found.killed]
                told = observe(
                    found,
                    np.arange(len(self.flights)),
                    shot_keys(self.shots)[found.shot_id],
                    self.observation,
                    Draws(self.seed),
                )
                waiting = Assessments.concat([waiting, told])
                pending = pending.take(~due)
            told = waiting.take(waiting.time_s <= now)
            waiting = waiting.take(waiting.time_s > now)
            self.assessments = Assessments.concat([self.assessments, told])
            gone = np.nonzero(self.end_s < np.minimum(self.flights.impact_s, now))[0]
            state, shots, decisions = decide(
                planner, state, picture(self.flights, now, gone=gone), now, told
            )
            pending = Shots.concat([pending, shots])
            self.shots = Shots.concat([self.shots, shots])
            self.decisions = Decisions.concat([self.decisions, decisions])
        return self

    def _resolve(self, shots: Shots, reached: np.ndarray) -> Resolution:
        found = resolve(
            shots,
            self.flights.trajectories,
            self.end_s,
            np.arange(len(self.flights)),
            np.ones(len(self.flights), np.bool_),
            reached,
            self.lethality,
            Draws(self.seed),
        )
        self.resolutions.append(found)
        return found


def verdicts_of(decisions: Decisions, track_id: int) -> list[str]:
    return decisions.verdict[decisions.track_id == track_id].tolist()
