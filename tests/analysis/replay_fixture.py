"""An invented run, made without any simulation: parabolas, noisy plots, tracks near the truth."""

from dataclasses import dataclass

import numpy as np
import shapely

from mantlet.analysis.replay_scene import Outline, Scene
from mantlet.engagement.battery import Battery, Envelope
from mantlet.sensing.radar import Radar
from mantlet.tables import (
    Alerts,
    Assessments,
    Decisions,
    Impacts,
    Intervals,
    Outcomes,
    PlotOrigins,
    Plots,
    Shots,
    States,
    Threats,
    Tracks,
    Zones,
)
from mantlet.tables.run import RunTables
from mantlet.world.earth import Site, degrees_from_ecef, ecef_from_degrees

LAT, LON = -30.0, -120.0
DEGREE_M = 111_195.0
GRAVITY = 9.81

NAMES = ("Harbour", "Old Town", "Northgate", "נמל (2)", "المرفأ", "Hillside")


def degrees(east_m, north_m):
    """Degrees of points on a small flat map about the invented town."""
    return LAT + north_m / DEGREE_M, LON + east_m / (DEGREE_M * np.cos(np.radians(LAT)))


def scene() -> Scene:
    def site(east_m, north_m):
        return Site(*(float(v) for v in degrees(np.float64(east_m), np.float64(north_m))), 40.0)

    coast = degrees(
        np.array([-9e3, -6e3, -8e3, -5e3, -9e3, 60e3, 60e3, -9e3]),
        np.array([-60e3, -20e3, -2e3, 12e3, 60e3, 60e3, -60e3, -60e3]),
    )
    reach = Envelope(range_max_m=20_000.0)
    return Scene(
        title="Invented coast",
        epoch="2030-01-01T00:00:00Z",
        seed=7,
        radars=(Radar("north", site(3e3, 14e3)), Radar("south", site(6e3, -11e3), offset_s=0.5)),
        batteries=(
            Battery("b1", site(1e3, 4e3), interceptors=20, envelope=reach),
            Battery("b2", site(2e3, -7e3), interceptors=9, envelope=reach),
        ),
        outlines=(Outline(np.stack(coast[::-1], axis=1)),),
    )


def zones() -> Zones:
    centres = np.array([[-2, 0], [0, 2], [1, 7], [4, 0], [-1, -5], [5, -9]]) * 1000.0
    turn = np.linspace(0, 2 * np.pi, 7)
    rings = []
    for row, (east, north) in enumerate(centres):
        size = 900 + 150 * (row % 3)
        lat, lon = degrees(east + size * np.cos(turn), north + size * np.sin(turn + 0.3 * row))
        rings.append(shapely.to_wkb(shapely.polygons(np.stack([lon, lat], axis=1))))
    lat, lon = degrees(*centres.T)
    return Zones(
        zone_id=np.arange(1, 7),
        name=np.array(NAMES, dtype=object),
        names=np.array(["{}"] * 6, dtype=object),
        lat_deg=lat,
        lon_deg=lon,
        polygon=np.array(rings, dtype=object),
        population=np.array([5200.0, 9800, 8100, 7400, 6900, 6100]),
        shelter_time_s=np.array([30.0, 30, 30, 15, 30, 15]),
    )


@dataclass
class Flights:
    """Parabolas on the flat map."""

    launch_s: np.ndarray
    start: np.ndarray  # (n, 2) east, north [m]
    end: np.ndarray
    apogee_m: np.ndarray

    @property
    def duration_s(self):
        return 2 * np.sqrt(2 * self.apogee_m / GRAVITY)

    def at(self, row, time_s):
        share = (time_s - self.launch_s[row]) / self.duration_s[row]
        ground = self.start[row] + (self.end[row] - self.start[row]) * share[..., None]
        height = 4 * self.apogee_m[row] * share * (1 - share)
        return ecef_from_degrees(*degrees(ground[..., 0], ground[..., 1]), height)


def invented_run(count: int = 26, span_s: float = 90.0, seed: int = 3) -> RunTables:
    """`count` flights launched over `span_s` seconds; two in three engaged, most stopped."""
    rng = np.random.default_rng(seed)
    aims = np.array([[-2, 0], [0, 2], [1, 7], [4, 0], [-1, -5], [5, -9], [9, 9], [-12, 3]]) * 1e3
    flights = Flights(
        launch_s=np.sort(rng.uniform(40.0, 40.0 + span_s, count)),
        start=np.array([30e3, -4e3]) + rng.normal(0, 3e3, (count, 2)),
        end=aims[rng.integers(0, len(aims), count)] + rng.normal(0, 500, (count, 2)),
        apogee_m=rng.uniform(2.5e3, 7e3, count),
    )
    return _tables(flights, rng)


def _tables(flights: Flights, rng) -> RunTables:
    count = len(flights.launch_s)
    landing_s = flights.launch_s + flights.duration_s
    engaged = rng.random(count) < 0.66
    battery = np.where(flights.end[:, 1] > -1e3, "b1", "b2").astype(object)
    for name, load in {"b1": 20, "b2": 9}.items():  # magazines do not refill in so short a run
        engaged[np.flatnonzero((battery == name) & engaged)[load:]] = False
    killed = engaged & (rng.random(count) < 0.8)
    meet_s = flights.launch_s + 0.8 * flights.duration_s
    end_s = np.where(killed, meet_s, landing_s)
    threats, outcomes, pieces, piece_start = _truth(flights, killed, meet_s, landing_s)
    ticks = [
        np.arange(np.ceil(a), np.floor(b) + 1) for a, b in zip(flights.launch_s, end_s, strict=True)
    ]
    row = np.repeat(np.arange(count), [len(t) for t in ticks])
    time_s = np.concatenate(ticks)
    position = flights.at(row, time_s)
    states = _states(row, time_s, position, pieces, piece_start, count)
    tracks, impacts = _tracks(flights, row, time_s, position, rng)
    plots, origins = _plots(flights, end_s, rng)
    shots, seen = _shots(flights, engaged, killed, meet_s, battery)
    return RunTables(
        intervals=Intervals(np.array([0]), np.array([20.0]), np.array([landing_s.max() + 60])),
        zones=zones(),
        threats=threats,
        states=states,
        plots=plots,
        plot_origins=origins,
        tracks=tracks,
        impacts=impacts,
        alerts=_alerts(flights, landing_s),
        shots=shots,
        assessments=seen,
        outcomes=outcomes,
        decisions=Decisions.empty(),
    )


def _zone_of(points):
    lat, lon = degrees(points[:, 0], points[:, 1])
    tree = shapely.STRtree(shapely.from_wkb(zones().polygon))
    who, zone = tree.query(shapely.points(lon, lat), predicate="within")
    found = np.full(len(points), -1)
    found[who] = zone + 1
    return found


def _truth(flights, killed, meet_s, landing_s):
    count = len(killed)
    parent = np.flatnonzero(killed)
    share = 0.8 + 0.1
    piece_end = flights.start[parent] + (flights.end[parent] - flights.start[parent]) * share
    piece_s = meet_s[parent] + 18.0
    zone = _zone_of(flights.end)
    pieces = np.arange(count, count + len(parent))
    lat0, lon0 = degrees(*flights.start.T)
    lat1, lon1 = degrees(*flights.end.T)
    lat2, lon2 = degrees(*piece_end.T)
    kinds = np.array(["rocket", "shell", "mortar"], dtype=object)[np.arange(count) % 3]
    total = count + len(parent)
    threats = Threats(
        threat_id=np.arange(total),
        parent_id=np.concatenate([np.full(count, -1), parent]),
        class_id=np.full(total, "rocket-20", dtype=object),
        raid_id=np.zeros(total, dtype=np.int64),
        launch_time_s=np.concatenate([flights.launch_s, meet_s[parent]]),
        launch_lat_deg=np.concatenate([lat0, lat2]),
        launch_lon_deg=np.concatenate([lon0, lon2]),
        impact_time_s=np.concatenate([landing_s, piece_s]),
        impact_lat_deg=np.concatenate([lat1, lat2]),
        impact_lon_deg=np.concatenate([lon1, lon2]),
        apogee_m=np.concatenate([flights.apogee_m, flights.apogee_m[parent]]),
        kind=np.concatenate([kinds, np.full(len(parent), "debris", dtype=object)]),
    )
    sea = flights.end[:, 0] < -8e3
    fate = np.where(zone > 0, "hit zone", np.where(sea, "sea", "open ground")).astype(object)
    fate[killed] = "intercepted"
    outcomes = Outcomes(
        threat_id=np.arange(total),
        fate=np.concatenate([fate, np.full(len(parent), "open ground", dtype=object)]),
        zone_id=np.concatenate([np.where(killed, -1, zone), np.full(len(parent), -1)]),
        shot_id=np.concatenate([np.where(killed, np.arange(count), -1), np.full(len(parent), -1)]),
        time_s=np.concatenate([np.where(killed, meet_s, landing_s), piece_s]),
    )
    starts = flights.at(parent, meet_s[parent])
    ends = ecef_from_degrees(lat2, lon2)
    return threats, outcomes, (pieces, starts, ends), meet_s[parent]


def _states(row, time_s, position, pieces, piece_start, count):
    who, when, where = [row], [time_s], [position]
    for piece, start, end, start_s in zip(*pieces, piece_start, strict=True):
        ticks = np.arange(np.ceil(start_s), np.floor(start_s + 18.0) + 1)
        share = ((ticks - start_s) / 18.0)[:, None]
        who.append(np.full(len(ticks), piece))
        when.append(ticks)
        where.append(start + (end - start) * share)
    who, when, where = np.concatenate(who), np.concatenate(when), np.concatenate(where)
    order = np.lexsort((who, when))
    return States(who[order], when[order], where[order], np.zeros_like(where))


def _tracks(flights, row, time_s, position, rng):
    age = time_s - flights.launch_s[row]
    keep = age > 6
    row, time_s, position, age = row[keep], time_s[keep], position[keep], age[keep]
    sigma = 30 + 900 / age
    covariance = np.zeros((len(row), 28))
    for place, share in zip((0, 7, 13), (1.0, 0.4, 0.7), strict=True):
        covariance[:, place] = (share * sigma) ** 2
    covariance[:, 1] = 0.2 * sigma**2
    state = np.zeros((len(row), 7))
    state[:, :3] = position + rng.normal(0, 0.4, position.shape) * sigma[:, None]
    status = np.where(rng.random(len(row)) < 0.1, "coasting", "confirmed").astype(object)
    order = np.lexsort((row, time_s))
    tracks = Tracks(
        track_id=row + 100,
        time_s=time_s,
        status=status,
        state=state,
        covariance=covariance,
        last_plot_id=np.zeros(len(row), dtype=np.int64),
        log_likelihood=np.zeros(len(row)),
    ).take(order)
    spread = 60 + 4000 / age
    off = rng.normal(0, 0.5, (len(flights.launch_s), 2))[row] * spread[:, None]
    lat, lon = degrees(*(flights.end[row] + off).T)
    impacts = Impacts(
        track_id=row + 100,
        time_s=time_s,
        impact_time_s=(flights.launch_s + flights.duration_s)[row],
        impact_time_sigma_s=np.full(len(row), 0.5),
        lat_deg=lat,
        lon_deg=lon,
        covariance_m2=np.stack([spread**2, 0.3 * spread**2, 0.5 * spread**2], axis=1),
        status=np.full(len(row), "landed", dtype=object),
    ).take(order)
    return tracks, impacts


def _plots(flights, end_s, rng):
    columns = {key: [] for key in ("radar", "time", "range", "azimuth", "elevation", "origin")}
    for radar in scene().radars:
        for time_s in np.arange(20.0 + radar.offset_s, end_s.max() + 30.0):
            live = np.flatnonzero((flights.launch_s + 2 < time_s) & (time_s < end_s))
            live = live[rng.random(live.size) < 0.9]
            seen = (flights.at(live, np.full(live.size, time_s)) - radar.site.ecef_m).reshape(-1, 3)
            east, north, up = (seen @ radar.site.axes.T).T
            false = rng.poisson(radar.false_plots_per_scan)
            level = np.hypot(east, north)
            columns["radar"] += [radar.id] * (live.size + false)
            columns["time"] += [time_s] * (live.size + false)
            columns["range"] += [*np.hypot(level, up), *rng.uniform(3e3, 6e4, false)]
            columns["azimuth"] += [*np.arctan2(east, north), *rng.uniform(0, 6.283, false)]
            columns["elevation"] += [*np.arctan2(up, level), *rng.uniform(0.02, 0.5, false)]
            columns["origin"] += [*live, *([-1] * false)]
    count = len(columns["time"])
    order = np.argsort(columns["time"], kind="stable")
    noise = rng.normal(0, 0.002, (2, count))
    plots = Plots(
        plot_id=np.arange(count),
        radar_id=np.array(columns["radar"], dtype=object)[order],
        scan=np.zeros(count, dtype=np.int64),
        time_s=np.array(columns["time"])[order],
        range_m=np.array(columns["range"])[order],
        azimuth_rad=np.array(columns["azimuth"])[order] + noise[0],
        elevation_rad=np.array(columns["elevation"])[order] + noise[1],
        range_rate_mps=np.full(count, np.nan),
        snr_db=np.full(count, 15.0),
    )
    origin = np.array(columns["origin"])[order]
    return plots, PlotOrigins(np.arange(count), np.stack([origin, np.full(count, -1)], axis=1))


def _shots(flights, engaged, killed, meet_s, battery):
    row = np.flatnonzero(engaged)
    row = row[np.argsort(meet_s[row], kind="stable")]
    lat, lon, height = degrees_from_ecef(flights.at(row, meet_s[row]))
    battery = battery[row]
    decided = meet_s[row] - 14.0 + 1e-3 * np.arange(row.size)
    shots = Shots(
        shot_id=row,
        battery_id=battery,
        track_id=row + 100,
        decision_time_s=decided,
        launch_time_s=decided + 1.0,
        intercept_time_s=meet_s[row],
        aim_lat_deg=lat,
        aim_lon_deg=lon,
        aim_height_m=height,
        kill_probability=np.full(row.size, 0.85),
        wave=np.zeros(row.size, dtype=np.int64),
    )
    seen = np.where(killed[row], "hit", "miss").astype(object)
    return shots, Assessments(row, meet_s[row] + 2.0, seen)


def _alerts(flights, landing_s):
    zone = _zone_of(flights.end)
    rows = np.flatnonzero(zone > 0)
    times = np.concatenate([flights.launch_s[rows] + 9.0, landing_s[rows] + 40.0])
    order = np.argsort(times, kind="stable")
    both = np.tile(rows, 2)[order]
    kind = np.repeat(np.array(["alert", "all-clear"], dtype=object), rows.size)[order]
    return Alerts(
        alert_id=both,
        message_id=np.arange(both.size),
        kind=kind,
        zone_id=zone[both],
        time_s=times[order],
        impact_time_s=landing_s[both],
        lead_s=landing_s[both] - times[order],
        probability=np.full(both.size, 0.4),
        track_ids=(both + 100)[:, None],
    )


EMPTY = RunTables(
    intervals=Intervals(np.array([0]), np.array([0.0]), np.array([60.0])),
    zones=Zones.empty(),
    threats=Threats.empty(),
    states=States.empty(),
    plots=Plots.empty(),
    plot_origins=PlotOrigins.empty(),
    tracks=Tracks.empty(),
    impacts=Impacts.empty(),
    alerts=Alerts.empty(),
    shots=Shots.empty(),
    assessments=Assessments.empty(),
    outcomes=Outcomes.empty(),
    decisions=Decisions.empty(),
)
